"""A lower bound on the neglect of a season, whatever the policy: Lagrangian relaxation door by door.

The doors share nothing but the minutes of the teams. With a price on each outing's minutes every door decides for
itself (a dynamic programme over the days since it was seen); what it then costs, less the price of all minutes there
are, is less than the expected neglect of any policy (Whittle 1988; Adelman & Mersereau 2008, DOI
10.1287/opre.1070.0445). The prices are raised and lowered until the bound no longer grows. What makes it too low: each
knock pays only the least way there is (to the neighbour's door), and the true chances are known.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.worlds.season import FIRST_DAY, MINUTES, OUTINGS, SUMS, TEAMS, WEEKS, House, Season
from qiaomen.planner.check import walk_minutes
from qiaomen.planner.facts import Walking
from qiaomen.visits.rules.planner_input import SHUT_MINUTES

Floats = NDArray[np.float64]
TURNS = 120
"""Changes of the prices; the bound holds at any of them."""


@dataclass(frozen=True)
class Doors:
    """The doors as arrays: days since a talk, row of the tier's sums, chance by outing of the week, minutes a knock."""

    waited: NDArray[np.int64]
    tier: NDArray[np.int64]
    chance: Floats
    load: Floats
    sums: Floats


def lay_out(houses: list[House]) -> Doors:
    """Return the arrays of some doors."""
    codes = list(SUMS)
    chance = np.array([[house.opens[slot] for house in houses] for _offset, _starts, slot in OUTINGS])
    stays = np.array([house.minutes for house in houses])
    load = chance * stays + (1 - chance) * SHUT_MINUTES + Walking().neighbour_minutes
    waited = np.array([(FIRST_DAY - house.seen).days for house in houses])
    return Doors(
        waited, np.array([codes.index(house.tier) for house in houses]), chance, load, np.array([*SUMS.values()])
    )


def bound_season(season: Season, weeks: int = WEEKS) -> float:
    """Return a neglect that no policy goes below in expectation. Call it on a season that was not played yet."""
    doors, walking = lay_out(list(season.houses.values())), Walking()
    trips = [
        walk_minutes(season.middle, house.place, walking) + walk_minutes(house.place, season.middle, walking)
        for house in season.houses.values()
    ]
    room = TEAMS[season.kind] * (MINUTES - min(trips))
    days = np.array([7 * week + offset for week in range(weeks) for offset, *_ in OUTINGS] + [7 * weeks])
    prices, best = np.full(len(days) - 1, first_price(doors, room, days)), -np.inf
    for turn in range(TURNS):
        value, use = relax(doors, days, prices)
        best = max(best, value - float(prices.sum()) * room)
        prices = prices * np.exp(0.7 / (1 + turn / 15) * np.clip(use / room - 1, -1, 1))
    return best


def first_price(doors: Doors, room: float, days: NDArray[np.int64]) -> float:
    """Return a price of a minute to begin with: the need that stands, over the minutes there are."""
    total = doors.sums[doors.tier, doors.waited + 7] - doors.sums[doors.tier, doors.waited]
    return float(total.sum()) / (room * 4)


def relax(doors: Doors, days: NDArray[np.int64], prices: Floats) -> tuple[float, Floats]:
    """Return the least cost of all doors at these prices, and the minutes they would use of each outing.

    State of a door before outing k: not seen yet (row 0) or last seen at outing j (row j + 1).
    """
    steps, count = len(prices), len(doors.tier)
    after = np.zeros((steps + 1, count))
    knocks = []
    for k in range(steps - 1, -1, -1):
        gap = days[k + 1] - days[k]
        ages = np.vstack([doors.waited + days[k], *(np.full(count, days[k] - days[j]) for j in range(k))])
        stay = doors.sums[doors.tier, ages + gap] - doors.sums[doors.tier, ages] + after[: k + 1]
        seen = doors.sums[doors.tier, gap] + after[k + 1]
        chance, load = doors.chance[k % len(OUTINGS)], doors.load[k % len(OUTINGS)]
        spared = chance * (stay - seen) - prices[k] * load
        is_due = doors.sums[doors.tier, ages + 1] > doors.sums[doors.tier, ages]
        act = (spared > 0) & is_due
        after = stay - np.where(act, spared, 0.0)
        knocks.append(act)
    return float(after[0].sum()), minutes_used(doors, knocks[::-1])


def minutes_used(doors: Doors, knocks: list[NDArray[np.bool_]]) -> Floats:
    """Return the expected minutes of each outing when every door follows its own knocks."""
    mass, used = np.ones((1, len(doors.tier))), np.zeros(len(knocks))
    for k, act in enumerate(knocks):
        chance, load = doors.chance[k % len(OUTINGS)], doors.load[k % len(OUTINGS)]
        used[k] = float((mass * act * load).sum())
        met = mass * act * chance
        mass = np.vstack([mass - met, met.sum(axis=0)])
    return used
