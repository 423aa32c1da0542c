"""What an opened submission becomes: a visit with its needs, a finding on the stairs, or a correction. All or none."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction

from qiaomen.calls.actions.calls import record_call
from qiaomen.calls.actions.sweeps import forget_asked
from qiaomen.calls.models import Call
from qiaomen.calls.rules.told import CallSaid
from qiaomen.cases.actions import move_needs
from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.needs.models import Need
from qiaomen.office import ledger
from qiaomen.office.disclosure import READERS
from qiaomen.office.models import Organisation, Staff
from qiaomen.phone import problems
from qiaomen.phone.actions.arriving import told_answers
from qiaomen.phone.actions.arriving.store_visits import OpenedVisit, store_visits
from qiaomen.phone.actions.arriving.to_check import HeldBack, held_hour, held_need
from qiaomen.phone.rules.submission import CorrectionSaid, FindingSaid, PhotoSaid, Said, TakenBackSaid, VisitSaid
from qiaomen.register.models import Dwelling, Entrance, Household, Person
from qiaomen.visits.actions import due, visits
from qiaomen.visits.models import Correction, Observation, Round, Visit, VisitRequest


@dataclass(frozen=True)
class OpenedItem:
    """One opened submission: its key, who handed it in, what it says, and the time that holds.

    `looked_at`: a person of the office saw it and takes it in.
    """

    op_id: uuid.UUID
    staff: Staff
    said: Said
    happened_at: datetime
    looked_at: bool = False


@dataclass(frozen=True)
class Stored:
    """What a submission became, and the photos and the voice line it announced."""

    visit: Visit | None = None
    finding: Observation | None = None
    photos: tuple[PhotoSaid, ...] = ()
    held: tuple[HeldBack, ...] = ()


def apply_submissions(community: Organisation, told: Sequence[OpenedItem]) -> list[Stored | Problem]:
    """Write what was said, each under its key, in this order; a second time writes nothing. No key stands twice in it.

    Returns in the same order what each became, or why it is refused, which has written nothing. Raises the Problem of
    one that was refused when something was written: then all has to be taken back and taken in one by one.
    """
    became: list[Stored | Problem] = []
    for kind, some in groupby(told, key=lambda one: type(one.said)):
        if kind is VisitSaid:
            became += _visits(community, list(some))
        else:
            became += [_alone(community, one) for one in some]
    return became


def _visits(community: Organisation, told: list[OpenedItem]) -> list[Stored | Problem]:
    lines = [(one, one.said) for one in told if isinstance(one.said, VisitSaid)]
    told_visits = [OpenedVisit(one.op_id, one.staff, said, one.happened_at, one.looked_at) for one, said in lines]
    became = store_visits(community, told_visits)
    return [
        what
        if isinstance(what, Problem)
        else Stored(visit=what.visit, photos=(*said.photos, *filter(None, [said.voice])), held=what.held)
        for what, (_one, said) in zip(became, lines, strict=True)
    ]


def _alone(community: Organisation, one: OpenedItem) -> Stored | Problem:
    try:
        with transaction.atomic():
            if isinstance(one.said, FindingSaid):
                return Stored(finding=_finding(one.op_id, community, one.staff, one.said, one.happened_at))
            if isinstance(one.said, TakenBackSaid):
                return _take_back(community, one)
            if isinstance(one.said, CallSaid):
                return Stored(visit=_call(community, one, one.said))
            assert isinstance(one.said, CorrectionSaid)
            return _correct(one.op_id, community, one.staff, one.said, one.happened_at)
    except Problem as problem:
        return problem


def _round(community: Organisation, key: uuid.UUID | None) -> Round | None:
    return Round.objects.filter(pk=key, community=community).first() if key else None


def _finding(
    op_id: uuid.UUID, community: Organisation, staff: Staff, said: FindingSaid, happened_at: datetime
) -> Observation:
    entrance = Entrance.objects.filter(pk=said.entrance_id, community=community).first()
    if entrance is None or Observation.objects.filter(pk=op_id).exclude(community=community).exists():
        raise problems.UnknownDoor()
    finding, new = Observation.objects.get_or_create(
        pk=op_id,
        defaults={
            "community": community,
            "entrance": entrance,
            "floor": said.floor,
            "kind": said.kind,
            "words": said.words,
            "handling": said.handling,
            "staff": staff,
            "happened_at": happened_at,
            "received_at": clock.now(),
            "round": _round(community, said.round_id),
        },
    )
    if new:
        ledger.record(
            community=community, actor=staff, code="visits.observed", subject=finding, detail={"kind": said.kind}
        )
    return finding


def _take_back(community: Organisation, one: OpenedItem) -> Stored:
    """Take a visit back by whoever recorded it, with what it told (`told_answers.follow_taken_back`).

    Raises VisitToCome, NotTheirs; TakesBackNeeds unless a person looked.
    """
    assert isinstance(one.said, TakenBackSaid)
    visit = Visit.everything.select_for_update().filter(pk=one.said.takes_back, community=community).first()
    if visit is None:
        raise problems.VisitToCome()
    if visit.staff_id != one.staff.pk:
        raise problems.NotTheirs()
    if not one.looked_at and Need.objects.filter(visit=visit).exclude(handling="on_the_spot").exists():
        raise problems.TakesBackNeeds()
    visits.take_back(visit=visit, actor=one.staff)
    return Stored(visit=visit)


def _call(community: Organisation, one: OpenedItem, said: CallSaid) -> Visit | None:
    """Record a call by somebody who may read numbers. Raises UnknownDoor, OutsidePack."""
    home = Household.objects.filter(pk=said.household_id, community=community, state="living").first()
    if home is None or Call.everything.filter(pk=one.op_id).exclude(community=community).exists():
        raise problems.UnknownDoor()
    if one.staff.role not in READERS:
        raise problems.OutsidePack()
    call, _new = record_call(
        call_id=one.op_id,
        household=home,
        staff=one.staff,
        outcome=said.outcome,
        way=said.way,
        note=said.note,
        happened_at=one.happened_at,
        origin="phone",
    )
    return call.visit


def _move(visit: Visit, to: uuid.UUID, before: dict[str, Any], after: dict[str, Any]) -> list[HeldBack]:
    """Put a visit to the door it was really at, with what was heard and agreed there. Raises UnknownDoor.

    What it told of people who do not live there goes out of the register and waits for a person with its words. Where
    nobody lives behind that door the needs stay where they are and wait for a person, as an agreed hour does. The
    household it was written down at was not asked by a sweep.
    """
    door = Dwelling.objects.filter(pk=to, community=visit.community_id).first()
    if door is None:
        raise problems.UnknownDoor()
    before["door"], after["door"] = visit.dwelling.door_label, door.door_label
    needs = list(Need.objects.filter(visit=visit, household=visit.household_id).select_related("person"))
    key = due.agreed_key(visit.pk)
    was_of = visit.household
    visit.dwelling, visit.household = door, door.households.filter(state="living").first()
    answers = told_answers.withdraw(visit, home=visit.household, actor=visit.staff)
    forget_asked(community=visit.community, household=was_of, visit=visit.pk, actor=visit.staff)
    if visit.household is not None:
        move_needs(needs, visit.household)
        due.move_requests(community=visit.community, keys=[key], household=visit.household)
        return answers
    hours = VisitRequest.objects.filter(community=visit.community_id, key=key, open=True)
    held = [held_need(need) for need in needs]
    held += [
        held_hour(day, start, end, "no-home-to-visit")
        for day, start, end in hours.values_list("due_on", "starts_at", "ends_at")
        if start
    ]
    due.withdraw_request(community=visit.community, key=key)
    return held + answers


def _correct(
    op_id: uuid.UUID, community: Organisation, staff: Staff, said: CorrectionSaid, happened_at: datetime
) -> Stored:
    """Put a visit right: the row shows what holds, the correction keeps what stood, both with the reason."""
    visit = Visit.objects.select_for_update().filter(pk=said.corrects, community=community).first()
    if visit is None:
        raise problems.VisitToCome()
    if visit.staff_id != staff.pk:
        raise problems.NotTheirs()
    if Correction.objects.filter(pk=op_id).exists():
        return Stored(visit=visit)
    was_at, held = visit.dwelling_id, list[HeldBack]()
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, value in (("outcome", said.outcome), ("note", said.note)):
        if value is not None and value != getattr(visit, name):
            before[name], after[name] = getattr(visit, name), value
            setattr(visit, name, value)
    if said.to_dwelling is not None and said.to_dwelling != visit.dwelling_id:
        held = _move(visit, said.to_dwelling, before, after)
    visit.save(update_fields=["outcome", "note", "dwelling", "household"])
    _put_to_whom(visit, said.persons, before, after)
    due.refresh(community, {was_at, visit.dwelling_id})
    Correction.objects.create(
        pk=op_id,
        community=community,
        visit=visit,
        staff=staff,
        reason=said.reason,
        made_at=happened_at,
        received_at=clock.now(),
        before=json.dumps(before, ensure_ascii=False),
        after=json.dumps(after, ensure_ascii=False),
    )
    fields = sorted({name.split(".")[0] for name in after})
    ledger.record(community=community, actor=staff, code="visits.corrected", subject=visit, fields=fields)
    return Stored(visit=visit, held=tuple(held))


def _put_to_whom(
    visit: Visit, persons: dict[uuid.UUID, uuid.UUID], before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Say about whom of the household each need of a visit is. Raises NotUnderstood."""
    for key, person in persons.items():
        need = Need.objects.filter(pk=key, visit=visit).first()
        whom = Person.objects.filter(pk=person, household=visit.household_id).first()
        if need is None or whom is None:
            raise problems.NotUnderstood()
        before[f"need.{key}"], after[f"need.{key}"] = str(need.person_id or ""), str(whom.pk)
        need.person = whom
        need.save(update_fields=["person"])
