"""Somebody who has the database and no key: one edit of the ledger after the other, each taken back again."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.db.models import F

from qiaomen.kernel import chain
from qiaomen.office import ledger
from qiaomen.office.fields import Ready, stored_text
from qiaomen.office.models import LedgerEntry, LedgerHead, Organisation, Staff

LINES = 20
FAR = 10**6
Broken = dict[Any, int]
"""The first broken line of each community that an edit touches."""


def make_town(before_commit: Callable[[], Any]) -> list[Organisation]:
    """Make two communities with 20 lines each; `before_commit` runs the transaction's callbacks in a test."""
    homes = []
    with before_commit():
        for number in (1, 2):
            home = Organisation.objects.create(kind="community", name=f"社区{number}", code=f"E{number}")
            staff = Staff.objects.create_user(f"e-{number}", None, name="主任", role="head", organisation=home)
            homes.append(home)
            entries = [
                {
                    "code": "office.logged-in",
                    "subject_type": "office.staff",
                    "subject_id": staff.pk,
                    "fields": ["name"],
                    "reason": f"r{line}",
                    "detail": {"n": line},
                }
                for line in range(LINES)
            ]
            with transaction.atomic():
                ledger.record_many(community=home, actor=staff, entries=entries)
    return homes


def recompute(community: Any, start: int = 1) -> None:
    """Make all hashes from a line on fit again, and the head: all that can be done without the key."""
    before = LedgerEntry.objects.filter(community=community, seq__lt=start).order_by("seq").last()
    previous, seq = (before.hash, before.seq) if before else (chain.GENESIS, 0)
    for row in LedgerEntry.objects.filter(community=community, seq__gte=start).order_by("seq").values():
        previous, seq = chain.hash_line(previous, {**row, "reason": stored_text(row["reason"])}), row["seq"]
        LedgerEntry.objects.filter(pk=row["id"]).update(hash=previous)
    LedgerHead.objects.filter(community=community).update(seq=seq, hash=previous)


def renumber(community: Any) -> None:
    """Close the gaps in the numbers of a chain."""
    keys = LedgerEntry.objects.filter(community=community).order_by("seq").values_list("pk", flat=True)
    for seq, pk in enumerate(keys, 1):
        LedgerEntry.objects.filter(pk=pk).update(seq=seq)


def as_stored(row: LedgerEntry) -> Any:
    """Return a line's sealed reason as whoever has the database but not the key copies it."""
    return Ready(stored_text(row.__dict__["reason"]))


class Edits:
    """The kinds of edit; each makes one and returns the first broken line of every community touched."""

    def __init__(self, random: Random, homes: list[Organisation]) -> None:
        self.random, self.homes = random, homes

    def any_one(self) -> tuple[str, Broken]:
        """Make one edit of a random kind."""
        kinds = [self.column, self.delete, self.insert, self.swap, self.truncate, self.move]
        kind = self.random.choice(kinds)
        broken = kind()
        if self.random.random() < 0.5:  # and then cover the tracks as far as that goes without the key
            for community, seq in broken.items():
                recompute(community, min(seq, LINES))
            return f"{kind.__name__}, recomputed", broken
        return kind.__name__, broken

    def _line(self) -> tuple[Organisation, int]:
        return self.random.choice(self.homes), self.random.randint(1, LINES)

    def column(self) -> Broken:
        """Change one column of one line, each of them in turn."""
        home, seq = self._line()
        row = LedgerEntry.objects.get(community=home, seq=seq)
        other = Staff.objects.exclude(pk=row.actor_id).first()
        changes: dict[str, Any] = {
            "at": row.at + timedelta(microseconds=self.random.choice((1, -1, 60_000_000))),
            "actor_id": self.random.choice((None, other.pk if other else None)),
            "actor_name": self.random.choice(("", "别人", row.actor_name + " ")),
            "code": "office.logged-out",
            "subject_type": "office.device",
            "subject_id": str(uuid.UUID(int=self.random.getrandbits(128))),
            "fields": self.random.choice(([], ["id_no"], ["name", "id_no"])),
            "reason": "",
            "detail": self.random.choice(({}, {"n": -1}, {"n": row.detail["n"], "m": 0})),
            "key_id": "k9",
            "mark": f"{self.random.getrandbits(256):064x}",
        }
        column = self.random.choice(sorted(changes))
        LedgerEntry.objects.filter(pk=row.pk).update(**{column: changes[column]})
        return {home: seq}

    def delete(self) -> Broken:
        """Remove some lines, and sometimes close the gap."""
        home, _ = self._line()
        gone = self.random.sample(range(1, LINES + 1), self.random.randint(1, LINES))
        LedgerEntry.objects.filter(community=home, seq__in=gone).delete()
        first = min(gone)
        if self.random.random() < 0.5:
            renumber(home)
        return {home: first}

    def insert(self) -> Broken:
        """Add a line at the end: a copy of another, mark and all."""
        home, seq = self._line()
        row = LedgerEntry.objects.get(community=home, seq=seq)
        row.reason = as_stored(row)
        row.pk, row.seq = None, LINES + 1
        row.save(force_insert=True)
        return {home: LINES + 1}

    def swap(self) -> Broken:
        """Let two lines change places."""
        home, _ = self._line()
        low, high = sorted(self.random.sample(range(1, LINES + 1), 2))
        rows = LedgerEntry.objects.filter(community=home)
        rows.filter(seq=low).update(seq=FAR)
        rows.filter(seq=high).update(seq=low)
        rows.filter(seq=FAR).update(seq=high)
        return {home: low}

    def truncate(self) -> Broken:
        """Cut the tail off and set the head to the last line left, with whatever mark was seen in the database."""
        home, seq = self._line()
        LedgerEntry.objects.filter(community=home, seq__gte=seq).delete()
        last = LedgerEntry.objects.filter(community=home).order_by("seq").last()
        marks = LedgerEntry.objects.values_list("mark", flat=True)
        mark = self.random.choice([LedgerHead.objects.get(community=home).mark, *marks])
        LedgerHead.objects.filter(community=home).update(
            seq=seq - 1, hash=last.hash if last else chain.GENESIS, mark=mark
        )
        return {home: seq}

    def move(self) -> Broken:
        """Give the lines from one on to the other community, behind its own."""
        (home, other), seq = self.random.sample(self.homes, 2), self.random.randint(1, LINES)
        LedgerEntry.objects.filter(community=home, seq__gte=seq).update(community=other, seq=F("seq") + FAR)
        renumber(other)
        return {home: seq, other: LINES + 1}


def try_edits(random: Random, homes: list[Organisation], times: int) -> list[str]:
    """Make so many edits, each on the untouched ledger; return those not found, or found at another line."""
    missed = []
    for number in range(times):
        with transaction.atomic():
            point = transaction.savepoint()
            kind, broken = Edits(random, homes).any_one()
            for home in homes:
                result = ledger.verify(home)
                expected = (False, broken[home]) if home in broken else (True, None)
                if (result.ok, result.first_broken_seq) != expected:
                    missed.append(f"{number} {kind} {home.code}: {result}, meant {expected}")
            transaction.savepoint_rollback(point)
    return missed
