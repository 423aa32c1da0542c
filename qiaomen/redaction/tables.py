"""What a table shows by its columns: a heading that says what stands below, or cells that are mostly of one kind."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qiaomen.kernel.small_numbers import LEAST, shown_count
from qiaomen.kernel.texts import Text
from qiaomen.kernel.texts import later as _
from qiaomen.redaction.numbers import numbers_in
from qiaomen.redaction.parts import Table
from qiaomen.redaction.passing import Passing

_HEADINGS = (
    ("id_no", re.compile(r"身份证|公民身份|证件号|身份号")),
    ("bank", re.compile(r"(?:银行|存折|社保|一卡通|惠农)?(?:卡号|账号|帐号|账户)|开户行账")),
    ("phone", re.compile(r"电话|手机|联系方式|联系号码|固话")),
    ("birth", re.compile(r"出生|生日")),
    (
        "name",
        re.compile(
            r"姓\s*名|^(?:户主|申请人|联系人|监护人|家长|领取人|签收人|负责人|当事人|学生|受益人|户主名|委托人|家属)(?:姓名|名字)?$|^名字$|曾用名"
        ),
    ),
    ("door", re.compile(r"住址|门牌|房号|家庭地址|居住地址|户籍地址|现住|房间号|楼栋单元")),
    ("plate", re.compile(r"车牌|车号")),
    ("account", re.compile(r"微信|QQ|邮箱|email", re.I)),
    ("health", re.compile(r"病(?!房|床)|残疾|诊断|健康状况|失能|症状")),
    ("income", re.compile(r"收入|致贫|困难(?:原因|类型|类别)|负债|欠")),
    ("minor", re.compile(r"^(?:就读)?(?:学校|年级|班级)|就读|学籍")),
    ("document", re.compile(r"残疾证|低保证|户口簿号|户号|医保号|社保号|学号")),
)
_BESIDE_A_PERSON = {"health", "income", "minor", "birth", "document"}
_PERSONAL = {"id_no", "name", "phone", "bank"}
_COUNTED = re.compile(r"人数|户数|^(?:人|户|人次)$|[人户]数$|对象数")
_NO_VALUE = re.compile(r"[\s\-—/\\无空]*|合\s*计|总\s*计|小\s*计|暂无|未填|不详|备注|共.*")
HEADINGS_WITHIN = 6
MOSTLY = 0.6
MINORS_AGE = re.compile(r"年\s*龄|周岁")

SAID_ABOVE = _("这一列的表头写着它是什么")
MOSTLY_SUCH = _("这一列多半是这一类号码，整列一起处理")
FEW = _("有的格子不到 10，容易认出是谁；整列按“少于 10、其余取整到 5”公布")


@dataclass(frozen=True)
class ColumnMark:
    """A column that is private as a whole: its kind, the heading, the rows that have a value, and why."""

    kind: str
    column: int
    heading: str
    rows: tuple[int, ...]
    reason: Text


def columns_of(table: Table, passing: Passing) -> list[ColumnMark]:
    """Return the private columns of a table; a cell on the list of what passes is left out of its column."""
    if len(table.rows) < 2:
        return []
    width = max(map(len, table.rows))
    head = _heading_row(table)
    headings = [_cell(table, head, column) for column in range(width)] if head >= 0 else [""] * width
    kinds = {column: kind for column, text in enumerate(headings) if (kind := _kind_of(text))}
    personal = any(kind in _PERSONAL for kind in kinds.values())
    found = []
    for column in range(width):
        kind, reason = kinds.get(column, ""), SAID_ABOVE
        if kind in _BESIDE_A_PERSON and not personal:
            kind = ""
        if not kind:
            kind, reason = _mostly(table, head, column), MOSTLY_SUCH
        if kind:
            rows = tuple(_with_value(table, head, column, kind, passing))
            if rows:
                found.append(ColumnMark(kind, column, headings[column], rows, reason))
    if not personal:
        found += _small_groups(table, head, headings)
    return found


def _cell(table: Table, row: int, column: int) -> str:
    cells = table.rows[row]
    return cells[column].strip() if column < len(cells) else ""


def _heading_row(table: Table) -> int:
    """Return the row among the first that has the most headings we know, -1 for none."""
    scores = []
    for row in range(min(HEADINGS_WITHIN, len(table.rows))):
        cells = table.rows[row]
        known = sum(
            1 for cell in cells if len(cell) <= 20 and (_kind_of(cell.strip()) or _COUNTED.search(cell.strip()))
        )
        scores.append(known)
    best = max(range(len(scores)), key=lambda row: scores[row])
    return best if scores[best] else -1


def _kind_of(heading: str) -> str:
    heading = re.sub(r"\s+", "", heading)
    if not heading or len(heading) > 20:
        return ""
    return next((kind for kind, form in _HEADINGS if form.search(heading)), "")


def _with_value(table: Table, head: int, column: int, kind: str, passing: Passing) -> Iterator[int]:
    longest = 30 if kind in ("name", "phone") else 400
    for row in range(head + 1, len(table.rows)):
        cell = _cell(table, row, column)
        if cell and len(cell) <= longest and not _NO_VALUE.fullmatch(cell) and not passing.lets(cell, kind):
            yield row


def _mostly(table: Table, head: int, column: int) -> str:
    """Return the kind of number that most cells of a column are; judged by up to 60 of them."""
    filled = [cell for row in range(head + 1, len(table.rows)) if (cell := _cell(table, row, column))]
    step = max(1, len(filled) // 60)
    cells = [cell for cell in filled[::step] if any(sign.isdigit() for sign in cell)]
    if len(filled) < 3 or len(cells) < MOSTLY * len(filled[::step]):
        return ""
    hits = [found[0].kind for cell in cells if len(found := numbers_in(cell)) == 1 and len(cell) <= 40]
    for kind in ("id_no", "bank"):
        if hits.count(kind) >= MOSTLY * len(filled[::step]):
            return kind
    return ""


def _small_groups(table: Table, head: int, headings: list[str]) -> Iterator[ColumnMark]:
    """Yield the columns that count people and have a cell below ten."""
    for column, heading in enumerate(headings):
        if not _COUNTED.search(re.sub(r"\s+", "", heading)):
            continue
        rows = [
            r for r in range(head + 1, len(table.rows)) if re.fullmatch(r"\d{1,7}(?:\.0)?", _cell(table, r, column))
        ]
        if any(int(float(_cell(table, row, column))) < LEAST for row in rows):
            yield ColumnMark("small_group", column, heading, tuple(rows), FEW)


def published_count(cell: str) -> str:
    """Return a count of people as the public reads it."""
    shown = shown_count(int(float(cell)))
    return f"少于 {LEAST}" if shown is None else str(shown)


_PIECE = re.compile(r"[\s\-.'_·]*(?:[0-9OlX][\s\-.'_·]*){1,9}")
_WHOLE = {11, 15, 16, 17, 18, 19}


def upright_columns(table: Table, skip: set[tuple[int, int]]) -> Iterator[tuple[int, list[int]]]:
    """Yield (column, rows) where a number or a name may stand upright.

    That is a column written a sign or two a cell, and a few cells below each other that are together as long as a
    number of somebody, with something else or nothing above and below them: a column of amounts is not that.
    """
    for column in range(max(map(len, table.rows), default=0)):
        filled = [row for row in range(len(table.rows)) if (row, column) not in skip and _cell(table, row, column)]
        short = sum(1 for row in filled if len(_cell(table, row, column)) <= 2)
        if short >= 2 and short >= 0.8 * len(filled):
            yield column, filled
            continue
        run: list[int] = []
        for row in [*filled, -1]:
            piece = row >= 0 and _PIECE.fullmatch(_cell(table, row, column)) is not None
            if not piece or (run and row != run[-1] + 1):
                if 2 <= len(run) <= 19 and sum(_digits(table, at, column) for at in run) in _WHOLE:
                    yield column, run
                run = []
            if piece:
                run.append(row)


def _digits(table: Table, row: int, column: int) -> int:
    return sum(1 for sign in _cell(table, row, column) if sign in "0123456789OlX")
