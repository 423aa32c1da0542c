"""Sheets as a clerk lays them out: titles, headers of two rows, hints, merges, blanks below, totals and signatures."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from benchmarks.worlds.office_rows import TITLES, Plan, Row
from benchmarks.worlds.office_truth import AREA, TrueHousehold, check_digit
from benchmarks.worlds.office_values import Cell


@dataclass
class Grid:
    """One sheet: its cells row by row, and merged ranges as (first row, first column, last row, last column)."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)


Block = tuple[TrueHousehold, list[Row]]
"""A household with its rows."""

HINTS = {
    "name": "必填",
    "document": "必填，18位",
    "birth": "如：1990-01-01",
    "telephone": "11位手机号",
    "address": "如：XX小区1栋1单元101室",
    "relation": "必填，户主填户主",
    "is_head": "填是或否",
}
EXAMPLE_NUMBER = f"{AREA}19900101001" + check_digit(f"{AREA}19900101001")
EXAMPLE = {
    "seq": "示例",
    "no": "1",
    "name": "张三",
    "head_name": "张三",
    "relation": "户主",
    "is_head": "是",
    "sex": "男",
    "birth": "1990-01-01",
    "document": EXAMPLE_NUMBER,
    "telephone": "13800000000",
    "address": "示例小区1栋1单元101室",
    "compound": "示例小区",
    "building": "1",
    "entrance": "1",
    "room": "101",
}
GROUPS = {
    "基本信息": ("name", "head_name", "relation", "is_head", "sex", "birth", "age", "document", "ethnic", "schooling"),
    "住址": ("address", "compound", "building", "entrance", "room"),
    "联系方式": ("telephone", "other_telephone", "other_name"),
}
SPLIT = {
    "与户主关系": ("与户主", "关系"),
    "身份证号": ("身份", "证号"),
    "身份证号码": ("身份证", "号码"),
    "公民身份号码": ("公民身份", "号码"),
    "联系电话": ("联系", "电话"),
    "出生日期": ("出生", "日期"),
    "居住地址": ("居住", "地址"),
    "户主姓名": ("户主", "姓名"),
}
WATERMARKS = ("柳林社区内部资料 严禁外传", "柳林社区 管理员 2026-06-01 09:30 导出 仅限工作使用", "— 第 1 页 共 3 页 —")


def titles_of(plan: Plan, random: Random) -> dict[str, str]:
    """Choose one public name for each column of the plan, no two alike."""
    chosen: dict[str, str] = {}
    for column in plan.columns:
        names = [name for name in TITLES[column] if name not in chosen.values()]
        if plan.header == "split-two-rows":
            names = [name for name in names if name in SPLIT] or names
        chosen[column] = random.choice(names)
    if plan.header == "split-relation":
        chosen["relation"] = random.choice(("户主（与户主关系）", "户主\n（与户主关系）"))
        if chosen.get("head_name") == "户主":
            chosen["head_name"] = "户主姓名"
    return chosen


