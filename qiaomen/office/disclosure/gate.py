"""The gate: the one place through which what is sealed or telling is shown, compared, filtered or counted.

It knows the viewer, the people, the fields and the reason. Whoever may not read a field gets the same answer whatever
its value is; whoever may, leaves a line, and people count, not pages. Source: docs/decisions/0025-the-gate.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

from qiaomen.kernel import sealing
from qiaomen.kernel.lines import Told
from qiaomen.kernel.masking import mask
from qiaomen.kernel.sensitivity import Field, counting
from qiaomen.office.access import may_see_child
from qiaomen.office.disclosure.brake import look
from qiaomen.office.models import Organisation, Staff

TYPED, LISTED = "office.number-typed", "office.names-shown"
TYPED_REASON = "typed-number"
READERS = frozenset({"head", "worker"})
"""Roles that may read what is sealed, each time by a look. Volunteers knock on doors; the others see no person."""


@dataclass(frozen=True)
class Sight:
    """What one member of staff may read of people."""

    viewer: Staff

    @property
    def sees_children(self) -> bool:
        """Say whether records of children under 14 are open."""
        return may_see_child(self.viewer)

    def may_ask(self, field: Field) -> bool:
        """Say whether this person may ask for a field at all, by a look."""
        if field.sensitivity == "child" and not self.sees_children:
            return False
        return not field.counts or self.viewer.role in READERS

    def compares(self, field: Field) -> bool:
        """Say whether an answer may depend on the stored value without a look: never, where it is sealed."""
        return not field.is_sealed and self.may_ask(field)

    def shown(self, field: Field, text: str, *, child: bool = False, beside_birthday: bool = False) -> str:
        """Return what is shown of a value without a look; `child`: of a child whose record is sealed to this person."""
        if child and not self.sees_children and field.sensitivity != "light":
            return mask("child", text)
        return mask(field.sensitivity, text, beside_birthday=beside_birthday)


def show(
    *,
    viewer: Staff,
    community: Organisation,
    code: str,
    people: Iterable[UUID],
    fields: Iterable[Field],
    subject: models.Model | None = None,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Let a page of people go out, or refuse it: where no field tells more than name, door and age group, it is a list
    of names, which is written and counts nobody.

    Call it before showing. The same people and fields again within the hour write no second line.
    Raises TooManyLooks.
    """
    telling = counting(fields)
    if not telling:
        show_names(viewer=viewer, community=community, page=code, people=people)
    else:
        look(
            community=community,
            actor=viewer,
            code=code,
            people=people,
            subject=subject or community,
            fields=[field.code for field in telling],
            reason=reason,
            detail=detail,
            once=True,
        )


def show_lines(*, viewer: Staff, community: Organisation, lines: Iterable[Told], subject: models.Model) -> None:
    """Let lines go out whose text tells more of people than name and door; the others are no look.

    `subject`: the record whose page shows them. Call it before showing. Raises TooManyLooks.
    """
    sealed = [line for line in lines if counting(line.fields)]
    people = {person for line in sealed for person in line.people or (line.household,) if person is not None}
    fields = [field for line in sealed for field in line.fields]
    show(viewer=viewer, community=community, code="office.lines-read", people=people, fields=fields, subject=subject)


def show_names(*, viewer: Staff, community: Organisation, page: str, people: Iterable[UUID | None]) -> None:
    """Let names go out: each one named finds it under 谁看过. `people`: keys of people or households; None is nobody."""
    keys = {key for key in people if key is not None}
    if keys:
        look(community=community, actor=viewer, code=LISTED, people=keys, fields=["name"], detail={"page": page})


def compare(
    *,
    viewer: Staff,
    community: Organisation,
    code: str,
    people: Iterable[UUID],
    fields: Iterable[Field],
    typed: Iterable[str] = (),
) -> None:
    """Let what somebody typed be held against people's sealed fields. `typed`: whole numbers, each counts as a person.

    Raises TooManyLooks.
    """
    sealed = [field for field in fields if field.is_sealed]
    if sealed:
        look(
            community=community,
            actor=viewer,
            code=code,
            people=[*people, *marks_of(community, typed)],
            subject=community,
            fields=[field.code for field in sealed],
        )


def typed_number(*, viewer: Staff, community: Organisation, numbers: Iterable[str]) -> bool:
    """Let whole numbers be looked for; return False, and write nothing, for roles that may not read them.

    Each distinct number counts as a person, found or not, so that guessing is stopped like reading. Raises
    TooManyLooks.
    """
    numbers = list(numbers)
    if viewer.role not in READERS:
        return False
    if numbers:
        look(
            community=community,
            actor=viewer,
            code=TYPED,
            people=marks_of(community, numbers),
            subject=community,
            fields=["id_no", "phone"],
            reason=TYPED_REASON,
            once=True,
        )
    return True


def marks_of(community: Organisation, numbers: Iterable[str]) -> list[str]:
    """Return what stands in the ledger for numbers somebody typed: keyed, cut, and of no use without the key."""
    label = f"{TYPED}:{community.pk}"
    return sorted({"typed:" + sealing.blind(number, label)[:16] for number in numbers if number})
