"""The ledger: one line for every act and every look, in the same transaction, chained by SHA-256."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel import clock, ledger_kinds
from qiaomen.kernel.ledger_kinds import LedgerKind
from qiaomen.office.bulk_insert import insert_new
from qiaomen.office.models import LedgerEntry, LedgerHead, Organisation, Staff
from qiaomen.office.record_types import record_type_of

ledger_kinds.register(
    LedgerKind("office.logged-in", _("登录了系统")),
    LedgerKind("office.logged-out", _("退出了系统")),
    LedgerKind("office.duty-changed", _("指定或取消了儿童主任")),
    LedgerKind("office.label-asked", _("提了一个名称，等另一位同意")),
    LedgerKind("office.label-approved", _("同意了一个名称")),
    LedgerKind("office.label-refused", _("没有同意一个名称")),
    LedgerKind("office.ledger-verified", _("校验了台账链")),
    LedgerKind("office.ledger-read", _("查看了操作台账")),
    LedgerKind("office.braked", _("看得太多太快，系统停了查看")),
    LedgerKind("office.brake-lifted", _("放开了一个账号的查看")),
)
HASHED = ("seq", "at", "actor_id", "code", "subject_type", "subject_id", "fields", "reason", "detail")
EMPTY = {"subject_type": "", "subject_id": "", "fields": [], "reason": "", "detail": {}}
_gathered: ContextVar[dict[UUID, tuple[Organisation, list[dict[str, Any]]]] | None] = ContextVar(
    "gathered", default=None
)


@dataclass(frozen=True)
class VerifyResult:
    """Whether the chain holds; `first_broken_seq` is None when it does."""

    ok: bool
    rows: int
    first_broken_seq: int | None = None
    reason: str = ""


def hash_line(previous_hash: str, line: dict[str, Any]) -> str:
    """Return the hash of one line: SHA-256 over the hash before it and the line's canonical JSON."""
    at: datetime = line["at"]
    values = {
        **{name: line[name] for name in HASHED},
        "at": at.astimezone(clock.SHANGHAI).isoformat(timespec="microseconds"),
        "actor_id": str(line["actor_id"] or ""),
    }
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256((previous_hash + text).encode()).hexdigest()


def record(
    *,
    community: Organisation,
    actor: Staff | None,
    code: str,
    subject: models.Model | None = None,
    fields: tuple[str, ...] | list[str] = (),
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Add one line. `detail` holds ids and counts, never what was said or who someone is.

    Raises KeyError for an undeclared kind and TransactionManagementError outside a transaction.
    """
    entry: dict[str, Any] = {"code": code, "fields": list(fields), "reason": reason, "detail": detail or {}}
    if subject is not None:
        entry |= {"subject_type": record_type_of(subject), "subject_id": str(subject.pk)}
    record_many(community=community, actor=actor, entries=[entry])


def record_many(*, community: Organisation, actor: Staff | None, entries: list[dict[str, Any]]) -> None:
    """Add many lines at one moment, in order, with one lock of the chain's head."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a ledger line stands in the transaction of its act")
    for entry in entries:
        ledger_kinds.get(entry["code"])
    at, actor_id = clock.now(), actor.pk if actor is not None else None
    lines = [{**EMPTY, "at": at, "actor_id": actor_id, **entry} for entry in entries]
    gathered = _gathered.get()
    if gathered is None:
        _append(community, lines)
    else:
        gathered.setdefault(community.pk, (community, []))[1].extend(lines)


@contextmanager
def together() -> Iterator[None]:
    """Gather the lines of a block and add them at its end, in order, with one lock of each chain's head.

    The block and its end stand in one transaction. Nothing is added when the block raises; inside it no act may be
    taken back alone, for its lines would stay.
    """
    if _gathered.get() is not None:
        yield
        return
    gathered: dict[UUID, tuple[Organisation, list[dict[str, Any]]]] = {}
    token = _gathered.set(gathered)
    try:
        yield
    finally:
        _gathered.reset(token)
    for key in sorted(gathered):
        _append(*gathered[key])


def lock(community: Organisation) -> LedgerHead:
    """Return the head of the chain, locked until the transaction ends."""
    found = LedgerHead.objects.select_for_update().filter(community=community)
    head = found.first()
    if head is None:
        LedgerHead.objects.bulk_create([LedgerHead(community=community)], ignore_conflicts=True)
        head = found.get()
    return head


def _append(community: Organisation, lines: list[dict[str, Any]]) -> None:
    head, entries = lock(community), []
    for line in lines:
        line["subject_id"], line["seq"] = str(line["subject_id"]), head.seq + 1
        previous_hash, head.seq = head.hash, head.seq + 1
        head.hash = hash_line(previous_hash, line)
        entries.append(LedgerEntry(community=community, previous_hash=previous_hash, hash=head.hash, **line))
    if len(insert_new(entries)) != len(entries):
        raise IntegrityError("a line of the ledger stands there already")
    head.save(update_fields=["seq", "hash"])


def verify(community: Organisation) -> VerifyResult:
    """Walk the chain from its first line and name the first broken one: edited, missing, swapped or cut off."""
    previous, expected = "0" * 64, 0
    rows = LedgerEntry.objects.filter(community=community).order_by("seq").values(*HASHED, "previous_hash", "hash")
    for row in rows.iterator(chunk_size=2000):
        expected += 1
        if row["seq"] != expected:
            return VerifyResult(False, expected - 1, expected, "missing")
        if row["previous_hash"] != previous or row["hash"] != hash_line(previous, row):
            return VerifyResult(False, expected, expected, "changed")
        previous = row["hash"]
    head = LedgerHead.objects.filter(community=community).first()
    if head is not None and (head.seq, head.hash) != (expected, previous):
        return VerifyResult(False, expected, min(expected, head.seq) + 1, "cut-off")
    return VerifyResult(True, expected)
