"""What is due: one meaning of late for the list, the badge, the picture and the report; one row a door."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from qiaomen.groups.models import CareGroup
from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Dwelling, Household
from qiaomen.visits.models import Cadence, DueVisit
from qiaomen.visits.rules.due import need_of
from qiaomen.visits.selectors.facts import Scope, tiers, wishes_at
from qiaomen.visits.selectors.knocks import best_slot, knocks_of
from qiaomen.visits.selectors.labels import (
    cause_title,
    plain_words,
    reason_in_words,
    slot_title,
    state_title,
    tells_care,
    wish_in_words,
)

WAYS = ("phone", "desk", "door")
MOST_SHOWN = 100


def overdue(community: Organisation, day: date, as_at: datetime | None = None) -> QuerySet[DueVisit]:
    """Return the due visits that are late on a day: open after the last day by which they were promised. What nobody
    promised is not late. `as_at`: as was known then.
    """
    late = DueVisit.objects.filter(community=community, promised_on__lt=day)
    if as_at is None:
        return late.filter(state="open")
    return late.filter(Q(closed_at=None) | Q(closed_at__gt=as_at), made_at__lte=as_at)


def late_doors(community: Organisation, day: date, as_at: datetime | None = None) -> set[UUID]:
    """Return the doors at which something is late."""
    return set(overdue(community, day, as_at).values_list("dwelling", flat=True))


class _Row(NamedTuple):
    """Of a due visit what decides where its door stands in the list: a community has thousands, a list shows a few."""

    pk: UUID
    door: UUID
    weight: float
    opens_on: date
    due_on: date
    way: str


@dataclass
class _Door:
    """What is due at one door: the row that weighs most decides the way."""

    rows: list[_Row]
    need: float
    best: _Row

    @property
    def way(self) -> str:
        return self.best.way

    @property
    def due_on(self) -> date:
        return min(row.due_on for row in self.rows)


def due_lists(community: Organisation, *, late_only: bool = False) -> dict[str, Any]:
    """Return what is due today at the door, by telephone, and for the desk to think about: counts, and the most
    pressing doors of each; a door stands once.

    Reasons are plain: of which group somebody is stands on the page of the one door, and is a look.
    """
    today = clock.today()
    doors = _doors(community, today)
    late = late_doors(community, today)
    counts = {way: sum(door.way == way for door in doors.values()) for way in WAYS}
    shown: dict[str, list[tuple[UUID, _Door]]] = {way: [] for way in WAYS}
    for key, door in sorted(doors.items(), key=lambda item: (item[0] not in late, item[1].due_on, -item[1].need)):
        if (key in late or not late_only) and len(shown[door.way]) < MOST_SHOWN:
            shown[door.way].append((key, door))
    tell = _Telling(community, today, {key: door for found in shown.values() for key, door in found}, late)
    return {
        "counts": counts,
        "late": len(late),
        "late_only": late_only,
        "most": MOST_SHOWN,
        "lists": {way: [tell.row(key, door) for key, door in found] for way, found in shown.items()},
    }


def _doors(community: Organisation, today: date) -> dict[UUID, _Door]:
    found: dict[UUID, _Door] = {}
    rows = DueVisit.objects.filter(community=community, state="open", opens_on__lte=today).order_by("due_on", "pk")
    for row in map(_Row._make, rows.values_list("pk", "dwelling", "weight", "opens_on", "due_on", "way")):
        need = need_of(row.weight, row.opens_on, row.due_on, today)
        known = found.get(row.door)
        if known is None:
            found[row.door] = _Door([row], need, row)
        else:
            known.rows.append(row)
            if need > known.need:
                known.need, known.best = need, row
    return found


class _Telling:
    """What the rows of a list need, read once for all of them."""

    def __init__(self, community: Organisation, today: date, doors: dict[UUID, _Door], late: set[UUID]) -> None:
        self.today, self.late, keys = today, late, list(doors)
        shown = [row.pk for door in doors.values() for row in door.rows]
        self.rows = {row.pk: row for row in DueVisit.objects.filter(pk__in=shown).defer("history")}
        rows = Dwelling.objects.filter(pk__in=keys).select_related("entrance__building__compound")
        self.dwellings = {dwelling.pk: dwelling for dwelling in rows}
        homes = Household.objects.filter(dwelling__in=keys, state="living").order_by("-pk")
        self.homes = {home.dwelling_id: home for home in homes}
        self.wishes = wishes_at(Scope(community, today))
        names = {wish.whom for wish in self.wishes.values() if wish.whom}
        self.staff = {str(key): name for key, name in Staff.objects.filter(pk__in=names).values_list("pk", "name")}
        self.chances, self.shut = knocks_of(community, today)

    def row(self, key: UUID, door: _Door) -> dict[str, Any]:
        rows = [self.rows[row.pk] for row in door.rows]
        telling = [row for row in rows if row.clock != "unseen"] or rows
        reasons = sorted(telling, key=lambda row: (row.pk != door.best.pk, row.due_on))
        return {
            "dwelling": self.dwellings[key],
            "household": self.homes.get(key),
            "due_on": door.due_on,
            "late": key in self.late,
            "reasons": list(
                dict.fromkeys(plain_words(row.reason, days_since(row, self.today), row) for row in reasons)
            ),
            "wish": wish_in_words(self.wishes.get(key), self.staff),
            "slot": slot_title(best_slot(key, self.chances, self.shut)) if door.way == "desk" else "",
        }


def days_since(row: DueVisit, today: date) -> int:
    """Return the days since what a due visit stands on; 0 when nobody was ever spoken to."""
    return (today - row.since).days if row.since else 0


def cadences_of(community: Organisation) -> list[dict[str, Any]]:
    """Return how often each care group is seen: what the office set, else the tier's days with their source."""
    own, known = dict(Cadence.objects.filter(community=community).values_list("group", "every_days")), tiers()
    groups = sorted(CareGroup.objects.filter(community=community), key=lambda one: (one.child, one.title))
    return [
        {
            "group": group,
            "own": own.get(group.pk),
            "usual": known[group.tier].every_days,
            "source": known[group.tier].source,
        }
        for group in groups
    ]


def past_of(dwelling: UUID, *, with_children: bool) -> list[dict[str, Any]]:
    """Return what was and is due at a door with the steps of each, newest first."""
    rows = DueVisit.objects.filter(dwelling=dwelling).order_by("-made_at", "due_on")[:30]
    return [
        {
            "due": row,
            "reason": reason_in_words(row.reason, 0, with_children=with_children, bare=True),
            "tells": tells_care(row.reason, row),
            "state": state_title(row.state),
            "steps": [
                {"on": datetime.fromisoformat(step["at"]), "words": cause_title(step["cause"])} for step in row.history
            ],
        }
        for row in rows
    ]
