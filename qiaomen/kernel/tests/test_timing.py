"""Clocks with pauses, against the published calendar and against a slow model that walks day by day.

2,000 random procedures. The model has its own table of holidays and shares no code with what it judges.
"""

from datetime import date, datetime, timedelta
from random import Random

import pytest

from qiaomen.kernel import timing
from qiaomen.kernel.clock import SHANGHAI
from qiaomen.kernel.timing import Clock, Pause, days_off

PROCEDURES = 2_000
DAY = timedelta(days=1)

OFF = [  # 国办发明电〔2024〕12号 and 〔2025〕7号, as published: first and last day of each holiday
    ("2025-01-01", "2025-01-01"),
    ("2025-01-28", "2025-02-04"),
    ("2025-04-04", "2025-04-06"),
    ("2025-05-01", "2025-05-05"),
    ("2025-05-31", "2025-06-02"),
    ("2025-10-01", "2025-10-08"),
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
]
MADE_UP = {
    date.fromisoformat(day)
    for day in (
        *("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
        *("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
    )
}


def published(day: date) -> bool:
    """Say whether a day of 2025 or 2026 is worked, as the two notices say."""
    if day in MADE_UP:
        return True
    return day.weekday() < 5 and not any(first <= day.isoformat() <= last for first, last in OFF)


def test_every_day_of_two_years_is_worked_as_published() -> None:
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(730)]
    assert [day for day in days if timing.is_working_day(day) != published(day)] == []
    assert sum(map(published, days)) == 248 + 248


def slow_last_day(clock: Clock, start: date, stops: list[tuple[date, date]], extensions: int) -> date:
    """Walk from the day after the event; a day counts unless it is paused or, in working days, not worked."""
    todo, day = clock.amount, start
    for _time in range(extensions):
        assert clock.extended_to is not None
        todo += clock.extended_to - clock.amount
    standing = {first + timedelta(days=n) for first, last in stops for n in range((last - first).days)}
    while todo > 0:
        day = day + DAY
        if day in standing or (clock.unit == "working_days" and not published(day)):
            continue
        todo = todo - 1
    while clock.moves and clock.unit == "days" and (day in standing or not published(day)):
        day = day + DAY
    return day


def slow_last_hour(hours: int, start: datetime, stops: list[tuple[datetime, datetime]]) -> datetime:
    """Walk hour by hour."""
    now = start
    while hours > 0:
        if not any(first <= now < last for first, last in stops):
            hours = hours - 1
        now = now + timedelta(hours=1)
    return now


def test_random_limits_with_pauses_and_extensions_end_where_the_slow_walk_ends() -> None:
    dice, wrong = Random(20), []
    for _procedure in range(PROCEDURES):
        start = date(2025, 1, 1) + timedelta(days=dice.randrange(560))
        amount = dice.randrange(0, 31)
        extended = amount + dice.randrange(1, 16) if dice.random() < 0.5 else None
        clock = Clock(dice.choice(["working_days", "days"]), amount, dice.random() < 0.5, extended)
        times = dice.randrange(2) if extended else 0
        begins = [start + timedelta(days=dice.randrange(0, 40)) for _pause in range(dice.randrange(4))]
        stops = [(first, first + timedelta(days=dice.randrange(0, 12))) for first in begins]
        pauses = [days_off(*stop) for stop in stops]
        found = timing.due_on(clock, start, pauses, extensions=times)
        if found != slow_last_day(clock, start, stops, times):
            wrong.append((clock, start, stops, times, found))
        used = timing.used_of(clock, start, found, pauses)
        assert clock.moves or used == clock.amount_after(times)
    assert wrong == []


def test_random_limits_in_hours_end_where_the_slow_walk_ends() -> None:
    dice = Random(21)
    for _procedure in range(PROCEDURES // 5):
        start = datetime(2025, 1, 1, dice.randrange(24), tzinfo=SHANGHAI) + timedelta(days=dice.randrange(600))
        hours, begins = dice.randrange(0, 73), [start + timedelta(hours=dice.randrange(90)) for _pause in range(3)]
        stops = [(first, first + timedelta(hours=dice.randrange(30))) for first in begins]
        found = timing.due_at(Clock("hours", hours), start, [Pause(*stop) for stop in stops])
        assert found == slow_last_hour(hours, start, stops), (start, hours, stops)


@pytest.mark.parametrize(
    ("clock", "start", "stops", "last"),
    [
        (Clock("working_days", 5), "2026-09-29", [], "2026-10-12"),  # 国庆, and 10 October is worked
        (Clock("days", 7), "2026-09-28", [], "2026-10-05"),  # natural days run through a holiday
        (Clock("days", 7, moves=True), "2026-09-28", [], "2026-10-08"),  # …and end after it where the source says so
        (Clock("working_days", 5), "2026-11-23", [("2026-11-25", "2026-11-27")], "2026-12-02"),
        (Clock("working_days", 5), "2026-11-23", [("2026-11-25", "2026-11-25")], "2026-11-30"),  # resumed that day
        (Clock("days", 0), "2026-11-23", [], "2026-11-23"),
    ],
)
def test_a_limit_ends_on_the_day_the_source_means(
    clock: Clock, start: str, stops: list[tuple[str, str]], last: str
) -> None:
    pauses = [days_off(date.fromisoformat(first), date.fromisoformat(end)) for first, end in stops]
    assert timing.due_on(clock, date.fromisoformat(start), pauses) == date.fromisoformat(last)


def test_a_request_of_saturday_night_belongs_to_that_day_in_shanghai() -> None:
    heard = datetime(2026, 11, 28, 15, 30, tzinfo=timing.SHANGHAI).astimezone(tz=None)
    assert timing.last_day(Clock("working_days", 1), heard) == date(2026, 11, 30)
    late = datetime.fromisoformat("2026-11-28T15:30:00+00:00")  # 23:30 in Shanghai
    assert timing.last_day(Clock("days", 1), late) == date(2026, 11, 29)
    assert timing.last_day(Clock("hours", 24), late) == date(2026, 11, 29)


def test_a_clock_refuses_what_no_source_can_mean() -> None:
    with pytest.raises(ValueError):
        Clock("weeks", 1)
    with pytest.raises(ValueError):
        Clock("days", 30, extended_to=30)
    with pytest.raises(ValueError):
        days_off(date(2026, 11, 25), date(2026, 11, 24))
    once = Clock("working_days", 30, extended_to=45)
    assert (once.amount_after(0), once.amount_after(1)) == (30, 45)
    for times, clock in ((2, once), (1, Clock("working_days", 30))):
        with pytest.raises(ValueError):
            clock.amount_after(times)


def test_a_year_without_a_notice_has_the_days_off_of_the_law() -> None:
    off = ["2027-01-01", "2027-02-05", "2027-02-08", "2027-04-05", "2027-05-03", "2027-06-09", "2027-09-15"]
    told = [date.fromisoformat(day) for day in off]
    assert [timing.is_working_day(day) for day in told] == [False, False, False, False, True, False, False]
    assert not timing.is_announced(told[0]) and timing.is_announced(date(2026, 12, 31))
    assert not any(timing.is_day_off_by_law(day) != (not timing.is_working_day(day)) for day in told)
