"""What the head sees of the rounds: the week with its causes, and the bound that the hours can keep."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count

from qiaomen.kernel import clock
from qiaomen.office.models import Organisation
from qiaomen.planner.wait import WaitFacts, find_hours_needed, find_longest_wait
from qiaomen.register.models import Household
from qiaomen.visits.models import Round, Team
from qiaomen.visits.rules.due import GroupFact, Tier
from qiaomen.visits.rules.planner_input import SHUT_MINUTES, VISIT_MINUTES
from qiaomen.visits.selectors.facts import groups_behind
from qiaomen.visits.selectors.teams.minutes import WAY_MINUTES
from qiaomen.visits.selectors.teams.promise import open_chance, promised_tiers

PROMISED_WEEKS = 26
"""What the page compares with: half a year. A default."""


def week_of(community: Organisation, day: date) -> dict[str, Any]:
    """Return the rounds of the week of a day: how many went out of how many, and the cause of each that did not.

    A round has gone out when something was recorded on it, or its day is past.
    """
    monday = day - timedelta(days=day.weekday())
    rows = Round.objects.filter(community=community, day__range=(monday, monday + timedelta(days=6)))
    found = list(rows.select_related("team").annotate(seen=Count("visits")).order_by("day", "team__name"))
    standing = [walk for walk in found if walk.state != "cancelled"]
    out = [walk for walk in standing if walk.seen or walk.day < clock.today()]
    return {
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "is_past": monday + timedelta(days=7) <= clock.today(),
        "all": len(found),
        "out": len(out),
        "cancelled": [walk for walk in found if walk not in standing],
    }


def bound_of(community: Organisation) -> dict[str, Any] | None:
    """Return the longest wait the teams' hours allow beside the care visits, and the hours a shorter one would need;
    None without hours. `weeks` None: the care visits alone take more than there is; `in_turn`: the wait if nobody
    came before anybody.
    """
    teams = list(Team.objects.filter(community=community))
    weekly = sum(team.minutes * len(team.weekdays) for team in teams)
    homes = Household.objects.filter(community=community, state="living", dwelling__isnull=False)
    doors = homes.values("dwelling").distinct().count()
    if not weekly or not doors:
        return None
    chance = open_chance(community)
    care = _care_minutes(community, chance)
    facts = WaitFacts(
        doors=doors,
        minutes_a_door=VISIT_MINUTES["unseen"] + WAY_MINUTES,
        weekly_minutes=weekly,
        open_chance=chance,
        missed_minutes=SHUT_MINUTES + WAY_MINUTES,
    )
    left = max(0.0, weekly - care)
    needed = find_hours_needed(facts, PROMISED_WEEKS) + care / 60
    beside = WaitFacts(doors, facts.minutes_a_door, left, chance, facts.missed_minutes)
    return {
        "weeks": find_longest_wait(beside),
        "in_turn": find_longest_wait(facts),
        "hours": _round(weekly / 60),
        "care": _round(care / 60),
        "promised": PROMISED_WEEKS,
        "needed": _round(needed),
        "enough": needed * 60 <= weekly,
        "teams": len(teams),
    }


def _round(hours: float) -> str:
    return f"{hours:.1f}".removesuffix(".0")


def _care_minutes(community: Organisation, chance: float) -> float:
    """Return the minutes a week that walking to the care groups takes, the knocks in vain included."""
    known = promised_tiers(community, clock.today())
    visits = sum(
        7 / min(_walked_every(known[group.tier], group) for group in groups)
        for groups in groups_behind(community).values()
        if groups
    )
    a_visit = VISIT_MINUTES["cadence"] + WAY_MINUTES + (1 / chance - 1) * (SHUT_MINUTES + WAY_MINUTES)
    return visits * a_visit


def _walked_every(tier: Tier, group: GroupFact) -> int:
    """Return in how many days somebody knocks there once: as promised where that was, by telephone in between where
    the tier says so.
    """
    promised = tier.promised[-1].days if tier.promised else None
    return max(
        tier.in_proportion(promised or tier.every_days, group.every_days),
        tier.in_proportion(tier.knocks_every or 0, group.every_days),
    )
