"""Office tables with known truth, as community offices really keep them: issue 14's measure of the roster reader.

    python -m benchmarks.worlds.office_tables --seed 1 --count 200 [--folder DIR]

Written from the public column names of real ledgers (domain.md §7) and everyday habits, without a look at the
reader. Every person is invented. The same seed gives the same bytes. How to judge a reader: see office_truth.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count as counting
from itertools import groupby
from pathlib import Path
from random import Random

from benchmarks.worlds.office_addresses import building_words, compound_words
from benchmarks.worlds.office_files import comma_separated, workbook
from benchmarks.worlds.office_grids import Block, Grid, SheetBuilder, members_in_one_row, side_by_side, titles_of
from benchmarks.worlds.office_layouts import Decks
from benchmarks.worlds.office_people import FAMILIES, People, doors, usual_family, with_statuses
from benchmarks.worlds.office_rows import Plan, RowWriter
from benchmarks.worlds.office_truth import OfficeTable, Question, TrueDoor, TrueHousehold, TruePerson

__all__ = ["OfficeTable", "Question", "TrueDoor", "TrueHousehold", "TruePerson", "make_tables"]

MOST_PEOPLE = 120
NOTHING = ("无", "/", "0", "无", "暂无")
SHEET_TITLES = ("居民花名册", "居民信息登记表", "住户登记表", "人口信息台账", "家庭成员登记表")


def make_tables(seed: int, count: int = 200) -> Iterator[OfficeTable]:
    """Make tables of 15 to 120 people each; two runs of one seed give the same bytes."""
    random = Random(seed)
    decks = Decks(random)
    for number in range(1, count + 1):
        yield make_table(f"{seed}-{number:03d}", decks, random)


def make_table(name: str, decks: Decks, random: Random) -> OfficeTable:
    """Deal a plan, invent the families, write them down, and keep what the sheet still tells of them."""
    plan = decks.plan()
    specials = decks.specials(plan)
    households = numbered(invent(plan, specials, random), plan, random)
    writer = RowWriter(plan, random)
    blocks: list[Block] = []
    for number, household in enumerate(households):
        rows, shown = writer.household(number, household)
        blocks.append((shown, rows))
    questions = questions_of(blocks, plan)
    slips = number_twice(blocks, random) if "number-twice" in specials else []
    questions += slips
    specials = tuple(kind for kind in specials if kind != "number-twice" or slips)
    grids = lay_out(plan, blocks, random)
    truth = tuple(household for household, _ in blocks)
    suffix = "xlsx" if plan.file.startswith("xlsx") else "csv"
    content = workbook(grids, plan.file == "xlsx-1904") if suffix == "xlsx" else comma_separated(grids[0], plan.file)
    return OfficeTable(
        name=name,
        content=content,
        file_name=f"{random.choice(SHEET_TITLES)}{name}.{suffix}",
        truth=truth,
        layout=kinds_of(plan, writer.used, specials),
        questions=tuple(questions),
        compounds=tuple(dict.fromkeys(household.door.compound for household in truth)),
    )


def kinds_of(plan: Plan, used: Iterable[str], specials: Sequence[str]) -> tuple[str, ...]:
    """Name every kind that was mixed into the table, as "axis:kind"."""
    kinds = [f"file:{plan.file}", f"shape:{plan.shape}", f"place:{plan.place}", f"ground:{plan.ground}"]
    kinds += [f"header:{plan.header}", f"head:{plan.head_mark}", f"sheets:{plan.sheets}"]
    kinds += [f"noise:{kind}" for kind in plan.noise] + [f"extra:{kind}" for kind in plan.extras]
    kinds += used
    kinds += ["one-door-many-spellings"] if plan.mixes_spellings else []
    return (*kinds, *(f"family:{kind}" for kind in specials))


def invent(plan: Plan, specials: Sequence[str], random: Random) -> list[TrueHousehold]:
    """Invent families door by door until the table is full; the special ones stand among them."""
    people = People(random)
    wanted = random.choice((15, 18, 22, 25, 30, 35, 40, 50, 60, 80, 110))
    compounds = 2 if plan.ground == "flats" and plan.place in TWO_COMPOUNDS else 1
    places = doors(random, plan.ground, max(8, wanted // 3 + 3), compounds)
    slots = random.sample(range(len(places)), len(specials))
    makers = {slot: FAMILIES[kind] for slot, kind in zip(slots, specials, strict=True) if kind in FAMILIES}
    households = [makers.get(slot, usual_family)(people, door) for slot, door in enumerate(places)]
    households = fewer(households, {households[slot].head for slot in slots})
    households = rearranged(households, specials, plan, random)
    if "status" in plan.columns:
        households = [with_statuses(people, household) for household in households]
    return households


TWO_COMPOUNDS = (
    "address-column",
    "address-on-first-row",
    "place-columns",
    "place-columns-merged",
    "place-columns-until-next",
    "compound-in-sheet-name",
)


def fewer(households: list[TrueHousehold], kept: set[str]) -> list[TrueHousehold]:
    """Drop usual families from the end until the table holds no more than its most."""
    total = sum(len(household.members) for household in households)
    result = list(households)
    for household in reversed(households):
        if total <= MOST_PEOPLE:
            break
        if household.head not in kept:
            result.remove(household)
            total -= len(household.members)
    return result


def rearranged(
    households: list[TrueHousehold], specials: Sequence[str], plan: Plan, random: Random
) -> list[TrueHousehold]:
    """Apply the special cases that take two families, or another order, or another door."""
    result = list(households)
    if "two-families-one-door" in specials or ("tenants" in specials and random.random() < 0.5):
        at = random.randrange(1, len(result))
        result[at] = replace(result[at], door=result[at - 1].door)
    if "same-name-other-door" in specials:
        _same_name(result, random)
    if "head-not-first" in specials:
        result = [_head_second(household, result) for household in result]
    if "floor-or-building" in specials:
        at = next(place for place in range(len(result)) if alone(result[place], result))
        floor = result[at].door.floor
        result[at] = replace(result[at], door=replace(result[at].door, building=floor, entrance=None))
    return result


def alone(household: TrueHousehold, households: Sequence[TrueHousehold]) -> bool:
    """Say whether no other family lives behind this door."""
    return sum(other.door == household.door for other in households) == 1


def _same_name(households: list[TrueHousehold], random: Random) -> None:
    """Give a member of one family the name of a member of another; neither is a head, no one is alike at home."""
    fit = [
        place
        for place, household in enumerate(households)
        if household.kind == "家庭户"
        and len({person.name for person in household.members}) == len(household.members) > 1
    ]
    first, second = random.sample(fit, 2)
    members = households[second].members
    namesake = replace(members[1], name=households[first].members[1].name)
    households[second] = replace(households[second], members=(members[0], namesake, *members[2:]))


def _head_second(household: TrueHousehold, households: Sequence[TrueHousehold]) -> TrueHousehold:
    if len(household.members) < 2 or not alone(household, households):
        return household
    first, second, *rest = household.members
    return replace(household, members=(second, first, *rest))


def scope_of(plan: Plan, household: TrueHousehold) -> object:
    """Give what a household number counts within: the table, the sheet, or the building."""
    door = household.door
    if plan.shape == "number-restarts-per-building" or plan.sheets == "per-building":
        return door.compound, door.building
    return door.compound if plan.sheets == "per-compound" else ""


def numbered(households: list[TrueHousehold], plan: Plan, random: Random) -> list[TrueHousehold]:
    """Give household numbers as the shape has them; None is a table without, or one that says nothing there."""
    if "no" not in plan.columns:
        return households
    restarts = plan.shape.startswith("number-restarts")
    pattern = random.choice(("{}", "{:03d}", "{}", "6101{:04d}" if not restarts else "{}"))
    counters: dict[object, Iterator[int]] = {}
    half = (len(households) + 1) // 2
    result = []
    for place, household in enumerate(households):
        scope = (scope_of(plan, household), place >= half and plan.sheets == "per-grid") if restarts else ""
        number: str | None = pattern.format(next(counters.setdefault(scope, counting(1))))
        if plan.shape == "number-says-nothing" and random.random() < 0.8:
            number = None
        result.append(replace(household, household_no=number))
    return result


def questions_of(blocks: Sequence[Block], plan: Plan) -> list[Question]:
    """Say where a careful clerk would ask: the compound of the table, two rows that may be one man, 5楼501."""
    found = []
    if plan.place == "compound-nowhere":
        found.append(Question("compound-of-table", (), f"哪个小区的表？表里没有写：{blocks[0][0].door.compound}"))
    for household, _ in blocks:
        names = Counter(person.name for person in household.members)
        alike = [person for person in household.members if names[person.name] > 1]
        if any("birth" in person.blank_ok for person in alike):
            people = tuple(person.name for person in alike)
            found.append(Question("same-name-same-door-no-birth", people, "同门同名，出生日期不明"))
        if plan.ground == "flats" and household.door.entrance is None:
            everybody = tuple(person.name for person in household.members)
            found.append(Question("floor-or-building", everybody, "“5楼501”是5号楼，还是第5层？"))
    return found


def number_twice(blocks: list[Block], random: Random) -> list[Question]:
    """Write one person's identity number into the row of somebody in another family, as a slip of copying."""
    sound = [
        (at, place)
        for at, (household, _) in enumerate(blocks)
        for place, person in enumerate(household.members)
        if person.document_kind == "身份证" and "document" not in person.blank_ok
    ]
    random.shuffle(sound)
    pairs = ((first, second) for first in sound for second in sound if first[0] != second[0])
    pair = next(pairs, None)
    if pair is None:
        return []
    (at, place), (other_at, other_place) = pair
    owner, slipped = blocks[at][0].members[place], blocks[other_at][0].members[other_place]
    blocks[other_at][1][other_place].cells["document"] = blocks[at][1][place].cells["document"]
    unsure = frozenset({"document", "birth", "sex"})
    _replace_person(blocks, at, place, replace(owner, blank_ok=owner.blank_ok | unsure))
    bare = replace(slipped, document=None, document_kind=None, also=(), blank_ok=slipped.blank_ok | unsure)
    _replace_person(blocks, other_at, other_place, bare)
    return [Question("number-under-two-names", (owner.name, slipped.name), "同一个身份证号写在两个人名下")]


