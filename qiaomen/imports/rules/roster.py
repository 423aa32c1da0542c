"""The rows of a list, column by column: blanks below a head filled, every cell checked, each reason with its column."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from qiaomen.imports.rules.list_kinds import OF_ROSTER
from qiaomen.kernel.cells import births_of, check_ids, clean, clean_column, digits_of, parse_date
from qiaomen.register.rules.addresses import Address, join_address, parse_address
from qiaomen.register.rules.register_row import RegisterRow
from qiaomen.workbooks.sheet import Sheet

HEAD_WORDS = {"户主", "本人", "0"}
SEXES = {"男": "male", "女": "female", "1": "male", "2": "female", "男性": "male", "女性": "female"}
CARRIED = ("household_no", "head_name", "address", "compound", "building", "entrance", "room", "origin_town",
           "origin_village", "lifted_out", "origin")  # fmt: skip
"""What stands on the first row of a household and holds for the blank cells below it."""
LONGEST = {
    "name": 60,
    "former_name": 60,
    "nickname": 60,
    "head_name": 60,
    "household_no": 30,
    "relation": 20,
    "origin_town": 40,
    "origin_village": 40,
}
DOTS = str.maketrans(dict.fromkeys("•‧・⋅∙●﹒", "·"))
"""The separator of a name is U+00B7; keyboards give others."""


@dataclass
class Table:
    """One sheet as read, column by column; `reasons` by place in the columns, empty for rows that can come in."""

    sheet: str
    kind: str
    grid: Sheet
    fields: Sequence[str]
    titles: Sequence[str]
    spots: list[int]
    row_nos: list[int]
    values: dict[str, list[Any]]
    addresses: list[Address | None] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    reasons: dict[int, list[str]] = field(default_factory=dict)
    unclear_births: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.row_nos)

    def refuse(self, place: int, reason: str) -> None:
        """Keep a row out, and say why."""
        self.reasons.setdefault(place, []).append(reason)

    def title(self, code: str) -> str:
        """Return the user's own name of a column, "" when the sheet has none."""
        return next((title for title, one in zip(self.titles, self.fields, strict=False) if one == code), "")

    def row(self, place: int) -> RegisterRow:
        """Return one row by itself."""
        values = {code: column[place] for code, column in self.values.items()}
        return RegisterRow(self.sheet, self.row_nos[place], values, self.addresses[place], self.keys[place])

    def cells(self, place: int) -> list[str]:
        """Return a row as it stands in the sheet; a column nobody reads is not kept and stays blank."""
        row = self.grid.row(self.spots[place])
        return [clean(row[n]) if code and n < len(row) else "" for n, code in enumerate(self.fields)]


def read_table(grid: Sheet, header: int, fields: Sequence[str], titles: Sequence[str], kind: str) -> Table:
    """Read the rows below the header, which stands in row number `header` (from 1).

    `fields`: the field of each column, "" where it is not read. Values of the columns of `OF_ROSTER` are those of their
    kind; those of other columns are clean text.
    """
    first = bisect_right(grid.row_nos, header)
    size = len(grid.row_nos) - first
    raw, texts = dict[str, list[Any]](), dict[str, list[str]]()
    for place, code in enumerate(fields):
        if code:
            raw[code] = grid.column(place)[first:]
            texts[code] = clean_column(raw[code])
    filled = [any(row) for row in zip(*texts.values(), strict=True)]
    blank = [""] * size
    starts = [bool(a or b or c in HEAD_WORDS) for a, b, c in zip(
        *(texts.get(code, blank) for code in ("household_no", "head_name", "relation")), strict=True)]  # fmt: skip
    for code in CARRIED:
        if code in texts:
            texts[code] = _carry(texts[code], starts)
    footers = _footers(texts.get("name", blank), filled, grid, first)
    keep = [place for place, full in enumerate(filled) if full and place not in footers]
    if len(keep) != size:
        raw = {code: [column[place] for place in keep] for code, column in raw.items()}
        texts = {code: [column[place] for place in keep] for code, column in texts.items()}
    spots = [first + place for place in keep]
    table = Table(grid.name, kind, grid, fields, titles, spots, [grid.row_nos[spot] for spot in spots], {})
    _fill(table, raw, texts)
    return table


FOOTERS = (
    "合计",
    "总计",
    "小计",
    "共计",
    "填表人",
    "填报人",
    "制表人",
    "审核人",
    "负责人",
    "联系人：",
    "备注：",
    "注：",
    "说明：",
    "单位负责人",
)
MOST_FOOTERS = 200


