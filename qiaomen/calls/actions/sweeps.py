"""A sweep is begun, ends, and takes in what was answered: the answers are facts, who asked and how is the reply."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from qiaomen.calls.models import Sweep, SweepReply
from qiaomen.calls.problems import ForbiddenTopic, SweepOver, SweepUnclear
from qiaomen.calls.selectors.sweeps import MOST_QUESTIONS, homes_in, open_sweeps, topics
from qiaomen.kernel import clock
from qiaomen.kernel.forbidden import forbidden_in
from qiaomen.office import ledger
from qiaomen.office.bulk_insert import insert_new
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.actions.person_facts import note_facts
from qiaomen.register.models import Compound, Household, Person

Answers = Mapping[tuple[uuid.UUID, str], Any]
"""(person, fact code) -> value; None: would not say."""


@transaction.atomic
def begin_sweep(
    *,
    community: Organisation,
    title: str,
    codes: Sequence[str],
    until: date,
    actor: Staff,
    compound: Compound | None = None,
    from_age: int = 18,
    to_age: int = 120,
) -> Sweep:
    """Put one to three questions to a set of doors until a day. Raises ForbiddenTopic, SweepUnclear."""
    if word := forbidden_in(title):
        raise ForbiddenTopic(word=word)
    today = clock.today()
    asked = [code for code in dict.fromkeys(codes) if code in topics()]
    good = title.strip() and 0 < len(asked) <= MOST_QUESTIONS and len(asked) == len(set(codes))
    if not good or until < today or not 0 <= from_age <= to_age <= 150:
        raise SweepUnclear()
    made = Sweep.objects.create(
        community=community,
        title=title.strip()[:40],
        codes=asked,
        compound=compound,
        from_age=from_age,
        to_age=to_age,
        from_date=today,
        until=until,
        made_at=clock.now(),
        made_by=actor,
    )
    ledger.record(community=community, actor=actor, code="calls.sweep-made", subject=made, detail={"codes": asked})
    return made


@transaction.atomic
def end_sweep(*, sweep: Sweep, actor: Staff) -> None:
    """End a sweep before its day; what was answered stays. Twice is once."""
    if sweep.ended_at is None:
        sweep.ended_at = clock.now()
        sweep.save(update_fields=["ended_at"])
        ledger.record(community=sweep.community, actor=actor, code="calls.sweep-ended", subject=sweep)


@transaction.atomic
def take_answers(
    *, sweep: Sweep, household: Household, answers: Answers, way: str, actor: Staff, happened_at: datetime | None = None
) -> SweepReply:
    """Take in what a household answered: values become facts; a household that answered nothing refused.

    Of people and questions that are not the sweep's nothing is taken. Raises SweepOver.
    """
    now = clock.now()
    day = clock.today()
    if sweep.ended_at is not None or not sweep.from_date <= day <= sweep.until:
        raise SweepOver()
    if not homes_in(sweep, day).filter(pk=household.pk).exists():
        raise SweepOver()
    people = Person.objects.living().filter(household=household).in_bulk([person for person, _code in answers])
    told: dict[uuid.UUID, dict[str, Any]] = {}
    for (person, code), value in answers.items():
        if person in people and code in sweep.codes and value is not None:
            told.setdefault(person, {})[code] = value
    for person, facts in told.items():
        note_facts(person=people[person], facts=facts, on_date=day, actor=actor)
    return _reply(sweep, household, "answered" if told else "refused", way, actor, happened_at or now)


def _reply(
    sweep: Sweep,
    household: Household,
    outcome: str,
    way: str,
    actor: Staff,
    happened_at: datetime,
    visit: uuid.UUID | None = None,
) -> SweepReply:
    """Write that a household was asked; who refused and answers later has answered. `visit`: at which it was asked."""
    asking = {
        "outcome": outcome,
        "way": way,
        "staff": str(actor.pk),
        "happened_at": happened_at.isoformat(),
        "visit": str(visit or ""),
    }
    reply = SweepReply(
        community=sweep.community, sweep=sweep, household=household, askings=[asking], received_at=clock.now()
    )
    _follow(reply)
    if reply.pk not in insert_new([reply]):
        reply = SweepReply.objects.select_for_update().get(sweep=sweep, household=household)
        stood = reply.outcome
        reply.askings = [*reply.askings, asking]
        _follow(reply)
        reply.save()
        if reply.outcome == stood:
            return reply
    detail = {"outcome": outcome, "way": way}
    ledger.record(community=sweep.community, actor=actor, code="calls.sweep-replied", subject=sweep, detail=detail)
    return reply


def _follow(reply: SweepReply) -> None:
    """Let the columns of a reply say what its askings say: the first that was answered, else the first refused."""
    holds = next((one for one in reply.askings if one["outcome"] == "answered"), reply.askings[0])
    reply.outcome, reply.way, reply.staff_id = holds["outcome"], holds["way"], uuid.UUID(holds["staff"])
    reply.happened_at = datetime.fromisoformat(holds["happened_at"])


@transaction.atomic
def note_asked(
    *,
    community: Organisation,
    household: Household,
    answered: Sequence[str],
    declined: Sequence[str],
    actor: Staff,
    happened_at: datetime,
    visit: uuid.UUID,
) -> None:
    """Write which sweeps a phone asked at a door, at which visit. `answered`: the codes that became facts already;
    `declined`: of those somebody would not say.
    """
    for sweep in open_sweeps(community, clock.today()) if answered or declined else ():
        if not homes_in(sweep, clock.today()).filter(pk=household.pk).exists():
            continue
        if set(sweep.codes) & set(answered):
            _reply(sweep, household, "answered", "door", actor, happened_at, visit)
        elif set(sweep.codes) & set(declined):
            _reply(sweep, household, "refused", "door", actor, happened_at, visit)


@transaction.atomic
def forget_asked(*, community: Organisation, household: Household | None, visit: uuid.UUID, actor: Staff) -> None:
    """Nobody of a household was asked at a visit that is taken back, or that was at another door: what was asked at
    other times holds, and where nothing was it is to be asked again.
    """
    asked = SweepReply.objects.select_for_update().filter(community=community, household=household)
    for reply in asked.select_related("sweep") if household is not None else ():
        left = [one for one in reply.askings if one["visit"] != str(visit)]
        if len(left) == len(reply.askings):
            continue
        reply.askings = left
        if left:
            _follow(reply)
            reply.save()
        else:
            reply.delete()
        detail = {"outcome": reply.outcome if left else ""}
        ledger.record(community=community, actor=actor, code="calls.sweep-unasked", subject=reply.sweep, detail=detail)