def _replace_person(blocks: list[Block], at: int, place: int, person: TruePerson) -> None:
    household, rows = blocks[at]
    members = (*household.members[:place], person, *household.members[place + 1 :])
    blocks[at] = (replace(household, members=members), rows)


def lay_out(plan: Plan, blocks: list[Block], random: Random) -> list[Grid]:
    """Lay the households out in one sheet or several, with the title and sheet names that the place needs."""
    for household, rows in blocks:
        written = household.household_no or random.choice(NOTHING)
        for row in rows:
            row.cells.update(
                {"no": int(written) if written.isdigit() and written[0] != "0" else written}
                if "no" in row.cells
                else {}
            )
    titles = titles_of(plan, random)
    sheets = list(split(plan, blocks))
    for _, part in sheets:
        _number_rows(part, plan)
    if plan.shape == "two-tables-side-by-side":
        grids = [side_by_side(plan, titles, title_of(plan, blocks, random), blocks, random)]
    elif plan.shape == "members-in-one-row":
        grids = [members_in_one_row(plan, titles, title_of(plan, blocks, random), blocks, random)]
    else:
        grids = [
            SheetBuilder(plan, titles, random).build(*names_of(plan, part, key, number, random), part)
            for number, (key, part) in enumerate(sheets, start=1)
        ]
    return [*other_sheets(plan, blocks, first=True), *grids, *other_sheets(plan, blocks, first=False)]


