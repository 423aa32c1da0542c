"""Which numbers of a set may be read together, so that none that is held back can be worked out from the others.

Small numbers are held back and the others rounded (kernel/small_numbers.py). That is not enough: what is left of a
whole, of a month after its weeks, or between two versions of one week, can be reckoned. So each number that is read
becomes a range (15: from 13 to 17), what is known to add up becomes a sum, and a number held back must keep two proofs:
a whole solution in which a small one is 0 and one in which it is 9 or more (a larger one: two that lie 9 apart). Where
a proof is not found, the smallest number near it is held back as well; one that an earlier version told is first told
again as it was, which says no more than that less than ten have changed. The search for a proof may miss one, never
invent one: more is then held back than needed. Tests attack the result with an integer solver of another maker.

Source: Office for National Statistics, confidentiality of tables (10-5 rule); secondary suppression and its audit:
Hundepool et al., Statistical Disclosure Control (2012), DOI 10.1002/9781118348239, chapter 4.
"""

from collections import deque
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qiaomen.kernel.small_numbers import LEAST, STEP, shown_count

Key = Hashable
MANY = 10**9
WIDE = LEAST - 1
TURNS = 6
"""How often each sum is looked at, on average, before narrowing ends."""


class Reading(NamedTuple):
    """A number as it is read: rounded, or None; `same`: as an earlier version told it, less than ten having changed."""

    value: int | None
    same: bool = False


