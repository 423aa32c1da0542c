"""Facts and parameters as packs declare them: what may be asked about, and the numbers policy sets."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from qiaomen.kernel.texts import read_day

KINDS = ("bool", "int", "date", "code", "text")
GROUPINGS = ("home", "family", "household")
"""Whom a person is looked at together with: behind one door, from one purse, in one register."""
PLACES = ("entrance", "compound")
"""What a door is looked at together with: up one staircase, in one compound."""


@dataclass(frozen=True)
class Fact:
    """What may be known of a person. `origin`: register (a column, or counted from one) or told (noted with a date).

    `sensitivity` is plain, health, finance or child; everything but plain is masked outside its purpose.
    """

    code: str
    title: str
    kind: str
    origin: str
    ask: str
    purpose: str
    basis: str
    unit: str = ""
    sensitivity: str = "plain"
    choices: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a declaration that nobody could use. Raises ValueError."""
        if self.kind not in KINDS or self.origin not in ("register", "told"):
            raise ValueError(f"fact {self.code}: kind {self.kind}, origin {self.origin}")
        if (self.kind == "code") != bool(self.choices):
            raise ValueError(f"fact {self.code}: a code has choices, nothing else has")
        if not (self.ask and self.purpose and self.basis):
            raise ValueError(f"fact {self.code}: ask, purpose and basis must be said")

    def read(self, text: str) -> Any:
        """Return a stored text as a value: True, 3, a date, a choice's code. Raises ValueError."""
        if self.kind == "bool":
            return {"true": True, "false": False}[text]
        if self.kind == "int":
            return int(text)
        if self.kind == "date":
            return date.fromisoformat(text)
        if self.kind == "code" and text not in self.choices:
            raise ValueError(f"{self.code}: {text}")
        return text

    def write(self, value: Any) -> str:
        """Return a value as the text to store. Raises ValueError for a value of another kind."""
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if self.read(text) != value or (self.kind == "date" and read_day(text) is None):
            raise ValueError(f"{self.code}: {value!r}")
        return text


@dataclass(frozen=True)
class Parameter:
    """A number policy sets. `value` None: not set here; the criterion is then not known, never false."""

    code: str
    title: str
    value: int | None
    unit: str
    source: str
    since: date | None = None
    until: date | None = None
    confirmed_by: str = ""


def load_entries(folders: Iterable[Path], name: str) -> list[dict[str, Any]]:
    """Return the entries of a pack file by that name, pack after pack."""
    found: list[dict[str, Any]] = []
    for folder in folders:
        path = folder / name
        if path.is_file():
            found += yaml.safe_load(path.read_text(encoding="utf-8")) or []
    return found


def load_facts(folders: Iterable[Path]) -> dict[str, Fact]:
    """Read facts.yaml of each pack; a later pack may add facts, never change one. Raises ValueError."""
    facts: dict[str, Fact] = {}
    for entry in load_entries(folders, "facts.yaml"):
        fact = Fact(**entry)
        if fact.code in facts or fact.code in (*GROUPINGS, *PLACES):
            raise ValueError(f"fact {fact.code} is declared twice")
        facts[fact.code] = fact
    return facts


def load_parameters(folders: Iterable[Path], day: date) -> dict[str, Parameter]:
    """Read parameters.yaml of each pack; of those in force on a day the newest wins, of equal ones the later pack's."""
    in_force: dict[str, Parameter] = {}
    for entry in load_entries(folders, "parameters.yaml"):
        parameter = Parameter(**entry)
        if not parameter.source:
            raise ValueError(f"parameter {parameter.code} has no source")
        if (parameter.since and parameter.since > day) or (parameter.until and parameter.until < day):
            continue
        known = in_force.get(parameter.code)
        if known is None or (parameter.since or date.min) >= (known.since or date.min):
            in_force[parameter.code] = parameter
    return in_force