def _number_rows(blocks: Sequence[Block], plan: Plan) -> None:
    """Fill 序号: by person, or by household where a household is a row."""
    numbers = counting(1)
    for _, rows in blocks:
        by_household = next(numbers) if plan.shape == "members-in-one-row" else 0
        for row in rows:
            if "seq" in row.cells:
                row.cells["seq"] = by_household or next(numbers)


def split(plan: Plan, blocks: list[Block]) -> Iterator[tuple[str, list[Block]]]:
    """Deal the households to sheets."""
    if plan.sheets == "per-grid":
        half = (len(blocks) + 1) // 2
        yield from (("第一网格", blocks[:half]), ("第二网格", blocks[half:]))
    elif plan.sheets == "per-compound":
        yield from ((key, list(part)) for key, part in groupby(blocks, lambda block: block[0].door.compound))
    elif plan.sheets == "per-building":
        by = groupby(blocks, lambda block: (block[0].door.compound, block[0].door.building))
        yield from ((f"{compound}{building}号楼", list(part)) for (compound, building), part in by)
    else:
        yield "", blocks


def title_of(plan: Plan, blocks: Sequence[Block], random: Random) -> str:
    """Give the title row: it names the compound only where the place says so."""
    name = random.choice(SHEET_TITLES)
    if plan.place == "compound-in-title":
        return compound_words(blocks[0][0].door, plan.ground, random) + name
    wants = plan.header == "title-rows" or plan.file == "csv-title-then-tabs"
    return f"{random.choice(('', '2026年'))}{name}" if wants else ""


