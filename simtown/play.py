"""Makes 拾光县 through the product's own actions, act by act; nothing is inserted behind its back.

The county has a clock of its own: it is lived up to the morning of the day on which it was begun, whatever the hour
of the machine, and whoever is killed at any point goes on at the next start with the acts that have no mark yet.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as datetime_time
from functools import partial
from typing import Any

from qiaomen.bulletins import actions as bulletins
from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.office.models import Organisation, Staff
from qiaomen.visits.actions import rounds
from qiaomen.visits.models import Round, RoundDoor, Team, Visit
from simtown import progress, weeks
from simtown.offices import PASSWORD, make_offices, make_teams
from simtown.procedures import follow_procedures
from simtown.rosters import bring_roster, home_of, read_roster, take_in, take_lists_in
from simtown.shared import keep_shared
from simtown.steps import BEGAN, EDITION, Steps
from simtown.world.people import PLANS

__all__ = ["PASSWORD", "SEED", "bring_roster", "play"]
SEED = 20260301
ORDER = "CAB"
"""The small community first: it stands within seconds, and the site opens with it."""
MORNING = datetime_time(8, 30)
DOORS = {"A": 40, "B": 24, "C": 12}
CALLS = {"A": 60, "B": 10}
"""Doors a round takes at most; households rung on a day of rounds."""
OLD = (
    "这里的演示县是旧版本造的或者没有造完，不能接着造，里面的内容都没有动；"
    "想要新的，运行 python3 start.py --remake（旧的目录改名留着，不删除）。"
)
Act = tuple[str, Callable[[], Any]]


@dataclass(frozen=True)
class Days:
    """The county's own time: `today` is the day on which it was begun."""

    today: date

    @property
    def opening(self) -> datetime:
        """When the lists come in, before the weeks that are lived."""
        return at(self.today - timedelta(days=weeks.WEEKS * 7 + 1), datetime_time(9, 0))

    @property
    def morning(self) -> datetime:
        """Until when the county is lived, at whatever hour it is made."""
        return at(self.today, MORNING)


def at(day: date, moment: datetime_time) -> datetime:
    """Return a moment of a day in the county."""
    return datetime.combine(day, moment, clock.SHANGHAI)


def play(*, only: str = ORDER, seed: int = SEED) -> None:
    """Make the county with its communities, staff and registers, or go on with it; what stands is left alone."""
    steps = Steps()
    if BEGAN not in steps and Organisation.objects.filter(code="SGX").exists():
        print(f"· {OLD}", flush=True)
        return
    if BEGAN not in steps:
        print("· 建立拾光县：组织、岗位、演示账号", flush=True)
    steps.once(BEGAN, partial(begin, clock.today()))
    edition, _space, day = steps.kept(BEGAN).partition(" ")
    if edition != EDITION:
        print(f"· {OLD}", flush=True)
        return
    days = Days(date.fromisoformat(day))
    acts = {letter: acts_of(letter, seed, days) for letter in only}
    for letter in only:
        live_through(letter, acts, steps, days)
    for letter in only:
        steps.once(f"{letter}/round/{clock.today()}", partial(plan_today, letter))


def begin(today: date) -> str:
    """Make the offices; returns the edition and the county's day."""
    make_offices()
    return f"{EDITION} {today}"


def live_through(letter: str, acts: dict[str, list[Act]], steps: Steps, days: Days) -> None:
    """Do the acts of a community that are not done, each whole or not at all, and say how far it is."""
    new = False
    for name, act in acts[letter]:
        tell_progress(acts, steps)
        with clock.at(days.morning):
            new = steps.once(name, partial(act, steps) if name.endswith("/roster") else act) or new
    tell_progress(acts, steps)
    if new:
        print(f"· {summary_of(letter, days)}", flush=True)


def tell_progress(acts: dict[str, list[Act]], steps: Steps) -> None:
    """Leave word of the communities that are not there yet."""
    counts = {PLANS[letter].name: (sum(name in steps for name, _ in mine), len(mine)) for letter, mine in acts.items()}
    progress.tell({name: count for name, count in counts.items() if count[0] < count[1]})


