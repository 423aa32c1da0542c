"""When doors opened and when they stayed shut."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from qiaomen.kernel import clock
from qiaomen.office.models import Organisation
from qiaomen.planner.home import SLOTS, HomeChances, Knock, name_slot
from qiaomen.visits.models import Team, Visit
from qiaomen.visits.rules.vocabulary import AFAR, OPENED, SPOKEN

PAST_DAYS = 365
"""Knocks older than this say nothing about when somebody is home."""


def minutes_of(moment: time) -> float:
    """Return the minutes after midnight."""
    return moment.hour * 60.0 + moment.minute


def slot_on(team: Team, day: date) -> str:
    """Return the slot in which a team goes out on a day."""
    return name_slot(minutes_of(team.starts_at), day.weekday() > 4)


def knocks_of(community: Organisation, day: date) -> tuple[HomeChances, dict[UUID, set[str]]]:
    """Return when doors opened within a year, and per door the slots in which it stayed shut since the last talk."""
    since = datetime.combine(day - timedelta(days=PAST_DAYS), time.min, clock.SHANGHAI)
    rows = Visit.objects.filter(community=community, happened_at__gte=since).order_by("happened_at")
    knocks, shut = [], dict[UUID, set[str]]()
    for door, outcome, moment in rows.values_list("dwelling", "outcome", "happened_at"):
        at = moment.astimezone(clock.SHANGHAI)
        slot = name_slot(minutes_of(at.time()), at.weekday() > 4)
        if outcome not in AFAR:
            knocks.append(Knock(str(door), slot, outcome in OPENED))
        if outcome in SPOKEN:
            shut.pop(door, None)
        elif outcome == "no_answer":
            shut.setdefault(door, set()).add(slot)
    return HomeChances(knocks), shut


def best_slot(door: UUID, chances: HomeChances, shut: dict[UUID, set[str]]) -> str:
    """Return when somebody is most likely home behind a door that stayed shut: none of the hours tried in vain."""
    others = [slot for slot in SLOTS if slot not in shut.get(door, set())]
    return chances.suggest_slot(str(door), others or SLOTS)
