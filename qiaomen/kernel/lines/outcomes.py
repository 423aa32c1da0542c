"""How a matter can end, and what its end makes in a house above: a grant makes an award."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """One way a matter ends. `makes`: `(case, actor)`, called in the transaction that closes; None: only the answer.

    `is_done`: what was asked for came about; where it did not, nobody is told that it did.
    """

    code: str
    title: Any
    makes: Callable[[Any, Any], None] | None = None
    is_done: bool = True


OUTCOMES: dict[str, Outcome] = {}


def register_outcome(outcome: Outcome) -> None:
    """Make an outcome known by its code. Raises ValueError for a code used twice."""
    if outcome.code in OUTCOMES:
        raise ValueError(f"outcome {outcome.code} is registered twice")
    OUTCOMES[outcome.code] = outcome


def all_outcomes() -> list[Outcome]:
    """Return the ways a matter can end, in the order they were registered: the street's."""
    return list(OUTCOMES.values())


def outcome_of(code: str) -> Outcome | None:
    """Return the outcome with this code, None for one that nobody registered: a matter cannot close with it."""
    return OUTCOMES.get(code)
