"""When somebody may be rung up, and which ways count how often: properties against models of their own."""

import os
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from qiaomen.calls.rules.calling import (
    MOST_TRIES_A_DAY,
    TRIES_BEFORE_A_KNOCK,
    Callee,
    asks_for_a_knock,
    knock_by,
    why_not,
)
from qiaomen.calls.rules.stairs import KnockedDoor, silent_places
from qiaomen.criteria.facts import load_entries
from qiaomen.criteria.tests.test_criteria import NATIONAL
from qiaomen.visits.rules.due import DoorFact, GroupFact, Tier, Wish, deduce

pytestmark = pytest.mark.once
DAY = date(2026, 12, 1)
TIERS = {entry["code"]: Tier(**entry) for entry in load_entries(NATIONAL, "cadence.yaml")}
MANY = 2000 if os.environ.get("QM_PROVE") else 120
moments = some.times().map(lambda moment: moment.replace(second=0, microsecond=0))


def minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def is_said_quiet(quiet: tuple[time, time], moment: time) -> bool:
    """Walk from the beginning of the quiet hours minute by minute: another way to say the same."""
    at, end = minutes(quiet[0]), minutes(quiet[1])
    while at != end:
        if at == minutes(moment):
            return True
        at = (at + 1) % (24 * 60)
    return False


@settings(max_examples=MANY, deadline=None)
@given(moments, moments, moments, some.integers(0, 6), some.none() | some.integers(1, 5))
def test_nobody_is_rung_up_in_quiet_hours_or_more_often_than_they_wish(
    now: time, quiet_from: time, quiet_to: time, contacts: int, most: int | None
) -> None:
    callee = Callee(quiet_from, quiet_to, most, contacts)
    found = why_not(callee, datetime.combine(DAY, now))
    quiet = is_said_quiet((quiet_from, quiet_to), now)
    office = minutes(now) < 510 or minutes(now) >= 1200 or 720 <= minutes(now) < 840
    capped = most is not None and contacts >= most
    assert (found == "") == (not quiet and not office and not capped)
    assert why_not(callee, datetime.combine(DAY, now), urgent=True) == ""
    assert (why_not(callee, datetime.combine(DAY, now), promised=True) == "") == (not quiet and not office)


def test_a_day_of_dialling_rings_nobody_a_third_time_and_then_somebody_goes() -> None:
    callee, tries = Callee(), tuple[datetime, ...]()
    knocks = []
    for quarter in range(5 * 24 * 4):
        now = datetime.combine(DAY, time()) + timedelta(minutes=15 * quarter)
        if why_not(Callee(tries=tries), now) == "":
            tries = (*tries, now)
            if reason := asks_for_a_knock("no_answer", len(tries)):
                knocks.append((reason, len(tries)))
    by_day = [sum(moment.date() == DAY + timedelta(days=n) for moment in tries) for n in range(5)]
    assert by_day == [MOST_TRIES_A_DAY] * 5 and knocks[0] == ("unreached", TRIES_BEFORE_A_KNOCK)
    assert all(later - sooner >= timedelta(hours=2) for sooner, later in pairwise(tries))
    assert callee.has_telephone and why_not(Callee(has_telephone=False), tries[0], urgent=True) == "no-number"


@pytest.mark.parametrize(
    ("outcome", "tries", "urgent", "reason"),
    [
        ("worry", 0, False, "worry"),
        ("well", 0, True, ""),
        ("no_answer", 2, False, ""),
        ("no_answer", 3, False, "unreached"),
        ("no_answer", 1, True, "unreached"),
        ("wrong_number", 1, False, "unreached"),
        ("later", 3, False, ""),
        ("declined", 3, False, ""),
    ],
)
def test_what_a_call_asks_for(outcome: str, tries: int, urgent: bool, reason: str) -> None:
    assert asks_for_a_knock(outcome, tries, urgent=urgent) == reason
    assert knock_by("worry", DAY) == DAY == knock_by("unreached", DAY, urgent=True) < knock_by("unreached", DAY)


