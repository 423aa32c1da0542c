"""Procedures are data: a file is read whole or refused with line and column, and none of them has a dead end."""

from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from qiaomen.cases.rules.procedure import Done, Facts, FaultyProcedure, Procedure, read_procedure, standing
from qiaomen.cases.selectors.procedures import due_of
from qiaomen.criteria.facts import Parameter, load_parameters
from qiaomen.kernel.clock import SHANGHAI

NATIONAL = Path(__file__).resolve().parents[3] / "packs" / "national"
TODAY = date(2026, 12, 1)
PARAMETERS = load_parameters([NATIONAL], TODAY)
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=SHANGHAI)
FILES = sorted((NATIONAL / "procedures").glob("*.yaml"))

GOOD = """code: lamp
title: 修灯
version: 1
source: 某条例 第一条
limit: {unit: days, amount: hotline.default_wd, source: 某条例 第一条}
steps:
- {code: look, title: 看一看, stage: 看, who: owner, source: 某条例 第二条}
- {code: mend, title: 修好, stage: 修, who: owner, after: [look], source: 某条例 第二条}
endings:
- {code: done, title: 修好了, ends: done, after: [mend]}
"""


def read(file: Path) -> Procedure:
    return read_procedure(file.read_text(encoding="utf-8"), PARAMETERS)


