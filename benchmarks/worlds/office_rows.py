"""From a household to the rows that stand for it: which columns a table has, what they are called, what is in them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from benchmarks.worlds.office_addresses import STYLES, building_words, chinese, compound_words, spell
from benchmarks.worlds.office_truth import AWAY, DIED, LIVES, MOVED_OUT, SPLIT, TrueHousehold, TruePerson
from benchmarks.worlds.office_values import DATES, DOCUMENTS, TELEPHONES, Cell, Written, doubtful

TITLES: dict[str, tuple[str, ...]] = {
    "seq": ("序号", "编号", "No."),
    "no": ("户号", "户编号", "家庭编号", "户序号"),
    "head_name": ("户主姓名", "户主名称", "户主"),
    "name": ("姓名", "居民姓名", "家庭成员姓名", "成员姓名", "人员姓名"),
    "relation": ("与户主关系", "与户主的关系", "家庭关系", "关系", "户主关系"),
    "is_head": ("是否户主", "是否为户主", "户主（是/否）"),
    "sex": ("性别",),
    "birth": ("出生日期", "出生年月", "出生年月日", "生日"),
    "age": ("年龄", "周岁"),
    "document": ("身份证号", "身份证号码", "公民身份号码", "证件号码", "身份证"),
    "telephone": ("联系电话", "联系方式", "电话", "手机号", "手机号码"),
    "address": ("住址", "居住地址", "现居住地址", "现住址", "家庭住址", "详细地址"),
    "compound": ("小区", "小区名称", "所在小区"),
    "building": ("楼栋", "楼号", "栋号", "楼栋号"),
    "entrance": ("单元", "单元号"),
    "room": ("房号", "室", "门牌号", "房间号"),
    "status": ("状态", "人员状态", "居住状态", "现状"),
    "residence": ("居住性质", "住户类型"),
    "household_kind": ("户别", "户类型"),
    "registered_place": ("户籍地址", "户籍所在地", "原居住地址"),
    "other_telephone": ("紧急联系电话", "监护人电话", "帮扶人电话"),
    "other_name": ("紧急联系人", "监护人姓名", "帮扶责任人"),
    "entered": ("登记日期", "办证日期", "最近走访"),
    "ethnic": ("民族",),
    "schooling": ("文化程度",),
    "grid": ("网格", "所属网格"),
    "remark": ("备注", "备 注"),
}
"""Column -> its public names (domain.md §7 and everyday variants)."""

RELATIONS: dict[str, tuple[str, ...]] = {
    "配偶": ("配偶", "爱人"),
    "子": ("子", "儿子", "长子", "次子"),
    "女": ("女", "女儿", "长女", "次女"),
    "父": ("父", "父亲"),
    "母": ("母", "母亲"),
    "儿媳": ("儿媳", "儿媳妇"),
    "女婿": ("女婿",),
    "孙子": ("孙子", "孙"),
    "孙女": ("孙女",),
    "外孙": ("外孙", "外孙子"),
    "非亲属": ("非亲属", "其他", "集体户成员"),
}
"""Relation as in the truth -> how it is written; 妻, 夫 … are added by sex."""

CODES = {
    "子": "20",
    "女": "30",
    "父": "51",
    "母": "52",
    "儿媳": "28",
    "女婿": "38",
    "孙子": "41",
    "孙女": "42",
    "外孙": "43",
    "非亲属": "99",
}
"""Relation -> code of GB/T 4761-2008; the head is 01 or 02, a husband 11, a wife 12."""

STATUSES = {
    LIVES: ("正常", "在住", "常住", ""),
    DIED: ("死亡", "已故", "去世"),
    MOVED_OUT: ("迁出", "已迁出", "已搬走"),
    SPLIT: ("人户分离", "人在户不在"),
    AWAY: ("外出", "在外", "外出务工"),
}
"""Status -> how a status column says it."""


@dataclass(frozen=True)
class Plan:
    """The cards dealt to one table; ``columns`` is in the order of the sheet."""

    file: str
    shape: str
    place: str
    ground: str
    header: str
    head_mark: str
    columns: tuple[str, ...]
    dates: tuple[str, ...]
    telephones: tuple[str, ...]
    documents: tuple[str, ...]
    addresses: tuple[str, ...]
    mixes_spellings: bool
    head_word: str
    noise: tuple[str, ...] = ()
    sheets: str = "single"
    extras: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One row of one person, by column; ``household`` is the number of the household in the table."""

    household: int
    cells: dict[str, Cell]