def _footers(names: list[str], filled: list[bool], grid: Sheet, first: int) -> set[int]:
    """Return the places of totals and signatures: rows beginning with such a word, at the end or without a name."""
    told = [place for place, full in enumerate(filled) if full]
    nameless = [place for place in told if not names[place]][:MOST_FOOTERS]
    found = {place for place in nameless if _is_footer(grid.row(first + place))}
    for place in reversed(told[-MOST_FOOTERS:]):
        if place not in found and not _is_footer(grid.row(first + place)):
            break
        found.add(place)
    return found


def _is_footer(row: Sequence[Any]) -> bool:
    return next((text for text in map(clean, row) if text), "").startswith(FOOTERS)


def _carry(texts: list[str], starts: list[bool]) -> list[str]:
    """Give blank cells what stands above them, up to where the next household starts."""
    above, found = "", []
    for text, start in zip(texts, starts, strict=True):
        if text or start:
            above = text
        found.append(above)
    return found


def _fill(table: Table, raw: dict[str, list[Any]], texts: dict[str, list[str]]) -> None:
    blank = [""] * len(table)
    told = {code: texts.get(code, blank) for code in OF_ROSTER}
    values = table.values = {code: column for code, column in texts.items() if code not in OF_ROSTER}
    names = told["name"]
    if any(dot in name for dot in "•‧・⋅∙●﹒" for name in set(names)):
        names = [name.translate(DOTS) for name in names]
    id_nos, wrong = check_ids(raw.get("id_no", blank), told["id_no"])
    births = births_of(id_nos)
    phones = digits_of(told["phone"])
    for place, name in enumerate(names):
        if not name:
            table.refuse(place, "没有姓名")
    _refuse_all(table, table.title("id_no"), wrong)
    long = {p: "位数不对" for p, phone in enumerate(phones) if phone and not 7 <= len(phone) <= 13}
    _refuse_all(table, table.title("phone"), long)
    _births(table, births, told["birth_date"])
    plain = ("former_name", "nickname", "relation", "household_no", "head_name", "origin_town", "origin_village")
    values |= {code: told[code] for code in plain}
    values |= {"name": names, "id_no": id_nos, "birth_date": births, "phone": phones}
    values["is_head"] = [
        relation in HEAD_WORDS or (not relation and head == name)
        for relation, head, name in zip(told["relation"], told["head_name"], names, strict=True)
    ]
    values["sex"] = [
        ("male" if int(number[16]) % 2 else "female") if number else SEXES.get(text, "")
        for number, text in zip(id_nos, told["sex"], strict=True)
    ]
    lifted = {"是": True, "否": False, "脱贫户": True}
    values["lifted_out"] = [lifted.get(text) for text in told["lifted_out"]]
    for code, longest in LONGEST.items():
        if max(map(len, values[code]), default=0) > longest:
            too_long = {p: f"太长，最多 {longest} 个字" for p, text in enumerate(values[code]) if len(text) > longest}
            _refuse_all(table, table.title(code), too_long)
    _doors(table, told)


def _refuse_all(table: Table, title: str, wrong: dict[int, str]) -> None:
    for place, words in wrong.items():
        table.refuse(place, f"“{title}”{words}")


def _births(table: Table, births: list[Any], texts: list[str]) -> None:
    """Where no identity number tells the birth date, read its column."""
    wanted = [place for place, birth in enumerate(births) if birth is None and texts[place]]
    known = {text: parse_date(text) for text in {texts[place] for place in wanted}}
    for place in wanted:
        births[place] = known[texts[place]]
    table.unclear_births = [place for place in wanted if births[place] is None]


def _doors(table: Table, told: dict[str, list[str]]) -> None:
    """Read where each row lives, from one column or from four, and the key of its household."""
    parts = zip(*(told[code] for code in ("compound", "building", "entrance", "room", "address")), strict=True)
    known: dict[tuple[str, ...], Address | None] = {}
    for where in parts:
        if where not in known:
            compound, building, entrance, room, text = where
            known[where] = (
                join_address(compound, building, entrance, room) if building and room else parse_address(text)
            )
        table.addresses.append(known[where])
    for place, (number, head, address) in enumerate(
        zip(told["household_no"], told["head_name"], table.addresses, strict=True)
    ):
        table.keys.append(number or (f"{'/'.join(address)}/{head}" if address else ""))
        if address is None and table.kind == "roster":
            said = told["address"][place] or told["room"][place]
            title = table.title("address") or table.title("room")
            unclear = f"“{title}”看不懂，应像“幸福苑3号楼2单元501室”"
            table.refuse(place, unclear if said else "没有住址")


def rows_of(tables: Iterable[Table]) -> int:
    """Count the rows of tables."""
    return sum(map(len, tables))