@dataclass(frozen=True)
class Sum:
    """What everybody knows: the left keys together are the right keys together."""

    left: tuple[Key, ...]
    right: tuple[Key, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """All of them."""
        return (*self.left, *self.right)


@dataclass(frozen=True)
class Cells:
    """True values by key and what adds up.

    `told`: what was read before and stays so. `unsaid`: what no table says. `before`: what an earlier version of a cell
    said. `free`: unsaid, and nobody's secret. `spoken`: told by another version, so that holding it back hides nothing.
    `renamed`: said by other keys, so that what lies behind it is as near as it is itself.
    """

    values: Mapping[Key, int]
    sums: Sequence[Sum]
    told: Mapping[Key, Reading] = field(default_factory=dict)
    unsaid: frozenset[Key] = frozenset()
    before: Mapping[Key, int] = field(default_factory=dict)
    free: frozenset[Key] = frozenset()
    spoken: frozenset[Key] = frozenset()
    renamed: frozenset[Key] = frozenset()


def range_of(shown: Reading) -> tuple[int, int]:
    """Return from what to what a number may be that is read so; both included."""
    if shown.value is None:
        return 0, MANY
    half = STEP // 2 + (WIDE if shown.same else 0)
    return max(LEAST, shown.value - half), shown.value + half


def protect(cells: Cells) -> dict[Key, Reading]:
    """Return how each of the cells is read.

    Holding one back only widens what the others may be, so what was found safe stays safe.
    """
    shown = {key: _first(cells, key, value) for key, value in cells.values.items()}
    order = list(cells.values)
    at = {key: number for number, key in enumerate(order)}
    sums = [(tuple(at[key] for key in known.left), tuple(at[key] for key in known.right)) for known in cells.sums]
    ranges = [range_of(shown[key]) for key in order]
    search = _Search([cells.values[key] for key in order], sums, ranges, {at[key] for key in cells.renamed})
    waiting = deque(at[key] for key in _in_order(cells, shown))
    while waiting:
        number = waiting[0]
        may = {at[key] for key in order if shown[key].value is not None and key not in cells.told}
        also = None if search.is_safe(number) else search.nearest(number, may)
        if also is None:  # safe, or earlier tables gave it away already
            waiting.popleft()
            continue
        key = order[also]
        shown[key] = _less(cells, key, shown[key])
        search.ranges[also] = range_of(shown[key])
        if shown[key].value is None:
            waiting.append(also)
    return shown


def _first(cells: Cells, key: Key, value: int) -> Reading:
    if key in cells.told:
        return cells.told[key]
    return Reading(None if key in cells.unsaid | cells.free else shown_count(value))


def _less(cells: Cells, key: Key, now: Reading) -> Reading:
    """Return what says less of a number: the earlier version's word, where it is not far off; then nothing."""
    before = cells.before.get(key)
    if before is not None and not now.same:
        again = Reading(before, same=True)
        wide, narrow = range_of(again), range_of(now)
        if wide[0] <= narrow[0] and narrow[1] <= wide[1]:
            return again
    return Reading(None)


def _in_order(cells: Cells, shown: Mapping[Key, Reading]) -> list[Key]:
    """Return what must not be worked out, the small first: what is small or was held back."""
    hidden = [key for key, reading in shown.items() if reading.value is None and key not in cells.free]
    hidden = [key for key in hidden if key not in cells.spoken or cells.values[key] < LEAST]
    kept = [key for key in hidden if key not in cells.unsaid or cells.values[key] < LEAST]
    return sorted(kept, key=lambda key: (cells.values[key], repr(key)))


Range = tuple[int, int]
Known = tuple[tuple[int, ...], tuple[int, ...]]


class _Search:
    """Looks for whole solutions, and remembers between which values each number was seen to move.

    Numbers are known by their place in a list: `values` their truth, `ranges` what a reader may take them for, `sums`
    the places left and right.
    """

    def __init__(self, values: list[int], sums: list[Known], ranges: list[Range], renamed: set[int]) -> None:
        self.values, self.sums, self.ranges, self.renamed = values, sums, ranges, renamed
        self.beside: list[list[int]] = [[] for _ in values]
        for at, (left, right) in enumerate(sums):
            for number in (*left, *right):
                self.beside[number].append(at)
        self.seen = [(value, value) for value in values]

    def nearest(self, exposed: int, may: Collection[int]) -> int | None:
        """Return what to hold back for an exposed number: the smallest of the nearest, a part before its whole."""
        seen, ring = {exposed}, [exposed]
        while ring:
            ring = self._next(ring, seen)
            if found := [number for number in ring if number in may]:
                return min(found, key=lambda number: (self.values[number], -number))
        return None

    def _next(self, ring: list[int], seen: set[int]) -> list[int]:
        """Return the numbers one sum further off that were not seen yet, through those of another name."""
        found, waiting = [], deque(ring)
        while waiting:
            for known in self.beside[waiting.popleft()]:
                for number in (*self.sums[known][0], *self.sums[known][1]):
                    if number not in seen:
                        seen.add(number)
                        found.append(number)
                        if number in self.renamed:
                            waiting.append(number)
        return found

    def is_safe(self, number: int) -> bool:
        """Say whether a number held back has its two proofs."""
        value = self.values[number]
        if value < LEAST:
            return self._reaches(number, 0, down=True) and self._reaches(number, WIDE, down=False)
        half = WIDE // 2
        spans = ((value, value + WIDE), (value - WIDE, value), (value - half, value + WIDE - half))
        return any(self._reaches(number, low, down=True) and self._reaches(number, up, down=False) for low, up in spans)

    def _reaches(self, number: int, bound: int, *, down: bool) -> bool:
        """Say whether a number may be as low, or as high, as `bound`."""
        low, high = self.seen[number]
        if low <= bound if down else bound <= high:
            return True
        found = self._solve(number, (bound, bound if down else MANY))
        if found is None:
            return False
        self.seen = [(min(was[0], at), max(was[1], at)) for was, at in zip(self.seen, found, strict=True)]
        return True

    def _solve(self, number: int, wanted: Range) -> list[int] | None:
        """Return a whole solution in which a number lies in `wanted` and the others stay near their truth."""
        low, high = max(self.ranges[number][0], wanted[0]), min(self.ranges[number][1], wanted[1])
        ranges = self._with(self.ranges, number, low, high) if low <= high else None
        while ranges is not None:
            solution = [min(max(at, low), high) for at, (low, high) in zip(self.values, ranges, strict=True)]
            wrong = next((known for known in self.sums if not _adds_up(known, solution)), None)
            if wrong is None:
                return solution
            ranges = self._settle(ranges, wrong, solution)
        return None

    def _settle(self, ranges: list[Range], wrong: Known, solution: list[int]) -> list[Range] | None:
        """Fix one number of a sum that does not add up yet, where the others can follow; None: none was found."""
        for number in (*wrong[0], *wrong[1]):
            low, high = ranges[number]
            for value in dict.fromkeys((solution[number], low, min(high, low + WIDE))) if low < high else ():
                narrowed = self._with(ranges, number, value, value)
                if narrowed is not None:
                    return narrowed
        return None

    def _with(self, ranges: list[Range], number: int, low: int, high: int) -> list[Range] | None:
        """Narrow one range, and take from the others what the sums leave no room for; None: nothing is left.

        Sums that run in a ring may narrow each other by one at a time for ever: after so many turns the ranges stay as
        they are, and whether a solution is one is looked at in the end.
        """
        ranges = [*ranges]
        ranges[number] = (low, high)
        waiting = dict.fromkeys(self.beside[number])
        turns = TURNS * len(self.sums)
        while waiting and turns:
            turns -= 1
            at = next(iter(waiting))
            del waiting[at]
            changed = _narrow(ranges, *self.sums[at])
            if changed is None:
                return None
            for other in changed:
                waiting |= dict.fromkeys(self.beside[other])
        return ranges


def _adds_up(known: Known, solution: Sequence[int]) -> bool:
    return sum(solution[number] for number in known[0]) == sum(solution[number] for number in known[1])


def _narrow(ranges: list[Range], left: tuple[int, ...], right: tuple[int, ...]) -> list[int] | None:
    """Narrow the ranges of one sum by each other; return which were narrowed, None when one is empty."""
    low = sum(ranges[at][0] for at in left) - sum(ranges[at][1] for at in right)
    high = sum(ranges[at][1] for at in left) - sum(ranges[at][0] for at in right)
    changed = []
    for sign, side in ((1, left), (-1, right)):
        for at in side:
            was = ranges[at]
            now = _without(was, sign, low, high)
            if now[0] > now[1]:
                return None
            if now != was:
                low, high = _moved(was, now, sign, low, high)
                ranges[at] = now
                changed.append(at)
    return changed


def _without(own: Range, sign: int, low: int, high: int) -> Range:
    """Return the range of one number of a sum that is nought altogether, whose total may lie from low to high."""
    if sign > 0:
        return max(own[0], own[1] - high), min(own[1], own[0] - low)
    return max(own[0], own[1] + low), min(own[1], own[0] + high)


def _moved(was: Range, now: Range, sign: int, low: int, high: int) -> Range:
    if sign > 0:
        return low - was[0] + now[0], high - was[1] + now[1]
    return low + was[1] - now[1], high + was[0] - now[0]
