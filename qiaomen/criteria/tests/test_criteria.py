"""The language refuses what it does not know, not-known stays not known, and the packs' worked cases come out."""

import itertools
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qiaomen.criteria.engine import answer, answer_in_full
from qiaomen.criteria.facts import Fact, Parameter, load_entries, load_facts, load_parameters
from qiaomen.criteria.findings import possible_answers, questions
from qiaomen.criteria.language import CannotRead, read
from qiaomen.criteria.statement import Rule

NATIONAL = [Path(__file__).resolve().parents[3] / "packs" / "national"]
FACTS = load_facts(NATIONAL)
NOW = load_parameters(NATIONAL, date(2026, 11, 25))
GROUPS = {
    entry["code"]: Rule(entry["code"], (read(entry["when"], FACTS),)) for entry in load_entries(NATIONAL, "groups.yaml")
}
STORIES = load_entries(NATIONAL, "groups.stories.yaml")


def columns_of(people: list[dict[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {"id": list(range(len(people)))}
    for grouping in ("home", "family", "household"):
        found[grouping] = [person.get(grouping, 1) for person in people]
    for code in FACTS:
        found[code] = [person.get(code) for person in people]
    return found


@pytest.mark.parametrize("story", STORIES, ids=lambda story: f"{story['group']}：{story['story']}")
def test_a_worked_case(story: dict[str, Any]) -> None:
    rule, columns = GROUPS[story["group"]], columns_of(story["people"])
    truth = answer([rule], columns, FACTS, NOW)[rule.code][0]
    assert {True: "met", False: "not_met", None: "unknown"}[truth] == story["outcome"]
    if "ask" in story:
        assert questions(rule, columns, 0, FACTS, NOW)[0] == story["ask"]


def test_all_rules_are_one_statement_and_agree_with_each_alone() -> None:
    chance = random.Random(7)
    people = []
    for n in range(400):
        places = {"home": n // 3, "family": n // 3, "household": n // 4}
        for code, fact in FACTS.items():
            if fact.kind != "text" and chance.random() < 0.6:
                places[code] = chance.choice(possible_answers(fact, next(iter(GROUPS.values())), NOW) or [None])
        people.append(places)
    chance.shuffle(people)
    columns = columns_of(people)
    columns["id"] = chance.sample(range(10_000), len(people))
    together = answer(list(GROUPS.values()), columns, FACTS, NOW)
    for rule in GROUPS.values():
        assert answer([rule], columns, FACTS, NOW)[rule.code] == together[rule.code]
    assert any(None in truths for truths in together.values()) and any(True in truths for truths in together.values())


@pytest.mark.parametrize("rule", GROUPS.values(), ids=lambda rule: rule.code)
def test_not_known_is_never_a_yes_or_a_no_unless_every_completion_says_so(rule: Rule) -> None:
    """Kleene soundness by enumeration: one person at a door with one neighbour who is wholly known."""
    chance, checked = random.Random(rule.code), 0
    spaces = {code: possible_answers(FACTS[code], rule, NOW)[:5] for code in rule.facts}
    for _ in range(25):
        known = {code: chance.choice(space) for code, space in spaces.items() if chance.random() < 0.5}
        other = {code: chance.choice(space) for code, space in spaces.items()}
        truth = answer([rule], columns_of([known, other]), FACTS, NOW)[rule.code][0]
        missing = [code for code in rule.facts if code not in known]
        completions = list(itertools.islice(itertools.product(*(spaces[code] for code in missing)), 200))
        people = [
            {**known, **dict(zip(missing, values, strict=True)), "home": n, "family": n, "household": n}
            for n, values in enumerate(completions)
        ] + [{**other, "home": n, "family": n, "household": n} for n in range(len(completions))]
        outcomes = set(answer([rule], columns_of(people), FACTS, NOW)[rule.code][: len(completions)])
        if truth is not None:
            assert outcomes == {truth}
            checked += 1
    assert checked


def test_an_age_not_known_makes_a_sum_not_known_and_nowhere_is_no_grouping() -> None:
    rule = Rule("r", (read("sum_in(home, disability_grade) >= 0", FACTS), read("count_in(home, TRUE) = 2", FACTS)))
    columns = columns_of([{"disability_grade": 1}, {}, {"disability_grade": 1, "home": None}, {"home": None}])
    found = answer_in_full([rule], columns, FACTS, NOW)["r"]
    assert found == {"rule": [None] * 4, "0": [None] * 4, "1": [True, True, None, None]}


def test_a_parameter_nobody_confirmed_makes_the_rule_not_known() -> None:
    rule = Rule("r", (read("age >= :local.line", FACTS),))
    columns = columns_of([{"age": 70}])
    assert answer([rule], columns, FACTS, NOW)["r"] == [None]
    line = Parameter("local.line", "线", 65, "岁", "本县")
    assert answer([rule], columns, FACTS, {**NOW, "local.line": line})["r"] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "age",
        "age >",
        "nothing = 1",
        "parents_away = 'elsewhere'",
        "age = 'x'",
        "any_in(home, any_in(home, is_head))",
        "SELECT 1",
        "is_head; is_head",
        "age IS NULL",
        "COALESCE(is_head, TRUE)",
        "EXISTS(SELECT 1)",
        "pg_sleep(3)",
        "any_in(village, is_head)",
        "is_head = 1",
        "age::text = '1'",
        "'a' = 'a'",
        "guardian_name = '张三'",
        "age IN (SELECT 1)",
        "read_csv('/etc/passwd')",
        "disability_card_until < '九月'",
        "-1 + is_head > 0",
        "",
    ],
)
def test_what_is_no_criterion_is_refused_in_chinese(text: str) -> None:
    with pytest.raises(CannotRead) as refusal:
        read(text, FACTS)
    assert any("\u4e00" <= char <= "\u9fff" for char in str(refusal.value))


def test_every_group_has_a_source_and_uses_only_what_is_declared() -> None:
    for entry in load_entries(NATIONAL, "groups.yaml"):
        assert entry["source"] and entry["title"] and entry["tier"] in ("high", "key", "general")
        assert set(GROUPS[entry["code"]].criteria[0].parameters) <= set(NOW)


def test_a_fact_reads_back_what_it_wrote_and_refuses_the_rest() -> None:
    for code, value in [
        ("disability_card", True),
        ("disability_grade", 2),
        ("dibao_from", date(2026, 1, 1)),
        ("parents_away", "both"),
        ("school", "实验小学"),
    ]:
        assert FACTS[code].read(FACTS[code].write(value)) == value
    for code, wrong in [("parents_away", "elsewhere"), ("disability_grade", "两级"), ("disability_card", 1)]:
        with pytest.raises((ValueError, KeyError)):
            FACTS[code].write(wrong)
    with pytest.raises(ValueError, match="choices"):
        Fact("x", "x", "code", "told", "?", "p", "b")


@pytest.mark.parametrize("text", ["[" * 2000, "(" * 2000, "NOT " * 3000 + "age > 1"])
def test_a_condition_nested_without_end_is_refused_in_words(text: str) -> None:
    with pytest.raises(CannotRead, match="太深"):
        read(text, {})