def acts_of(letter: str, seed: int, days: Days) -> list[Act]:
    """Return what happens in a community, in order, each act with its name."""

    def early(act: Callable[..., Any], *words: Any) -> Callable[..., Any]:
        return partial(at_moment, days.opening, act, *words)

    return [
        (f"{letter}/read", early(read_roster, letter, seed, days.today)),
        (f"{letter}/roster", early(take_roster_in, letter)),
        (f"{letter}/lists", early(take_lists_in, letter, seed, days.today)),
        (f"{letter}/teams", early(found_teams, letter)),
        (f"{letter}/care", partial(in_community, letter, weeks.set_up_care, next(weeks.round_days(days.today)))),
        *((f"{letter}/walked/{day}", partial(walk_day, letter, seed, day)) for day in weeks.round_days(days.today)),
        (f"{letter}/happened", partial(in_community, letter, weeks.happen, days.today)),
        (f"{letter}/shared", partial(in_community, letter, keep_shared, days.today)),
        (f"{letter}/procedures", partial(in_community, letter, follow_procedures, days.today)),
        *((f"{letter}/bulletin/{day}", partial(publish_week, letter, day)) for day in sundays_before(days.today)),
        (f"{letter}/round/{days.today}", partial(plan_today, letter)),
    ]


def at_moment(moment: datetime, act: Callable[..., Any], *words: Any) -> Any:
    """Do an act at a moment of the county's past."""
    with clock.at(moment):
        return act(*words)


def in_community(letter: str, act: Callable[[Organisation, Staff, date], None], day: date) -> None:
    """Do an act of the weeks in a community."""
    community, head = home_of(letter)
    act(community, head, day)


def take_roster_in(letter: str, steps: Steps) -> None:
    """Write the roster that was read."""
    take_in(letter, steps.kept(f"{letter}/read"))


def found_teams(letter: str) -> None:
    """Make a community's teams."""
    community, head = home_of(letter)
    make_teams(community, letter, head)


def walk_day(letter: str, seed: int, day: date) -> None:
    """Plan and walk the rounds of a day and work on what they brought."""
    community, head = home_of(letter)
    weeks.live_day(community, head, day, seed=seed, doors=DOORS[letter], calls=CALLS.get(letter, 0))


def sundays_before(today: date) -> Iterator[date]:
    """The Sundays that end the three full weeks before this one."""
    monday = today - timedelta(days=today.weekday())
    return (monday - timedelta(days=7 * back + 1) for back in (2, 1, 0))


def publish_week(letter: str, sunday: date) -> None:
    """Publish the bulletin of a week on its Sunday evening."""
    community, head = home_of(letter)
    with clock.at(at(sunday, datetime_time(18, 0))):
        bulletin = bulletins.draft_bulletin(community=community, day=sunday, actor=head)
        bulletins.publish_bulletin(bulletin=bulletin, actor=head)


def plan_today(letter: str) -> None:
    """Plan the round of today as if it were morning: not over the minutes that are left of the team's hours.

    On a day of rounds every team goes out, on any other the first.
    """
    community, head = home_of(letter)
    today, teams = clock.today(), list(Team.objects.filter(community=community).order_by("name"))
    if not teams:
        return
    out = teams if today.weekday() in weeks.ROUND_WEEKDAYS else teams[:1]
    with clock.at(min(clock.now(), at(today, MORNING))):
        try:
            rounds.plan_day(
                community=community, day=today, teams=out, actor=head, limit=DOORS[letter], iterations=weeks.TRIES
            )
        except Problem as problem:
            print(f"· {community.name}：{problem.in_full()}", flush=True)


def summary_of(letter: str, days: Days) -> str:
    """Say in one line what was lived in a community."""
    community, _head = home_of(letter)
    past = Round.objects.filter(community=community, state="planned", day__lt=days.today).count()
    doors = RoundDoor.objects.filter(round__community=community, round__day=days.today).count()
    seen = Visit.objects.filter(community=community).count()
    return f"{community.name}这几周：{past} 轮敲门，{seen} 次走访；今天要走 {doors} 户"
