"""Rows → facts for the rules; rows → what the pages of rounds show."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Household
from qiaomen.register.selectors.places.elevation import Mark
from qiaomen.visits.models import Round, RoundDoor, Visit, VisitRequest, is_planned
from qiaomen.visits.rules.brought.door_code import door_code
from qiaomen.visits.rules.planner_input import VISIT_MINUTES, why_today
from qiaomen.visits.rules.vocabulary import AGREED, OPENED
from qiaomen.visits.selectors.facts import Scope, wishes_at
from qiaomen.visits.selectors.knocks import knocks_of, slot_on
from qiaomen.visits.selectors.labels import outcome_title, plain_reason, today_in_words, wish_in_words
from qiaomen.visits.selectors.teams.leave import walkers_on


def todays_round(staff: Staff, community: Organisation) -> Round | None:
    """Return the round of today in which somebody walks, as a member or for one on leave; the head without one sees
    the first.
    """
    rounds = Round.objects.filter(community=community, day=clock.today()).exclude(state="cancelled")
    found = list(rounds.select_related("team").order_by("team__name"))
    mine = (made for made in found if staff in walkers_on(made.team, made.day))
    return next(mine, found[0] if found and staff.role == "head" else None)


def doors_for(made: Round, staff: Staff) -> QuerySet[RoundDoor]:
    """Return the doors of a round that somebody's phone takes: where a round is shared, those of the other stay
    away.
    """
    mine = made.doors.filter(Q(walker=None) | Q(walker=staff))
    return mine if made.doors.filter(walker=staff).exists() else made.doors.all()


def rounds_of(community: Organisation) -> list[Round]:
    """Return the latest rounds with how many doors they have and how many are done."""
    found = Round.objects.filter(community=community).select_related("team")
    return list(with_counts(found).order_by("-day", "team__name")[:60])


def doors_walked() -> Count:
    """Count the doors of a round somebody was at; a visit that was taken back counts nowhere."""
    return Count("visits__dwelling", distinct=True, filter=Q(visits__taken_back_at=None))


def with_counts(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Add to rounds `door_total`, `door_done` and `door_spare`: doors planned or walked, doors walked, doors that are
    left for the time to spare.
    """
    walked = Exists(Visit.objects.filter(round=OuterRef("pk"), dwelling=OuterRef("doors__dwelling")))
    expected = is_planned("doors__") | Q(walked)
    return rounds.annotate(
        door_total=Count("doors", distinct=True, filter=expected),
        door_spare=Count("doors", distinct=True, filter=~expected),
        door_done=doors_walked(),
    )


def agreed_and_in_no_round(community: Organisation) -> list[dict[str, Any]]:
    """Return the hours agreed at doors for today and later that a round of that day leaves out: no team walks then.

    A day without any round yet is not named: the planner comes to it.
    """
    asked = VisitRequest.objects.filter(community=community, open=True, starts_at__isnull=False)
    asked = asked.filter(due_on__gte=clock.today()).select_related("household__dwelling__entrance__building__compound")
    days: dict[date, set[Any]] = {}
    rows = RoundDoor.objects.filter(round__community=community, round__day__in={one.due_on for one in asked})
    for day, door in rows.planned().exclude(round__state="cancelled").values_list("round__day", "dwelling"):
        days.setdefault(day, set()).add(door)
    return [
        {"door": one.household.dwelling, "request": one}
        for one in asked.order_by("due_on", "starts_at")
        if one.due_on in days and one.household.dwelling_id and one.household.dwelling_id not in days[one.due_on]
    ]


def why_broken(requests: Sequence[VisitRequest]) -> dict[UUID, str]:
    """Return per request for an agreed day that passed with nobody there why: what became of the rounds of that day.

    `requests`: with their household. Nobody is named: a round that did not come to it is the office's. Two queries.
    """
    if not requests:
        return {}
    days, homes = {row.due_on for row in requests}, {row.household.dwelling_id for row in requests}
    rounds = list(Round.objects.filter(community__in={row.community_id for row in requests}, day__in=days))
    rows = RoundDoor.objects.filter(round__in=rounds, dwelling__in=homes).planned().values_list("dwelling", "round")
    placed, known = set(rows), {made.pk: made for made in rounds}
    found = {}
    for row in requests:
        mine = [made for made in rounds if made.day == row.due_on and made.community_id == row.community_id]
        took = [known[made] for door, made in placed if door == row.household.dwelling_id and known[made] in mine]
        found[row.pk] = _why_broken(mine, took)
    return found


