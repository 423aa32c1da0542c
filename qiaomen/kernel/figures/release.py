"""A set of numbers that goes out, beside all that went out before it: what is read, and what adds up to what.

Known to every reader: parts add up to their number; a figure that is part of another leaves a rest; of two numbers of
one figure whose days overlap (a week told twice, a week and its month) the records are the same ones. Two figures whose
sum is a third are declared as parts of one breakdown, never as figures side by side, or this does not know it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from qiaomen.kernel.figures.suppression import Cells, Key, Reading, Sum, protect


class Place(NamedTuple):
    """Where a number stands: figure, breakdown and part ("" for the whole number), days, and which release told it."""

    code: str
    breakdown: str
    part: str
    start: date
    end: date
    release: int


@dataclass(frozen=True)
class Counted:
    """A number by its records; `read` None: not out yet."""

    place: Place
    keys: frozenset[str]
    read: Reading | None = None


@dataclass(frozen=True)
class Known:
    """What is known of figures: of which whole each is a part, and which are as at a moment and add up over no days."""

    wholes: Mapping[str, str]
    momentary: frozenset[str] = frozenset()


def read_together(numbers: Sequence[Counted], known: Known) -> dict[Place, Reading]:
    """Return how the numbers that are not out yet are read, given those that are."""
    return {place: reading for place, reading in _protected(numbers, known).items() if isinstance(place, Place)}


def _protected(numbers: Sequence[Counted], known: Known) -> dict[Key, Reading]:
    cells = cells_of(numbers, known)
    shown = protect(cells)
    fresh = {number.place for number in numbers if number.read is None}
    return {key: reading for key, reading in shown.items() if key in fresh}


def cells_of(numbers: Sequence[Counted], known: Known) -> Cells:
    """Return the numbers, what is never said, and every sum a reader knows."""
    values: dict[Key, int] = {number.place: len(number.keys) for number in numbers}
    sums: list[Sum] = []
    for more, known_sums in (_rests(numbers, known), _versions(numbers, known)):
        values |= more
        sums += known_sums
    sums += _parts(numbers)
    told: dict[Key, Reading] = {number.place: number.read for number in numbers if number.read is not None}
    places = {number.place for number in numbers}
    return Cells(values, sums, told, frozenset(values.keys() - places), _before(numbers))


def _before(numbers: Sequence[Counted]) -> dict[Key, int]:
    """Return what the newest earlier version of each number said, where it said anything."""
    found: dict[Key, int] = {}
    for number in sorted(numbers, key=lambda number: number.place.release):
        if number.read is not None and number.read.value is not None:
            for other in numbers:
                if other.read is None and other.place[:5] == number.place[:5]:
                    found[other.place] = number.read.value
    return found


def _parts(numbers: Sequence[Counted]) -> list[Sum]:
    places = {number.place for number in numbers}
    parts: dict[tuple[Place, str], list[Key]] = defaultdict(list)
    for place in sorted(places):
        whole = place._replace(breakdown="", part="")
        if place.breakdown and whole in places:
            parts[whole, place.breakdown].append(place)
    return [Sum((whole,), tuple(found)) for (whole, _breakdown), found in parts.items()]


def _rests(numbers: Sequence[Counted], known: Known) -> tuple[dict[Key, int], list[Sum]]:
    """Return what is left of each whole without its part, and that they are the whole."""
    by_place = {number.place: number for number in numbers}
    values: dict[Key, int] = {}
    sums: list[Sum] = []
    for place, number in by_place.items():
        whole = by_place.get(place._replace(code=known.wholes.get(place.code, "")))
        if whole is not None:
            rest = ("rest", place)
            values[rest] = len(whole.keys) - len(number.keys)
            sums.append(Sum((whole.place,), (place, rest)))
    return values, sums


def _versions(numbers: Sequence[Counted], known: Known) -> tuple[dict[Key, int], list[Sum]]:
    """Return the groups of records that numbers of one figure with common days have in common and alone."""
    alike: dict[tuple[str, str, str], list[Counted]] = defaultdict(list)
    for number in numbers:
        if number.place.code not in known.momentary:
            alike[number.place[:3]].append(number)
    values: dict[Key, int] = {}
    sums: list[Sum] = []
    for found in alike.values():
        for group in _overlapping(found):
            more, known_sums = _common(group)
            values |= more
            sums += known_sums
    return values, sums


def _overlapping(numbers: Sequence[Counted]) -> list[list[Counted]]:
    """Return the chains of numbers whose days overlap, of at least two each."""
    groups: list[list[Counted]] = []
    last = date.min
    for number in sorted(numbers, key=lambda number: (number.place.start, number.place.end, number.place.release)):
        if groups and number.place.start <= last:
            groups[-1].append(number)
        else:
            groups.append([number])
        last = max(last, number.place.end)
    return [group for group in groups if len(group) > 1]


def _common(group: Sequence[Counted]) -> tuple[dict[Key, int], list[Sum]]:
    stand: dict[str, list[Place]] = defaultdict(list)
    for number in group:
        for key in number.keys:
            stand[key].append(number.place)
    regions = Counter(tuple(sorted(places)) for places in stand.values())
    regions.update({_stays_in(number.place, group): 0 for number in group})
    values: dict[Key, int] = {("common", places): many for places, many in regions.items()}
    sums = [
        Sum((number.place,), tuple(("common", places) for places in regions if number.place in places))
        for number in group
    ]
    return values, sums


def _stays_in(here: Place, group: Sequence[Counted]) -> tuple[Place, ...]:
    """Return this number and every later one that counts its days: where a record it was the first to count stands.

    No other way out is assumed, though records are taken back now and then: a reader need not assume it either.
    """
    later = [other.place for other in group if other.place.release > here.release]
    return tuple(sorted([here, *(at for at in later if at.start <= here.start and here.end <= at.end)]))
