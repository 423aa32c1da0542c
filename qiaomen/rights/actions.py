"""A resident's rights over their own data: asked, answered within the term, and erased where nothing obliges to
keep.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel import clock
from qiaomen.kernel.lines import erase as erase_everywhere
from qiaomen.kernel.sensitivity import Field
from qiaomen.office import disclosure, ledger
from qiaomen.office.fields import write_sealed
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.actions import acts
from qiaomen.register.models import Change, FamilyMember, Household, Person, Registration, Residence
from qiaomen.register.problems import ReasonNeeded
from qiaomen.register.selectors import minors, packs
from qiaomen.rights.models import RightsRequest
from qiaomen.rights.problems import RequestClosed, StillHere

KINDS = {"see": _("查看"), "correct": _("更正"), "complete": _("补充"), "delete": _("删除"), "explain": _("解释说明")}
REPLY_DAYS = 30
"""GB/T 35273-2020 8.7: an answer within thirty days, where no pack says otherwise."""
ERASABLE = ("phone", "work_place", "former_name", "nickname")
"""Columns that serve convenience; the others are the register itself (户口登记条例) and are corrected, not erased."""


def reply_days() -> int:
    """Return within how many days a request is answered."""
    known = packs.parameters(clock.today()).get("rights.reply_days")
    return known.value if known and known.value else REPLY_DAYS


@transaction.atomic
def receive(*, person: Person, kind: str, words: str, actor: Staff) -> RightsRequest:
    """Take a request and start its clock. Raises ReasonNeeded when nothing is asked, ValueError for another kind."""
    if kind not in KINDS:
        raise ValueError(kind)
    if not words.strip():
        raise ReasonNeeded()
    made = RightsRequest.objects.create(
        community=person.community,
        person=person,
        kind=kind,
        words=words.strip()[:500],
        received_at=clock.now(),
        received_by=actor,
        due_on=clock.today() + timedelta(days=reply_days()),
    )
    ledger.record(
        community=person.community,
        actor=actor,
        code="rights.asked",
        subject=person,
        detail={"request": str(made.pk), "kind": kind},
    )
    return made


@transaction.atomic
def close(*, request: RightsRequest, done: bool, answer: str, actor: Staff) -> None:
    """Answer a request: what was done, or why not. Raises ReasonNeeded, RequestClosed."""
    if not answer.strip():
        raise ReasonNeeded()
    found = RightsRequest.objects.select_for_update().get(pk=request.pk)
    if found.state != "open":
        raise RequestClosed()
    found.state, found.answer = ("done" if done else "refused"), answer.strip()[:500]
    found.closed_at, found.closed_by = clock.now(), actor
    found.save(update_fields=["state", "answer", "closed_at", "closed_by"])
    ledger.record(
        community=found.community,
        actor=actor,
        code="rights.answered",
        subject=found.person,
        detail={"request": str(found.pk), "done": done},
    )


def open_requests(community: Organisation) -> list[RightsRequest]:
    """Return what still waits for an answer, the nearest term first."""
    rows = RightsRequest.objects.filter(community=community, state="open")
    return list(rows.select_related("person__household").order_by("due_on", "received_at"))


def note_read(*, community: Organisation, people: Iterable[Person], actor: Staff) -> None:
    """Write that somebody reads what these people ask, in their words. Raises TooManyLooks."""
    read = list(people)
    fields = [Field("rights", "child" if minors.is_child(person) else "plain") for person in read]
    if read:
        disclosure.show(
            viewer=actor,
            community=community,
            code="rights.requests-read",
            people=[person.pk for person in read],
            fields=fields,
        )


@transaction.atomic
def erase(*, person: Person, columns: Iterable[str], facts: Iterable[str], actor: Staff, reason: str) -> int:
    """Erase what nothing obliges to keep: the value, its past values, and what the acts kept of it.

    This is no act and cannot be undone. Return how many values went. Raises ReasonNeeded, ValueError for a column
    that is the register itself. Source: 个人信息保护法 第四十七条.
    """
    columns, facts = sorted(set(columns)), sorted(set(facts))
    if set(columns) - set(ERASABLE):
        raise ValueError(f"not erasable: {set(columns) - set(ERASABLE)}")
    if not reason.strip():
        raise ReasonNeeded()
    gone = sum(1 for name in columns if getattr(person, name))
    acts.set_columns(person, dict.fromkeys(columns, ""))
    acts.save_changed(person, columns)
    rows = list(person.told_facts.filter(code__in=facts).values_list("pk", flat=True))
    gone += len(rows)
    person.told_facts.filter(pk__in=rows).delete()
    _forget("register.toldfact", rows, None)
    _forget("register.person", [person.pk], {*columns})
    ledger.record(
        community=person.community,
        actor=actor,
        code="rights.erased",
        subject=person,
        reason=reason.strip()[:200],
        fields=[*columns, *facts],
        detail={"values": gone},
    )
    return gone


@transaction.atomic
def erase_person(*, person: Person, actor: Staff, reason: str) -> None:
    """Erase one who has left or died: what remains is a record without a name, so that counts of the past stay true.

    Raises StillHere for anybody who lives or is registered here, ReasonNeeded.
    """
    if person.state not in ("left", "died"):
        raise StillHere()
    if not reason.strip():
        raise ReasonNeeded()
    codes = list(person.told_facts.values_list("code", flat=True))
    erase(person=person, columns=ERASABLE, facts=codes, actor=actor, reason=reason)
    erase_everywhere(person, actor)
    _forget_as_head(person)
    new: dict[str, Any] = {"name": "—", "relation": "", "id_no": "", "birth_date": None}
    acts.set_columns(person, new)
    acts.save_changed(person, new)
    times = [
        pk
        for model in (Registration, Residence, FamilyMember)
        for pk in model.objects.filter(person=person).values_list("pk", flat=True)
    ]
    _forget("register.person", [person.pk], None)
    forgotten = list(Change.objects.filter(row__in=times))
    for one in forgotten:
        one.before = one.after = "{}"
    write_sealed(forgotten, ["before", "after"])


def _forget_as_head(person: Person) -> None:
    """Strip the name from households this person headed, now and in what acts kept of them."""
    homes = {person.household_id, *person.registrations.values_list("household", flat=True)}
    Household.objects.filter(pk__in=homes, head_name=person.name, state="gone").update(head_name="—")
    for change in Change.objects.filter(of_type="register.household", row__in=homes):
        if person.name in (change.before + change.after):
            change.before, change.after = (acts.without(text, {"head_name"}) for text in (change.before, change.after))
            change.save(update_fields=["before", "after"])


def _forget(table: str, rows: list[UUID], columns: set[str] | None) -> None:
    """Strip values from what acts kept: all of a row, or the named columns; that something was done stays."""
    for change in Change.objects.filter(of_type=table, row__in=rows):
        if columns is None:
            change.before, change.after = ("{}" if change.before else ""), "{}"
        else:
            change.before, change.after = (acts.without(text, columns) for text in (change.before, change.after))
        change.save(update_fields=["before", "after"])


def note_page(*, person: Person, actor: Staff) -> None:
    """Write that the resident's own page was opened to be handed over. Raises TooManyLooks."""
    disclosure.look(
        community=person.community,
        actor=actor,
        code="rights.page-printed",
        people=[person.pk],
        subject=person,
        fields=["name", "id_no", "phone", "told_facts"],
    )
