"""Which row is the header, which list it heads, and which column is what. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from qiaomen.imports.rules.list_kinds import Kind
from qiaomen.kernel.cells import clean

SEARCHED = 10
"""The header is looked for among so many first rows."""

LONGEST_TITLE = 40
MOST_COLUMNS = 200


@dataclass(frozen=True)
class Header:
    """A header as read: the place of its last row, its titles, its kind, and the field of each column ("" = not read)."""

    row: int
    titles: tuple[str, ...]
    kind: str
    fields: tuple[str, ...]
    score: float


@lru_cache(maxsize=4096)
def _bare(title: str) -> str:
    return re.sub(r"[*()（）:：]|必填|选填", "", title)


def titles_of(cells: Sequence[Any]) -> tuple[str, ...]:
    """Return the titles of a row of cells, the empty ones at its end left out."""
    titles = [clean(cell)[:LONGEST_TITLE] for cell in cells[:MOST_COLUMNS]]
    while titles and not titles[-1]:
        titles.pop()
    return tuple(titles)


def propose_columns(titles: Sequence[str], kind: Kind) -> tuple[str, ...]:
    """Return the field of each column, "" where the kind wants none; of two columns of one field the first wins."""
    names, used, fields = kind.names, set[str](), list[str]()
    for title in titles:
        code = names.get(_bare(title)) or names.get(_bare(re.sub(r"[（(].*?[)）]", "", title))) or ""
        fields.append("" if code in used else code)
        used.add(code)
    return tuple(fields)


def _score(kind: Kind, titles: Sequence[str], fields: Sequence[str], around: str) -> float:
    """Count what speaks for a kind: columns that only it has, signs, its name; found persons break the tie."""
    bare = {_bare(title) for title in titles}
    own = {column.code for column in kind.told} | {"ends", "only_if"}
    signs = len(bare & set(kind.signs)) + sum(field in own for field in fields)
    named = max((len(word) for word in kind.called if word in around), default=0)
    return signs + 0.4 * named + 0.05 * sum(map(bool, fields))


def _known(kind: Kind, titles: Sequence[str], fields: Sequence[str]) -> bool:
    if kind.people == "none":
        return len({_bare(title) for title in titles} & set(kind.signs)) >= 2
    return "name" in fields and sum(map(bool, fields)) >= 3 - (kind.people == "match")


def find_header(
    rows: Sequence[Sequence[Any]], kinds: Mapping[str, Kind], around: str = "", only: str = ""
) -> Header | None:
    """Return the best header among the first rows; None when none names people. `around`: names of file and sheet.

    A header of two rows (a wide title above, the names of its parts below) is read as one.
    """
    best: Header | None = None
    top = [titles_of(row) for row in rows[: SEARCHED + 1]]
    wanted = [kinds[only]] if only in kinds else kinds.values()
    for row, titles in enumerate(top[:SEARCHED]):
        said = around + "".join(title for above in top[:row] for title in above)
        below = top[row + 1] if row + 1 < len(top) else ()
        for found in _candidates(row, titles, below, wanted, said):
            if best is None or found.score > best.score:
                best = found
    return best


def _candidates(
    row: int, titles: tuple[str, ...], below: tuple[str, ...], kinds: Iterable[Kind], said: str
) -> Iterable[Header]:
    both = tuple(
        (below[place] if place < len(below) and below[place] else titles[place] if place < len(titles) else "")
        for place in range(max(len(titles), len(below)))
    )
    for last, names in ((row, titles), (row + 1, both)):
        for kind in kinds:
            fields = propose_columns(names, kind)
            if not _known(kind, names, fields):
                continue
            joined = last > row
            if joined and sum(map(bool, fields)) <= sum(map(bool, propose_columns(titles, kind))):
                continue
            if joined and sum(map(bool, fields)) <= sum(map(bool, propose_columns(below, kind))):
                continue
            yield Header(last, names, kind.code, fields, _score(kind, names, fields, said))
