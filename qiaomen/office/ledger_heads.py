"""Heads of the ledger kept outside the database: the last one seen after each commit, and one signed each day.

`<folder>/last/<community>` is overwritten after each commit, so that a tail cut off an hour ago is missed; it never goes
back, and never over a line that does not follow the one it knows. `<folder>/heads.jsonl` only grows; each line is signed
together with the mark of the line before it.
"""

import json
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from qiaomen.kernel import chain
from qiaomen.office.file_lock import alone
from qiaomen.office.models import LedgerEntry, LedgerHead

log = logging.getLogger(__name__)
ROOM = 512
"""Bytes of the file of one community's last head: one sector, so that half of it is never written."""
DAILY, EXPLAINED, RESTORED = "daily", "explained", "restored"


class HeadsFileBroken(Exception):
    """A line of heads.jsonl was changed, removed or made without the key; `args[0]` is its number."""


@dataclass(frozen=True)
class Anchor:
    """A head known outside the database. `why`: daily, or after a break was explained or a backup restored."""

    community: UUID
    code: str
    name: str
    seq: int
    hash: str
    day: str
    why: str


def folder() -> Path:
    """Return the folder of the heads, made when it is not there."""
    path = Path(settings.LEDGER_FOLDER)
    (path / "last").mkdir(parents=True, exist_ok=True)
    return path


def witness(community: UUID, before: tuple[int, str], hashes: Sequence[str]) -> None:
    """Note the last line of a chain after its commit: `before` = seq and hash the new lines follow, then their hashes.

    Keeps what it has when the new lines do not follow it, and notes which was the first that does not.
    """
    path, (start, previous) = _last_path(community), before
    kept, last = _read(path), start + len(hashes)
    if kept is not None:
        seq, found = kept
        if start <= seq <= last:
            known: str | None = previous if seq == start else hashes[seq - start - 1]
        else:  # another process was first, or one was killed before it came here; or the chain was set back
            rows = LedgerEntry.objects.filter(community=community, seq=seq)
            known = rows.values_list("hash", flat=True).first()
        if seq and known != found:
            log.error("ledger of %s does not follow its last known line %s", community, seq)
            if _read(_since_path(community)) is None:
                _write(_since_path(community), start + 1, "")
            return
        if seq > last:
            return
    _write(path, last, hashes[-1])


def _last_path(community: UUID) -> Path:
    return folder() / "last" / str(community)


def _since_path(community: UUID) -> Path:
    return folder() / "last" / f"{community}.since"


def last_seen(community: UUID) -> tuple[int, str] | None:
    """Return seq and hash of the last head seen, or None. Raises HeadsFileBroken when somebody wrote it without the key."""
    return _read(_last_path(community))


def set_back_at(community: UUID) -> int | None:
    """Return the first line that was written after the chain had been set back, as far as that was seen."""
    kept = _read(_since_path(community))
    return kept[0] if kept else None


def begin_anew(head: LedgerHead) -> None:
    """Let the last head seen be this one, whatever stood there: after a break was explained or a backup restored."""
    _write(_last_path(head.community_id), head.seq, head.hash)
    _since_path(head.community_id).unlink(missing_ok=True)


def _read(path: Path) -> tuple[int, str] | None:
    try:
        text = path.read_bytes().rstrip(b" \0\n")
    except FileNotFoundError:
        return None
    if not text:
        return None  # made just before the power went
    try:
        kept = json.loads(text)
        said = {"community": path.name, "seq": int(kept["seq"]), "hash": kept["hash"]}
        good = chain.is_head_marked(kept["key_id"], kept["mark"], **said)
    except (ValueError, KeyError, TypeError) as error:
        raise HeadsFileBroken(path.name) from error
    if not good:
        raise HeadsFileBroken(path.name)
    return said["seq"], said["hash"]


def _write(path: Path, seq: int, found: str) -> None:
    said = {"community": path.name, "seq": seq, "hash": found}
    key_id, mark = chain.mark_head(**said)
    text = json.dumps({**said, "key_id": key_id, "mark": mark}).encode().ljust(ROOM - 1) + b"\n"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    try:
        os.write(handle, text)
    finally:
        os.close(handle)


def sign(heads: Sequence[LedgerHead], day: date, why: str = DAILY) -> list[Anchor]:
    """Sign heads into heads.jsonl, on the disk when this returns; one process at a time. Raises HeadsFileBroken."""
    with alone(folder() / ".heads.lock"):
        path = folder() / "heads.jsonl"
        if path.exists():
            raw = path.read_bytes()
            os.truncate(path, raw.rfind(b"\n") + 1)  # what a power cut left half written
        lines = _lines()
        text, made = _sign_after(lines[-1]["mark"] if lines else chain.GENESIS, heads, day, why)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
    return made


def _sign_after(previous: str, heads: Sequence[LedgerHead], day: date, why: str) -> tuple[str, list[Anchor]]:
    made, text = [], ""
    for head in heads:
        said = {**{name: str(value) for name, value in head.said.items()}, "day": day.isoformat(), "why": why}
        key_id, mark = chain.mark_head(**said, previous=previous)
        text += json.dumps({**said, "key_id": key_id, "mark": mark}, ensure_ascii=False) + "\n"
        made.append(_anchor(said))
        previous = mark
    return text, made


def anchors() -> list[Anchor]:
    """Return every signed head, the oldest first. Raises HeadsFileBroken."""
    return [_anchor(line) for line in _lines()]


def standing(found: Sequence[Anchor]) -> dict[UUID, list[Anchor]]:
    """Return by community the anchors that still bind: those since a break was explained or a backup restored."""
    by: dict[UUID, list[Anchor]] = {}
    for one in found:
        if one.why != DAILY:
            by[one.community] = []
        by.setdefault(one.community, []).append(one)
    return by


def _anchor(line: dict[str, Any]) -> Anchor:
    return Anchor(
        UUID(line["community"]), line["code"], line["name"], int(line["seq"]), line["hash"], line["day"], line["why"]
    )


def _lines() -> list[dict[str, Any]]:
    """Return the lines of heads.jsonl; a last one half written (just now, or before a power cut) is none."""
    path = folder() / "heads.jsonl"
    if not path.exists():
        return []
    raw = path.read_bytes()
    whole = raw[: raw.rfind(b"\n") + 1]
    lines, previous = [], chain.GENESIS
    for number, text in enumerate(whole.splitlines(), 1):
        try:
            line = json.loads(text)
            said = {name: line[name] for name in ("community", "code", "name", "seq", "hash", "day", "why")}
            good = chain.is_head_marked(line["key_id"], line["mark"], **said, previous=previous)
        except (ValueError, KeyError, TypeError) as error:
            raise HeadsFileBroken(number) from error
        if not good:
            raise HeadsFileBroken(number)
        lines.append(line)
        previous = line["mark"]
    return lines
