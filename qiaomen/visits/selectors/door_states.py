"""The doors of a community as the visits know them: opened, never opened, empty, refused; and days since somebody was
seen.

One definition for the board, the plan and the elevation: the four states of a door add up to the doors.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.groups.models import CareGroup, Membership
from qiaomen.groups.selectors.telling import seen_by, telling_groups
from qiaomen.kernel import clock
from qiaomen.office.access import may_see_child
from qiaomen.office.disclosure import READERS
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Building, Dwelling, Entrance, Household
from qiaomen.register.selectors.places.elevation import EMPTY, DoorNote, Mark
from qiaomen.visits.models import Visit
from qiaomen.visits.rules.vocabulary import SPOKEN
from qiaomen.visits.selectors.worklist import late_doors

SEEN = Mark("✓", _lazy("见过面"), "seen", 1)
NO_ANSWER = Mark("▢", _lazy("上次没人在"), "no-answer", 2)
NEVER = Mark("○", _lazy("从未见面"), "never", 3)
REFUSED = Mark("⊘", _lazy("谢绝上门"), "refused", 4)
FEW = 1000
"""Of more doors than this all visits of the community are read, else those of the doors."""
LATE = "late"
"""A filter beside the marks: doors at which a visit is late."""
MARKS = (SEEN, NO_ANSWER, NEVER, REFUSED, EMPTY)


@dataclass(frozen=True)
class DoorState:
    """What the visits know of a door: its mark, the days since somebody was seen (None: never), whether a visit is
    late.
    """

    mark: Mark
    days: int | None
    late: bool = False


def door_states(community: Organisation, dwellings: Iterable[UUID], today: date | None = None) -> dict[UUID, DoorState]:
    """Return the state of each door; one pass over the visits, however many doors."""
    today, keys = today or clock.today(), set(dwellings)
    lived_in = set(Household.objects.filter(community=community, state="living").values_list("dwelling", flat=True))
    last: dict[UUID, str] = {}
    seen: dict[UUID, date] = {}
    visits = Visit.objects.filter(community=community).order_by("happened_at")
    if len(keys) <= FEW:
        visits = visits.filter(dwelling__in=keys)
    for dwelling, outcome, moment in visits.values_list("dwelling", "outcome", "happened_at"):
        if dwelling in keys:
            last[dwelling] = outcome
            if outcome in SPOKEN:
                seen[dwelling] = moment.astimezone(clock.SHANGHAI).date()
    late = late_doors(community, today)
    return {key: _state(key in lived_in, last.get(key), seen.get(key), today, key in late) for key in keys}


def _state(lived_in: bool, last: str | None, seen: date | None, today: date, late: bool) -> DoorState:
    days = (today - seen).days if seen else None
    if not lived_in:
        return DoorState(EMPTY, days, late)
    if last == "refused":
        return DoorState(REFUSED, days, late)
    if last == "no_answer":
        return DoorState(NO_ANSWER, days, late)
    return DoorState(SEEN if seen else NEVER, days, late)


def board_of(states: dict[UUID, DoorState]) -> dict[str, int]:
    """Return how many doors have each mark, as the legend and the filter count them; they add up to `doors`."""
    counts = Counter(state.mark for state in states.values())
    return {"doors": len(states), **{mark.css.replace("-", "_"): counts[mark] for mark in MARKS}}


@dataclass(frozen=True)
class Filter:
    """What a person wants to see of the picture: one group, one mark, or doors not seen for so many days."""

    group: str = ""
    mark: str = ""
    unseen_days: int = 0

    def passes(self, state: DoorState, groups: set[str]) -> bool:
        """Say whether a door stays bright."""
        if self.group and self.group not in groups:
            return False
        if self.mark == LATE:
            return state.late
        if self.mark and self.mark != state.mark.css:
            return False
        return not self.unseen_days or (
            state.mark is not EMPTY and (state.days is None or state.days >= self.unseen_days)
        )


def groups_by_door(community: Organisation, viewer: Staff, chosen: str = "") -> dict[UUID, dict[str, str]]:
    """Return per door the care groups of who lives there now: code to title.

    A group that tells health, money, a child or living alone only where it is the one somebody chose; to volunteers
    none of them, and of a child nothing but to named roles.
    """
    rows = Membership.objects.filter(group__community=community, to_date=None, person__residences__to_date=None)
    rows = seen_by(rows, community, viewer)
    rows = rows.filter(Q(group__code=chosen) | ~Q(group__in=telling_groups(community)))
    found: dict[UUID, dict[str, str]] = {}
    for dwelling, code, title in rows.values_list("person__residences__dwelling", "group__code", "group__title"):
        if dwelling is not None:
            found.setdefault(dwelling, {})[code] = _(title)
    return found


def people_at(community: Organisation, viewer: Staff, chosen: str, dwellings: Iterable[UUID]) -> list[UUID]:
    """Return who stands behind the doors a telling group lights up: each is a look; nobody for other groups."""
    rows = Membership.objects.filter(
        group__community=community,
        group__code=chosen,
        group__in=telling_groups(community),
        to_date=None,
        person__residences__to_date=None,
        person__residences__dwelling__in=list(dwellings),
    )
    return list(seen_by(rows, community, viewer).values_list("person", flat=True).distinct())


def notes_of(states: dict[UUID, DoorState], groups: dict[UUID, dict[str, str]], chosen: Filter) -> dict[UUID, DoorNote]:
    """Return what the picture says of each door."""
    return {
        key: DoorNote(
            state.mark,
            days_in_words(state),
            tuple(groups.get(key, {}).values()),
            faint=not chosen.passes(state, set(groups.get(key, {}))),
        )
        for key, state in states.items()
    }


def days_in_words(state: DoorState) -> str:
    """Return how long ago somebody was seen, and whether a visit is late."""
    seen = "" if state.mark is EMPTY or state.days is None else _("{days} 天前见过").format(days=state.days)
    if state.days == 0 and seen:
        seen = _("今天见过")
    return " · ".join(word for word in (_("逾期") if state.late else "", seen) if word)


def plan_of(community: Organisation, chosen: Filter, viewer: Staff) -> dict[str, Any]:
    """Return every compound with its buildings as small elevations, the board over all doors, and what can be chosen.

    By a telling group a building is counted, and its doors are not told apart: that is asked building by building.
    """
    doors = Dwelling.objects.filter(community=community).standing().order_by("walk_order")
    stairs = dict(Entrance.objects.filter(community=community).values_list("pk", "building"))
    rows = [(*row, stairs[row[2]]) for row in doors.values_list("pk", "floor", "entrance")]
    states = door_states(community, (row[0] for row in rows))
    notes = notes_of(states, groups_by_door(community, viewer, chosen.group), chosen)
    telling = CareGroup.objects.filter(pk__in=telling_groups(community), code=chosen.group).exists()
    drawn = notes_of(states, {}, replace(chosen, group="")) if telling else notes
    by_building: dict[UUID, list[Any]] = {}
    for row in rows:
        by_building.setdefault(row[3], []).append(row)
    compounds: dict[Any, dict[str, Any]] = {}
    found = Building.objects.filter(community=community).select_related("compound")
    for building in found.order_by("compound__name", "order", "name"):
        mine = by_building.get(building.pk, [])
        entry = compounds.setdefault(building.compound_id, {"compound": building.compound, "buildings": []})
        bright = sum(not notes[row[0]].faint for row in mine)
        entry["buildings"].append(
            {"building": building, "small": _small(mine, drawn), "doors": len(mine), "bright": bright}
        )
    return {
        "compounds": list(compounds.values()),
        "board": board_of(states),
        "bright": sum(not t.faint for t in notes.values()),
    }


def _small(rows: list[Any], notes: dict[UUID, DoorNote]) -> dict[str, Any]:
    """Return a building as small squares: 10 px a door, the ground floor below."""
    floors = sorted({row[1] for row in rows}, reverse=True)
    row_of = {floor: n for n, floor in enumerate(floors)}
    used: dict[tuple[Any, int], int] = {}
    left: dict[Any, int] = {}
    width = 0
    most: dict[Any, int] = {}
    for _key, floor, entrance, _building in rows:
        used[entrance, floor] = used.get((entrance, floor), 0) + 1
        most[entrance] = max(most.get(entrance, 0), used[entrance, floor])
    for entrance, doors in most.items():
        left[entrance], width = width, width + doors * 10 + 4
    used.clear()
    squares = []
    for key, floor, entrance, _building in rows:
        place = used[entrance, floor] = used.get((entrance, floor), -1) + 1
        squares.append({"x": left[entrance] + place * 10, "y": row_of[floor] * 10, "note": notes[key]})
    return {"width": max(width - 4, 10), "height": max(len(floors) * 10, 10), "squares": squares}


def choices_of(community: Organisation, viewer: Staff) -> dict[str, list[tuple[str, Any]]]:
    """Return what this person may filter the picture by: volunteers by no group that tells of health, money or
    living alone.
    """
    found = CareGroup.objects.filter(community=community)
    if not may_see_child(viewer):
        found = found.filter(child=False)
    if viewer.role not in READERS:
        found = found.exclude(pk__in=telling_groups(community))
    groups = sorted(found, key=lambda group: (group.child, group.title))
    marks = [(mark.css, mark.word) for mark in MARKS]
    return {
        "groups": [("", _("全部")), *((group.code, _(group.title)) for group in groups)],
        "marks": [("", _("全部")), *marks, (LATE, _("逾期"))],
        "unseen": [("", _("不限")), *((str(n), _("{n} 天以上没见面").format(n=n)) for n in (7, 14, 30, 90, 180))],
    }
