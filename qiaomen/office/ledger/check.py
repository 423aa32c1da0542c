"""Walking the ledger: each community's chain with the key, its head, and the heads kept outside the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel import chain, sealing
from qiaomen.office.fields import stored_text
from qiaomen.office.ledger import heads as ledger_heads
from qiaomen.office.ledger.heads import Anchor, HeadsFileBroken
from qiaomen.office.models import LedgerEntry, LedgerHead, Organisation

BROKEN, EXPLAINED = "office.ledger-broken", "office.ledger-explained"
GUARDS = {"ledger_no_update", "ledger_no_delete", "ledger_no_replace", "ledger_no_truncate"}
REASONS = {
    "missing": _("这一行不见了，或者被换了位置"),
    "changed": _("这一行被改过，或者不是接着上一行写的"),
    "forged": _("这一行不是系统写的：没有钥匙盖的印"),
    "key-unknown": _("盖印的钥匙这里没有，无法核对"),
    "cut-off": _("从这一行起被截掉了"),
    "no-head": _("链头不见了"),
    "head-forged": _("链头不是系统写的，或者社区的名称、代码被换过"),
    "rewritten": _("与数据库之外留存的链头不一致，从这一行起被重写过"),
    "broken-before": _("写这一行的时候，链已经断了"),
    "vanished": _("数据库之外留有链头，数据库里已经没有这个社区"),
    "heads-file": _("数据库之外留存的链头文件被改过"),
}
"""Why a chain does not hold, in words."""


@dataclass(frozen=True)
class VerifyResult:
    """Whether the chain holds; `first_broken_seq` is None when it does, `reason` a key of REASONS when it does not.

    `anchored_seq`: up to this line it agrees with a head kept outside the database (0: with none).
    """

    ok: bool
    rows: int
    first_broken_seq: int | None = None
    reason: str = ""
    anchored_seq: int = 0

    @property
    def words(self) -> Any:
        """The reason in words."""
        return REASONS.get(self.reason, "")


@dataclass(frozen=True)
class Checked:
    """The result of one community; `community` is None when the database has lost it."""

    community: Organisation | None
    name: str
    code: str
    result: VerifyResult


def stored_lines(community: UUID, after: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the lines of a chain behind a place as they are stored: sealed words unopened, with no key of theirs."""
    columns = (*chain.HASHED, "hash", "key_id", "mark")
    rows = LedgerEntry.objects.filter(community=community, seq__gt=after).order_by("seq").values(*columns)
    for row in rows.iterator(chunk_size=2000):
        yield {**row, "reason": stored_text(row["reason"])}


class _Walk:
    """One walk over a chain: how far it came, and the breaks it passed."""

    def __init__(self, community: UUID, known: dict[int, str], from_last: int | None = None) -> None:
        self.community, self.known = community, known
        self.rows = self.seq = self.matched = 0
        self.hash = chain.GENESIS
        if from_last is not None and from_last in known:
            self._skip_to(from_last)

    def _skip_to(self, seq: int) -> None:
        """Begin behind a head kept outside, when the line there still has its hash."""
        found = LedgerEntry.objects.filter(community=self.community, seq=seq).values_list("hash", flat=True).first()
        if found == self.known[seq]:
            self.rows = self.seq = self.matched = seq
            self.hash = found

    def breaks(self) -> Iterator[tuple[int, int, str]]:
        """Yield (first line, last line, why) of each break among the lines, and go on behind it."""
        for row in stored_lines(self.community, self.seq):
            seq = row["seq"]
            if seq != self.seq + 1:
                yield self.seq + 1, max(self.seq + 1, seq - 1), "missing"
            if reason := self._fault(row):
                yield seq, seq, reason
            self.rows, self.seq, self.hash = self.rows + 1, seq, row["hash"]
            if self.known.get(seq, self.hash) != self.hash:
                yield self.matched + 1, seq, "rewritten"
            self.matched = seq if seq in self.known else self.matched

    def _fault(self, row: dict[str, Any]) -> str:
        if row["hash"] != chain.hash_line(self.hash, row):
            return "changed"
        if not chain.is_line_marked(row["hash"], row["key_id"], row["mark"]):
            return "forged" if sealing.knows(row["key_id"]) else "key-unknown"
        return "broken-before" if row["code"] == BROKEN else ""

    def end(self) -> tuple[int, str] | None:
        """Return what is wrong behind the last line: cut off, or a head that does not hold."""
        if beyond := [seq for seq in self.known if seq > self.seq]:
            return min(self.seq + 1, *beyond), "cut-off"
        head = LedgerHead.objects.select_related("community").filter(community=self.community).first()
        if head is None:
            return self.seq + 1, "no-head"
        if (head.seq, head.hash) != (self.seq, self.hash):
            return min(self.seq, head.seq) + 1, "cut-off"
        return None if head.holds else (self.seq + 1, "head-forged")