def _why_broken(rounds: list[Round], took: list[Round]) -> str:
    """`rounds`: of that day; `took`: those of them the door stood in."""
    lost = [made for made in took or rounds if made.state == "cancelled"]
    if any(made.state != "cancelled" for made in took):
        return _("那天排了，没有走到")
    if lost and len(lost) == len(took or rounds):
        return _("那天的轮次因“{cause}”没有走").format(cause=lost[0].cause)
    return _("那天各小组都不在那个钟点走") if rounds else _("那天没有小组走")


def hours_agreed(household: Household) -> list[VisitRequest]:
    """Return the hours agreed with a household that are still to be kept, the next day first."""
    rows = VisitRequest.objects.filter(household=household, kind__in=AGREED, open=True)
    return list(rows.order_by("due_on", "starts_at", "pk"))


def round_list(made: Round) -> list[dict[str, Any]]:
    """Return the doors of a round in walking order with reason, household, wish, code and outcome so far.

    `spare`: for the time that is left, and not walked. The reason is plain, as on paper, which may be lost on the
    stairs: it names no care group.
    """
    visits = {v.dwelling_id: v for v in made.visits.order_by("happened_at")}
    living = Prefetch("dwelling__households", Household.objects.filter(state="living"), to_attr="living_here")
    wishes = wishes_at(Scope(made.community, made.day))
    whom = Staff.objects.filter(pk__in={wish.whom for wish in wishes.values() if wish.whom})
    names = {str(key): name for key, name in whom.values_list("pk", "name")}
    doors = made.doors.select_related("walker", "due", "dwelling__entrance__building__compound").prefetch_related(
        living
    )
    return [
        {
            "door": door,
            "household": next(iter(door.dwelling.living_here), None),  # type: ignore[attr-defined]
            "outcome": outcome_title(visits[door.dwelling_id].outcome) if door.dwelling_id in visits else "",
            "visit": visits.get(door.dwelling_id),
            "arrives": _arrives(made, door.arrive_minute),
            "spare": door.is_spare and door.dwelling_id not in visits,
            "reason": plain_reason(door),
            "wish": wish_in_words(wishes.get(door.dwelling_id), names),
            "code": door_code(door.dwelling_id),
        }
        for door in doors.order_by("position")
    ]


def why_today_of(made: Round, doors: list[RoundDoor]) -> dict[UUID, str]:
    """Return per door why it is walked on the day of the round, in words; one query for the knocks of the past."""
    chances, _shut = knocks_of(made.community, made.day)
    slot = slot_on(made.team, made.day)
    stairs = Counter(door.dwelling.entrance_id for door in doors if not door.is_spare)
    return {
        door.dwelling_id: today_in_words(
            why_today(
                door.due,
                made.day,
                must=door.must,
                chance=chances.chance(str(door.dwelling_id), slot)
                if chances.tries[str(door.dwelling_id), slot]
                else None,
                neighbours=stairs[door.dwelling.entrance_id] - 1,
                spare=door.is_spare,
            )
        )
        for door in doors
    }


def minutes_at(door: RoundDoor) -> float:
    """Return how many minutes a visit to a door of a round takes."""
    return VISIT_MINUTES[door.due.clock] if door.due else max(VISIT_MINUTES.values())


def end_of_plan(made: Round) -> int:
    """Return when the last planned visit is over, in minutes after the start of the round: the doors without a minute
    of their own come then. 0 where no door has one.
    """
    timed = made.doors.filter(arrive_minute__isnull=False).select_related("due")
    last = timed.order_by("-arrive_minute", "-position").first()
    return (last.arrive_minute or 0) + round(minutes_at(last)) if last else 0


def _arrives(made: Round, minute: int | None) -> time | None:
    """Return about when the walk is at a door; None where the plan does not say."""
    if minute is None:
        return None
    return (datetime.combine(made.day, made.starts_at) + timedelta(minutes=minute)).time()


def marks_of(community: Organisation, dwellings: list[Any]) -> dict[Any, Mark]:
    """Return each door's mark from its latest visit; doors never visited have none."""
    marks: dict[Any, Mark] = {}
    for visit in Visit.objects.filter(Q(community=community), dwelling__in=dwellings).order_by("happened_at"):
        if visit.outcome in OPENED:
            marks[visit.dwelling_id] = Mark("✓", _("见过面"), "seen")
        elif visit.outcome == "no_answer":
            marks[visit.dwelling_id] = Mark("▢", _("没人在"), "no-answer")
        elif visit.outcome == "refused":
            marks[visit.dwelling_id] = Mark("⊘", _("拒访"), "refused")
    return marks


def history_of(household: Household) -> list[dict[str, Any]]:
    """Return the visits to a household, newest first."""
    visits = Visit.objects.filter(household=household).select_related("staff").prefetch_related("photos", "voices")
    return [{"visit": v, "outcome": outcome_title(v.outcome)} for v in visits.order_by("-happened_at")[:100]]
