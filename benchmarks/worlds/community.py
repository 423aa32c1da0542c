"""Invents a community with a week's doors: seeded, of the size and shape of the demo community. No person in it."""

from random import Random

from qiaomen.planner.facts import Door, Place, Session, Window

COMPOUNDS, PER_ENTRANCE, ENTRANCES = 6, 12, 3
KINDS = {"care": (10, 15, 20, 25), "sweep": (3, 4, 5, 6)}
"""Minutes at a door: a care visit sits down, a quick sweep hands over and asks one question. Assumed."""
TUESDAY, THURSDAY = 1440, 3 * 1440


def make_places(seed: int, households: int = 4388) -> list[Place]:
    """Return the doors' places: compounds 400–700 m apart, buildings 35 m apart, 3 entrances, 6 floors, 2 doors
    each.
    """
    random = Random(f"places-{seed}")
    each = -(-households // COMPOUNDS)
    corners = [
        (500.0 * (c % 3) + random.uniform(-80, 80), 600.0 * (c // 3) + random.uniform(-80, 80))
        for c in range(COMPOUNDS)
    ]
    places = []
    for compound, (east, north) in enumerate(corners):
        for index in range(each):
            building, inside = divmod(index, PER_ENTRANCE * ENTRANCES)
            entrance, door = divmod(inside, PER_ENTRANCE)
            places.append(
                Place(
                    f"第{compound + 1}苑",
                    building + 1,
                    entrance + 1,
                    door // 2 + 1,
                    east + 70.0 * (building % 4) + 16.0 * entrance,
                    north + 35.0 * (building // 4),
                )
            )
    return places[:households]


def make_sessions(teams: int = 3, length: float = 150.0) -> list[Session]:
    """Return a week: each team Tuesday 14:30 and Thursday 17:30, from the community's office and back."""
    office = Place("居委会", 0, 0, 1, 480.0, 300.0)
    starts = (TUESDAY + 870.0, THURSDAY + 1050.0)
    return [
        Session(f"{t + 1}队-{d}", start, start + length, office) for d, start in enumerate(starts) for t in range(teams)
    ]


def make_community(
    seed: int, *, kind: str = "care", households: int = 4388, musts: int = 6, by_session: bool = False, teams: int = 3
) -> tuple[list[Door], list[Session]]:
    """Return a community's doors and its week's sessions.

    12 % of the doors are of key groups with a weight of 3 to 6; every door is between 0 and 3 times as old as its
    cadence allows; one in ten has a window (one day only, or not before or after an hour). `by_session`: the chance
    that somebody is home differs by session.
    """
    random = Random(f"doors-{seed}-{kind}")
    sessions = make_sessions(teams)
    doors = []
    chosen = set(random.sample(range(households), musts))
    for index, place in enumerate(make_places(seed, households)):
        weight = random.choice((3, 4, 5, 6)) if random.random() < 0.12 else 1
        minutes = float(random.choice(KINDS[kind]))
        chances = (random.uniform(0.5, 0.9), random.uniform(0.3, 0.9), random.random())
        home = chances[0] if not by_session else 1.0
        doors.append(
            Door(
                key=f"{index + 1:05d}",
                place=place,
                minutes=minutes,
                need=round(100 * weight * random.uniform(0, 3) * home) / 100,
                home_chance=tuple(chances[one.starts > THURSDAY] for one in sessions) if by_session else (),
                windows=(make_window(random, sessions),) if chances[2] < 0.1 else (),
                must_visit=index in chosen,
            )
        )
    return doors, sessions


def make_window(random: Random, sessions: list[Session]) -> Window:
    """Return one stretch of time: a whole session, its later part, or its earlier part."""
    session = random.choice(sessions)
    middle = random.uniform(session.starts + 40, session.ends - 60)
    return random.choice(
        [Window(session.starts, session.ends), Window(middle, session.ends), Window(session.starts, middle)]
    )
