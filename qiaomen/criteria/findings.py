"""What to ask next: of the facts not known, those first whose answer decides most. Advice; a person decides."""

from collections.abc import Mapping
from typing import Any

from sqlglot import exp

from qiaomen.criteria.engine import Columns, answer
from qiaomen.criteria.facts import Fact, Parameter
from qiaomen.criteria.statement import Rule

MOST_ANSWERS = 12
"""A fact is tried with at most so many answers."""


def possible_answers(fact: Fact, rule: Rule, parameters: Mapping[str, Parameter]) -> list[Any]:
    """Return the answers worth telling apart: both truths, each choice, or the numbers around each bound of the
    rule.
    """
    if fact.kind == "bool":
        return [True, False]
    if fact.kind == "code":
        return list(fact.choices)[:MOST_ANSWERS]
    texts = {str(leaf.this) for criterion in rule.criteria for leaf in criterion.tree.find_all(exp.Literal)}
    if fact.kind == "date":
        return sorted(text for text in texts if len(text) == 10)[:MOST_ANSWERS]
    bounds = {int(text) for text in texts if text.isdecimal()}
    named = [
        parameters[code].value for criterion in rule.criteria for code in criterion.parameters if code in parameters
    ]
    bounds |= {value for value in named if value is not None}
    return sorted({n + step for n in bounds for step in (-1, 0, 1) if n + step >= 0})[:MOST_ANSWERS]


def questions(
    rule: Rule, columns: Columns, place: int, facts: Mapping[str, Fact], parameters: Mapping[str, Parameter]
) -> list[str]:
    """Return the codes of what is not known of the person at `place` and could decide the rule, the best first.

    `columns` holds the person and whoever shares a grouping with them. Each answer is tried on the one engine; a fact
    counts by the share of its answers that decide.
    """
    if answer([rule], columns, facts, parameters)[rule.code][place] is not None:
        return []
    shares: dict[str, float] = {}
    for code in rule.facts:
        values = list(columns.get(code, [None] * len(columns["id"])))
        if values[place] is not None:
            continue
        tries = possible_answers(facts[code], rule, parameters)
        decided = 0
        for value in tries:
            values[place] = value
            decided += answer([rule], {**columns, code: values}, facts, parameters)[rule.code][place] is not None
        if tries:
            shares[code] = decided / len(tries)
    return sorted(shares, key=lambda code: (-shares[code], rule.facts.index(code)))
