"""Which row is the header, which list it heads, which column is what: two rows, blocks, tables side by side. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from qiaomen.imports.rules.list_kinds import Kind
from qiaomen.kernel.cells import clean
from qiaomen.kernel.numerals import with_digits

SEARCHED = 10
"""The header is looked for among so many first rows."""

LONGEST_TITLE = 40
MOST_COLUMNS = 200
HEAD_BLOCK = ("id_no", "phone", "sex", "birth_date")
"""What a block of the head tells beside the name: 户主身份证号, 户主电话 …; their codes begin with head:."""


@dataclass(frozen=True)
class Layout:
    """How the columns of a sheet are read.

    `fields`: the field of each column ("" = not read). `blocks`: 0 for a column that holds for the whole row, else the
    number of the person of that row. `beside`: the blocks are tables of their own, side by side. `question`: why the
    sheet cannot be read before a person has said something, "" when it can.
    """

    fields: tuple[str, ...]
    blocks: tuple[int, ...]
    beside: bool = False
    question: str = ""


@dataclass(frozen=True)
class Header:
    """A header as read: the place of its last row, its titles, its kind, the field of each column ("" = not read)."""

    row: int
    titles: tuple[str, ...]
    kind: str
    fields: tuple[str, ...]
    score: float
    layout: Layout


@lru_cache(maxsize=4096)
def _bare(title: str) -> str:
    return re.sub(r"[*★☆()（）:：]|必填|选填", "", title)


def titles_of(cells: Sequence[Any]) -> tuple[str, ...]:
    """Return the titles of a row of cells, the empty ones at its end left out."""
    titles = [clean(cell)[:LONGEST_TITLE] for cell in cells[:MOST_COLUMNS]]
    while titles and not titles[-1]:
        titles.pop()
    return tuple(titles)


def _code_of(title: str, names: Mapping[str, str]) -> str:
    """Return the field a title names, "" for none; 户主身份证号 is the number of the head."""
    for spelt in (_bare(title), _bare(re.sub(r"[（(].*?[)）]", "", title))):
        if spelt in names:
            return names[spelt]
        rest = re.sub(r"^户主的?", "", spelt)
        if rest != spelt and names.get(rest) in HEAD_BLOCK:
            return f"head:{names[rest]}"
    return ""


_NUMBERED = re.compile(r"^(?:家庭)?(?:成员|人员|家属|家庭人口)[(（]?(\d{1,2})[)）]?的?[-:：.、]?(.*)$")
_BEHIND = re.compile(r"^(\D+?)[(（]?(\d{1,2})[)）]?$")


def _numbered(title: str, names: Mapping[str, str]) -> tuple[int, str]:
    """Return the number of the person a title speaks of (0 = none) and what is left of it: 成员2姓名 is (2, 姓名)."""
    found = _NUMBERED.match(with_digits(title))
    if found and found[2] and _code_of(found[2], names):
        return int(found[1]), found[2]
    found = _BEHIND.match(title)
    if found and _code_of(found[1], names) and not _code_of(title, names):
        return int(found[2]), found[1]
    return 0, title


def read_titles(titles: Sequence[str], kind: Kind) -> Layout:
    """Return the field and the block of each column."""
    names = kind.names
    pairs = [_numbered(title, names) for title in titles]
    numbers = {number for number, title in pairs if number and _code_of(title, names) == "name"}
    if len(numbers) < 2:
        pairs = [(0, title) for title in titles]
    codes = [_code_of(title, names) for _, title in pairs]
    blocks = [number for number, _ in pairs]
    if numbers and len(numbers) > 1:
        return Layout(_once(codes, blocks), tuple(blocks))
    spots = [place for place, code in enumerate(codes) if code == "name"]
    if len(spots) < 2:
        return Layout(_once(codes, blocks), tuple(blocks))
    return _repeated(titles, codes, spots)


def _repeated(titles: Sequence[str], codes: list[str], spots: list[int]) -> Layout:
    """Read columns in which 姓名 comes again: tables side by side, or the members of a household in one row."""
    if len({titles[spot] for spot in spots}) > 1:
        return Layout(_once(codes, [0] * len(codes)), (0,) * len(codes), question=_differ(titles, spots))
    step = spots[1] - spots[0]
    if any(later - spot != step for spot, later in pairwise(spots)):
        return Layout(_once(codes, [0] * len(codes)), (0,) * len(codes), question="second-name")
    lead = 0
    while lead < min(spots[0], step - 1) and titles[spots[0] - lead - 1] == titles[spots[1] - lead - 1]:
        lead += 1
    begin = spots[0] - lead
    while not titles[begin] and begin < spots[0]:
        begin += 1
    first = [title for title in titles[begin : begin + step] if title]
    blocks = [
        1 + (place - begin) // step if place >= begin and (title in first or not title) else 0
        for place, title in enumerate(titles)
    ]
    beside = not any(title for title in titles[:begin])
    return Layout(_once(codes, blocks), tuple(blocks), beside)


def _differ(titles: Sequence[str], spots: Sequence[int]) -> str:
    """Two columns of names under two titles, 姓名 and 居民姓名: which of them is meant has to be asked."""
    return "second-name" if len(set(spots)) > 1 and all(titles[spot] for spot in spots) else ""


def _once(codes: Sequence[str], blocks: Sequence[int]) -> tuple[str, ...]:
    """Within one block the first column of a field wins."""
    used, fields = set[tuple[int, str]](), list[str]()
    for code, block in zip(codes, blocks, strict=True):
        fields.append("" if (block, code) in used else code)
        used.add((block, code))
    return tuple(fields)


def propose_columns(titles: Sequence[str], kind: Kind) -> tuple[str, ...]:
    """Return the field of each column, "" where the kind wants none; of two columns of one field the first wins."""
    return read_titles(titles, kind).fields


def _score(kind: Kind, titles: Sequence[str], fields: Sequence[str], around: str) -> float:
    """Count what speaks for a kind: columns that only it has, signs, its name; found persons break the tie."""
    signs = len(_signs(kind, titles, fields))
    named = max((len(word) for word in kind.called if word in around), default=0)
    return signs + 0.4 * named + 0.05 * _told(fields)


def _signs(kind: Kind, titles: Sequence[str], fields: Sequence[str]) -> set[str]:
    """Return what speaks for a kind: its signs, and the fields beyond those a person is found by."""
    own = {column.code for column in kind.told} | {"ends", "only_if"}
    return ({_bare(title) for title in titles} & set(kind.signs)) | (own & set(fields))


_ABOUT_ANYBODY = re.compile("^origin$|guardian|emergency|helper|监护|紧急联系|帮扶")
"""Columns that stand in rosters too: by them alone a table is no list of its own kind."""


def _told(fields: Iterable[str]) -> int:
    return len({field for field in fields if field})


def _known(kind: Kind, titles: Sequence[str], fields: Sequence[str], said: str, says_roster: bool) -> bool:
    if kind.people == "none":
        return len({_bare(title) for title in titles} & set(kind.signs)) >= 2
    signs = _signs(kind, titles, fields) if kind.people == "match" else set()
    weak = all(_ABOUT_ANYBODY.search(sign) for sign in signs) or (len(signs) == 1 and says_roster)
    if signs and weak:
        return any(word in said for word in kind.called)
    return "name" in fields and _told(fields) >= 3 - (kind.people == "match")


def find_header(
    rows: Sequence[Sequence[Any]], kinds: Mapping[str, Kind], around: str = "", only: str = ""
) -> Header | None:
    """Return the best header among the first rows; None when none names people. `around`: names of file and sheet.

    A header of two rows (a wide title above, the names of its parts below) is read as one.
    """
    best: Header | None = None
    top = [titles_of(row) for row in rows[: SEARCHED + 1]]
    wanted = [kinds[only]] if only in kinds else list(kinds.values())
    for row, titles in enumerate(top[:SEARCHED]):
        said = around + "".join(title for above in top[:row] if sum(map(bool, above)) <= 3 for title in above)
        below = top[row + 1] if row + 1 < len(top) else ()
        for found in _candidates(row, titles, below, wanted, said):
            if best is None or found.score > best.score:
                best = found
    return best


def _candidates(
    row: int, titles: tuple[str, ...], below: tuple[str, ...], kinds: Iterable[Kind], said: str
) -> Iterable[Header]:
    kinds = list(kinds)
    says_roster = any(word in said for kind in kinds if kind.people == "make" for word in kind.called)
    for kind in kinds:
        both = _joined(titles, below, kind)
        alone = max(_told(propose_columns(titles, kind)), _told(propose_columns(below, kind)))
        for last, names in ((row, titles), (row + 1, both)):
            layout = read_titles(names, kind)
            if not _known(kind, names, layout.fields, said, says_roster):
                continue
            more = sum(map(bool, layout.fields)) > sum(map(bool, propose_columns(titles, kind)))
            if last > row and not (_told(layout.fields) > alone or (_told(layout.fields) == alone and more)):
                continue
            score = _score(kind, names, layout.fields, said)
            yield Header(last, names, kind.code, layout.fields, score, layout)


def _joined(above: Sequence[str], below: Sequence[str], kind: Kind) -> tuple[str, ...]:
    """Return two rows of titles as one: 与户主 over 关系, 成员1 over 姓名, 住址 over 楼栋.

    The title above a group stands on its first column only; the columns behind it that have a title of their own
    below belong to the group.
    """
    found, group = [], ""
    for place in range(max(len(above), len(below))):
        upper = above[place] if place < len(above) else ""
        lower = below[place] if place < len(below) else ""
        group = upper or (group if lower else "")
        found.append(_one_title(upper, lower, group, kind))
    return tuple(found)


def _one_title(upper: str, lower: str, group: str, kind: Kind) -> str:
    if not lower or upper == lower:
        return upper or lower
    if not group:
        return lower
    whole = group + lower
    if re.fullmatch(r"(?:家庭)?(?:成员|人员|家属)\d{1,2}", with_digits(group)) or _code_of(whole, kind.names):
        return whole
    head = re.sub(r"信息|情况|资料|基本", "", group)
    return head + lower if head == "户主" and _code_of(head + lower, kind.names) else lower
