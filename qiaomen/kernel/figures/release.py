"""A set of numbers that goes out, beside all that went out before it: what is read, and what adds up to what.

Known to every reader: parts add up to their number; a figure that is part of another leaves a rest; of two numbers of
one figure whose days overlap (a week told twice, a week and its month) the records are the same ones; a number as at a
moment is what it was when the period began, with what came and without what went; figures that are all of another
together, or the same as parts of its breakdown, say so (kernel/figures/figure.py), or this does not know it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from qiaomen.kernel.figures.figure import Figure, Flow
from qiaomen.kernel.figures.suppression import Cells, Key, Reading, Sum, protect

DAY = timedelta(days=1)


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
    """What is known of figures: of which whole each is a part, and which are as at a moment and add up over no days.

    `splits`: codes that are all of a whole together; `parts_of`: the breakdown and the values of its whole that are the
    same records; `flows`: what moves a number as at a moment.
    """

    wholes: Mapping[str, str]
    momentary: frozenset[str] = frozenset()
    splits: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    parts_of: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    flows: Mapping[str, Flow] = field(default_factory=dict)


def known_of(every: Iterable[Figure]) -> Known:
    """Return what figures say of themselves."""
    found = list(every)
    return Known(
        wholes={figure.code: figure.whole for figure in found if figure.whole},
        momentary=frozenset(figure.code for figure in found if figure.counts == "at"),
        splits={figure.code: figure.splits for figure in found if figure.splits},
        parts_of={figure.code: figure.parts_of for figure in found if figure.parts_of},
        flows={figure.code: figure.flow for figure in found if figure.flow is not None},
    )


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
    again, sums = _same_as_parts(numbers, known)
    everything = [*numbers, *again]
    values |= {number.place: len(number.keys) for number in again}
    for more, known_sums in (_rests(everything, known), _versions(everything, known)):
        values |= more
        sums += known_sums
    moves, known_sums = _moves(numbers, known)
    values |= moves
    sums += [*_parts(numbers), *_splits(everything, known), *known_sums]
    told: dict[Key, Reading] = {number.place: number.read for number in numbers if number.read is not None}
    places = {number.place for number in numbers}
    unsaid = frozenset(values.keys() - places - moves.keys())
    renamed: frozenset[Key] = frozenset(number.place for number in again)
    return Cells(values, sums, told, unsaid, _before(numbers), frozenset(moves), _spoken(numbers, known), renamed)


def _spoken(numbers: Sequence[Counted], known: Known) -> frozenset[Key]:
    """Return the numbers that some version tells, by their own name or by that of the one part they are."""
    other = {
        code: (known.wholes[code], by, values[0]) for code, (by, values) in known.parts_of.items() if not values[1:]
    }
    names: dict[tuple[str, ...], tuple[str, ...]] = {part: (code, "", "") for code, part in other.items()}

    def name_of(place: Place) -> tuple[object, ...]:
        return (*names.get(place[:3], place[:3]), *place[3:5])

    told = {name_of(number.place) for number in numbers if number.read is not None and number.read.value is not None}
    return frozenset(number.place for number in numbers if name_of(number.place) in told)


def _same_as_parts(numbers: Sequence[Counted], known: Known) -> tuple[list[Counted], list[Sum]]:
    """Return the figures that were told as parts of another, as if told by their own name, and of what each is.

    Whether or not anybody has read them by it yet: somebody may later.
    """
    by_place = {number.place: number for number in numbers}
    again: list[Counted] = []
    sums: list[Sum] = []
    for place in sorted({place._replace(breakdown="", part="") for place in by_place}):
        for code, (breakdown, values) in known.parts_of.items():
            parts = [place._replace(breakdown=breakdown, part=value) for value in values]
            if known.wholes.get(code) == place.code and all(part in by_place for part in parts):
                own = place._replace(code=code)
                sums.append(Sum((own,), tuple(parts)))
                if own not in by_place:
                    again.append(Counted(own, frozenset(key for part in parts for key in by_place[part].keys)))
    return again, sums


def _splits(numbers: Sequence[Counted], known: Known) -> list[Sum]:
    places = {number.place for number in numbers}
    found = []
    for place in sorted(places):
        for codes in known.splits.get(place.code, ()):
            parts = tuple(place._replace(code=code) for code in codes)
            if not place.breakdown and all(part in places for part in parts):
                found.append(Sum((place,), parts))
    return found


def _moves(numbers: Sequence[Counted], known: Known) -> tuple[dict[Key, int], list[Sum]]:
    """Return how each number as at a moment follows from the one before its days.

    What moved it otherwise (reopened, taken back, told too late) a reader need not know, only that it added or took.
    """
    by_days: dict[tuple[str, date, date], list[Counted]] = defaultdict(list)
    before: dict[tuple[str, date], list[Counted]] = defaultdict(list)
    for number in sorted(numbers, key=lambda number: number.place.release):
        place = number.place
        if not place.breakdown:
            by_days[place.code, place.start, place.end].append(number)
            if place.code in known.flows:
                before[place.code, place.end].append(number)
    values: dict[Key, int] = {}
    sums: list[Sum] = []
    for now in [number for some in before.values() for number in some]:
        flow, days = known.flows[now.place.code], (now.place.start, now.place.end)
        moved = [
            [_told_with(now, by_days[code, *days]) for code in codes] for codes in (flow.into, (*flow.but, *flow.out))
        ]
        came, went = ([one for one in some if one is not None] for some in moved)
        for then in before.get((now.place.code, now.place.start - DAY), ()) if all(map(all, moved)) else ():
            left, right = [then, *came], [now, *went]
            rest = sum(len(one.keys) for one in right) - sum(len(one.keys) for one in left)
            other = (("other", then.place, now.place),) if rest else ()
            values |= dict.fromkeys(other, abs(rest))
            sides = [tuple(one.place for one in side) for side in (left, right)]
            sums.append(Sum((*sides[0], *other), sides[1]) if rest > 0 else Sum(sides[0], (*sides[1], *other)))
    return values, sums


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
        if whole is not None and not _is_split(place, whole.place, by_place, known):
            rest = ("rest", place)
            values[rest] = len(whole.keys) - len(number.keys)
            sums.append(Sum((whole.place,), (place, rest)))
    return values, sums


def _told_with(now: Counted, some: Sequence[Counted]) -> Counted | None:
    """Return the number that was told together with another, else the newest."""
    return next((number for number in some if number.place.release == now.place.release), some[-1] if some else None)


def _is_split(place: Place, whole: Place, there: Collection[Place], known: Known) -> bool:
    """Say whether what is left of a whole without this part is told by name: the other parts of a split."""
    splits = known.splits.get(whole.code, ()) if not place.breakdown else ()
    return any(place.code in codes and all(place._replace(code=code) in there for code in codes) for codes in splits)


def _versions(numbers: Sequence[Counted], known: Known) -> tuple[dict[Key, int], list[Sum]]:
    """Return the groups of records that numbers of one figure with common days have in common and alone."""
    alike: dict[tuple[str, ...], list[Counted]] = defaultdict(list)
    for number in numbers:
        moment = number.place.end.isoformat() if number.place.code in known.momentary else ""
        alike[(*number.place[:3], moment)].append(number)
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
    for later, earlier in _told_again(group):
        came = ("came", later, earlier)
        new = tuple(("common", places) for places in regions if later in places and earlier not in places)
        values[came] = sum(values[region] for region in new)
        sums.append(Sum((came,), new))
    return values, sums


def _told_again(group: Sequence[Counted]) -> list[tuple[Place, Place]]:
    """Return each number with every earlier telling of the same days: what came between two is a number, too."""
    places = [number.place for number in group]
    return [
        (later, earlier)
        for later in places
        for earlier in places
        if earlier.release < later.release and earlier[3:5] == later[3:5]
    ]


def _stays_in(here: Place, group: Sequence[Counted]) -> tuple[Place, ...]:
    """Return this number and every later one that counts its days: where a record it was the first to count stands.

    No other way out is assumed, though records are taken back now and then: a reader need not assume it either.
    """
    later = [other.place for other in group if other.place.release > here.release]
    return tuple(sorted([here, *(at for at in later if at.start <= here.start and here.end <= at.end)]))
