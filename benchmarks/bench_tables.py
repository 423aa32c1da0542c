"""How many households and persons of generated office tables the importer gets right; nothing leans on the clock.

    python -m benchmarks.bench_tables [--seed 1] [--count 200] [--show 20]

The tables come from `benchmarks.worlds.office_tables`, whose author had not read the reader; the judge knows nothing of
it either. An upload is read against an empty register; a question about a table as a whole (which compound?) is
answered from what the table is about, as a person would, and counts as one row asked.
"""

import argparse
import os
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from benchmarks.worlds.office_judge import ReadHousehold, ReadPerson, Verdict, judge
from benchmarks.worlds.office_tables import OfficeTable, make_tables
from benchmarks.worlds.office_truth import AS_AT, AWAY, DIED, LIVES, MOVED_OUT, SPLIT, TrueDoor

if TYPE_CHECKING:
    from qiaomen.imports.selectors.meaning.understanding import Home, Understood

STATUSES = {"": LIVES, "here": LIVES, "died": DIED, "left": MOVED_OUT, "split": SPLIT, "away": AWAY}
SEXES = {"male": "男", "female": "女", "": None}
GOALS = {"households": 0.995, "people": 1.0, "asked": 0.03}


def understand_table(table: OfficeTable) -> "tuple[Understood | None, int]":
    """Read a table and understand its rows; also return how many questions about the whole were answered.

    None: the sheet was not taken at all.
    """
    from qiaomen.imports.problems import NoHeader
    from qiaomen.imports.selectors.meaning.understanding import Answers, understand_tables
    from qiaomen.imports.selectors.read_tables import PlaceAnswers, open_workbook
    from qiaomen.kernel import clock

    with clock.at(datetime.combine(AS_AT, datetime.min.time(), ZoneInfo("Asia/Shanghai"))):
        questions, places = 0, PlaceAnswers(known=table.compounds)
        for _ in range(2):
            try:
                book = open_workbook(table.file_name, table.content, places=places)
            except NoHeader:
                return None, questions
            if any(found.get("question", "no-header") != "no-header" for found in book.mapping.values()):
                return None, questions
            rosters = [one for one in book.tables if one.kind == "roster"]
            found = understand_tables(EmptyRegister(), rosters, Answers(), table.compounds)  # type: ignore[arg-type]
            if not found.nowhere or len(table.compounds) != 1:
                return found, questions
            questions += 1
            places = PlaceAnswers(known=table.compounds, sheets=dict.fromkeys(found.nowhere, table.compounds[0]))
    return found, questions


class EmptyRegister:
    """A register with nobody in it."""

    people: tuple[Any, ...] = ()


RELATIONS = (
    ("非亲属", "非亲属|其他|集体|保姆|租|同住"),
    ("户主", "户主|本人"),
    ("孙媳", "孙媳"),
    ("孙女婿", "孙女?婿"),
    ("儿媳", "媳"),
    ("女婿", "婿"),
    ("配偶", "配偶|妻|夫|爱人|老伴|老婆|丈夫"),
    ("外孙女", "外孙女"),
    ("外孙", "外孙"),
    ("孙女", "孙女"),
    ("孙子", "孙"),
    ("岳父", "岳父"),
    ("岳母", "岳母"),
    ("公公", "公公"),
    ("婆婆", "婆婆"),
    ("祖父", "祖父|爷"),
    ("祖母", "祖母|奶"),
    ("父", "父|爸"),
    ("母", "母|妈"),
    ("子", "子|儿"),
    ("女", "女"),
)
"""Which word of the judge a relation of the register is: 长女 and 女儿 are 女, 爱人 is 配偶."""


def _relation(text: str) -> str | None:
    text = "女" if re.fullmatch("[独长次三四五大小养继二]?生?女儿?子?", text) else text
    return next((word for word, pattern in RELATIONS if re.search(pattern, text)), text or None)


def as_written(found: "Understood") -> Iterator[ReadHousehold]:
    """Yield the households as a commit would make them."""
    coming = {(id(table), place) for table, place in found.create}
    for home in found.homes:
        rows = [(table, place) for table, place in home.rows if (id(table), place) in coming]
        if rows:
            yield _household(home, rows)


def _household(home: "Home", rows: list[Any]) -> ReadHousehold:
    door = home.group.door
    written = TrueDoor(door.compound, door.building or None, _entrance(door.entrance), door.room) if door else None
    head = rows[0][0].values["head_name"][rows[0][1]] or None
    return ReadHousehold(written, head, tuple(_person(table, place) for table, place in rows))


def _entrance(text: str) -> str | None:
    """東 is how the register names 东门洞; the judge writes the word out."""
    return f"{text}门洞" if text and not text.isascii() else text or None


def _person(table: Any, place: int) -> ReadPerson:
    values = table.values
    born: date | None = values["birth_date"][place]
    return ReadPerson(
        values["name"][place],
        "户主" if values["is_head"][place] else _relation(values["relation"][place]),
        SEXES[values["sex"][place]],
        born,
        values["id_no"][place] or None,
        values["phone"][place] or None,
        STATUSES[values["status"][place]],
    )


def judge_table(table: OfficeTable) -> Verdict:
    """Read one table and hold it against the truth."""
    found, questions = understand_table(table)
    if found is None:
        return judge(table, [], (), True)
    names = {where[0].values["name"][where[1]] for where in (one.place for one in found.asked)}
    names |= {t.values["name"][p] for (t, p), _ in found.refused}
    if found.nowhere or found.strange:
        return judge(table, [], (), True)
    verdict = judge(table, list(as_written(found)), names, False)
    verdict.asked += questions
    return verdict


def main() -> None:
    """Judge all tables and print the sums, the seed, and the first faults."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiaomen.settings")
    import django

    django.setup()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--show", type=int, default=20)
    asked = parser.parse_args()
    total = Verdict()
    for table in make_tables(asked.seed, asked.count):
        found = judge_table(table)
        if found.wrong or found.households_exact < found.households:
            print(table.name, table.file_name, " ".join(table.layout))
        total.add(found)
    print(f"seed {asked.seed}, {asked.count} tables")
    print(
        f"households exact {total.households_exact} of {total.households} = "
        f"{share(total.households_exact, total.households)}"
    )
    print(f"persons exact    {total.people_exact} of {total.people} = {share(total.people_exact, total.people)}")
    print(f"rows asked       {total.asked} = {share(total.asked, total.people)}")
    print(f"silently wrong   {len(total.wrong)};  fields not taken {len(total.lost)}")
    kinds = Counter(re.sub(r"^\S+ |: .*?: |read as.*| is .*|household of.*", " ", line).strip() for line in total.wrong)
    print(kinds.most_common(12))
    for line in [*total.wrong[: asked.show], *total.lost[: asked.show]]:
        print("  ", line)


def share(part: int, whole: int) -> str:
    """Return a share in words."""
    return f"{100 * part / max(1, whole):.2f} %"


if __name__ == "__main__":
    main()
