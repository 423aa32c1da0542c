"""What it is worth to see a door today, rather than later: the far-sighted prize of a round.

A planner that takes the largest need of today comes back too soon to where need grows fast and never to the rest. What
a visit brings is the need that is NOT there in the days after it, until somebody would have come anyway. How long that
is follows from the theory of restless bandits: the price at which it is all the same whether one goes now or waits
(Whittle 1988, DOI 10.2307/3214163; for doors that may stay shut: Kadota et al. 2018, DOI 10.1109/TNET.2018.2873606).
"""

from dataclasses import dataclass

HORIZON_DAYS = 42.0
"""The planner looks six weeks ahead. With 91 days the total neglect of half a year is about 1 % less on seeds 11 and 12
of benchmarks.bench_season (1 to 5 are reported), but households of the weekly tier pay for it: theirs was 20 % more
beside greedy with 91, 5 to 15 % with 42. And on the day a roster comes in, frail old people come before everybody."""
ROUNDS_LATER = 3.0
"""A door that is not walked today waits for about so many rounds more: what is due is many times what a round holds.
1 and 5 were within 1 %; 5 lets those wait less whose need grows by the week."""


@dataclass(frozen=True)
class Rhythm:
    """How need comes back after somebody was seen: none for `rest_days`, then `weight`, and as much again with every
    `window_days`.
    """

    weight: float
    rest_days: float
    window_days: float

    def __post_init__(self) -> None:
        if self.weight < 0 or self.rest_days < 0 or self.window_days <= 0:
            raise ValueError("weight and rest must not be negative, a window has days")

    def need(self, days: float) -> float:
        """Return the need so many days after a talk."""
        late = days - self.rest_days
        return self.weight * (1 + late / self.window_days) if late >= 0 else 0.0

    def need_until(self, days: float) -> float:
        """Return the sum of the needs of the days after a talk (need × days)."""
        late = max(0.0, days - self.rest_days)
        return self.weight * (late + late * late / (2 * self.window_days))


TURNS_AT_MOST = 2.0
"""With very few hours the turn comes so late that doors half-way to it crowd out those of the care groups: 2 was better
than 4, and 1 no better than 2, at 30 % of the hours (seeds 11 and 12 of benchmarks.bench_season)."""


def turn_days(doors: int, door_minutes: float, weekly_minutes: float, every_days: float) -> float:
    """Return in how many days all doors are seen once with the hours there are: no fewer than `every_days`, which the
    office would like, and no more than TURNS_AT_MOST times as many. `door_minutes`: until somebody opened, ways and
    knocks in vain included.
    """
    most = TURNS_AT_MOST * every_days
    own = 7 * doors * door_minutes / weekly_minutes if weekly_minutes > 0 else most
    return min(max(every_days, own), most)


def spare_in_turn(waited_days: float, rhythm: Rhythm, turn: float, next_days: float) -> float:
    """Return the need × days that a talk today spares at one of the many doors that are seen in turn.

    Such a door comes along when its stairs are climbed anyway: what counts is not how much longer it could wait, but
    what it will have cost when the turn comes to it. For a door before its turn the need on the day of the turn stands
    in the place of today's: the relative value of an item in joint replenishment, whose can-order level says when it
    joins an order that another one triggers (Federgruen et al. 1984, DOI 10.1287/mnsc.30.3.344). So staircases fill.
    """
    need = rhythm.need(waited_days)
    if not need:
        return 0.0
    then = rhythm.need(max(waited_days, turn))
    return max(0.0, then * waited_days - rhythm.need_until(waited_days)) + need * ROUNDS_LATER * next_days


def spare_by_seeing(
    need: float,
    waited_days: float,
    rhythm: Rhythm | None,
    next_days: float,
    horizon_days: float = HORIZON_DAYS,
) -> float:
    """Return the need × days that a talk today spares: what stands now, less what comes back, for as long as the door
    has waited (within the horizon), and the rounds until somebody would come anyway, `next_days` from one to the next.

    `rhythm`: how need comes back; None: it does not, the matter is settled by one talk.
    """
    if rhythm is None:
        return need * (horizon_days + ROUNDS_LATER * next_days)
    days = min(max(waited_days, rhythm.rest_days), horizon_days)
    return max(0.0, need * days - rhythm.need_until(days)) + need * ROUNDS_LATER * next_days
