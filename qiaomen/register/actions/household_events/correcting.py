"""What is written of a person is put right; the old value is kept."""

from typing import Any

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.kernel.idcheck import check_id_no
from qiaomen.office.fields import Blind
from qiaomen.office.models import Staff
from qiaomen.register import problems
from qiaomen.register.actions import acts
from qiaomen.register.actions.household_events.events import begin_event, settle_households
from qiaomen.register.models import (
    Act,
    Person,
)

CORRECTABLE = ("name", "former_name", "nickname", "sex", "birth_date", "id_no", "phone", "relation", "work_place")


def check_number(person: Person) -> None:
    """Let a person have their identity number. Raises NumberTaken when it is another's."""
    blind = Blind(person.community_id, person.id_no)
    others = Person.objects.filter(community=person.community_id, id_no_bi=blind).recorded().exclude(pk=person.pk)
    if others.exists():
        raise problems.NumberTaken()


@transaction.atomic
def correct_person(*, person: Person, actor: Staff, reason: str, **new: Any) -> Act | None:
    """Put right what is written of a person; the old value is kept. Return None when nothing differs.

    Raises BadIdNo, NumberTaken.
    """
    new = completed(new)
    if all(getattr(person, name) == value for name, value in new.items()):
        return None
    if new.get("id_no"):
        check_number(Person(pk=person.pk, community=person.community, id_no=new["id_no"]))
    act = begin_event(person.household, actor, "corrected", clock.today(), reason, None)
    put_right(act, person, new)
    settle_households(act, person.household)
    return act


def completed(new: dict[str, Any]) -> dict[str, Any]:
    """Return a correction with what an identity number says of birth and sex. Raises BadIdNo, ValueError."""
    if set(new) - set(CORRECTABLE):
        raise ValueError(f"not correctable: {set(new) - set(CORRECTABLE)}")
    if not new.get("id_no"):
        return new
    check = check_id_no(new["id_no"])
    if not check.ok:
        raise problems.BadIdNo()
    return {**new, "id_no": check.normalised, "birth_date": check.birth, "sex": check.sex}


def put_right(act: Act, person: Person, new: dict[str, Any]) -> None:
    """Write a completed correction of one person within an act."""
    acts.change(act, person, **new)
    if person.is_head and "name" in new:
        acts.change(act, person.household, head_name=new["name"])
