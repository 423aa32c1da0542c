"""What is due follows from the facts: three clocks, events, second tries; wishes are always obeyed."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from qiaomen.criteria.facts import load_entries
from qiaomen.criteria.tests.test_criteria import NATIONAL
from qiaomen.visits.rules.due import (
    DoorFact,
    Due,
    EventFact,
    GroupFact,
    PromiseFact,
    Tier,
    Wish,
    deduce,
    is_must,
    why_gone,
)
from qiaomen.visits.rules.planner_input import is_welcome

TODAY = date(2026, 11, 24)
TIERS = {entry["code"]: Tier(**entry) for entry in load_entries(NATIONAL, "cadence.yaml")}


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def met(days: int, **more: object) -> DoorFact:
    return DoorFact("d", last_spoken=ago(days), last_outcome="met", last_outcome_day=ago(days), **more)  # type: ignore[arg-type]


HIGH, KEY = GroupFact("high_risk_elder", "high"), GroupFact("empty_nest_elder", "key")
FORTNIGHT = GroupFact("empty_nest_elder", "key", every_days=14)


@pytest.mark.parametrize(
    ("story", "door", "expected"),
    [
        ("从没见过的门，登记起就该走", DoorFact("d", known_since=ago(10)), ["never-seen"]),
        ("上周刚见过的普通户，不急", met(7), []),
        ("三个月没见的普通户，窗口开了", met(91), ["longest-unseen"]),
        ("高频老人四天前见过，窗口刚开", met(4, groups=(HIGH,)), ["high_risk_elder"]),
        ("高频老人三天前见过，还不到", met(3, groups=(HIGH,)), []),
        ("重点老人二十天前见过，提前十天开窗", met(20, groups=(KEY,)), ["empty_nest_elder"]),
        ("办公室把空巢定为十四天一次", met(8, groups=(FORTNIGHT,)), ["empty_nest_elder"]),
        ("两个群体，按更急的那个", met(8, groups=(HIGH, KEY)), ["high_risk_elder"]),
        ("答应的事三天内到期", met(1, promises=(PromiseFact("case/1", "case", ago(-3)),)), ["case"]),
        ("答应的事还有四天，不急", met(1, promises=(PromiseFact("case/1", "case", ago(-4)),)), []),
        ("昨天有人去世", met(30, events=(EventFact("bereaved", ago(1)),)), ["bereaved"]),
        ("去世以后已经去过", met(0, events=(EventFact("bereaved", ago(1)),)), []),
        ("昨天没人在，后天再试", DoorFact("d", last_outcome="no_answer", last_outcome_day=ago(1), tries=1), []),
        (
            "前天没人在，换个时间",
            DoorFact("d", last_outcome="no_answer", last_outcome_day=ago(2), tries=1),
            ["second-try"],
        ),
        (
            "谢绝过，一个季度内不再敲",
            DoorFact("d", last_outcome="refused", last_outcome_day=ago(89), groups=(HIGH,)),
            [],
        ),
        (
            "谢绝满一个季度",
            DoorFact("d", last_outcome="refused", last_outcome_day=ago(90), known_since=ago(400)),
            ["never-seen"],
        ),
        ("出门到下周，先不走", met(40, groups=(KEY,), paused_until=ago(-7)), []),
        ("今天回来，自己恢复", met(40, groups=(KEY,), paused_until=TODAY), ["empty_nest_elder"]),
        ("不要上门", met(400, groups=(HIGH,), wish=Wish(no_visits=True)), []),
        ("这个月已经去过两次，不再去", met(40, groups=(KEY,), wish=Wish(most_per_month=2), visits_last_month=2), []),
    ],
)
def test_why_a_door_is_due(story: str, door: DoorFact, expected: list[str]) -> None:
    assert [due.reason for due in deduce(door, TODAY, TIERS)][: len(expected) or 1] == expected, story


def test_a_promise_to_those_who_want_no_visit_is_kept_by_telephone() -> None:
    promise = (PromiseFact("case/1", "case", TODAY),)
    for door in (met(40, wish=Wish(no_visits=True), promises=promise), met(40, paused_until=ago(-7), promises=promise)):
        assert [(due.reason, due.way) for due in deduce(door, TODAY, TIERS)] == [("case", "phone")]
    assert {due.way for due in deduce(met(40, groups=(KEY,), wish=Wish(phone_instead=True)), TODAY, TIERS)} == {"phone"}


def test_hours_that_were_agreed_are_kept_at_the_door_however_often_somebody_came_this_month() -> None:
    wish = Wish(most_per_month=1)
    agreed = PromiseFact("agreed/1", "agreed", TODAY, agreed_on=ago(1))
    door = met(1, wish=wish, promises=(agreed,), visits_last_month=3)
    assert [(due.reason, due.way) for due in deduce(door, TODAY, TIERS)] == [("agreed", "door")]
    assert is_welcome(door, TODAY, 600.0, 12.0, frozenset())
    assert not is_welcome(door, TODAY + timedelta(days=1), 600.0, 12.0, frozenset())
    case = replace(door, promises=(PromiseFact("case/1", "case", TODAY),))
    assert [(due.reason, due.way) for due in deduce(case, TODAY, TIERS)] == [("case", "phone")]


def test_a_promise_is_a_must_on_its_last_day_and_a_change_at_high_risk_at_once() -> None:
    assert is_must("promise", ago(3), TODAY, TODAY) and not is_must("promise", ago(3), ago(-1), TODAY)
    born, turned = (met(30, groups=(HIGH,), events=(EventFact(kind, ago(1)),)) for kind in ("born", "turned-80"))
    (change,) = [due for due in deduce(born, TODAY, TIERS) if due.clock == "event"]
    (birthday,) = [due for due in deduce(turned, TODAY, TIERS) if due.clock == "event"]
    assert is_must("event", change.opens_on, change.due_on, TODAY)
    assert not is_must("event", birthday.opens_on, birthday.due_on, TODAY + timedelta(days=90))
    assert not is_must("cadence", ago(9), ago(2), TODAY)


def test_after_three_shut_doors_it_is_work_for_the_desk() -> None:
    door = DoorFact("d", last_outcome="no_answer", last_outcome_day=ago(3), tries=3)
    assert {due.way for due in deduce(door, TODAY, TIERS)} == {"desk"}


def test_a_knock_in_vain_makes_nothing_less_late() -> None:
    door = DoorFact("d", last_spoken=ago(40), last_outcome="no_answer", last_outcome_day=ago(1), tries=1, groups=(KEY,))
    before = deduce(met(40, groups=(KEY,)), TODAY, TIERS)[0]
    (late,) = [due for due in deduce(door, TODAY, TIERS, 7) if due.clock == "cadence"]
    assert (late.id, late.due_on) == (before.id, before.due_on) and late.due_on < TODAY
    assert late.opens_on == TODAY + timedelta(days=1)


def some_door(dice: Random) -> DoorFact:
    outcome = dice.choice([None, "met", "no_answer", "refused", "by_phone"])
    last = ago(dice.randrange(200)) if outcome else None
    return DoorFact(
        str(dice.randrange(50)),
        known_since=dice.choice([None, ago(300)]),
        last_spoken=last if outcome in ("met", "by_phone") else dice.choice([None, ago(200)]),
        last_outcome=outcome,
        last_outcome_day=last,
        tries=dice.randrange(5),
        groups=tuple(dice.sample([HIGH, KEY, FORTNIGHT], dice.randrange(3))),
        promises=tuple(PromiseFact(f"c{n}", "case", ago(dice.randrange(-10, 10))) for n in range(dice.randrange(2))),
        events=tuple(EventFact("born", ago(dice.randrange(40))) for _ in range(dice.randrange(2))),
        wish=Wish(dice.random() < 0.2, dice.random() < 0.2, most_per_month=dice.choice([None, 0, 2])),
        paused_until=dice.choice([None, ago(dice.randrange(-20, 20))]),
        visits_last_month=dice.randrange(4),
    )


def test_10_000_doors_the_same_facts_give_the_same_due_visits_and_no_wish_is_broken() -> None:
    dice = Random(20261124)
    for _ in range(10_000):
        door = some_door(dice)
        found = deduce(door, TODAY, TIERS)
        assert found == deduce(door, TODAY, TIERS) and len({due.id for due in found}) == len(found)
        assert all(due.opens_on <= TODAY for due in found)
        at_the_door = [due for due in found if due.way == "door"]
        wish, away = door.wish, door.paused_until is not None and door.paused_until > TODAY
        if wish.no_visits or wish.phone_instead or away:
            assert not at_the_door
        if wish.most_per_month is not None and door.visits_last_month >= wish.most_per_month:
            assert not at_the_door


def test_the_id_follows_from_what_it_stands_on() -> None:
    due: Due = deduce(met(40, groups=(KEY,)), TODAY, TIERS)[0]
    assert deduce(met(40, groups=(KEY,)), TODAY, TIERS)[0].id == due.id
    later = TODAY + timedelta(days=1)
    assert deduce(met(40, groups=(KEY,)), later, TIERS)[0].id == due.id
    assert deduce(met(39, groups=(KEY,)), TODAY, TIERS)[0].id != due.id


@pytest.mark.parametrize(
    ("story", "clock", "reason", "door", "cause"),
    [
        ("搬走了", "cadence", "empty_nest_elder", None, "nobody-lives-here"),
        ("子女搬回来，不再空巢", "cadence", "empty_nest_elder", met(40), "left-group"),
        (
            "拒访",
            "cadence",
            "empty_nest_elder",
            DoorFact("d", last_outcome="refused", last_outcome_day=TODAY),
            "refused",
        ),
        ("去外地", "unseen", "never-seen", DoorFact("d", paused_until=ago(-9)), "paused"),
        ("不要上门", "unseen", "never-seen", DoorFact("d", wish=Wish(no_visits=True)), "no-visits-wished"),
        ("答应的事办完了", "promise", "case", met(1), "withdrawn"),
    ],
)
def test_what_is_no_longer_due_says_why(story: str, clock: str, reason: str, door: DoorFact | None, cause: str) -> None:
    assert why_gone(clock, reason, door, TODAY) == cause, story


def test_a_window_that_opens_within_the_week_can_be_seen_ahead() -> None:
    door = met(18, groups=(KEY,))
    assert not deduce(door, TODAY, TIERS)
    (ahead,) = deduce(door, TODAY, TIERS, 7)
    assert ahead.opens_on == TODAY + timedelta(days=2) and ahead == deduce(door, TODAY + timedelta(days=2), TIERS)[0]


def test_a_tier_without_a_source_is_refused() -> None:
    with pytest.raises(ValueError, match="source"):
        Tier("x", 7, 3, 1, 1.0, "")
    assert all(tier.source for tier in TIERS.values())


@pytest.mark.parametrize("kind", ["agreed", "maybe"])
def test_what_else_is_due_waits_for_an_agreed_day_but_no_longer_than_to_its_own(kind: str) -> None:
    far = PromiseFact("agreed/1", kind, ago(-40), agreed_on=ago(1))
    door = met(1, groups=(HIGH,), promises=(far,), events=(EventFact("born", TODAY),))
    found = {due.clock: due for due in deduce(door, TODAY, TIERS, 60)}
    assert found["cadence"].opens_on == found["cadence"].due_on == ago(-6), "the weekly visit is not put off to the day"
    assert found["event"].opens_on <= found["event"].due_on == ago(-1) and found["promise"].due_on == ago(-40)
    soon = replace(door, promises=(replace(far, due_on=ago(-5)),))
    found = {due.clock: due for due in deduce(soon, TODAY, TIERS, 60)}
    assert (found["cadence"].opens_on, found["cadence"].due_on) == (ago(-5), ago(-6)), "one knock does for both"
