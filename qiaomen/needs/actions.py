"""A need is heard once, however often it is sent; what somebody is owed for it is told once."""

import json
import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.kernel.timing import add_working_days
from qiaomen.needs import problems
from qiaomen.needs.models import Need, NeedCorrection, Owed
from qiaomen.needs.rules.vocabulary import CHANNELS, ORIGINS
from qiaomen.office import disclosure, ledger
from qiaomen.office.bulk_insert import keep_first
from qiaomen.office.models import Staff
from qiaomen.register.models import Household, Person
from qiaomen.visits.models import Visit


@transaction.atomic
def hear_need(
    *,
    need_id: uuid.UUID,
    household: Household,
    kind: str,
    words: str,
    handling: str,
    origin: str,
    heard_at: datetime,
    heard_by: Staff,
    visit: Visit | None = None,
    person: Person | None = None,
    mandated: bool | None = None,
) -> tuple[Need, bool]:
    """Keep a need under the key its maker gave it; the second sending returns the stored one and False.

    Raises Need.DoesNotExist when the key is taken in another community.
    """
    need = Need(
        id=need_id,
        community=household.community,
        household=household,
        visit=visit,
        kind=kind,
        words=words,
        handling=handling,
        origin=origin,
        heard_at=heard_at,
        heard_by=heard_by,
        person=person,
        mandated=mandated,
    )
    kept, new = hear_needs([need])
    if need_id not in kept:
        raise Need.DoesNotExist
    return kept[need_id], need_id in new


@transaction.atomic
def hear_needs(needs: Sequence[Need]) -> tuple[dict[uuid.UUID, Need], set[uuid.UUID]]:
    """Keep needs (unsaved rows, each with the key its maker gave it, none twice), all received now.

    Returns what is stored under each key, and the keys that are new; a key that is taken in another community is
    missing.
    """
    now = clock.now()
    for need in needs:
        need.received_at = now
    kept, new = keep_first(needs)
    with ledger.together():
        for need in needs:
            if need.pk in new:
                detail = {"kind": need.kind, "handling": need.handling, "origin": need.origin}
                ledger.record(
                    community=need.community, actor=need.heard_by, code="needs.heard", subject=need, detail=detail
                )
    return kept, new


@transaction.atomic
def correct_origin(*, need: Need, origin: str, reason: str, actor: Staff) -> None:
    """Put right how a need was heard, with the reason; figures that counted it say so.

    Raises NotHeardByYou, ReasonMissing, NeedTakenBack.
    """
    _check_change(need, actor, reason)
    if origin not in ORIGINS:
        raise ValueError(origin)
    locked = _standing(need)
    if locked.origin == origin:
        return
    detail = {"before": locked.origin, "after": origin}
    locked.origin = origin
    locked.save(update_fields=["origin"])
    ledger.record(
        community=locked.community,
        actor=actor,
        code="needs.origin-corrected",
        subject=locked,
        reason=reason.strip()[:200],
        detail=detail,
    )


@transaction.atomic
def move_needs(needs: Sequence[Need], household: Household) -> None:
    """Put needs, and the sentences that are still owed for them, to the household they were really of.

    Whoever of the wrong household they were about they are no longer about.
    """
    for need in needs:
        need.household = household
        if need.person is not None and need.person.household_id != household.pk:
            need.person = None
        need.save(update_fields=["household", "person"])
        owed = Owed.objects.filter(need=need, told_at=None)
        owed.exclude(person__household=household).update(person=None)
        owed.update(household=household)


TOLD_WITHIN_DAYS = 2
"""Working days in which a resident hears what became of their matter; a default, to be set by the office."""


@transaction.atomic
def owe(
    *,
    household: Household,
    sentence: str,
    owner: Staff,
    actor: Staff,
    need: Need | None = None,
    person: Person | None = None,
    channel: str = "telephone",
    due_on: date | None = None,
) -> Owed:
    """Note a sentence somebody is owed, by a day (None: within two working days). Raises SentenceMissing, DayOver."""
    if not sentence.strip():
        raise problems.SentenceMissing()
    if channel not in CHANNELS:
        raise ValueError(channel)
    if due_on is not None and due_on < clock.today():
        raise problems.DayOver()
    made = Owed.objects.create(
        community=household.community,
        household=household,
        person=person,
        need=need,
        sentence=sentence.strip()[:500],
        channel=channel,
        due_on=due_on or add_working_days(clock.today(), TOLD_WITHIN_DAYS),
        owner=owner,
        made_at=clock.now(),
        made_by=actor,
    )
    _note(made, actor, "needs.owed", channel=channel)
    return made


