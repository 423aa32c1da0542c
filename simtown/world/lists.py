"""The offices' own lists of a community, as workbooks with the columns such lists really have; seeded, invented."""

import io
from collections.abc import Callable, Iterable
from datetime import date
from random import Random

import xlsxwriter

from qiaomen.kernel.ages import age_on
from simtown.world.people import Household, Person, Plan

Row = list[str]
KINDS = ("视力", "听力", "言语", "肢体", "智力", "精神")
SCHOOLS = ("柳湾镇中心小学", "拾光县实验小学", "柳湾初级中学")


def _who(home: Household, person: Person) -> Row:
    return [home.number, home.people[0].name, person.name, person.sex, person.id_no]


def _disability(random: Random, homes: Iterable[Household], today: date) -> list[Row]:
    rows = []
    for home in homes:
        for person in home.people:
            if random.random() < (0.06 if age_on(person.birth, today) > 59 else 0.012):
                until = date(today.year + random.randrange(8), random.randrange(1, 13), random.randrange(1, 28))
                grade = random.choice("一二三四") + "级"
                rows.append([*_who(home, person), random.choice(KINDS), grade, f"{until:%Y.%m.%d}", "正常"])
    return rows


def _dibao(random: Random, homes: Iterable[Household], today: date) -> list[Row]:
    rows = []
    for home in homes:
        if random.random() < 0.022:
            since = f"{today.year - random.randrange(1, 6)}年{random.randrange(1, 13)}月1日"
            rows += [[*_who(home, person), "城市", since, "在保"] for person in home.people]
    return rows


def _left_behind(random: Random, homes: Iterable[Household], today: date) -> list[Row]:
    rows = []
    for home in homes:
        for person in home.people:
            if person.relation == "孙子女" and 6 <= age_on(person.birth, today) < 16:
                head = home.people[0]
                kind = random.choices(["双方", "一方", "单亲"], [7, 2, 1])[0]
                grade = f"{max(1, min(9, age_on(person.birth, today) - 5))}年级"
                rows.append([*_who(home, person), random.choice(SCHOOLS), grade, head.name, "祖父母", head.phone, kind])
    return rows


def _destitute(random: Random, homes: Iterable[Household], today: date) -> list[Row]:
    alone = [home for home in homes if len(home.people) == 1 and age_on(home.people[0].birth, today) >= 60]
    return [
        [*_who(home, home.people[0]), random.choice(["分散", "分散", "集中"]), "850", "半护理"]
        for home in alone
        if random.random() < 0.08
    ]


COLUMNS = ["户号", "户主姓名", "姓名", "性别", "身份证号码"]
LISTS: dict[str, tuple[list[str], Callable[[Random, Iterable[Household], date], list[Row]]]] = {
    "残疾人台账": (["残疾类型", "残疾等级", "证件到期日", "证件状态"], _disability),
    "低保台账": (["低保类型", "开始时间", "保障状态"], _dibao),
    "留守儿童台账": (["就读学校", "年级", "监护人姓名", "监护关系", "监护人电话", "留守类型"], _left_behind),
    "特困供养台账": (["供养方式", "月供养金", "护理等级"], _destitute),
}
"""Name of the list -> its own columns, and who stands in it."""


def write_lists(plan: Plan, households: list[Household], seed: int, today: date) -> dict[str, bytes]:
    """Return each list of a community as an .xlsx with a merged title; a list with nobody in it is left out."""
    found = {}
    for name, (columns, choose) in LISTS.items():
        rows = choose(Random(f"{seed}-{plan.code}-{name}"), households, today)
        if not rows:
            continue
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        sheet = book.add_worksheet(name)
        sheet.merge_range(0, 0, 0, 5, f"{plan.name}{name}")
        for y, row in enumerate([[*COLUMNS, *columns], *rows], 1):
            sheet.write_row(y, 0, ["序号" if y == 1 else str(y - 1), *row])
        book.close()
        found[f"{plan.name}{name}.xlsx"] = out.getvalue()
    return found
