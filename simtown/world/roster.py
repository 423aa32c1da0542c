"""Writes a community's roster as the messy workbook an office really has."""

import io

import xlsxwriter

from simtown.world.people import Household, Person, Plan

DAMAGED_ROWS = 12
"""Extra rows whose ID number Excel turned into a number: they must be rejected with that reason."""
SHEETS = 3
PHONE_COLUMNS = ["联系电话", "联系方式", "手机号"]
FULL_WIDTH = str.maketrans("0123456789", "0123456789")


def write_roster(plan: Plan, households: list[Household]) -> bytes:
    """Return an .xlsx: title rows above the header, merged cells, the head only on the first row of a household,
    three spellings of the phone column, dates and digits in several forms, and a few damaged rows at the end."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    share = -(-len(households) // SHEETS)
    for number in range(SHEETS):
        sheet = book.add_worksheet(f"第{number + 1}片")
        sheet.merge_range(0, 0, 0, 9, f"{plan.name}居民花名册(第{number + 1}片)")
        sheet.write(1, 0, "填报单位:" + plan.name)
        sheet.write(1, 6, "填报日期:2026年9月1日")
        header = [
            "序号",
            "户号",
            "户主姓名",
            "姓名",
            "与户主关系",
            "性别",
            "身份证号码",
            "出生日期",
            PHONE_COLUMNS[number],
            "居住地址",
            "原乡镇",
            "原村",
            "是否脱贫户",
        ]
        sheet.write_row(2, 0, header)
        row = 3
        for household in households[number * share : (number + 1) * share]:
            for place, person in enumerate(household.people):
                sheet.write_row(row, 0, _cells(row - 2, household, person, first=place == 0))
                row += 1
        if number == SHEETS - 1:
            for extra in range(DAMAGED_ROWS):
                line = _cells(row - 2, households[extra], households[extra].people[0], first=True)
                line[1], line[6] = f"重报{extra}", float(households[extra].people[0].id_no[:17] + "0")
                sheet.write_row(row, 0, line)
                row += 1
    book.close()
    return out.getvalue()


def _cells(number: int, household: Household, person: Person, *, first: bool) -> list[object]:
    birth = [
        f"{person.birth:%Y-%m-%d}",
        f"{person.birth.year}.{person.birth.month}.{person.birth.day}",
        f"{person.birth.year}年{person.birth.month}月{person.birth.day}日",
    ][number % 3]
    id_no = f" {person.id_no[:6]} {person.id_no[6:]}" if number % 50 == 0 else person.id_no
    phone: object = person.phone
    if person.phone and number % 7 == 0:
        phone = int(person.phone)
    elif person.phone and number % 11 == 0:
        phone = person.phone.translate(FULL_WIDTH)
    address = f"{household.compound}{household.building}号楼{household.entrance}单元{household.room}室"
    if household.building % 4 == 0:
        address = f"{household.compound}{household.building}-{household.entrance}-{household.room}"
    lifted = {True: "是", False: "否", None: ""}[household.lifted_out]
    of_household = [household.number, household.people[0].name] if first else ["", ""]
    where = [address, household.origin_town, household.origin_village, lifted] if first else [""] * 4
    return [number, *of_household, person.name, person.relation, person.sex, id_no, birth, phone, *where]