@transaction.atomic
def tell(*, owed: Owed, actor: Staff, at: datetime | None = None) -> None:
    """Note that it was told, `at` a moment (None: now); twice is once."""
    locked = _locked(owed)
    if locked.told_at is None:
        locked.told_at, locked.told_by = at or clock.now(), actor
        locked.save(update_fields=["told_at", "told_by"])
        _note(locked, actor, "needs.told")


@transaction.atomic
def take_back_told(*, owed: Owed, actor: Staff) -> Owed:
    """Note that it was not told after all: it is owed again; twice is once. Returns what is owed from now on.

    The row that says it was told stays, taken back: a number of a day before counts what stood on that day.
    """
    now, locked = (
        clock.now(),
        Owed.everything.select_for_update(of=("self",)).select_related("community").get(pk=owed.pk),
    )
    if locked.told_at is None or locked.taken_back_at is not None:
        return locked
    locked.taken_back_at = now
    locked.save(update_fields=["taken_back_at"])
    kept = ("community", "household", "person", "need", "sentence", "channel", "due_on", "owner", "made_at", "made_by")
    again: Owed = Owed.objects.create(again_at=now, **{name: getattr(locked, name) for name in kept})
    _note(again, actor, "needs.told-taken-back")
    return again


@transaction.atomic
def answered(*, need: Need, actor: Staff, at: datetime) -> None:
    """Note that whoever brought a need was spoken to at a moment: nothing about it is owed any more."""
    for owed in Owed.objects.filter(need=need, told_at=None):
        tell(owed=owed, actor=actor, at=at)


@transaction.atomic
def not_answered(*, need: Need, actor: Staff, at: datetime) -> None:
    """Note that nobody was spoken to at that moment after all: what was told by it (`answered`) is owed again."""
    for owed in Owed.objects.filter(need=need, told_at=at):
        take_back_told(owed=owed, actor=actor)


@transaction.atomic
def give_owed(*, owed: Owed, to: Staff, actor: Staff) -> None:
    """Give what is to be told to a colleague."""
    locked = _locked(owed)
    locked.owner = to
    locked.save(update_fields=["owner"])
    _note(locked, actor, "needs.owed-given", to=str(to.pk))


def may_drop(owed: Owed, staff: Staff) -> bool:
    """Say whether a promise is somebody's to take back: who noted it, who is to keep it, and the head."""
    return staff.pk in (owed.made_by_id, owed.owner_id) or staff.role == "head"


def check_drop(owed: Owed, actor: Staff) -> None:
    """Let somebody take a promise back by itself. Raises NotYourPromise, AlreadyTold, OwedForNeed."""
    if not may_drop(owed, actor):
        raise problems.NotYourPromise()
    if owed.told_at is not None:
        raise problems.AlreadyTold()
    if owed.need_id is not None:
        raise problems.OwedForNeed()


@transaction.atomic
def drop_owed(*, owed: Owed, actor: Staff, reason: str) -> None:
    """Take back a sentence that was noted by mistake: nobody owes it; twice is once.

    Raises NotYourPromise, AlreadyTold; OwedForNeed for one that goes with its need or the closing of its case.
    """
    check_drop(owed, actor)
    _drop(owed, actor, reason)


def _drop(owed: Owed, actor: Staff, reason: str) -> None:
    """Take a promise back. Raises AlreadyTold; twice is once."""
    locked = Owed.everything.select_for_update(of=("self",)).select_related("community").get(pk=owed.pk)
    if locked.told_at is not None:
        raise problems.AlreadyTold()
    if locked.taken_back_at is None:
        locked.taken_back_at = clock.now()
        locked.save(update_fields=["taken_back_at"])
        ledger.record(
            community=locked.community, actor=actor, code="needs.owed-taken-back", subject=locked, reason=reason.strip()
        )


@transaction.atomic
def drop_answer(*, need: Need, since: datetime, actor: Staff) -> bool:
    """Take back the sentence that a closing at `since` owed for a need, because what it says did not come about.

    False when the resident was told already; one that was dropped before was not told.
    """
    rows = Owed.everything.filter(need=need, made_at__gte=since)
    said = rows.exclude(told_at__isnull=False, taken_back_at__isnull=False).order_by("made_at", "pk").first()
    if said is not None and said.told_at is None:
        _drop(said, actor, "")
    return said is None or said.told_at is None