@pytest.mark.parametrize(
    ("old", "new", "place", "code", "words"),
    [
        ("stage: 看,", "stage: 看, stairs: 3,", (7, 38), "unknown_field", "stairs"),
        ("after: [look]", "after: [lock]", (8, 57), "unknown_step", "lock"),
        ("after: [look]", "after: ['look:yes']", (8, 57), "unknown_result", "look:yes"),
        ("stage: 看,", "stage: 看, after: [mend],", (7, 3), "circular", "look → mend → look"),
        ("amount: hotline.default_wd", "amount: 5", (5, 29), "no_parameter", "5"),
        ("amount: hotline.default_wd, ", "", (5, 8), "missing_field", "amount"),
        ("unit: days", "unit: weeks", (5, 15), "unknown_word", "weeks"),
        ("who: owner, source", "who: boss, source", (7, 43), "unknown_word", "boss"),
        ("code: mend", "code: look", (7, 3), "twice", "look"),
        ("version: 1", "version: new", (3, 10), "not_a_number", "new"),
        ("ends: done", "ends: glory", (10, 34), "unknown_word", "glory"),
        (", source: 某条例 第二条}", "}", (7, 3), "missing_field", "source"),
        ("title: 修灯", "title: [", (4, 1), "not_yaml", None),
        (GOOD, "", (1, 1), "not_a_mapping", ""),
        (GOOD, "- 1", (1, 1), "not_a_mapping", ""),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_place(
    old: str, new: str, place: tuple[int, int], code: str, words: str | None
) -> None:
    assert read_procedure(GOOD, PARAMETERS).steps[1].title == "修好"
    with pytest.raises(FaultyProcedure) as refused:
        read_procedure(GOOD.replace(old, new), PARAMETERS)
    fault = next(found for found in refused.value.faults if found.code == code)
    assert (fault.line, fault.column) == place or code == "not_yaml", refused.value
    assert words is None or fault.words == words


def test_every_fault_of_a_file_is_said_at_once() -> None:
    bad = GOOD.replace("stage: 看", "stairs: 看").replace("ends: done", "ends: glory").replace("unit: days", "unit: no")
    with pytest.raises(FaultyProcedure) as refused:
        read_procedure(bad, PARAMETERS)
    assert [fault.code for fault in refused.value.faults] == [
        *("unknown_word", "missing_field", "unknown_field", "unknown_word"),
    ]


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_national_procedure_names_its_sources_and_has_no_dead_end(file: Path) -> None:
    """Every way through it is walked: nobody stands where there is neither a next step nor an end but giving up."""
    procedure = read(file)
    assert procedure.code == file.stem
    assert all(limit.source for limit in procedure.limits()) and all(step.source for step in procedure.steps)
    seen, todo, ended = set(), [()], set[str]()
    while todo:
        done = todo.pop()
        found = standing(procedure, Facts(NOON, [Done(step, NOON, result) for step, result in done]), TODAY, PARAMETERS)
        endings = {ending.code for ending in found.endings} - {"withdrawn"}
        ended |= endings
        assert endings or any(not item.step.optional for item in found.next_steps), done
        for item in found.next_steps:
            for result in [found.code for found in item.step.results if not found.redo] or [""]:
                way = (*done, (item.step.code, result))
                if frozenset(way) not in seen:
                    seen.add(frozenset(way))
                    todo.append(way)
    assert ended == {ending.code for ending in procedure.endings} - {"withdrawn"}


def test_the_fifteen_procedures_are_there_and_no_amount_is_taken_for_confirmed() -> None:
    assert {file.stem for file in FILES} >= {"general", "errand", "referral", "mediation", "dibao", "relief-urgent"}
    assert len(FILES) == 15
    for file in FILES:
        found = standing(read(file), Facts(NOON), TODAY, PARAMETERS)
        assert all(amount.value is None for amount in found.amounts), file.stem
    named = frozenset[str]().union(*(read(file).parameters() for file in FILES))
    confirmed = {
        code: Parameter(**{**vars(PARAMETERS[code]), "value": 7, "confirmed_by": "县民政局"}) for code in named
    }
    dibao = standing(read(NATIONAL / "procedures" / "dibao.yaml"), Facts(NOON), TODAY, confirmed)
    assert [amount.value for amount in dibao.amounts] == [7]


def test_a_refusal_owes_reasons_in_writing_and_the_way_to_appeal() -> None:
    """社会救助法 第四十五条、第七十六条: on every refusal of aid."""
    for file in FILES:
        procedure = read(file)
        refusal = procedure.ending("refused")
        if refusal is None or file.stem in {"errand", "referral"}:
            continue
        assert refusal.channel == "letter" and "理由" in refusal.must_say and "行政复议" in refusal.must_say, file.stem


CASE: Any = SimpleNamespace(need=SimpleNamespace(handling="office"))


def last_day_of(procedure: Procedure, done: list[Done], day: date, **more: Any) -> date:
    facts = Facts(NOON, done, **more)
    return due_of(CASE, facts, standing(procedure, facts, day, PARAMETERS))


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_no_step_that_is_recorded_in_time_makes_a_matter_late(file: Path) -> None:
    """Sixty ways through it, each step on its last day or before: the clock never jumps to a day that is over.

    Only where what ended the clock is taken back after its last day does the clock of the source say so.
    """
    procedure = read(file)
    for seed in range(60):
        dice, done, now = Random(seed), list[Done](), NOON
        for _step in range(12):
            day = now.date()
            found = standing(procedure, Facts(NOON, done), day, PARAMETERS)
            able = [item for item in found.next_steps if item.not_before is None or item.not_before <= day]
            if not able:
                break
            step = dice.choice(able).step
            results = [result.code for result in step.results] or [""]
            done = [*done, Done(step.code, now, dice.choice(results))]
            due = last_day_of(procedure, done, day)
            whole = standing(procedure, Facts(NOON, done), day, PARAMETERS).whole
            if found.whole.ended_on is not None and whole.ended_on is None and whole.due and due == whole.due.day:
                break
            assert due >= day, (seed, done, due)
            now += timedelta(days=dice.randint(0, (due - day).days))


def test_what_is_left_after_the_clock_has_ended_has_the_rest_of_it_or_two_days() -> None:
    procedure = read(NATIONAL / "procedures" / "dibao.yaml")
    accepted = [Done("hand_in", NOON), Done("accept", NOON, "accepted"), Done("investigate", NOON), Done("post", NOON)]
    whole = last_day_of(procedure, accepted, TODAY)
    early = [*accepted, Done("decide", NOON + timedelta(days=14), "granted")]
    assert last_day_of(procedure, early, TODAY) == whole, "what is over early is not late at once"
    on_the_day = datetime(whole.year, whole.month, whole.day, 12, tzinfo=SHANGHAI)
    assert last_day_of(procedure, [*accepted, Done("decide", on_the_day, "granted")], whole) > whole


def test_a_matter_that_was_reopened_is_decided_anew() -> None:
    """行政复议 succeeds: the county decides again, and what rested on the first decision rests on the second."""
    procedure = read(NATIONAL / "procedures" / "dibao.yaml")
    steps = [("hand_in", ""), ("accept", "accepted"), ("investigate", ""), ("post", ""), ("decide", "refused")]
    past = [Done(step, NOON, result, is_past=True) for step, result in steps]
    again = NOON + timedelta(days=60)
    before = standing(procedure, Facts(again, past), again.date(), PARAMETERS)
    assert {item.step.code for item in before.next_steps if item.again} == {step for step, _result in steps}
    assert not before.waits and [ending.code for ending in before.endings] == ["refused", "withdrawn"]
    done = [*past, Done("decide", again, "granted")]
    after = standing(procedure, Facts(again, done), again.date(), PARAMETERS)
    assert [item.step.code for item in after.next_steps if item.holds_up] == ["publish"]
    found = standing(procedure, Facts(again, [*done, Done("publish", again)]), again.date(), PARAMETERS)
    assert [ending.code for ending in found.endings] == ["granted", "withdrawn"]
    anew = standing(procedure, Facts(again, [*done, Done("investigate", again)]), again.date(), PARAMETERS)
    assert [item.step.code for item in anew.next_steps if item.holds_up] == ["post"]
