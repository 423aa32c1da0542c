"""The parts of a visit that could not become what they say, in the words they came in."""

import json
from datetime import date, time
from typing import NamedTuple

from qiaomen.needs.models import Need
from qiaomen.phone.rules.submission import HeardNeed


class HeldBack(NamedTuple):
    """A part of a visit that could not become what it says: what it was to be, why not, and its words as JSON."""

    kind: str
    why: str
    text: str


def held_need(need: HeardNeed | Need) -> HeldBack:
    """Return a need that has no household, with its words."""
    words = {"kind": need.kind, "words": need.words, "handling": need.handling}
    return HeldBack("need", "no-household", json.dumps(words, ensure_ascii=False))


def held_hour(day: date, start: time, end: time | None, why: str) -> HeldBack:
    """Return an agreed hour that no plan can keep, with its day."""
    words = {"day": day.isoformat(), "from": f"{start:%H:%M}"} | ({"to": f"{end:%H:%M}"} if end else {})
    return HeldBack("agreed", why, json.dumps(words, ensure_ascii=False))
