"""How long visits take, learnt each night from what the rounds recorded."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.office.models import Organisation
from qiaomen.planner.arrays import measure_walks
from qiaomen.planner.facts import Place, Walking
from qiaomen.planner.minutes import SHUT, Key, Learnt, Took, learn
from qiaomen.visits.actions.round_plan import places_of
from qiaomen.visits.actions.weeks.promise import reconsider
from qiaomen.visits.models import RoundDoor, Visit, VisitMinutes
from qiaomen.visits.rules.vocabulary import AFAR, OPENED

PAST_DAYS = 365
AT_ONCE = 0.3
"""Two records closer than this (minutes) were tapped one after the other: they tell nothing of a visit."""
COLUMNS = ("learnt", "counted")


@transaction.atomic
def learn_minutes(community: Organisation) -> int:
    """Learn the minutes of each kind of visit anew; return how many medians there are.

    Of each walk only the pauses between its records are used: not whose they are, not where somebody stood.
    """
    found = learn(_took(community))
    rows = {_key(row): row for row in VisitMinutes.objects.filter(community=community)}
    for key, row in rows.items():
        median = found.get(key)
        row.learnt, row.counted = (median.minutes, median.count) if median else (None, 0)
    VisitMinutes.objects.bulk_update(rows.values(), COLUMNS, 500)
    VisitMinutes.objects.bulk_create(
        [_row(community, key, median) for key, median in found.items() if key not in rows], 500
    )
    reconsider(community)
    return len(found)


def _key(row: VisitMinutes) -> Key:
    return row.kind, row.floors, str(row.door_id) if row.door_id else ""


def _row(community: Organisation, key: Key, median: Learnt) -> VisitMinutes:
    kind, floors, door = key
    return VisitMinutes(
        community=community,
        kind=kind,
        floors=floors,
        door_id=UUID(door) if door else None,
        learnt=median.minutes,
        counted=median.count,
    )


def _took(community: Organisation) -> Iterator[Took]:
    """Return what each visit of a walk took, from the record before it to its own, without the way."""
    since = clock.now() - timedelta(days=PAST_DAYS)
    visits = Visit.objects.filter(
        community=community, origin="phone", happened_at__gte=since, round__isnull=False
    ).order_by("happened_at")
    rows = list(visits.values_list("round", "dwelling", "outcome", "happened_at"))
    doors = RoundDoor.objects.filter(round__in={row[0] for row in rows}, due__isnull=False)
    known = {
        (walk, door): (clock_of, walker)
        for walk, door, clock_of, walker in doors.values_list("round", "dwelling", "due__clock", "walker")
    }
    walks: dict[Any, list[Any]] = defaultdict(list)
    for walk, door, outcome, moment in rows:
        if (walk, door) in known:
            kind, part = known[walk, door]
            walks[walk, part].append((door, kind if outcome in OPENED else SHUT, moment, outcome))
    places, walking = places_of(community, {row[1] for row in rows}), Walking()
    for stops in walks.values():
        yield from _between(stops, places, walking)


def _between(stops: list[Any], places: dict[UUID, Place], walking: Walking) -> Iterator[Took]:
    ways = measure_walks([places[stop[0]] for stop in stops], walking)
    for n, (before, after) in enumerate(pairwise(stops)):
        door, kind, moment, outcome = after
        pause, way = (moment - before[2]).total_seconds() / 60, float(ways[n, n + 1])
        if pause < AT_ONCE or outcome in AFAR:
            continue
        yield Took(kind, places[door].floor, str(door), max(0.0, pause - way))
        yield Took("way", places[door].floor, str(door), way)
