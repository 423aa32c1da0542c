"""How houses join: what is said, to whom, in which order, and what is done about it."""

import uuid
from datetime import date
from typing import Any

import pytest

from qiaomen.kernel import lines
from qiaomen.kernel.lines import Act, Holding, Line, Outcome, acts, outcomes, residents, said
from qiaomen.kernel.sensitivity import Field

TODAY = date(2026, 12, 1)
HOME, PERSON = uuid.UUID(int=1), uuid.UUID(int=2)


@pytest.fixture(autouse=True)
def nobody_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((said, "LINES_OF"), (said, "LINES_HELD"), (acts, "ACTS"), (outcomes, "OUTCOMES")):
        monkeypatch.setattr(module, name, {})
    for name in ("HELD_OF", "ERASE"):
        monkeypatch.setattr(residents, name, {})
    monkeypatch.setattr(said, "GATES", [lambda line, viewer: True])


def a_line(code: str = "cases.late", **about: Any) -> Line:
    return Line(code, ("cases.case", HOME), "一句话", household=HOME, **about)


def test_a_house_registers_once() -> None:
    lines.register_lines("cases", lambda homes, viewer, today: [])
    with pytest.raises(ValueError, match="twice"):
        lines.register_lines("cases", lambda homes, viewer, today: [])


def test_the_weightiest_line_comes_first_and_the_nearest_day_among_equals() -> None:
    late = a_line(weight=lines.PROMISE_LATE, due_on=date(2026, 11, 20))
    later = a_line(weight=lines.PROMISE_LATE, due_on=date(2026, 11, 29))
    lines.register_lines("groups", lambda homes, viewer, today: [a_line("groups.member")])
    lines.register_lines("cases", lambda homes, viewer, today: [later, late])
    assert [line.due_on for line in lines.lines_of([HOME], None, TODAY)] == [late.due_on, later.due_on, None]


def test_what_is_to_be_done_is_ordered_by_the_clock() -> None:
    owed = a_line("cases.owed", weight=lines.ANSWER_OWED, due_on=date(2026, 12, 2))
    waiting = a_line("sheets.approval", weight=lines.NICE, since=date(2026, 11, 30))
    lines.register_held("cases", lambda community, viewer, today, owner: [owed])
    lines.register_held("sheets", lambda community, viewer, today, owner: [waiting])
    assert lines.lines_held(None, None, TODAY) == [waiting, owed]


def test_late_without_a_day_stands_first_and_a_promise_before_the_office_s_own_matters() -> None:
    own = a_line("office.backup", weight=lines.PROMISE_LATE)
    broken = a_line("visits.agreed", weight=lines.PROMISE_LATE, promised=True)
    dated = a_line("cases.late", weight=lines.PROMISE_LATE, due_on=date(2026, 11, 20))
    lines.register_held("office", lambda community, viewer, today, owner: [own, dated])
    lines.register_held("visits", lambda community, viewer, today, owner: [broken])
    assert lines.lines_held(None, None, TODAY) == [broken, own, dated]


def test_every_house_is_asked_for_one_owner_alone() -> None:
    asked: list[Any] = []

    def held(community: Any, viewer: Any, today: date, owner: uuid.UUID | None) -> list[Line]:
        asked.append(owner)
        return []

    lines.register_held("cases", held)
    lines.lines_held(None, None, TODAY, owner=PERSON)
    assert asked == [PERSON]


def test_a_line_its_reader_may_not_read_is_neither_shown_nor_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    health = a_line(fields=(Field("need_kind", "health"),))
    lines.register_lines("cases", lambda homes, viewer, today: [health, a_line("cases.due")])
    assert len(lines.lines_of([HOME], None, TODAY)) == 2
    lines.guard_lines(lambda line, viewer: not line.sealed)
    assert [line.code for line in lines.lines_of([HOME], None, TODAY)] == ["cases.due"]


def test_without_a_gate_nothing_that_tells_of_people_goes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(said, "GATES", [])
    lines.register_lines("cases", lambda homes, viewer, today: [a_line(fields=(Field("name", "light"),))])
    assert lines.lines_of([HOME], None, TODAY) == []


def test_what_is_said_aloud_is_said_once_and_at_most_three_times() -> None:
    found = [a_line(spoken=text) for text in ("", "甲", "乙", "甲", "丙", "丁")]
    found.append(a_line(spoken="问", weight=lines.FACT_MISSING))
    assert lines.said_at_door(found) == ["甲", "乙", "丙"]
    assert lines.asked_at_door(found) == ["问"]


def test_a_line_offers_its_act_to_whoever_may_do_it() -> None:
    lines.register_act(Act("cases.answer", "记回话", "cases:answer", allowed=lambda viewer: viewer == "worker"))
    line = a_line(act="cases.answer")
    found = lines.act_of(line, "worker")
    assert found is not None and found.label == "记回话"
    assert lines.act_of(line, "volunteer") is None
    assert lines.act_of(a_line(), "worker") is None


def test_a_line_is_given_to_a_colleague_by_its_house() -> None:
    given: list[Any] = []
    lines.register_act(
        Act("cases.answer", "记回话", "cases:answer", reassign=lambda line, to, actor: given.append((line, to, actor)))
    )
    line = a_line(act="cases.answer")
    assert lines.can_be_reassigned(line) and not lines.can_be_reassigned(a_line())
    lines.reassign(line, to="张", actor="主任")
    assert given == [(line, "张", "主任")]
    with pytest.raises(ValueError, match="nobody"):
        lines.reassign(a_line(), to="张", actor="主任")


def test_what_is_held_on_a_resident_is_asked_of_every_house_and_forgotten_by_those_that_may() -> None:
    phone = Holding("电话", "139", "联系本人", "社区工作职责")
    lines.register_resident("register", held_of=lambda person: [phone], erase=lambda person, actor: 3)
    lines.register_resident("needs", held_of=lambda person: [])
    assert lines.held_of(PERSON) == {"register": [phone]}
    assert lines.erase(PERSON, None) == 3


def test_an_outcome_nobody_registered_is_none() -> None:
    lines.register_outcome(Outcome("granted", "批准了"))
    assert lines.outcome_of("granted") is not None
    assert lines.outcome_of("refused") is None
    with pytest.raises(ValueError, match="twice"):
        lines.register_outcome(Outcome("granted", "批准了"))
