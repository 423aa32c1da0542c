"""The week on one page: days × teams, with what each walk holds, who is away, what was called off and why."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from qiaomen.kernel import clock
from qiaomen.office.models import Organisation
from qiaomen.visits.models import Leave, Round, RoundDoor, Team, Visit, VisitRequest
from qiaomen.visits.selectors.teams.leave import replace_absent
from qiaomen.visits.selectors.teams.minutes import minutes_table


@dataclass
class Stairs:
    """One stairwell of one walk: how it is written, its doors, how many are walked, its minutes."""

    key: UUID
    label: str
    doors: int = 0
    walked: int = 0
    minutes: float = 0.0
    musts: int = 0

    @property
    def whole_minutes(self) -> int:
        """The minutes as the page says them."""
        return round(self.minutes)


@dataclass
class Cell:
    """One team on one day. `goes`: it is one of its days; `load`: minutes of the walk as planned, visits included;
    `spare`: doors for the time that is left, which stand in nothing else.
    """

    team: Team
    day: date
    goes: bool
    walkers: list[str]
    away: list[Leave]
    made: Round | None = None
    off: str = ""
    stairs: list[Stairs] = field(default_factory=list)
    compounds: int = 0
    load: int = 0
    agreed: int = 0
    spare: int = 0
    open: bool = False

    @property
    def slot(self) -> str:
        """How the page names this team on this day in an address and in a form."""
        return f"{self.day.isoformat()}/{self.team.pk}"

    @property
    def musts(self) -> int:
        """How many doors have to be walked on this day."""
        return sum(one.musts for one in self.stairs)

    @property
    def doors(self) -> int:
        """How many doors the walk has."""
        return sum(one.doors for one in self.stairs)

    @property
    def over(self) -> int:
        """How many minutes the walk takes too long."""
        return max(0, self.load - self.made.minutes) if self.made else 0


def week_page(community: Organisation, day: date) -> dict[str, Any]:
    """Return the week of a day: eight queries, however many doors."""
    monday = day - timedelta(days=day.weekday())
    days = [monday + timedelta(days=n) for n in range(7)]
    teams = list(Team.objects.filter(community=community).prefetch_related("members").order_by("name"))
    leaves = list(
        Leave.objects.filter(community=community, from_date__lte=days[-1], to_date__gte=monday)
        .select_related("staff", "cover")
        .order_by("from_date", "pk")
    )
    rounds = list(Round.objects.filter(community=community, day__range=(monday, days[-1])).select_related("team"))
    cells = {(team.pk, one): _cell(team, one, leaves) for team in teams for one in days}
    for made in rounds:
        cell = cells[made.team_id, made.day]
        if made.state == "cancelled":
            cell.off = cell.off or made.cause
        else:
            cell.made = made
    _fill(community, cells, rounds)
    today = clock.today()
    for cell in cells.values():
        cell.off = "" if cell.made else cell.off
        cell.open = cell.day >= today and bool(cell.walkers) and not cell.off
    return {
        "monday": monday,
        "sunday": days[-1],
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "rows": [_day_row(one, [cells[team.pk, one] for team in teams], today) for one in days],
        "teams": teams,
        "slots": [cell for cell in sorted(cells.values(), key=lambda cell: (cell.day, cell.team.name)) if cell.open],
        "walks": [made for made in rounds if made.state != "cancelled" and made.day >= today],
        "may_change": days[-1] >= today,
    }


def _day_row(day: date, cells: list[Cell], today: date) -> dict[str, Any]:
    return {
        "day": day,
        "cells": cells,
        "past": day < today,
        "empty": not any(cell.goes or cell.made or cell.off for cell in cells),
        "may_call_off": day >= today and any((cell.goes and not cell.off) or cell.made for cell in cells),
    }


def _cell(team: Team, day: date, leaves: list[Leave]) -> Cell:
    away = {one.staff_id: one for one in leaves if one.from_date <= day <= one.to_date}
    members = list(team.members.all())
    walkers = [walker.name for walker in replace_absent(members, away)]
    gone = [away[member.pk] for member in members if member.pk in away]
    return Cell(team, day, day.weekday() in team.weekdays, walkers, gone)


def _fill(community: Organisation, cells: dict[tuple[UUID, date], Cell], rounds: list[Round]) -> None:
    """Put the doors of the rounds into the cells, stairwell by stairwell in walking order."""
    standing = {made.pk: made for made in rounds if made.state != "cancelled"}
    rows = RoundDoor.objects.filter(round__in=standing).select_related("due", "dwelling__entrance__building__compound")
    walked = set(Visit.objects.filter(round__in=standing).values_list("round", "dwelling"))
    asked = VisitRequest.objects.filter(
        Q(open=True) | Q(kept=True),
        community=community,
        starts_at__isnull=False,
        due_on__in={made.day for made in standing.values()},
    )
    agreed = {(day, door) for day, door in asked.values_list("due_on", "household__dwelling")}
    table, seen = minutes_table(community), defaultdict[UUID, set[UUID]](set)
    for row in rows.order_by("round", "position"):
        made = standing[row.round_id]
        cell, entrance = cells[made.team_id, made.day], row.dwelling.entrance
        if row.is_spare:
            cell.spare += 1
            continue
        stairs = next((one for one in cell.stairs if one.key == entrance.pk), None)
        if stairs is None:
            stairs = Stairs(entrance.pk, stairs_label(row.dwelling.door_label))
            cell.stairs.append(stairs)
        stays = table.of(row.due.clock if row.due else "unseen", row.dwelling.floor, str(row.dwelling_id))
        stairs.doors += 1
        stairs.musts += row.must and not row.by_hand
        stairs.walked += (row.round_id, row.dwelling_id) in walked
        stairs.minutes += stays
        cell.load = max(cell.load, round((row.arrive_minute or 0) + stays))
        cell.agreed += (made.day, row.dwelling_id) in agreed
        seen[row.round_id].add(entrance.building.compound_id)
        cell.compounds = len(seen[row.round_id])


def stairs_label(door_label: str) -> str:
    """Return how a stairwell is written: its doors' label without the room (3-1-501: 3-1)."""
    return door_label.rpartition("-")[0] or door_label


def stairs_named(page: dict[str, Any], text: str, walk: str) -> UUID | None:
    """Return the stairwell that somebody typed, of one walk (its key) or of any of the week; None: no such one."""
    wanted = text.strip().replace("–", "-").replace("—", "-").replace("－", "-").removesuffix("单元")
    for row in page["rows"]:
        for cell in row["cells"]:
            if cell.made is None or (walk and str(cell.made.pk) != walk):
                continue
            for one in cell.stairs:
                if one.label == wanted or str(one.key) == wanted:
                    return UUID(str(one.key))
    return None
