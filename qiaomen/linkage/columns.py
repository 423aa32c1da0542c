"""The records of a register as columns of numbers, so that a million of them are compared at once. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from qiaomen.kernel.idcheck import CHECKS, WEIGHTS, check_id_no

Bools = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Keys = NDArray[np.uint64]
Chars = NDArray[np.uint8] | NDArray[np.uint32]
"""Code points; one byte each where a whole column is ASCII, as numbers and phones are: four times fewer to fetch."""

SLAB = 4096
"""So many records are read at a time: each text is still in the cache when it is looked at again."""

EPOCH = date(1970, 1, 1).toordinal()
"""numpy counts days from 1970, Python from the year 1."""


def hashes_of(texts: Sequence[str]) -> Keys:
    """Return a 64-bit hash for each text, 0 for "". They hold for this process only: Python salts them.

    One pair of a million different texts shares a hash in one run of 37 million (n² / 2^65).
    """
    return np.fromiter(map(hash, texts), np.int64, len(texts)).view(np.uint64)


@dataclass(frozen=True)
class Texts:
    """A column of texts: `hashes` tells them apart, `chars[starts[row]:starts[row + 1]]` are their code points."""

    hashes: Keys
    starts: Numbers
    chars: Chars

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Texts":
        """Read texts; "" is not known."""
        starts = np.zeros(len(texts) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=starts[1:])
        whole = "".join(texts)
        if whole.isascii():
            return cls(hashes_of(texts), starts, np.frombuffer(whole.encode("ascii"), np.uint8))
        return cls(hashes_of(texts), starts, np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32))

    def lengths(self, rows: Numbers) -> Numbers:
        """Return how many characters each of these rows has."""
        return self.starts[rows + 1] - self.starts[rows]

    def matrix(self, rows: Numbers, length: int) -> Chars:
        """Return the code points of rows that all have this length, one row each."""
        if not len(rows):
            return np.zeros((0, length), np.uint8)
        matrix: NDArray[Any] = sliding_window_view(self.chars, length)[self.starts[rows]]
        return matrix

    def text(self, row: int) -> str:
        """Return the text of a row."""
        return "".join(map(chr, self.chars[self.starts[row] : self.starts[row + 1]].tolist()))

    @classmethod
    def stack(cls, parts: Sequence["Texts"]) -> "Texts":
        """Return the rows of all parts, one after the other."""
        starts, end = [np.zeros(1, np.int64)], 0
        for part in parts:
            starts.append(part.starts[1:] + end)
            end += len(part.chars)
        hashes, chars = np.concatenate([p.hashes for p in parts]), np.concatenate([p.chars for p in parts])
        return cls(hashes, np.concatenate(starts), chars)


@dataclass(frozen=True)
class Columns:
    """What is known of many records. Texts and hashes: "" and 0 are not known; `born` is an ordinal day, 0 not known.

    `sounds`, `sex`, `household` and `door` are only ever compared for being the same, so their hashes are enough.
    """

    name: Texts
    sounds: Keys
    sex: Keys
    born: Numbers
    id_no: Texts
    phone: Texts
    household: Keys
    door: Keys

    @classmethod
    def of(
        cls,
        *,
        name: Sequence[str],
        sounds: Sequence[str],
        sex: Sequence[str],
        birth: Sequence[date | None],
        id_no: Sequence[str],
        phone: Sequence[str],
        household: Sequence[str],
        door: Sequence[str],
    ) -> "Columns":
        """Read parallel sequences, one entry per record; "" or None is not known. Raises ValueError on unequal
        lengths.
        """
        if len(set(map(len, (name, sounds, sex, birth, id_no, phone, household, door)))) > 1:
            raise ValueError("columns of unequal length")
        slabs = range(0, max(len(birth), 1), SLAB)
        return cls.stack(
            [
                cls(
                    Texts.of(name[at : at + SLAB]),
                    hashes_of(sounds[at : at + SLAB]),
                    hashes_of(sex[at : at + SLAB]),
                    np.array([day.toordinal() if day else 0 for day in birth[at : at + SLAB]], np.int64),
                    Texts.of(id_no[at : at + SLAB]),
                    Texts.of(phone[at : at + SLAB]),
                    hashes_of(household[at : at + SLAB]),
                    hashes_of(door[at : at + SLAB]),
                )
                for at in slabs
            ]
        )

    def __len__(self) -> int:
        return len(self.born)

    @classmethod
    def stack(cls, parts: Sequence["Columns"]) -> "Columns":
        """Return the records of all parts, one after the other."""

        def stacked(field: str) -> Any:
            columns = [getattr(part, field) for part in parts]
            return Texts.stack(columns) if isinstance(columns[0], Texts) else np.concatenate(columns)

        return cls(*(stacked(field.name) for field in fields(cls)))


def calendar_of(born: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return year, month and day of ordinal days."""
    days = (born - EPOCH).astype("M8[D]")
    months = days.astype("M8[M]")
    month = months.astype(np.int64)
    return month // 12 + 1970, month % 12 + 1, (days - months).astype(np.int64) + 1


_READ = np.zeros((17, 4), np.float32)
"""Seventeen digits times this are: the sum that the check digit answers to, the year, the month, the day."""
_READ[:, 0] = WEIGHTS
_READ[6:10, 1] = 1000, 100, 10, 1
_READ[10:12, 2] = 10, 1
_READ[12:14, 3] = 10, 1

_LAST_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_CHECKS = np.array([10 if check == "X" else int(check) for check in CHECKS], np.uint8)


def valid_ids(texts: Texts, rows: Numbers) -> Bools:
    """Say which of these rows hold a valid identity number: `check_id_no` on each, the plainly written ones at once."""
    valid, plain = np.zeros(len(rows), np.bool_), np.zeros(len(rows), np.bool_)
    long = np.flatnonzero(texts.lengths(rows) == 18)
    chars = texts.matrix(rows[long], 18)
    digits = np.minimum(chars - chars.dtype.type(ord("0")), 11)  # what stands before "0" wraps round
    digits[:, 17][chars[:, 17] == ord("X")] = 10
    plain[long] = (digits[:, :17] < 10).all(axis=1) & (digits[:, 17] < 11)
    total, year, month, day = (digits[:, :17].astype(np.float32) @ _READ).astype(np.int64).T
    leap = (month == 2) & (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    born = (year > 0) & (month <= 12) & (day > 0) & (day <= _LAST_DAYS[np.minimum(month, 12)] + leap)
    valid[long] = plain[long] & born & (_CHECKS[total % 11] == digits[:, 17])
    for place in np.flatnonzero(~plain):
        valid[place] = check_id_no(texts.text(rows[place])).ok
    return valid
