"""What a phone says of a call it made: read strictly, before anything is stored."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qiaomen.calls.rules.calling import OUTCOMES, WAYS

LONGEST_NOTE = 500


@dataclass(frozen=True)
class CallSaid:
    """One call as a phone tells it; `happened_at` is aware. It announces no photos."""

    household_id: uuid.UUID
    outcome: str
    way: str
    note: str
    happened_at: datetime
    photos: tuple[Any, ...] = ()
    stamp: Any = None


def read_call(said: dict[str, Any], happened_at: datetime) -> CallSaid:
    """Read a call. Raises KeyError and ValueError."""
    outcome, way, note = said["outcome"], said.get("way", "phone"), said.get("note") or ""
    if outcome not in OUTCOMES or way not in WAYS:
        raise ValueError("outcome or way")
    if not isinstance(note, str) or len(note) > LONGEST_NOTE or "\x00" in note:
        raise ValueError("note")
    return CallSaid(uuid.UUID(said["household_id"]), outcome, way, note.strip(), happened_at)