def names_of(plan: Plan, part: Sequence[Block], key: str, number: int, random: Random) -> tuple[str, str]:
    """Give name and title of one sheet."""
    door = part[0][0].door
    title = title_of(plan, part, random)
    if plan.place == "building-in-title":
        return f"Sheet{number}", f"{compound_words(door, plan.ground, random)}{building_words(door, random)}居民花名册"
    if plan.place == "building-in-sheet-name":
        if random.random() < 0.5:
            return f"{door.compound}{building_words(door, random)}", title
        return f"{door.building}号楼", f"{compound_words(door, plan.ground, random)}住户登记表"
    return key or f"Sheet{number}", title


def other_sheets(plan: Plan, blocks: Sequence[Block], first: bool) -> list[Grid]:
    """Give the sheets that hold no person: how to fill in (before), a summary or an empty one (after)."""
    if first and "instructions-sheet" in plan.extras:
        lines = ("填写说明", "1. 姓名、身份证号为必填项。", "2. 户主填写在每户第一行。", "3. 联系电话填写手机号。")
        return [Grid("填写说明", [[line] for line in lines])]
    if not first and "summary-sheet" in plan.extras:
        people = sum(len(rows) for _, rows in blocks)
        return [Grid("汇总", [["网格名称", "户数", "居民总数", "备注"], ["第一网格", len(blocks), people, None]])]
    return [Grid("空白表")] if not first and "empty-sheet" in plan.extras else []


def main() -> None:
    """Print what a seed makes: tables, households, people, questions, kinds; write the files where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    tables = list(make_tables(asked.seed, asked.count))
    people = sum(len(table.people) for table in tables)
    homes = sum(len(table.truth) for table in tables)
    questions = sum(len(question.people) or 1 for table in tables for question in table.questions)
    print(
        f"seed {asked.seed}: {len(tables)} tables, {homes} households, {people} people, {questions} rows to ask about"
    )
    for kind, times in sorted(Counter(kind for table in tables for kind in table.layout).items()):
        print(f"{times:5d}  {kind}")
    if asked.folder:
        asked.folder.mkdir(parents=True, exist_ok=True)
        for table in tables:
            (asked.folder / table.file_name).write_bytes(table.content)


if __name__ == "__main__":
    main()
