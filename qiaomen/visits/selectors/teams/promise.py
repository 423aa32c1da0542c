"""What the office can promise: hours, doors and minutes as the planner's promise reads them, and what was promised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Q

from qiaomen.kernel import clock
from qiaomen.office.models import Organisation
from qiaomen.planner.minutes import SHUT, Minutes
from qiaomen.planner.promise import WEEKS, Demand, Hours, Kept, keep
from qiaomen.visits.models import CadencePromise, DueRun, DueVisit, Leave, Round, Team, Visit
from qiaomen.visits.rules.due import Tier
from qiaomen.visits.rules.promised import EVERYONE, last_of
from qiaomen.visits.rules.vocabulary import AFAR, OPENED
from qiaomen.visits.selectors.facts import tiers
from qiaomen.visits.selectors.teams.leave import replace_absent
from qiaomen.visits.selectors.teams.minutes import minutes_table

RESERVE = 0.1
"""Kept back of all hours for snow and what nobody thought of. A default."""
LEARN_DAYS, LEARN_KNOCKS, USUAL_CHANCE = 90, 30, 0.6
"""The share of knocks that open is learnt from ninety days; with fewer knocks than thirty the planner's prior holds."""
ASKED_WEEKS = 8
"""How much time promises to households and events take is counted over so many weeks."""
Terms = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class World:
    """What a promise rests on: the doors of each tier, the hours, the minutes, the share of knocks that open.

    `must_minutes`: a usual week's for promises to households and events.
    """

    tiers: Mapping[str, Tier]
    doors: Mapping[str, int]
    hours: Hours
    minutes: Minutes
    chance: float
    must_minutes: float
    teams: int

    @cached_property
    def codes(self) -> list[str]:
        """The tiers with doors, the one that weighs most first."""
        return sorted((code for code in self.tiers if self.doors.get(code)), key=lambda code: -self.tiers[code].weight)

    @property
    def weekly_minutes(self) -> float:
        """Minutes of a usual week."""
        return sum(self.hours.usual)

    @property
    def free(self) -> Hours:
        """The hours without the reserve and what promises to households take."""
        return self.hours.less(self.must_minutes + RESERVE * self.weekly_minutes)

    def visit_minutes(self, code: str) -> float:
        """Return the minutes of one visit to a door of a tier, the ways and the knocks in vain included."""
        way, again = self.minutes.of("way"), 1 / self.chance - 1
        return self.minutes.of(kind_of(code)) + way + again * (self.minutes.of(SHUT) + way)

    def demands(self, terms: Terms) -> list[Demand]:
        """Return the demands under some terms; a tier to which nothing is promised asks for nothing."""
        return [
            Demand(
                code,
                self.doors[code],
                terms[code]["days"],
                self.visit_minutes(code),
                terms[code].get("door_days"),
                self.minutes.of("call"),
            )
            for code in self.codes
            if (terms.get(code) or {}).get("days")
        ]

    def ideal(self) -> dict[str, dict[str, Any]]:
        """Return the terms that the tiers would like."""
        wanted = {code: self.tiers[code] for code in self.codes}
        return {code: {"days": tier.every_days, "door_days": tier.knocks_every} for code, tier in wanted.items()}

    def kept(self, terms: Terms) -> list[Kept]:
        """Return what can be kept of some terms."""
        return keep(self.demands(terms), self.free)


def kind_of(code: str) -> str:
    """Return the kind of visit that a tier's doors get."""
    return "unseen" if code == EVERYONE else "cadence"


def world_of(community: Organisation, doors: Mapping[str, int] | None = None) -> World:
    """Return what a promise rests on today; `doors` None: as last counted (DueRun). Ten queries, however many doors."""
    if doors is None:
        run = DueRun.objects.filter(community=community).first()
        doors = run.doors if run else {}
    today = clock.today()
    teams = list(Team.objects.filter(community=community).prefetch_related("members"))
    table, chance = minutes_table(community, with_doors=False), open_chance(community)
    return World(
        tiers=tiers(),
        doors=doors,
        hours=_hours(community, teams, today),
        minutes=table,
        chance=chance,
        must_minutes=_must_minutes(community, today, table, chance),
        teams=len(teams),
    )


