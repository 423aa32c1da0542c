"""Two of us were at one door on one day: what can be put together, and what a person must decide."""

from collections.abc import Mapping
from typing import Any

STRONG = ("moved", "died", "wrong_address", "refused")
"""Outcomes that say something about who lives there: next to another one they are a contradiction."""


def differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    """Return which fields contradict; a field only one of them has is no contradiction. `outcome` stands in both.

    Somebody met in the morning and nobody home at noon are both true; met and moved away are not.
    """
    found = []
    outcomes = {first["outcome"], second["outcome"]}
    if len(outcomes) == 2 and outcomes & set(STRONG):
        found.append("outcome")
    mine, theirs = first.get("check") or {}, second.get("check") or {}
    found += [f"check.{head}" for head in mine if head in theirs and sorted(mine[head]) != sorted(theirs[head])]
    return found


def merged(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Return the check sheets of one day put together field by field; where they contradict neither is taken."""
    mine, theirs = first.get("check") or {}, second.get("check") or {}
    clash = {name.removeprefix("check.") for name in differences(first, second)}
    return {head: marks for head, marks in {**theirs, **mine}.items() if head not in clash}
