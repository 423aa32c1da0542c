"""The head promises how often each tier is seen; what no longer holds is asked about again, nothing turns red by it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Organisation, Staff
from qiaomen.planner.promise import MOST_DAYS
from qiaomen.visits import problems
from qiaomen.visits.models import CadencePromise, DueRun, Team, VisitMinutes
from qiaomen.visits.rules.promised import question_of
from qiaomen.visits.selectors.teams.minutes import FLOORS, KINDS
from qiaomen.visits.selectors.teams.promise import standing_promise, world_of

Terms = Mapping[str, Mapping[str, Any]]
SHORTEST, LONGEST = 30, 480
"""Minutes of one walk of a team."""


@transaction.atomic
def make_promise(*, community: Organisation, terms: Terms, from_date: date, actor: Staff) -> CadencePromise:
    """Promise how often each tier is seen from a day on ({tier: {days, door_days}}); what was promised before stays
    written, and what is late by it stays late. Raises PromiseUnclear.
    """
    if from_date < clock.today() or not all(_is_clear(term) for term in terms.values()):
        raise problems.PromiseUnclear()
    world = world_of(community)
    made = CadencePromise.objects.create(
        community=community,
        from_date=from_date,
        terms={code: dict(term) for code, term in terms.items()},
        doors=dict(world.doors),
        weekly_minutes=round(world.weekly_minutes),
        made_at=clock.now(),
        made_by=actor,
    )
    ledger.record(
        community=community,
        actor=actor,
        code="visits.cadence-promised",
        subject=made,
        detail={"from_date": from_date.isoformat(), "terms": made.terms, "weekly_minutes": made.weekly_minutes},
    )
    DueRun.objects.filter(community=community).update(day=None)
    reconsider(community)
    return made


@transaction.atomic
def choose(
    *,
    community: Organisation,
    terms: Terms,
    from_date: date,
    weekly_hours: float | None,
    minutes: Mapping[str, float],
    actor: Staff,
) -> CadencePromise:
    """Promise, and let the teams walk as long and the visits take as long as was chosen with it (None, {}: as now).

    Every team walks longer or shorter by the same factor, to whole five minutes. Raises PromiseUnclear,
    MinutesOutOfRange, HoursOutOfRange; then nothing is changed.
    """
    if weekly_hours is not None:
        _set_hours(community, weekly_hours, actor)
    for kind, value in minutes.items():
        set_minutes(community=community, kind=kind, floors="", minutes=value, actor=actor)
    return make_promise(community=community, terms=terms, from_date=from_date, actor=actor)


def _set_hours(community: Organisation, weekly_hours: float, actor: Staff) -> None:
    teams = [team for team in Team.objects.filter(community=community) if team.weekdays]
    now = sum(team.minutes * len(team.weekdays) for team in teams)
    for team in teams:
        minutes = round(team.minutes * weekly_hours * 60 / now / 5) * 5
        if not SHORTEST <= minutes <= LONGEST:
            raise problems.HoursOutOfRange(team=team.name, minutes=minutes)
        team.minutes = minutes
        team.save(update_fields=["minutes"])
        ledger.record(community=community, actor=actor, code="visits.team-changed", subject=team)


def _is_clear(term: Mapping[str, Any]) -> bool:
    days, door_days = term.get("days"), term.get("door_days")
    return (days is None or 1 <= days <= MOST_DAYS) and (door_days is None or bool(days and days <= door_days))


def reconsider(community: Organisation) -> None:
    """Ask whether what is promised can still be kept; what stands open is a line to the head until it is answered."""
    run = DueRun.objects.filter(community=community).first()
    if run is None:
        return
    made = standing_promise(community, clock.today())
    kept = world_of(community, run.doors).kept(made.terms) if made else []
    question = question_of(run.doors, made.terms if made else None, kept, made.doors if made else None)
    if question != run.question:
        DueRun.objects.filter(community=community).update(question=question)


@transaction.atomic
def set_minutes(*, community: Organisation, kind: str, floors: str, minutes: float | None, actor: Staff) -> None:
    """Write how long a kind of visit takes, in place of what was learnt or assumed; None: as learnt. Raises
    MinutesOutOfRange.
    """
    if kind not in KINDS or floors not in {"", *FLOORS} or not (minutes is None or 0.5 <= minutes <= 120):
        raise problems.MinutesOutOfRange()
    VisitMinutes.objects.update_or_create(
        community=community, kind=kind, floors=floors, door=None, defaults={"own": minutes}
    )
    detail = {"kind": kind, "floors": floors, "minutes": minutes}
    ledger.record(community=community, actor=actor, code="visits.minutes-set", detail=detail)
    reconsider(community)
