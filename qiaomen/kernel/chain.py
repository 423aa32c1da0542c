"""How a line of the ledger becomes a hash, and how hashes and heads are signed with a key from outside the database.

Two things on purpose. The *hash* is plain SHA-256 over the hash before it and the line's canonical JSON: whoever has a
printed head recomputes it with no key and nothing of ours (docs/how-to/verify_ledger.py). The *mark* is HMAC-SHA256
over that hash: whoever has the database but not the key can recompute hashes, and cannot make marks.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from qiaomen.kernel import clock, sealing

GENESIS = "0" * 64
"""What stands before the first line of a chain."""
HASHED = (
    "community_id",
    "seq",
    "at",
    "actor_id",
    "actor_name",
    "code",
    "subject_type",
    "subject_id",
    "fields",
    "reason",
    "detail",
)
"""Every column of a line but its hash, key and mark: what is not in here could be edited unseen."""
KEY = "ledger-1"
"""The label under which the signing key is derived from a master key."""
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def canonical(line: dict[str, Any]) -> str:
    """Return a line as one line of JSON: keys sorted, no spaces, the time in Asia/Shanghai to the microsecond."""
    at: datetime = line["at"]
    values = {
        **{name: line[name] for name in HASHED},
        "community_id": str(line["community_id"]),
        "at": at.astimezone(clock.SHANGHAI).isoformat(timespec="microseconds"),
        "actor_id": str(line["actor_id"] or ""),
    }
    return _encode(values)


def hash_text(previous_hash: str, text: str) -> str:
    """Return the hash of a line from the hash before it and its canonical text."""
    return hashlib.sha256((previous_hash + text).encode()).hexdigest()


def hash_line(previous_hash: str, line: dict[str, Any]) -> str:
    """Return the hash of one line: SHA-256 over the hash before it and the line's canonical JSON."""
    return hash_text(previous_hash, canonical(line))


def mark_line(line_hash: str) -> tuple[str, str]:
    """Return the newest key's id and its mark on a line's hash."""
    return sealing.mark(line_hash, KEY)


def is_line_marked(line_hash: str, key_id: str, mark: str) -> bool:
    """Say whether the mark was made with the key of this id; a key that is not here never made one."""
    return sealing.is_marked(line_hash, KEY, key_id, mark)


def mark_head(**said: Any) -> tuple[str, str]:
    """Return the newest key's id and its mark on what is said of a head: community, name, code, seq, hash …"""
    return sealing.mark(_encode({name: str(value) for name, value in said.items()}), KEY + "-head")


def is_head_marked(key_id: str, mark: str, **said: Any) -> bool:
    """Say whether a head was marked with just these words."""
    text = _encode({name: str(value) for name, value in said.items()})
    return sealing.is_marked(text, KEY + "-head", key_id, mark)