def may_change(need: Need, staff: Staff) -> bool:
    """Say whether somebody may put a need right or take it back: who heard it, and the head."""
    return need.heard_by_id == staff.pk or staff.role == "head"


def _check_change(need: Need, actor: Staff, reason: str) -> None:
    if not may_change(need, actor):
        raise problems.NotHeardByYou()
    if not reason.strip():
        raise problems.ReasonMissing()


def _standing(need: Need) -> Need:
    """Return a need locked. Raises NeedTakenBack for one that was taken back meanwhile."""
    locked = Need.everything.select_for_update(of=("self",)).select_related("community").get(pk=need.pk)
    if locked.taken_back_at is not None:
        raise problems.NeedTakenBack()
    return locked


@transaction.atomic
def correct_need(*, need: Need, kind: str, words: str, reason: str, actor: Staff) -> None:
    """Put right what was written of a need; what stood is kept, with the reason.

    How it is handled is another promise, and so another need: that one is taken back and heard anew. Raises
    NotHeardByYou, ReasonMissing, NeedTakenBack.
    """
    _check_change(need, actor, reason)
    locked = _standing(need)
    new = {"kind": kind, "words": words.strip()}
    before = {name: getattr(locked, name) for name, value in new.items() if getattr(locked, name) != value}
    if not before:
        return
    for name in before:
        setattr(locked, name, new[name])
    locked.save(update_fields=["kind", "words"])
    NeedCorrection.objects.create(
        community=locked.community,
        need=locked,
        staff=actor,
        reason=reason.strip(),
        before=json.dumps(before, ensure_ascii=False),
        after=json.dumps({name: new[name] for name in before}, ensure_ascii=False),
        made_at=clock.now(),
    )
    ledger.record(
        community=locked.community, actor=actor, code="needs.corrected", subject=locked, fields=sorted(before)
    )


TakenBack = Callable[[Need, Staff, str], None]
_on_taken_back: list[TakenBack] = []


def when_taken_back(follow: TakenBack) -> None:
    """Have a house above follow when a need is taken back: `(need, actor, reason)`, in the same transaction."""
    _on_taken_back.append(follow)


@transaction.atomic
def take_back_need(*, need: Need, reason: str, actor: Staff) -> None:
    """Take a need back that nobody asked for: it counts nowhere, and nothing is owed for it; twice is once.

    Raises NotHeardByYou, ReasonMissing, and what a house above refuses (a case that is closed already).
    """
    _check_change(need, actor, reason)
    locked = Need.everything.select_for_update(of=("self",)).select_related("community").get(pk=need.pk)
    if locked.taken_back_at is not None:
        return
    for follow in _on_taken_back:
        follow(locked, actor, reason)
    for owed in Owed.objects.filter(need=locked, told_at=None):
        _drop(owed, actor, reason)
    locked.taken_back_at = clock.now()
    locked.save(update_fields=["taken_back_at"])
    ledger.record(
        community=locked.community, actor=actor, code="needs.taken-back", subject=locked, reason=reason.strip()
    )


def note_need_look(*, need: Need, actor: Staff) -> None:
    """Write that somebody read what a need says, to put it right. Raises TooManyLooks."""
    about = [need.person_id or need.household_id]
    disclosure.look(
        community=need.community, actor=actor, code="needs.looked", people=about, subject=need, fields=["words"]
    )


def _locked(owed: Owed) -> Owed:
    """Return a promise locked. Raises OwedTakenBack for one that was taken back meanwhile."""
    locked = Owed.everything.select_for_update(of=("self",)).select_related("community").get(pk=owed.pk)
    if locked.taken_back_at is not None:
        raise problems.OwedTakenBack()
    return locked


def _note(owed: Owed, actor: Staff, code: str, **detail: str) -> None:
    ledger.record(community=owed.community, actor=actor, code=code, subject=owed, detail=detail)


def note_owed_look(*, owed: Owed, actor: Staff) -> None:
    """Write that somebody read the sentence a household is owed. Raises TooManyLooks."""
    disclosure.look(
        community=owed.community,
        actor=actor,
        code="needs.owed-looked",
        people=[owed.household_id],
        subject=owed,
        fields=["sentence"],
        once=True,
    )