def verify(community: Organisation, anchors: list[Anchor] | None = None, *, from_last: bool = False) -> VerifyResult:
    """Walk a chain from its first line and name the first broken one: edited, missing, swapped, forged or cut off.

    `anchors`: the heads kept outside the database, read when not given. `from_last`: only what stands behind the newest
    daily one. Breaks that a signed line has explained are passed.
    """
    try:
        if anchors is None:
            anchors = ledger_heads.standing(ledger_heads.anchors()).get(community.pk, [])
        walk = _Walk(
            community.pk, _known_hashes(community.pk, anchors), anchors[-1].seq if from_last and anchors else None
        )
        since = ledger_heads.set_back_at(community.pk)
    except HeadsFileBroken:
        return VerifyResult(False, 0, 1, "heads-file")
    explained = _explained(community.pk)
    for first, last, reason in walk.breaks():
        if not any(low <= first and last <= high for low, high in explained):
            first = since if since and reason == "rewritten" else first
            return VerifyResult(False, walk.rows, first, reason, walk.matched)
    if wrong := walk.end():
        seq, reason = wrong
        return VerifyResult(False, walk.rows, min(seq, since or seq), reason, walk.matched)
    return VerifyResult(True, walk.rows, anchored_seq=walk.matched)


def _known_hashes(community: UUID, anchors: list[Anchor]) -> dict[int, str]:
    known = {one.seq: one.hash for one in anchors if one.seq}
    if (last := ledger_heads.last_seen(community)) and last[0] and known.setdefault(*last) != last[1]:
        raise HeadsFileBroken(community)
    return known


def _explained(community: UUID) -> list[tuple[int, int]]:
    """Return the ranges of lines whose breaks were explained by a line that the key has marked."""
    found: list[tuple[int, int]] = []
    rows = LedgerEntry.objects.filter(community=community, code=EXPLAINED)
    for row in rows.values("hash", "key_id", "mark", "detail"):
        if chain.is_line_marked(row["hash"], row["key_id"], row["mark"]):
            found += [(low, high) for low, high in row["detail"]["lines"]]
    return found


def ranges_broken(community: Organisation, most: int = 50) -> list[list[int]]:
    """Return the broken lines of a chain as ranges [first, last]; past `most` the last range takes all the rest."""
    ranges: list[list[int]] = []
    for first, last, _reason in _Walk(community.pk, {}).breaks():
        if ranges and (first <= ranges[-1][1] + 1 or len(ranges) == most):
            ranges[-1][1] = max(ranges[-1][1], last)
        else:
            ranges.append([first, last])
    return ranges


def verify_all(code: str = "", *, from_last: bool = False) -> Iterator[Checked]:
    """Verify every organisation of the database, and every one that a head outside it knows; or the one with a code."""
    try:
        kept = ledger_heads.standing(ledger_heads.anchors())
    except HeadsFileBroken as error:
        yield Checked(None, "heads.jsonl", "", VerifyResult(False, 0, int(error.args[0]), "heads-file"))
        kept = {}
    there = set()
    for one in Organisation.objects.order_by("code"):
        there.add(one.pk)
        if not code or one.code == code:
            yield Checked(one, one.name, one.code, verify(one, kept.get(one.pk, []), from_last=from_last))
    for key, found in kept.items():
        last = found[-1]
        if key not in there and (not code or last.code == code):
            yield Checked(None, last.name, last.code, VerifyResult(False, 0, 1, "vanished"))
    lost = LedgerEntry.objects.exclude(community__in=Organisation.objects.values("pk")).order_by("community_id", "seq")
    for key in lost.values_list("community_id", flat=True).distinct():
        yield Checked(None, str(key), "", VerifyResult(False, 0, 1, "vanished"))


def guards_missing() -> set[str]:
    """Return which of the database's own triggers that refuse to change the ledger are gone or switched off."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = 'office_ledgerentry'::regclass AND tgenabled <> 'D'"
            )
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'office_ledgerentry'")
        found = {name for (name,) in cursor.fetchall()}
    unneeded = {"ledger_no_truncate"} if connection.vendor == "sqlite" else {"ledger_no_replace"}
    return GUARDS - unneeded - found
