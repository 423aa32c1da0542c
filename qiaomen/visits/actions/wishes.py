"""What was wished and who is away: noted once, obeyed from then on, by rounds that stand already too."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Household
from qiaomen.visits import problems
from qiaomen.visits.actions import due
from qiaomen.visits.actions.weeks.promise import reconsider
from qiaomen.visits.models import Leave, Pause, Round, RoundDoor, Visit, VisitRequest, VisitWish
from qiaomen.visits.rules.due import DoorFact, may_be_agreed
from qiaomen.visits.rules.planner_input import Pair, is_welcome
from qiaomen.visits.selectors.facts import door_facts
from qiaomen.visits.selectors.round_pages import end_of_plan, minutes_at
from qiaomen.visits.selectors.teams.leave import walkers_on
from qiaomen.visits.selectors.teams.pairs import pairs_at, women_of


@transaction.atomic
def note_wish(*, household: Household, actor: Staff, **wish: Any) -> VisitWish | None:
    """Note how a household wants to be visited; a wish of nothing ends the one that stands. Raises
    QuietHoursUnclear.
    """
    quiet = (wish.get("quiet_from"), wish.get("quiet_to"))
    if (quiet[0] is None) != (quiet[1] is None) or (quiet[0] is not None and quiet[0] == quiet[1]):
        raise problems.QuietHoursUnclear()
    VisitWish.objects.filter(household=household, ended_at=None).update(ended_at=clock.now())
    made = None
    if any(value for name, value in wish.items() if name not in ("words", "until")):
        made = VisitWish.objects.create(
            community=household.community, household=household, said_at=clock.now(), said_by=actor, **wish
        )
    ledger.record(community=household.community, actor=actor, code="visits.wish-noted", subject=household)
    obey(household.community, household.dwelling_id)
    return made


@transaction.atomic
def pause(*, household: Household, until: date | None, reason: str, actor: Staff) -> Pause | None:
    """Leave a household alone until a day, after which it comes back by itself; None ends the pause. Raises
    PauseInPast.
    """
    if until is not None and until <= clock.today():
        raise problems.PauseInPast()
    Pause.objects.filter(household=household, ended_at=None).update(ended_at=clock.now())
    made = None
    if until is not None:
        made = Pause.objects.create(
            community=household.community,
            household=household,
            until=until,
            reason=reason.strip()[:200],
            made_at=clock.now(),
            made_by=actor,
        )
    ledger.record(community=household.community, actor=actor, code="visits.paused", subject=household)
    obey(household.community, household.dwelling_id)
    return made


@transaction.atomic
def note_leave(
    *, community: Organisation, staff: Staff, from_date: date, to_date: date, cover: Staff | None, actor: Staff | None
) -> Leave:
    """Note that somebody is away and who walks instead; rounds that stand follow. Raises LeaveUnclear."""
    if to_date < from_date or to_date < clock.today() or cover == staff:
        raise problems.LeaveUnclear()
    made = Leave.objects.create(community=community, staff=staff, from_date=from_date, to_date=to_date, cover=cover)
    ledger.record(community=made.community, actor=actor, code="visits.leave-noted", subject=made)
    days = (max(from_date, clock.today()), to_date)
    mine = RoundDoor.objects.filter(round__community=made.community, round__day__range=days, walker=staff)
    mine.update(walker=cover)
    obey(made.community)
    reconsider(made.community)
    return made


@transaction.atomic
def give_wish(*, wish: VisitWish, to: Staff, actor: Staff) -> None:
    """Send somebody else to a household that wanted one person alone, who leaves; the household is told and may wish
    anew. The words it said stay.
    """
    wish.whom = to
    wish.save(update_fields=["whom"])
    ledger.record(community=wish.community, actor=actor, code="visits.wish-noted", subject=wish.household)
    obey(wish.community, wish.household.dwelling_id)


@transaction.atomic
def change_cover(*, leave: Leave, cover: Staff, actor: Staff) -> None:
    """Have somebody else walk in the stead of who is away. Raises LeaveUnclear."""
    if cover == leave.staff:
        raise problems.LeaveUnclear()
    leave.cover = cover
    leave.save(update_fields=["cover"])
    ledger.record(community=leave.community, actor=actor, code="visits.leave-noted", subject=leave)
    obey(leave.community)
    reconsider(leave.community)


@transaction.atomic
def end_leave(*, leave: Leave, actor: Staff | None) -> None:
    """Take a leave back: whoever was away walks again."""
    ledger.record(community=leave.community, actor=actor, code="visits.leave-ended", subject=leave)
    leave.delete()
    reconsider(leave.community)


@transaction.atomic
def agree_hours(
    *,
    household: Household,
    key: UUID,
    day: date,
    hours: tuple[time, time | None],
    actor: Staff,
    must: bool = True,
    agreed_at: datetime | None = None,
) -> VisitRequest:
    """Agree with a household on a day from when to when somebody comes, at the desk, on paper or by telephone.

    `key`: of the visit at which it was agreed, or any that its maker gave it: agreed twice it is once. `must`: we come
    whatever else waits; else when we pass by. Raises AgreedUnclear.
    """
    begins, ends = hours
    if not may_be_agreed(day, clock.today()) or (ends is not None and ends <= begins):
        raise problems.AgreedUnclear()
    made = due.request_visit(
        household=household,
        key=due.agreed_key(key),
        kind="agreed" if must else "maybe",
        due_on=day,
        hours=hours,
        agreed_at=agreed_at,
    )
    ledger.record(community=household.community, actor=actor, code="visits.hours-agreed", subject=household)
    return made


@transaction.atomic
def take_back_hours(*, request: VisitRequest, actor: Staff) -> None:
    """The household does not want us at the hours that were agreed any more; what is due there stays due."""
    due.withdraw_request(community=request.community, key=request.key)
    ledger.record(community=request.community, actor=actor, code="visits.hours-taken-back", subject=request.household)


def obey(community: Organisation, door: UUID | None = None) -> int:
    """Take the doors where nobody is welcome any more out of today's and later rounds, of one door or of all; what is
    due there stays due. Return how many.
    """
    gone = 0
    for made in Round.objects.filter(community=community, state="planned", day__gte=clock.today()).order_by("day"):
        walked = Visit.objects.filter(round=made, dwelling=OuterRef("dwelling"))
        doors = made.doors.exclude(Exists(walked)).select_related("due")
        if door is not None:
            doors = doors.filter(dwelling=door)
        gone += _obey_in(made, list(doors))
    return gone


def _obey_in(made: Round, doors: list[RoundDoor]) -> int:
    if not doors:
        return 0
    walkers = frozenset(str(walker.pk) for walker in walkers_on(made.team, made.day))
    facts = {fact.dwelling: fact for fact in door_facts(made.community, made.day, [door.dwelling_id for door in doors])}
    after = end_of_plan(made)
    pairs, women = pairs_at(made.community, made.day), walkers & women_of(made.community)
    gone = [
        door.pk
        for door in doors
        if not _is_welcome(door, made, facts.get(str(door.dwelling_id)), walkers, after)
        or not pairs.get(door.dwelling_id, Pair()).suits(walkers, women)
    ]
    RoundDoor.objects.filter(pk__in=gone).delete()
    return len(gone)


def _is_welcome(door: RoundDoor, made: Round, fact: DoorFact | None, walkers: frozenset[str], after: int) -> bool:
    """`after`: the minute of the round in which a door without its own is reached."""
    if fact is None:
        return False
    minutes = after if door.arrive_minute is None else door.arrive_minute
    begins = datetime.combine(made.day, made.starts_at) + timedelta(minutes=minutes)
    minute = begins.hour * 60.0 + begins.minute
    return is_welcome(fact, made.day, minute, minutes_at(door), walkers)
