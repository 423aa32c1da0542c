"""How a list was understood, page by page: new households, tally, the same, the missing, what is to be completed.

Each page is one sealed record, so that nothing is cut off and 13,000 rows are some hundred records.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.urls import reverse

from qiaomen.imports.models import ImportBatch, ImportPage
from qiaomen.imports.rules.reading.cell_values import Soft
from qiaomen.imports.rules.reading.roster import SPOT, Table
from qiaomen.imports.selectors.meaning.understanding import NOT_THEIRS, Home
from qiaomen.imports.selectors.plan import ImportPlan
from qiaomen.imports.selectors.preview.veils import Reader, kept_name
from qiaomen.register.rules.addresses import Address
from qiaomen.register.rules.doors.grammar import DoorKey
from qiaomen.register.selectors.minors import is_child_born

PAGE = 50
PAGED = ("home", "alike", "missing", "soft")
"""Sections kept as pages."""

FEW = 20
"""Households from which on a staircase that comes once is worth a look."""


def pages_to_show(
    batch: ImportBatch, plan: ImportPlan, samples: Mapping[str, list[str]] | None = None
) -> Iterator[ImportPage]:
    """Yield the pages of every section, and one record of what concerns the list as a whole."""
    homes, soft = new_homes(plan), list(_soft(plan))
    softened = len(soft)
    for kind, items in (
        ("home", homes),
        ("alike", [_alike(table, place) for table, place in plan.alike]),
        ("missing", _missing(plan)),
        ("soft", soft),
    ):
        for number, start in enumerate(range(0, len(items), PAGE), 1):
            yield _page(batch, kind, number, items[start : start + PAGE])
    found = plan.understood
    whole = {
        "nowhere": dict(found.nowhere),
        "strange": {name: [found.strange_rows[name], near] for name, near in found.strange.items()},
        "tally": _tally(plan),
        "samples": dict(samples or {}),
        "counts": {
            "soft": softened,
            "home": len(homes),
            "alike": len(plan.alike),
            "missing": len(plan.missing),
        },
    }
    yield _page(batch, "whole", 1, whole)


def _page(batch: ImportBatch, kind: str, number: int, content: Any) -> ImportPage:
    return ImportPage(batch=batch, kind=kind, number=number, content=json.dumps(content, ensure_ascii=False))


def door_words(door: DoorKey | Address | None) -> str:
    """Return a door with its compound, as a person reads it."""
    if door is None:
        return ""
    return f"{door[0]} {Address(*door).label}".strip()


def new_homes(plan: ImportPlan) -> list[dict[str, Any]]:
    """Return each household that gets new people, odd ones first: door, head, members, from which rows."""
    coming = {(id(table), place) for table, place in plan.create}
    rare = _rare_stairs(plan)
    found = []
    for home in plan.understood.homes:
        rows = [(table, place) for table, place in home.rows if (id(table), place) in coming]
        if rows:
            found.append(_home(home, rows, rare))
    return sorted(found, key=lambda one: not one["odd"])


def _home(home: Home, rows: Sequence[tuple[Table, int]], rare: set[tuple[str, ...]]) -> dict[str, Any]:
    table, first = rows[0]
    door = home.group.door
    odd = [reason.words for reason in home.group.contradictions if reason.code != "number"]
    if door is not None and tuple(door[:3]) in rare:
        odd.append(f"{door.entrance}单元整份名册只出现这一次" if door.entrance else "这一栋整份名册只出现这一次")
    return {
        "door": door_words(door),
        "head": table.values["head_name"][first] or "",
        "members": [[t.values["name"][p], t.values["relation"][p], _is_child(t, p)] for t, p in rows],
        "rows": _row_words([t.row_nos[p] for t, p in rows]),
        "sheet": table.sheet,
        "joins": home.decision.answer == "same",
        "odd": odd,
    }


def _row_words(numbers: list[int]) -> str:
    numbers = sorted(set(numbers))
    if len(numbers) > 1 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]}–{numbers[-1]}"
    return "、".join(map(str, numbers))


def _rare_stairs(plan: ImportPlan) -> set[tuple[str, ...]]:
    """Return staircases that one household alone names, in a list of many: often a slip of the pen."""
    stairs = Counter(tuple(home.group.door[:3]) for home in plan.understood.homes if home.group.door)
    known = {tuple(home.address[:3]) for home in plan.homes.values() if home.address}
    if sum(stairs.values()) < FEW:
        return set()
    return {where for where, count in stairs.items() if count == 1} - known


def _tally(plan: ImportPlan) -> list[list[Any]]:
    """Return [compound, [[building, households, people, staircases]]] of what comes in new."""
    coming = {(id(table), place) for table, place in plan.create}
    found: dict[str, dict[str, list[Any]]] = defaultdict(dict)
    for home in plan.understood.homes:
        people = sum((id(table), place) in coming for table, place in home.rows)
        if not people or home.group.door is None:
            continue
        door = home.group.door
        row = found[door.compound].setdefault(door.building, [0, 0, Counter()])
        row[0] += home.decision.answer != "same"
        row[1] += people
        row[2][door.entrance] += 1
    return [
        [
            compound,
            [
                [name, homes, people, sorted(stairs.items())]
                for name, (homes, people, stairs) in sorted(buildings.items(), key=lambda pair: _natural(pair[0]))
            ],
        ]
        for compound, buildings in sorted(found.items())
    ]


def _natural(name: str) -> tuple[int, str]:
    digits = "".join(char for char in name if char.isdecimal())
    return (int(digits) if digits else 0, name)


def _alike(table: Table, place: int) -> dict[str, Any]:
    name = table.values["name"][place]
    told = {"row": table.row_nos[place], "sheet": table.sheet, "door": door_words(table.addresses[place])}
    return {"name": name, "child": _is_child(table, place), **told}


def _is_child(table: Table, place: int) -> bool:
    return is_child_born(table.values["birth_date"][place])


def _missing(plan: ImportPlan) -> list[dict[str, Any]]:
    """Return who lives where the list looks and stands in none of its rows, by door."""
    found = [
        {
            "name": kept_name(one.name, one.birth_date),
            "relation": one.relation,
            "door": door_words(plan.homes[one.household].address),
            "household": str(one.household),
            "head": plan.homes[one.household].head,
        }
        for one in plan.missing
    ]
    return sorted(found, key=lambda one: (one["door"], one["household"]))


def _soft(plan: ImportPlan) -> Iterator[dict[str, Any]]:
    """Yield the rows that come in, or are known, with fields that wait to be completed."""
    rows = [*plan.create, *plan.alike]
    known = [(one.row.sheet, one.row.row_no) for one in plan.change]
    tables = {table.sheet: table for table, _ in rows}
    tables |= {table.sheet: table for home in plan.understood.homes for table, _ in home.rows}
    wanted = {table.spot(place) for table, place in rows} | set(known)
    for table in tables.values():
        for place, softs in sorted(table.soft.items()):
            if table.spot(place) in wanted:
                yield {
                    "name": table.values["name"][place],
                    "child": _is_child(table, place),
                    "row": table.row_nos[place],
                    "sheet": table.sheet,
                    "fields": [_soft_field(table, soft) for soft in softs],
                }


def _soft_field(table: Table, soft: Soft) -> list[str]:
    """Return title, cell, reason and code of a field that waits."""
    return [table.title(soft.field) or soft.field, soft.text, soft.why, soft.field]


def read_page(batch: ImportBatch, kind: str, number: int, reader: Reader) -> tuple[list[dict[str, Any]], int]:
    """Return the items of one page of a section as somebody may read them, and how many pages it has."""
    pages = batch.pages.filter(kind=kind)
    page = pages.filter(number=number).first()
    items = json.loads(page.content) if page else []
    return [_seen(item, kind, reader) for item in items], pages.count()


def _seen(item: dict[str, Any], kind: str, reader: Reader) -> dict[str, Any]:
    """Return an item of a page as somebody may read it."""
    if kind == "missing":
        return {**item, "url": reverse("register:household", args=[item["household"]])}
    if kind == "home":
        members = [[reader.name(name, child), relation] for name, relation, child in item["members"]]
        return {**item, "members": members}
    shown = {**item, "name": reader.name(item["name"], item["child"])}
    if kind == "soft":
        shown["fields"] = [[title, reader.raw(code, text), why] for title, text, why, code in item["fields"]]
    return shown


def side_seen(side: dict[str, Any], reader: Reader) -> dict[str, Any]:
    """Return a row of the list, beside whom it may be, as somebody may read it."""
    if not side or reader.own:
        return side
    name = reader.name(side["name"], side.get("child", False))
    return {**side, "name": name, "birth": reader.text("birth_date", side["birth"])}


def read_whole(batch: ImportBatch) -> dict[str, Any]:
    """Return what concerns the list as a whole: questions about places, the tally, counts."""
    page = batch.pages.filter(kind="whole").first()
    found: dict[str, Any] = json.loads(page.content) if page else {"counts": {}}
    return found


def soft_rows(batch: ImportBatch) -> list[dict[str, Any]]:
    """Return all rows with fields to be completed, for the receipt."""
    pages = batch.pages.filter(kind="soft").order_by("number")
    rows = [item for page in pages for item in json.loads(page.content)]
    return [{**row, "fields": [cell[:3] for cell in row["fields"]]} for row in rows]


def asked_rows(batch: ImportBatch, number: int, reader: Reader) -> list[dict[str, Any]]:
    """Return a page of the rows that wait for a person: the row, why, and who or which household it may be."""
    said = {(sheet, row): answer for sheet, row, answer in batch.answers.get("rows", [])}
    start = PAGE * (number - 1)
    found = []
    for row in batch.rows.filter(kind="double").order_by("sheet", "row_no")[start : start + PAGE]:
        told: dict[str, Any] = (
            json.loads(row.differences) if row.differences else {"new": {}, "options": [], "because": ""}
        )
        told["new"] = side_seen(told["new"], reader)
        found.append(
            {
                "row": row,
                "shown": row.row_no % SPOT,
                "said": said.get((row.sheet, row.row_no), ""),
                **told,
                "without_number": told["because"] in NOT_THEIRS,
            }
        )
    return found