class SheetBuilder:
    """Builds one sheet of a table from its households."""

    def __init__(self, plan: Plan, titles: dict[str, str], random: Random) -> None:
        self.plan = plan
        self.titles = titles
        self.random = random
        self.columns = plan.columns
        self.grid = Grid("")
        self.people: list[tuple[int, Row]] = []

    def build(self, name: str, title: str, blocks: Sequence[Block]) -> Grid:
        """Lay out a sheet of this name; ``title`` is the row above the header, "" for none."""
        self.grid = Grid(name)
        self.people = []
        if title:
            self._wide(title)
        if self.plan.header == "title-rows":
            self._wide("填报单位：柳林社区居民委员会        填报日期：2026年6月1日")
        self._header()
        for place, (household, rows) in enumerate(blocks):
            self._between(place, blocks)
            for row in rows:
                self.people.append((len(self.grid.rows), row))
                self.grid.rows.append([row.cells[column] for column in self.columns])
            if "household-counts" in self.plan.noise and len(rows) > 1 and place % 4 == 0:
                self._line(name=f"本户{len(household.members)}人")
        self._fold()
        self._foot(blocks)
        return self.grid

    def _wide(self, text: str) -> None:
        """Add a line of one text over the whole width, merged where the file can."""
        if self.plan.file.startswith("xlsx") and len(self.columns) > 1:
            self.grid.merges.append((len(self.grid.rows), 0, len(self.grid.rows), len(self.columns) - 1))
        self.grid.rows.append([text, *[None] * (len(self.columns) - 1)])

    def _line(self, first: Cell = None, **cells: Cell) -> None:
        """Add a line with these cells and no others; ``first`` goes into the first column."""
        line = [cells.get(column) for column in self.columns]
        line[0] = first if first is not None else line[0]
        self.grid.rows.append(line)

    def _header(self) -> None:
        names = [self.titles[column] for column in self.columns]
        kind = self.plan.header
        if kind == "grouped":
            self._grouped(names)
        elif kind == "split-two-rows":
            halves = [SPLIT.get(name, (name, "")) for name in names]
            self.grid.rows += [[top for top, _ in halves], [bottom for _, bottom in halves]]
        else:
            self.grid.rows.append([dressed(name, kind) for name in names])
        if kind == "hint-row":
            self.grid.rows.append([HINTS.get(column, "选填") for column in self.columns])
        if kind == "example-row":
            self.grid.rows.append([EXAMPLE.get(column) for column in self.columns])

    def _grouped(self, names: list[str]) -> None:
        """Two rows: the group over its columns; columns of no group are merged downwards."""
        top = len(self.grid.rows)
        groups = [next((group for group, of in GROUPS.items() if column in of), "") for column in self.columns]
        starts = [place == 0 or group != groups[place - 1] or not group for place, group in enumerate(groups)]
        upper: list[Cell] = []
        for group, starting, name in zip(groups, starts, names, strict=True):
            upper.append((group or name) if starting else None)
        lower = [name if group else None for group, name in zip(groups, names, strict=True)]
        self.grid.rows += [upper, list[Cell](lower)]
        edges = [place for place, starting in enumerate(starts) if starting] + [len(names)]
        for first, end in pairwise(edges):
            if not groups[first]:
                self.grid.merges.append((top, first, top + 1, first))
            elif end - first > 1:
                self.grid.merges.append((top, first, top, end - 1))

    def _between(self, place: int, blocks: Sequence[Block]) -> None:
        """Add what clerks put between households."""
        noise = self.plan.noise
        here, before = blocks[place][0].door, blocks[place - 1][0].door
        if "subtotals" in noise and place and (here.compound, here.building) != (before.compound, before.building):
            self._subtotal(blocks, before.compound, before.building)
        if not place or place % 7:
            return
        if "blank-rows" in noise:
            self._line()
        if "watermark" in noise:
            self._wide(self.random.choice(WATERMARKS))
        if "header-again" in noise and self.plan.header not in ("grouped", "split-two-rows"):
            self.grid.rows.append([dressed(self.titles[column], self.plan.header) for column in self.columns])

    def _subtotal(self, blocks: Sequence[Block], compound: str, building: str | None) -> None:
        inside = [
            household
            for household, _ in blocks
            if (household.door.compound, household.door.building) == (compound, building)
        ]
        people = sum(len(household.members) for household in inside)
        self._line("小计", name=f"{len(inside)}户{people}人")

    def _foot(self, blocks: Sequence[Block]) -> None:
        homes, people = len(blocks), sum(len(rows) for _, rows in blocks)
        if "totals-at-foot" in self.plan.noise:
            forms: tuple[Callable[[], None], ...] = (
                lambda: self._line("合计", name=f"{homes}户", document=f"{people}人"),
                lambda: self._line(f"合计：{homes}户{people}人"),
                lambda: self._line(name="总计", telephone=people),
                lambda: self._line("合 计", name=homes, relation=people),
            )
            self.random.choice(forms)()
        if "notes-at-foot" in self.plan.noise:
            self._wide("注：1. 本表一式两份。2. 户主填第一行，家庭成员依次填写。")
        if "watermark" in self.plan.noise:
            self._wide(self.random.choice(WATERMARKS))
        if "signatures" in self.plan.noise:
            self._line("填表人：郝认真", name="审核人：甄仔细", telephone="2026年6月1日")

    def _fold(self) -> None:
        """Merge, or leave blank below, the columns that this shape and place write once."""
        for column, key, merged in folds_of(self.plan):
            if column in self.columns:
                self._fold_column(self.columns.index(column), key, merged)

    def _fold_column(self, at: int, key: Callable[[Row], object], merged: bool) -> None:
        run_start, previous = 0, None
        for number, row in self.people:
            same = previous is not None and key(previous[1]) == key(row) and (not merged or previous[0] == number - 1)
            if same:
                self.grid.rows[number][at] = None
                if merged:
                    self._stretch(run_start, at, number)
            else:
                run_start = number
            previous = (number, row)

    def _stretch(self, start: int, at: int, end: int) -> None:
        if end - start > 1:
            self.grid.merges.remove((start, at, end - 1, at))
        self.grid.merges.append((start, at, end, at))


