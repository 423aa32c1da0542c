"""The rows of a plan that a person must see before the commit, as sealed records; and how they are read again.

Of what stands in the register they keep what everybody may see who may see the list: masks, the year of a birth, a
child as 张**. What the list itself says is kept whole and shown to who brought it, until it is committed.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from qiaomen.imports.models import ImportBatch, ImportRow
from qiaomen.imports.selectors.plan import ImportPlan
from qiaomen.imports.selectors.register_snapshot import KnownPerson
from qiaomen.kernel.masking import mask, mask_id_no, mask_name, mask_phone
from qiaomen.office.fields import open_value
from qiaomen.register.models import Person
from qiaomen.register.rules.addresses import Address
from qiaomen.register.rules.register_row import RegisterRow
from qiaomen.register.selectors.fields import field_of
from qiaomen.register.selectors.minors import is_child_born

MOST_CHANGED = 2000
"""Changes kept to be looked at cell by cell; all are counted."""

CHUNK = 500


def rows_to_show(batch: ImportBatch, plan: ImportPlan) -> Iterator[ImportRow]:
    """Yield what stays out, what is asked about, and what changes."""
    for refusal in plan.reject:
        table, place = refusal.table, refusal.place
        yield ImportRow(
            batch=batch, kind="double" if refusal.asked else "problem", sheet=table.sheet[:60],
            row_no=table.row_nos[place], reasons=refusal.reasons, cells="\t".join(table.cells(place)),
        )  # fmt: skip
    yield from _asked(batch, plan)
    yield from _changed(batch, plan)


def _asked(batch: ImportBatch, plan: ImportPlan) -> Iterator[ImportRow]:
    known = [doubt.other.pk for _, doubt, _ in plan.doubts if isinstance(doubt.other, KnownPerson)]
    people = _opened(known)
    for row, doubt, earlier in plan.doubts:
        stands = isinstance(doubt.other, KnownPerson)
        other = people[doubt.other.pk] if isinstance(doubt.other, KnownPerson) else _side(earlier) if earlier else {}
        why = without_numbers(doubt.why) if stands else list(doubt.why)
        shown = json.dumps({"new": _side(row), "other": other, "why": why}, ensure_ascii=False)
        yield ImportRow(batch=batch, kind="ask", sheet=row.sheet[:60], row_no=row.row_no, differences=shown)


def _side(row: RegisterRow) -> dict[str, str]:
    values = row.values
    return {
        "name": values["name"], "birth": _cell(values["birth_date"]), "door": _cell(row.address),
        "id_no": mask_id_no(values["id_no"], beside_birthday=True), "phone": mask_phone(values["phone"]),
        "row": str(row.row_no),
    }  # fmt: skip


def without_numbers(why: Iterable[str]) -> list[str]:
    """Return why two look alike without what their numbers say: that would tell whether a guess is right."""
    return [words for words in why if "证" not in words and "电话" not in words]


def _opened(keys: list[UUID]) -> dict[UUID, dict[str, str]]:
    found = {}
    for start in range(0, len(keys), CHUNK):
        some = Person.objects.filter(pk__in=keys[start : start + CHUNK])
        for one in some.select_related("household__dwelling"):
            door = one.household.dwelling
            found[one.pk] = {
                "name": _name(one.name, one.birth_date), "birth": mask("birth", _cell(one.birth_date)),
                "door": door.door_label if door else "", "id_no": mask_id_no(one.id_no),
                "phone": mask_phone(one.phone), "household": str(one.household_id),
            }  # fmt: skip
    return found


def _changed(batch: ImportBatch, plan: ImportPlan) -> Iterator[ImportRow]:
    first = plan.change[:MOST_CHANGED]
    sealed = [one.one.pk for one in first if {"id_no", "phone"} & set(one.changes)]
    now = _sealed_now(sealed)
    for one in first:
        home = plan.homes[one.one.household].address
        child = is_child_born(one.one.birth_date)
        cells = [[_name(one.one.name, one.one.birth_date), str(one.one.pk)]]
        for name, value in one.changes.items():
            before = home if name == "address" else now[one.one.pk][name] if name in ("id_no", "phone") else None
            stands = _cell(before if before is not None else getattr(one.one, name, ""))
            hidden = mask("child" if child and name != "address" else field_of(name).sensitivity, stands)
            cells.append([name, hidden, _cell(value)])
        yield _row(batch, one.row.sheet, one.row.row_no, cells)
    for telling in plan.told[:MOST_CHANGED]:
        name = _name(telling.one.name, telling.one.birth_date)
        cells = [[name, str(telling.one.pk)], *map(list, telling.shown)]
        yield _row(batch, telling.table.sheet, telling.table.row_nos[telling.place], cells)
    for record, verdict in plan.visits[:MOST_CHANGED]:
        cells = [
            [str(verdict.record.get("name", "")), str(record.person)],
            *([code, "", text] for code, text in verdict.shown),
        ]
        yield _row(batch, record.sheet, record.row_no, cells)


def _name(name: str, birth: Any) -> str:
    """Return a stored name as the rows keep it: a child is a surname."""
    return mask_name(name) if is_child_born(birth) else name


def _row(batch: ImportBatch, sheet: str, row_no: int, cells: list[list[str]]) -> ImportRow:
    shown = json.dumps(cells, ensure_ascii=False)
    return ImportRow(batch=batch, kind="changed", sheet=sheet[:60], row_no=row_no, differences=shown)


def _sealed_now(keys: list[UUID]) -> dict[UUID, dict[str, str]]:
    found: dict[UUID, dict[str, str]] = {}
    for start in range(0, len(keys), CHUNK):
        some = Person.objects.filter(pk__in=keys[start : start + CHUNK]).values_list("pk", "id_no", "phone")
        found |= {pk: {"id_no": open_value(id_no, pk), "phone": open_value(phone, pk)} for pk, id_no, phone in some}
    return found


def _cell(value: Any) -> str:
    if isinstance(value, Address):
        return f"{value.compound} {value.label}"
    return "" if value is None else str(value)
