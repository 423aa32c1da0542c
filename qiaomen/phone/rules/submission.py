"""What a phone may say in one submission: read strictly, before anything is stored."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qiaomen.needs.rules.vocabulary import HANDLINGS, KINDS
from qiaomen.visits.rules.vocabulary import OUTCOMES

MOST_NEEDS = 12
MOST_PHOTOS = 6
LONGEST_TEXT = 2000


class NotUnderstood(Exception):
    """The text opened but does not say a visit."""


@dataclass(frozen=True)
class HeardNeed:
    """One need told at the door."""

    id: uuid.UUID
    kind: str
    words: str
    handling: str


@dataclass(frozen=True)
class VisitSaid:
    """One visit as the phone tells it; `happened_at` is aware."""

    dwelling_id: uuid.UUID
    household_id: uuid.UUID | None
    round_id: uuid.UUID | None
    outcome: str
    happened_at: datetime
    note: str
    needs: tuple[HeardNeed, ...]
    photos: tuple[uuid.UUID, ...]


def read(content: bytes, op_id: uuid.UUID) -> VisitSaid:
    """Read the opened JSON of a submission. Raises NotUnderstood."""
    try:
        said: dict[str, Any] = json.loads(content)
        if said["v"] != 1 or said["kind"] != "visit" or uuid.UUID(said["op_id"]) != op_id:
            raise NotUnderstood("v, kind or op_id")
        happened_at = datetime.fromisoformat(str(said["happened_at"]).replace("Z", "+00:00"))
        needs = tuple(
            HeardNeed(
                uuid.UUID(n["id"]), _one_of(n["kind"], KINDS), _text(n["words"]), _one_of(n["handling"], HANDLINGS)
            )
            for n in said.get("needs") or []
        )
        visit = VisitSaid(
            dwelling_id=uuid.UUID(said["dwelling_id"]),
            household_id=uuid.UUID(said["household_id"]) if said.get("household_id") else None,
            round_id=uuid.UUID(said["round_id"]) if said.get("round_id") else None,
            outcome=_one_of(said["outcome"], OUTCOMES),
            happened_at=happened_at,
            note=_text(said.get("note") or ""),
            needs=needs,
            photos=tuple(uuid.UUID(key) for key in said.get("photos") or []),
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise NotUnderstood(type(error).__name__) from error
    if happened_at.tzinfo is None or len(needs) > MOST_NEEDS or len(visit.photos) > MOST_PHOTOS:
        raise NotUnderstood("limits")
    return visit


def _one_of(value: Any, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError(value)
    return str(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or "\x00" in value:
        raise ValueError("text")
    return value.strip()
