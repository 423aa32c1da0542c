"""Which export did a leaked extract come from? Pure: keyed marks of what rows said, and which file holds most of them.

A mark is the keyed hash of a name with one other cell of its row: an extract with half the columns, in another order,
without the watermark, still shares them; and nobody without the key can turn a mark back into a person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import permutations

import numpy as np

WIDTH = 8
LEAST_ROWS = 20
MOST_ROWS = 2000
MOST_CELLS = 24


@dataclass(frozen=True)
class Filed:
    """An export as it was taken: its key and its sorted marks."""

    key: str
    marks: bytes


@dataclass(frozen=True)
class Likely:
    """An export an extract may have come from: rows found in it, marks shared, and whether another holds as much."""

    key: str
    rows_found: int
    marks_shared: int
    tied: bool = False


def _mark(name: str, cell: str, key: bytes) -> int:
    text = f"{_plain(name)}\t{_plain(cell)}"
    return int.from_bytes(blake2b(text.encode(), key=key, digest_size=WIDTH).digest(), "big")


def _plain(cell: str) -> str:
    """Return a cell without what copying changes: blanks and letters' size."""
    return "".join(cell.split()).lower()


def marks_of(rows: Iterable[tuple[str, Sequence[str]]], key: bytes) -> bytes:
    """Return the sorted marks of rows, each a name and its other cells; 8 bytes each."""
    found = {_mark(name, cell, key) for name, others in rows for cell in others if name and cell}
    return np.array(sorted(found), dtype=">u8").tobytes()


def extract_marks(rows: Iterable[Sequence[str]], key: bytes) -> list[list[int]]:
    """Return for each row of a leaked sheet the marks it may carry; which column is the name is not known."""
    found = []
    for cells in rows:
        filled = [cell for cell in cells[:MOST_CELLS] if cell.strip()]
        if len(filled) >= 2:
            found.append([_mark(one, other, key) for one, other in permutations(filled, 2)])
        if len(found) >= MOST_ROWS:
            break
    return found


def rank(extract: Sequence[Sequence[int]], filed: Iterable[Filed], most: int = 5) -> list[Likely]:
    """Return the likeliest exports first: most marks shared, then most rows found, then the smallest file.

    The file the rows were taken from shares every mark. The last is Bayes: rows and columns drawn from a file of n
    marks are each 1/n likely, so of two files that hold them all the smaller is likelier. Exports that share less than
    half of what the best one shares are left out.
    """
    flat = np.array([mark for row in extract for mark in row], dtype=np.uint64)
    owner = np.repeat(np.arange(len(extract)), [len(row) for row in extract])
    scored = []
    for one in filed:
        marks = np.frombuffer(one.marks, dtype=">u8").astype(np.uint64)
        if not len(marks) or not len(flat):
            continue
        place = np.minimum(np.searchsorted(marks, flat), len(marks) - 1)
        hit = marks[place] == flat
        if hit.any():
            scored.append((int(hit.sum()), len(np.unique(owner[hit])), -len(marks), one.key))
    scored.sort(key=lambda entry: entry[:3], reverse=True)
    best = scored[0][0] if scored else 0
    kept = [entry for entry in scored if 2 * entry[0] >= best][:most]
    alike = [entry[:2] for entry in scored]
    return [Likely(key, rows, shared, alike.count((shared, rows)) > 1) for shared, rows, _size, key in kept]