def relation_words(person: TruePerson, plan: Plan, random: Random) -> str:
    """Write the relation as this table does: words, or codes of GB/T 4761."""
    is_wife = person.sex == "女"
    if plan.head_mark.startswith("code"):
        spouse = "12" if is_wife else "11"
        return {"户主": plan.head_word, "配偶": spouse}.get(person.relation) or CODES[person.relation]
    if person.relation == "户主":
        return plan.head_word
    if person.relation == "配偶":
        return random.choice((*RELATIONS["配偶"], *(("妻", "妻子") if is_wife else ("夫", "丈夫"))))
    return random.choice(RELATIONS[person.relation])


class RowWriter:
    """Writes the rows of one table by its plan, and keeps what can still be known of each person."""

    def __init__(self, plan: Plan, random: Random) -> None:
        self.plan = plan
        self.random = random
        self.used: dict[str, None] = {}
        self.untried = list(plan.addresses)

    def household(self, number: int, family: TrueHousehold) -> tuple[list[Row], TrueHousehold]:
        """Give a household's rows, and the household as the table shows it."""
        style = self._style()
        rows, shown = [], []
        for person in family.members:
            cells, seen = self._person(person, family)
            cells |= self._place(family, self._style() if self.plan.mixes_spellings else style)
            rows.append(Row(number, {column: cells.get(column) for column in self.plan.columns}))
            shown.append(seen)
        return rows, replace(family, members=tuple(shown))

    def _style(self) -> str:
        """Choose an address style: each of the table's once, then mostly its main one."""
        if self.untried:
            return self.untried.pop(0)
        return self.random.choice((self.plan.addresses[0], self.plan.addresses[0], *self.plan.addresses))

    def _person(self, person: TruePerson, family: TrueHousehold) -> tuple[dict[str, Cell], TruePerson]:
        """Write one person; fields that the table does not show may stay empty."""
        bare = "birth" in person.blank_ok
        cells: dict[str, Cell] = {"name": person.name, "relation": relation_words(person, self.plan, self.random)}
        cells |= {"head_name": family.head, "is_head": "是" if person.relation == "户主" else "否"}
        cells |= {"no": family.household_no, "sex": "" if bare else person.sex, "age": "" if bare else person.age}
        cells |= self._about(person, family)
        if self._has("document") and person.document:
            cells["document"], person = self._by_habit("document", person)
        if self._has("telephone") and (person.telephones or (not bare and self.random.random() < 0.2)):
            cells["telephone"], person = self._by_habit("telephone", person)
        tells = self._has("document") and person.document_kind == "身份证" and "document" not in person.blank_ok
        if self._has("birth") and not bare:
            cells["birth"], dated = self._by_habit("date", person)
            person = person if tells else dated
        return cells, self._hidden(person, tells)

    def _by_habit(self, axis: str, person: TruePerson) -> Written:
        """Write by the table's main habit, every fourth person by one of its others; by the plain one if none fits."""
        table, habits = {
            "date": (DATES, self.plan.dates),
            "telephone": (TELEPHONES, self.plan.telephones),
            "document": (DOCUMENTS, self.plan.documents),
        }[axis]
        chosen = habits[0] if self.random.random() < 0.7 else self.random.choice(habits)
        for habit in (chosen, habits[-1], next(iter(table))):
            cell, shown = table[habit](person, self.random)
            if cell is not None:
                self.used[f"{axis}:{habit}"] = None
                return cell, shown
        return None, person

    def _hidden(self, person: TruePerson, tells: bool) -> TruePerson:
        """Free the reader from what no column shows; an identity number tells sex and birth."""
        absent = [field for field in ("document", "telephone", "status") if not self._has(field)]
        absent += ["relation"] if person.relation != "户主" and not self._has("relation") else []
        absent += [field for field in ("birth", "sex") if not self._has(field) and not tells]
        return doubtful(person, *absent)

    def _has(self, column: str) -> bool:
        return column in self.plan.columns

    def _about(self, person: TruePerson, family: TrueHousehold) -> dict[str, Cell]:
        """Fill the columns that a register may or may not read."""
        draw = self.random
        return {
            "status": draw.choice(STATUSES[person.status]),
            "residence": "租户" if family.is_tenant else draw.choice(("自住", "")),
            "household_kind": family.kind,
            "registered_place": f"青石县{draw.choice(('大桥镇', '马场乡'))}{draw.choice(('三岔村', '大湾村'))}{chinese(draw.randrange(1, 9))}组",
            "other_telephone": f"1350000{draw.randrange(10000):04d}",
            "other_name": draw.choice(("郝帮扶", "甄负责", "连系仁")),
            "entered": f"2026.{draw.randrange(1, 6)}.{draw.randrange(1, 29)}",
            "ethnic": draw.choice(("汉", "汉族", "回族")),
            "schooling": draw.choice(("小学", "初中", "高中", "大专", "")),
            "grid": draw.choice(("第一网格", "第二网格")),
            "remark": draw.choice(("", "", "", "空巢", "低保", "见上次登记", "8月回访", "独生子女户")),
        }

    def _place(self, family: TrueHousehold, style: str) -> dict[str, Cell]:
        """Write the door into an address, or into columns; what sheet name or title says is left out."""
        door, plan, draw = family.door, self.plan, self.random
        parts: dict[str, Cell] = {
            "compound": compound_words(door, plan.ground, draw) if plan.mixes_spellings else door.compound,
            "building": self._building(family),
            "entrance": self._entrance(door.entrance),
            "room": draw.choice((int(door.room), f"{door.room}室")) if plan.mixes_spellings else door.room,
        }
        self.used |= {f"address:{style}": None} if self._has("address") else {}
        named = "" if plan.place in NO_COMPOUND_IN_CELL else compound_words(door, plan.ground, draw)
        address = self._address(family, style, named)
        mark = "（租户）" if family.is_tenant and "residence" not in plan.columns else ""
        return {**parts, "address": address + mark}

    def _address(self, family: TrueHousehold, style: str, named: str) -> str:
        """Write the address; a flat without entrance among flats with one is the doubtful 5楼501."""
        door = family.door
        if self.plan.ground == "flats" and door.entrance is None:
            return f"{named}{door.building}楼{door.room}"
        if style in SHORT:
            return SHORT[style](self, family)
        return spell(door, self.plan.ground, style, self.random, named)

    def _building(self, family: TrueHousehold) -> str:
        door = family.door
        if self.plan.mixes_spellings:
            return building_words(door, self.random)
        return door.building or ""

    def _entrance(self, entrance: str | None) -> str:
        if entrance is None or not entrance.isdigit() or not self.plan.mixes_spellings:
            return entrance or ""
        return self.random.choice(("{0}", "{0}单元", "{1}单元")).format(entrance, chinese(int(entrance)))


def _entrance_and_room(writer: RowWriter, family: TrueHousehold) -> str:
    """2单元501 or 2-501, where the sheet says which building."""
    door = family.door
    return writer.random.choice(("{0}单元{1}", "{0}-{1}", "{0}单元{1}室")).format(door.entrance, door.room)


SHORT: dict[str, Callable[[RowWriter, TrueHousehold], str]] = {"单元房号": _entrance_and_room}
"""Address styles of sheets that name the building."""

NO_COMPOUND_IN_CELL = ("compound-in-title", "compound-in-sheet-name", "compound-nowhere")
"""Places of which the address cell says no compound."""


def styles_of(ground: str, place: str) -> list[str]:
    """Give the address styles that a table of this ground and place may use."""
    if place.startswith("building-in-"):
        return list(SHORT)
    styles = list(STYLES[ground])
    return [style for style in styles if style != "县镇前缀"] if place in NO_COMPOUND_IN_CELL else styles