def dressed(name: str, kind: str) -> str:
    """Dress a header: a star before what must be filled, or a space inside a word of two characters."""
    if kind == "starred":
        return f"*{name}" if name in (*TITLES["name"], *TITLES["document"]) else name
    if kind == "spaced":
        return f"{name[0]}　{name[1]}" if len(name) == 2 else (f"{name[:3]}\n{name[3:]}" if len(name) > 4 else name)
    return name


def folds_of(plan: Plan) -> Iterator[tuple[str, Callable[[Row], object], bool]]:
    """Give the columns written once a run, what makes a run, and whether the run is merged or left blank below."""
    by_household: Callable[[Row], object] = lambda row: row.household  # noqa: E731 - a key, as sorted() takes one
    if plan.shape == "number-on-first-row":
        yield from (("no", by_household, False), ("head_name", by_household, False))
    if plan.shape == "merged-household":
        yield from ((column, by_household, True) for column in ("no", "head_name", "address"))
    if plan.place == "address-on-first-row":
        yield "address", by_household, False
    if plan.place in ("place-columns-merged", "place-columns-until-next"):
        levels = ("compound", "building", "entrance", "room")
        for depth, column in enumerate(levels, start=1):
            yield column, part_key(levels[:depth]), plan.place == "place-columns-merged"


def part_key(levels: tuple[str, ...]) -> Callable[[Row], object]:
    """Key of a run in a place column: it ends with its own value and with any value left of it."""
    return lambda row: tuple(row.cells.get(level) for level in levels)


def side_by_side(plan: Plan, titles: dict[str, str], title: str, blocks: Sequence[Block], random: Random) -> Grid:
    """Lay the households out as two tables beside each other, a blank column or none between."""
    half = (len(blocks) + 1) // 2
    left = SheetBuilder(plan, titles, random).build("Sheet1", "", blocks[:half])
    right = SheetBuilder(plan, titles, random).build("Sheet1", "", blocks[half:])
    gap = [None] * random.choice((0, 1))
    width = len(plan.columns)
    height = max(len(left.rows), len(right.rows))
    both = Grid("Sheet1")
    above = 1 if title else 0
    both.rows += [[title]] * above
    for number in range(height):
        pair = [side.rows[number] if number < len(side.rows) else [None] * width for side in (left, right)]
        both.rows.append([*pair[0], *gap, *pair[1]])
    both.merges += [(a + above, b, c + above, d) for a, b, c, d in left.merges]
    both.merges += [(a + above, b + width + len(gap), c + above, d + width + len(gap)) for a, b, c, d in right.merges]
    return both


def members_in_one_row(plan: Plan, titles: dict[str, str], title: str, blocks: Sequence[Block], random: Random) -> Grid:
    """Lay each household out as one row: the head, then member 1, member 2 …, each with relation, number, telephone."""
    most = max(len(rows) for _, rows in blocks) - 1
    word = random.choice(("成员", "家庭成员"))
    own = [column for column in plan.columns if column != "relation"]
    names = {"name": "户主姓名", "document": f"户主{titles['document']}", "telephone": f"户主{titles['telephone']}"}
    heads = [names.get(column, titles[column]) for column in own]
    parts = ("name", "relation", "document", "telephone")
    grid = Grid("Sheet1", [[title]] if title else [])
    top = len(grid.rows)
    if plan.header == "grouped":
        grid.rows.append(
            [*heads, *(cell for number in range(most) for cell in (f"{word}{number + 1}", None, None, None))]
        )
        grid.rows.append([*[None] * len(heads), *[titles[part] for part in parts] * most])
        grid.merges += [(top, at, top + 1, at) for at in range(len(heads))]
        grid.merges += [(top, at, top, at + 3) for at in range(len(heads), len(heads) + 4 * most, 4)]
    else:
        grid.rows.append([*heads, *(f"{word}{number + 1}{titles[part]}" for number in range(most) for part in parts)])
    for _, rows in blocks:
        members = [row.cells[part] for row in rows[1:] for part in parts]
        grid.rows.append([*(rows[0].cells[column] for column in own), *members])
    if "totals-at-foot" in plan.noise:
        grid.rows.append(["合计", None, f"{len(blocks)}户"])
    if "signatures" in plan.noise:
        grid.rows.append(["填表人：郝认真", None, None, None, "审核人：甄仔细"])
    return grid
