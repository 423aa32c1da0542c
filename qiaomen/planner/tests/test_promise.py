"""What can be promised: beside a slow walk day by day, door by door, and beside what no walk at all could do."""

from collections import deque
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiaomen.planner.minutes import LEAST, Learnt, Minutes, Took, learn
from qiaomen.planner.promise import (
    MOST_DAYS,
    Demand,
    Hours,
    Term,
    keep,
    keep_alike,
    keep_first_things,
    promised_day,
    week_by_week,
)

DAY = date(2026, 12, 1)
pytestmark = pytest.mark.once

weeks = st.lists(st.sampled_from([0.0, 90.0, 150.0, 300.0]), min_size=7, max_size=7)


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    usual = draw(weeks)
    lost = draw(st.sets(st.integers(0, 25), max_size=4))
    days = [0.0 if n // 7 in lost else usual[n % 7] for n in range(26 * 7)]
    return Hours(tuple(days), tuple(usual))


@st.composite
def demands(draw: st.DrawFn) -> list[Demand]:
    codes = ["high", "key", "everyone"][: draw(st.integers(1, 3))]
    return [
        Demand(code, draw(st.integers(0, 60)), draw(st.sampled_from([3, 7, 14, 30, 90])), draw(st.floats(2.0, 25.0)))
        for code in codes
    ]


def minutes_of(given_hours: Hours, day: int) -> float:
    return given_hours.days[day] if day < len(given_hours.days) else given_hours.usual[day % 7]


def fewest_minutes(minutes: list[float], days: int, begins: int) -> float:
    return min(sum(minutes[start : start + days]) for start in range(begins))


def longest_wait(doors: int, a_visit: float, minutes: list[float]) -> int:
    """Walk doors in turn, day by day, with these minutes; return the most days any of them waited for its visit."""
    queue, carried, longest = deque([0] * doors), 0.0, 0
    for day, more in enumerate(minutes, 1):
        carried += more
        while carried + 1e-6 >= a_visit:
            carried -= a_visit
            longest = max(longest, day - queue.popleft())
            queue.append(day)
    return max(longest, *(len(minutes) - seen for seen in queue))


@given(hours(), demands())
def test_what_is_said_to_be_kept_is_kept_when_the_doors_are_walked_in_turn(some: Hours, asked: list[Demand]) -> None:
    found = keep(asked, some)
    left = [minutes_of(some, day) for day in range(26 * 7 + MOST_DAYS)]
    for kept in found:
        work = kept.demand.doors * kept.demand.minutes
        if kept.best is None:
            assert fewest_minutes(left, MOST_DAYS, 26 * 7) < work
            break
        if not work:
            continue
        share = work / fewest_minutes(left, kept.best, 26 * 7)
        assert share <= 1 + 1e-6
        mine = [share * day for day in left]
        wait = longest_wait(kept.demand.doors, kept.demand.minutes, mine[: 26 * 7])
        assert wait <= max(kept.best, 0), kept
        left = [day - taken for day, taken in zip(left, mine, strict=True)]
        assert min(left) > -1e-6


@given(hours(), demands())
def test_no_walk_at_all_keeps_less_than_the_days_that_are_named(some: Hours, asked: list[Demand]) -> None:
    only = asked[0]
    best = keep([only], some)[0].best
    minutes = [minutes_of(some, day) for day in range(26 * 7 + MOST_DAYS)]
    shorter = (MOST_DAYS if best is None else best - 1) if only.doors else 0
    if shorter >= only.walks_every:
        assert fewest_minutes(minutes, shorter, 26 * 7) < only.doors * only.minutes + 1e-6


@given(hours(), demands(), st.floats(1.0, 3.0))
def test_more_hours_never_keep_less(some: Hours, asked: list[Demand], factor: float) -> None:
    more = Hours(tuple(day * factor for day in some.days), tuple(day * factor for day in some.usual))
    first, then = keep_alike(asked, some), keep_alike(asked, more)
    assert all(now is not None and now <= before for before, now in zip(first, then, strict=True) if before is not None)
    assert (keep(asked, more)[0].best or MOST_DAYS) <= (keep(asked, some)[0].best or MOST_DAYS)


@given(hours(), demands())
def test_what_is_proposed_can_be_kept(some: Hours, asked: list[Demand]) -> None:
    for days in (keep_first_things(asked, some), keep_alike(asked, some)):
        if None not in days:
            wished = [replace(one, days=n or 1) for one, n in zip(asked, days, strict=True)]
            assert all(kept.is_kept for kept in keep(wished, some)), days


def test_the_hours_of_the_issue_keep_a_week_for_the_frail_and_years_for_the_rest() -> None:
    fourteen = Hours(tuple([0.0, 420.0, 0.0, 0.0, 420.0, 0.0, 0.0] * 26), (0.0, 420.0, 0.0, 0.0, 420.0, 0.0, 0.0))
    asked = [Demand("high", 20, 7, 24.0), Demand("key", 700, 30, 24.0), Demand("everyone", 4388, 365, 12.0)]
    high, key, everyone = keep(asked, fourteen)
    assert (high.best, key.best, everyone.best) == (7, 329, None)
    assert high.is_kept and not key.is_kept
    alike = keep_alike(asked, fourteen)
    assert alike == [54, 228, MOST_DAYS], "no promise is longer than four years"
    assert 90 < sum(demand.weekly_walk for demand in asked) / 60 < 91


def test_a_week_without_anybody_is_named() -> None:
    usual = (0.0, 240.0, 0.0, 0.0, 240.0, 0.0, 0.0)
    days = list(usual * 26)
    days[21:28] = [0.0] * 7
    found = keep([Demand("high", 10, 7, 20.0)], Hours(tuple(days), usual))[0]
    assert not found.is_kept and 15 <= found.tight <= 21 and found.best == 11
    by_week = week_by_week([Demand("high", 10, 7, 20.0)], Hours(tuple(days), usual), 5)
    assert [(hours, best) for hours, (best,) in by_week] == [(480, 7), (480, 7), (480, 7), (0, None), (480, 7)]


def test_the_telephone_for_some_takes_walking_away() -> None:
    walked = Demand("key", 100, 30, 24.0, None, 6.0)
    called = replace(walked, door_days=90)
    assert called.weekly_walk == pytest.approx(walked.weekly_walk / 3) and walked.weekly_calls == 0
    assert called.weekly_calls == pytest.approx(7 * 100 * 6 * 2 / 90)


terms = st.lists(st.tuples(st.integers(0, 400), st.none() | st.integers(1, 400)), min_size=1, max_size=4)


@given(st.integers(-900, 400), terms)
def test_a_promise_counts_from_its_own_day_and_forgives_nothing(
    anchor: int, drawn: list[tuple[int, int | None]]
) -> None:
    chain = [Term(DAY + timedelta(days=begins), days) for begins, days in sorted(drawn, key=lambda row: row[0])]
    seen = DAY + timedelta(days=anchor)
    for n in range(1, len(chain) + 1):
        before, now, last = promised_day(seen, chain[: n - 1]), promised_day(seen, chain[:n]), chain[n - 1]
        if before is not None and before < last.from_date:
            assert now == before, "what was late stays late"
        elif last.days is None:
            assert now is None
        else:
            assert now is not None and now >= last.from_date, "nobody is late the day a promise is made"
            fresh = max(seen, last.from_date) + timedelta(days=last.days)
            assert now <= max(fresh, before or fresh)


def test_a_new_promise_in_words() -> None:
    month, quarter = Term(DAY, 30), Term(DAY + timedelta(days=20), 90)
    seen = DAY - timedelta(days=300)
    assert promised_day(seen, []) is None
    assert promised_day(seen, [month]) == DAY + timedelta(days=30)
    assert promised_day(DAY, [month, quarter]) == DAY + timedelta(days=90)
    assert promised_day(seen, [month, quarter]) == DAY + timedelta(days=30)
    assert promised_day(seen, [month, Term(DAY + timedelta(days=40), 90)]) == DAY + timedelta(days=30)


def test_minutes_are_medians_over_twenty_and_what_the_office_wrote_stands_before_them() -> None:
    took = [Took("cadence", 2, "a", 10.0 + n) for n in range(LEAST)] + [Took("shut", 6, "b", 1.0)] * (LEAST - 1)
    took += [Took("cadence", 7, "c", 400.0)] * 50
    found = learn(took)
    assert found == {
        ("cadence", "", ""): Learnt(19.5, LEAST),
        ("cadence", "low", ""): Learnt(19.5, LEAST),
        ("cadence", "", "a"): Learnt(19.5, LEAST),
    }
    table = Minutes({"cadence": 20.0, "shut": 1.5}, found, {("cadence", "high", ""): 30.0})
    assert (table.of("cadence", 1, "x"), table.of("cadence", 9, "a"), table.of("shut")) == (19.5, 30.0, 1.5)
    assert table.is_assumed("shut") and not table.is_assumed("cadence")
