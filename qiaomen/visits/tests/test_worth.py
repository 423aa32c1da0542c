"""What seeing a door is worth: more the longer it waited and the longer it lasts; words for each reason."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest

from qiaomen.planner.foresight import HORIZON_DAYS, ROUNDS_LATER, Rhythm, spare_by_seeing
from qiaomen.visits.rules.due import Due
from qiaomen.visits.rules.planner_input import rhythm_of, why_today, worth_of, worth_of_seeing
from qiaomen.visits.selectors.labels import today_in_words

DAY = date(2026, 12, 1)
TERMS = {"weekly": (7, 3), "monthly": (30, 10), "longest-unseen": (365, 275)}


def due(reason: str, late: int, every: int, *, clock: str = "cadence", weight: float = 4.0, opens: int = 5) -> Due:
    on = DAY - timedelta(days=late)
    since = on - timedelta(days=every) if every else None
    return Due(UUID(int=1), "1", clock, reason, DAY - timedelta(days=opens), on, weight=weight, since=since)


def test_the_sum_of_needs_is_what_adding_day_by_day_comes_to() -> None:
    random = Random(1)
    for _ in range(50):
        rhythm = Rhythm(random.uniform(1, 9), random.randrange(80), random.randrange(1, 60))
        days = random.randrange(300)
        steps = [rhythm.need(n / 100 + 0.005) / 100 for n in range(days * 100)]
        assert rhythm.need_until(days) == pytest.approx(sum(steps), rel=1e-2, abs=rhythm.weight * 0.02)


def test_a_talk_spares_what_stands_less_what_comes_back() -> None:
    rhythm = Rhythm(4.0, 20.0, 10.0)
    assert spare_by_seeing(8.0, 30.0, rhythm, 0.0) == pytest.approx(8 * 30 - (4 * 10 + 4 * 100 / 20))
    assert spare_by_seeing(8.0, 30.0, rhythm, 2.0) - spare_by_seeing(8.0, 30.0, rhythm, 0.0) == 8 * 2 * ROUNDS_LATER
    assert spare_by_seeing(8.0, 0.0, None, 0.0) == 8 * HORIZON_DAYS
    assert spare_by_seeing(1.0, 500.0, rhythm, 0.0) == 0.0


def test_what_lasts_a_month_is_worth_more_than_what_is_due_again_next_week() -> None:
    week, month = due("weekly", 0, 7), due("monthly", 0, 30)
    assert worth_of(month, TERMS, DAY, 2) > worth_of(week, TERMS, DAY, 2) > 0
    assert worth_of_seeing([week, month], TERMS, DAY, 2) == worth_of(month, TERMS, DAY, 2)
    assert worth_of_seeing([], TERMS, DAY, 2) == 0.0


def test_a_door_grows_with_the_wait_and_a_knock_in_vain_changes_nothing() -> None:
    worths = [worth_of(due("monthly", late, 30), TERMS, DAY, 2) for late in range(0, 60, 5)]
    assert worths == sorted(worths) and worths[0] < worths[-1]
    assert worth_of(due("monthly", 9, 30, opens=1), TERMS, DAY, 2) == worth_of(due("monthly", 9, 30), TERMS, DAY, 2)


def test_a_knock_due_before_the_last_call_is_not_due_every_day() -> None:
    knock = due("weekly", 3, -2)
    assert knock.since == DAY - timedelta(days=1) > knock.due_on
    assert rhythm_of(knock, TERMS) == Rhythm(4.0, 4, 3)
    assert worth_of(knock, TERMS, DAY, 2) == worth_of(due("weekly", 3, 7), TERMS, DAY, 2)


def test_a_door_nobody_was_ever_seen_at_is_worth_something_on_the_first_day() -> None:
    new = due("never-seen", -365, 0, clock="unseen", weight=1.0, opens=0)
    assert worth_of(new, TERMS, DAY, 2) == pytest.approx(HORIZON_DAYS + ROUNDS_LATER * 2)


def test_on_the_day_a_roster_comes_in_a_weekly_household_comes_before_the_rest_for_its_minutes() -> None:
    frail, rest = (
        due("weekly", -7, 0, weight=9.0, opens=0),
        due("never-seen", -365, 0, clock="unseen", weight=1.0, opens=0),
    )
    for next_days in (2, 5, 7):
        assert worth_of(frail, TERMS, DAY, next_days) / 20 > worth_of(rest, TERMS, DAY, next_days) / 8


def test_each_reason_has_its_words_the_weightiest_first() -> None:
    row = due("monthly", 3, 30)
    found = why_today(row, DAY, must=False, chance=0.8, neighbours=2)
    assert found == [("late", 3), ("hour", 8), ("near", 2)]
    assert today_in_words(found) == "过了该去的日子 3 天；以前这个时候来，十次有 8 次有人；同一楼道今天还走 2 户，顺路"
    assert why_today(row, DAY, must=True, chance=None, neighbours=0) == [("last-day", 0)]
    assert why_today(due("monthly", -5, 30), DAY, must=False, chance=0.3, neighbours=0) == [("soon", 5)]
    assert why_today(due("monthly", -5, 30), DAY + timedelta(days=5), must=False, chance=0.3, neighbours=0) == [
        ("due", 0)
    ]
    assert why_today(due("monthly", -50, 30), DAY, must=False, chance=None, neighbours=0) == [("open", 0)]
