"""How many of all are satisfied, when some were asked: the exact range of a finite group, in whole numbers.

k of n answers were yes, drawn without replacement from N. A true number K is in the range when neither k or more, nor k
or fewer, would be rarer than 2.5 % under it (two one-sided hypergeometric tests turned round). Whatever K is, the range
holds it in at least 95 of 100 draws: a proof, not a habit, and the tests count it out. Integers throughout.
Source: Wright (1991), Exact Confidence Bounds when Sampling from Small Finite Universes; anchors.md §5.
"""

from functools import lru_cache
from math import comb

TAIL = (1, 40)
"""What is left out at each end: 2.5 %."""
LEAST = 10
"""Answers below which nothing is said of the whole (loop.md §4; promises.md G1)."""


@lru_cache(maxsize=512)
def ranges(population: int, sample: int) -> tuple[tuple[int, int], ...]:
    """Return for every k from 0 to `sample` the least and the largest true number that go with it.

    Raises ValueError where the sample is not within the population.
    """
    if not 0 < sample <= population:
        raise ValueError("a sample is a part of its population")
    lows = _lows(population, sample)
    return tuple((lows[k], population - lows[sample - k]) for k in range(sample + 1))


def range_of(population: int, sample: int, yes: int) -> tuple[int, int]:
    """Return the range of one result. Raises ValueError."""
    if not 0 <= yes <= sample:
        raise ValueError("yes is a part of the sample")
    return ranges(population, sample)[yes]


def _lows(population: int, sample: int) -> list[int]:
    """Return for each k the least K under which k or more is not rarer than the tail.

    One walk over K: of the samples that hold exactly k of the first K records and the next one too, there are
    C(K,k)·C(N-K-1,n-k-1); by so many P(X <= k) falls from K to K + 1.
    """
    part, of = TAIL
    everything = comb(population, sample)
    found, true = [], 0
    at_most = everything  # the samples with at most k - 1 yes under `true`; k = 0: none, P(X >= 0) is all
    for k in range(sample + 1):
        if k == 0:
            found.append(0)
            at_most = 0
            continue
        at_most += comb(true, k - 1) * comb(population - true, sample - k + 1)
        while (everything - at_most) * of <= part * everything:
            at_most -= comb(true, k - 1) * comb(population - true - 1, sample - k)
            true += 1
        found.append(true)
    return found


def size_for(population: int, width: int) -> int:
    """Return the least sample whose range is nowhere wider than so many of the population; at least ten, or all.

    `width`: the largest number minus the least.
    """
    low, high = min(LEAST, population), population
    while low < high:
        middle = (low + high) // 2
        if _widest(population, middle) <= width:
            high = middle
        else:
            low = middle + 1
    while low < population and _widest(population, low) > width:  # the width does not fall with every single answer
        low += 1
    return low


def _widest(population: int, sample: int) -> int:
    return max(high - low for low, high in ranges(population, sample))