def walked(tier: Tier, ways: Iterator[str], weeks: int) -> list[tuple[int, str, str]]:
    """Live through days as the office would: on the day something is due it is done the way it is asked for, or the
    way that comes. Returns (day, asked way, done way).
    """
    group = GroupFact("g", tier.code, DAY)
    by: dict[str, date] = {"door": DAY}
    done = []
    for n in range(1, weeks * 7):
        today = DAY + timedelta(days=n)
        fact = DoorFact("d", DAY, max(by.values()), "met", max(by.values()), groups=(group,), last_by=tuple(by.items()))
        due = [one for one in deduce(fact, today, TIERS) if one.clock == "cadence" and one.due_on == today]
        if due:
            way = "door" if due[0].way == "door" else next(ways)
            by[way] = today
            done.append((n, due[0].way, way))
    return done


@pytest.mark.parametrize("tier", ["high", "key", "general"])
def test_each_tier_is_seen_as_often_as_it_says_and_at_the_door_as_often_as_it_says(tier: str) -> None:
    """A model of its own: gaps between any contacts that count, and gaps between knocks, never above what is said."""
    said, dice = TIERS[tier], Random(7)
    counted = [way for way in said.ways if way != "door"]
    done = walked(said, iter(lambda: dice.choice(counted), ""), 52)
    days = [0, *(n for n, _asked, _done in done)]
    assert max(later - sooner for sooner, later in pairwise(days)) == said.every_days
    knocks = [0, *(n for n, _asked, way in done if way == "door")]
    most = said.door_every_days or said.every_days
    assert max(later - sooner for sooner, later in pairwise(knocks)) <= most
    if tier == "high":
        assert [asked for _n, asked, _done in done[:6]] == ["phone", "door"] * 3


def test_what_does_not_count_moves_nothing_and_the_wish_goes_before_the_tier() -> None:
    key = GroupFact("g", "key", DAY)
    by = (("door", DAY), ("other", DAY + timedelta(days=20)))
    later = DAY + timedelta(days=30)
    asked = deduce(DoorFact("d", DAY, DAY, groups=(key,), last_by=by), later, TIERS)
    assert [one.due_on for one in asked if one.clock == "cadence"] == [later], "托人看过不算这一档"
    high = GroupFact("g", "high", DAY)
    by = (("door", DAY), ("phone", DAY + timedelta(days=60)))
    quiet = DoorFact("d", DAY, DAY, groups=(high,), last_by=by, wish=Wish(phone_instead=True))
    found = [one for one in deduce(quiet, DAY + timedelta(days=67), TIERS) if one.clock == "cadence"]
    assert [(one.way, one.due_on) for one in found] == [("phone", DAY + timedelta(days=67))]
    mute = DoorFact("d", DAY, DAY, groups=(high,), last_by=(("door", DAY),), has_telephone=False)
    assert deduce(mute, DAY + timedelta(days=7), TIERS)[0].way == "door"
    never = DoorFact("d", DAY, groups=(high,), last_by=())
    assert {one.way for one in deduce(never, DAY + timedelta(days=7), TIERS)} == {"door"}


def test_a_call_that_nobody_makes_becomes_a_knock() -> None:
    fact = DoorFact("d", DAY, DAY, groups=(GroupFact("g", "high", DAY),), last_by=(("door", DAY),))
    ways = {n: deduce(fact, DAY + timedelta(days=n), TIERS)[0].way for n in (6, 7, 8, 60)}
    assert ways == {6: "phone", 7: "phone", 8: "door", 60: "door"}


@settings(max_examples=MANY // 2, deadline=None)
@given(some.lists(some.tuples(some.integers(0, 2), some.integers(0, 3), some.integers(0, 3)), max_size=24))
def test_a_silent_staircase_is_one_where_half_the_doors_knocked_on_stayed_shut(
    knocked: list[tuple[int, int, int]],
) -> None:
    rules = load_entries(NATIONAL, "stairs.yaml")
    doors = [
        KnockedDoor(str(n), f"e{entrance}", "c", shut + opened, opened)
        for n, (entrance, shut, opened) in enumerate(knocked)
    ]
    found = silent_places(doors, rules)["half_silent"]
    for place in {door.entrance for door in doors}:
        tried = [door for door in doors if door.entrance == place and door.knocks]
        silent = [door for door in tried if not door.opened]
        assert (place in found) == (len(silent) >= 3 and 2 * len(silent) >= len(tried)), place