def _hours(community: Organisation, teams: Sequence[Team], today: date) -> Hours:
    """Return the minutes of the teams from this Monday on: leave without a stand-in and rounds called off count."""
    first = today - timedelta(days=today.weekday())
    last = first + timedelta(days=7 * WEEKS - 1)
    leaves = list(
        Leave.objects.filter(community=community, from_date__lte=last, to_date__gte=first)
        .select_related("staff", "cover")
        .order_by("from_date", "pk")
    )
    off = set(
        Round.objects.filter(community=community, day__range=(first, last), state="cancelled").values_list(
            "team", "day"
        )
    )
    usual, days = [0.0] * 7, [0.0] * (7 * WEEKS)
    for team in teams:
        members = list(team.members.all())
        for weekday in team.weekdays:
            usual[weekday] += team.minutes
        for n in range(7 * WEEKS):
            day = first + timedelta(days=n)
            if day.weekday() in team.weekdays and (team.pk, day) not in off:
                away = {one.staff_id: one for one in leaves if one.from_date <= day <= one.to_date}
                days[n] += team.minutes if replace_absent(members, away) else 0.0
    return Hours(tuple(days), tuple(usual))


def open_chance(community: Organisation) -> float:
    """Return the share of knocks that open, at least a twentieth: one query."""
    since = clock.now() - timedelta(days=LEARN_DAYS)
    knocks = Visit.objects.filter(community=community, happened_at__gte=since).exclude(outcome__in=AFAR)
    found = knocks.aggregate(total=Count("pk"), opened=Count("pk", filter=Q(outcome__in=OPENED)))
    total, opened = int(found["total"]), int(found["opened"])
    return max(0.05, opened / total) if total >= LEARN_KNOCKS else USUAL_CHANCE


def _must_minutes(community: Organisation, today: date, table: Minutes, chance: float) -> float:
    since = today - timedelta(weeks=ASKED_WEEKS)
    asked = DueVisit.objects.filter(community=community, clock__in=["promise", "event"], opens_on__range=(since, today))
    counts = asked.exclude(state="cancelled").values_list("clock").annotate(n=Count("pk")).order_by()
    again, way = 1 / chance - 1, table.of("way")
    return 0.0 + sum(
        int(number) * (table.of(kind) + way + again * (table.of(SHUT) + way)) / ASKED_WEEKS for kind, number in counts
    )


def promises_of(community: Organisation) -> list[CadencePromise]:
    """Return what the office promised, newest first."""
    rows = CadencePromise.objects.filter(community=community).select_related("made_by")
    return list(rows.order_by("-from_date", "-made_at"))


def standing_promise(community: Organisation, day: date) -> CadencePromise | None:
    """Return the promise that holds on a day; None: none was made."""
    rows = CadencePromise.objects.filter(community=community, from_date__lte=day)
    return rows.order_by("-from_date", "-made_at").first()


def promised_tiers(community: Organisation, day: date) -> dict[str, Tier]:
    """Return the tiers with what was promised to each up to a day; how somebody is seen between two knocks is as
    promised, too: by telephone where knocks were promised more seldom than contacts, else at the door. A promise
    shorter than the tier's cadence is the cadence, so that a door is due before it is late.
    """
    rows = CadencePromise.objects.filter(community=community, from_date__lte=day).order_by("from_date", "made_at")
    made = list(rows.values_list("from_date", "terms"))
    terms = made[-1][1] if made else {}
    return {
        code: _as_promised(
            replace(tier, promised=last_of(made, code), promised_at_door=last_of(made, code, "door_days")),
            terms.get(code) or {},
        )
        for code, tier in tiers().items()
    }


def _as_promised(tier: Tier, term: Mapping[str, Any]) -> Tier:
    if not (days := term.get("days")):
        return tier
    if days < tier.every_days:
        ahead = min(tier.opens_before_days, days)
        tier = replace(tier, every_days=days, opens_before_days=ahead, usual_days=tier.every_days)
    if not (door_days := term.get("door_days")):
        return replace(tier, between="door")
    return replace(tier, door_every_days=door_days, between="phone" if tier.between == "door" else tier.between)
