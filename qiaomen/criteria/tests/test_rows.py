"""Every shipped rule is rows and comes back as the same text; what rows cannot show stays text."""

import random

import pytest

from qiaomen.criteria.engine import answer
from qiaomen.criteria.language import read
from qiaomen.criteria.rows import Block, Row, compares_for, kind_of, to_rows, to_text
from qiaomen.criteria.statement import Rule
from qiaomen.criteria.tests.test_criteria import FACTS, GROUPS, NOW, columns_of


@pytest.mark.parametrize("rule", GROUPS.values(), ids=lambda rule: rule.code)
def test_a_shipped_rule_is_rows_and_comes_back(rule: Rule) -> None:
    block = to_rows(rule.criteria[0].tree)
    assert block is not None and to_text(block, FACTS) == rule.criteria[0].text


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("NOT (age >= 60)", "age < 60"),
        ("60 <= age", "age >= 60"),
        ("NOT NOT disability_card", "disability_card"),
        ("NOT (parents_away = 'none')", "parents_away <> 'none'"),
        ("NOT NOT any_in(home, is_orphan)", "any_in(home, is_orphan)"),
        ("all_in(household, age >= :elder.age OR disability_card)", None),
        ("any_in(home, age < 3 AND (is_orphan OR guardian_lacking))", None),
        ("disability_card_until < '2027-01-01' AND count_in(family, TRUE) <= 2", None),
    ],
)
def test_other_spellings_become_the_same_rows(text: str, rows: str | None) -> None:
    block = to_rows(read(text, FACTS).tree)
    assert block is not None and to_text(block, FACTS) == (rows or text)


@pytest.mark.parametrize(
    "text",
    [
        "age BETWEEN 60 AND 70",
        "age + 5 > 60",
        "sum_in(family, age) > 100",
        "disability_kind IN ('vision', 'limb')",
        "count_in(home, age >= 60) = 2",
        "NOT (age > 60 AND disability_card)",
        "TRUE",
        "NOT all_in(home, female)",
        "age > 1 AND (female OR (is_head AND (usual_resident OR lifted_out)))",
    ],
)
def test_what_rows_cannot_show_stays_text(text: str) -> None:
    assert to_rows(read(text, FACTS).tree) is None


def some_block(chance: random.Random, depth: int, around: bool) -> Block:
    parts: list[Row | Block] = []
    for _ in range(chance.randint(1, 3)):
        if depth < 3 and chance.random() < 0.35:
            parts.append(some_block(chance, depth + 1, around))
            continue
        fact = chance.choice([code for code, fact in FACTS.items() if fact.kind != "text"])
        row = Row(fact)
        kind = kind_of(row, FACTS)
        value = {"bool": "", "int": str(chance.choice([0, 2, 18, 60])), "date": "2026-11-25"}.get(kind)
        chosen = value if value is not None else chance.choice(list(FACTS[fact].choices))
        parts.append(Row(fact, chance.choice(compares_for(kind)), chosen))
    who = ""
    if depth > 1 and not around and chance.random() < 0.4:
        who, parts = (
            chance.choice(["any:home", "none:family", "all:household"]),
            [part for part in parts if isinstance(part, Row)] or [Row("age", ">", "60")],
        )
    return Block(chance.choice(["all", "any"]), who, tuple(parts))


def test_rows_of_any_shape_mean_what_their_text_means() -> None:
    """200 built rules: read again as rows they give the same text, and the engine the same answers."""
    chance = random.Random(11)
    people = [
        {
            "home": n // 3,
            "family": n // 3,
            "household": n // 4,
            **{
                code: {"bool": chance.random() < 0.5, "int": chance.choice([0, 2, 18, 60]), "date": "2026-11-25"}.get(
                    fact.kind, next(iter(fact.choices), None)
                )
                for code, fact in FACTS.items()
                if fact.kind != "text" and chance.random() < 0.7
            },
        }
        for n in range(60)
    ]
    columns = columns_of(people)
    for _ in range(200):
        text = to_text(some_block(chance, 1, False), FACTS)
        first = read(text, FACTS)
        block = to_rows(first.tree)
        assert block is not None, text
        again = read(to_text(block, FACTS), FACTS)
        assert to_rows(again.tree) == block
        found = answer([Rule("a", (first,)), Rule("b", (again,))], columns, FACTS, NOW)
        assert found["a"] == found["b"], text


def test_a_row_that_is_not_whole_makes_no_text() -> None:
    for row in (
        Row(),
        Row("age", ">="),
        Row("age", "is"),
        Row("parents_away", "=", "x' OR 'a'='a"),
        Row("school", "=", "x"),
    ):
        with pytest.raises(ValueError):
            to_text(Block(parts=(row,)), FACTS)
