"""The rows of a plan that a person must see before the commit, as sealed records; and how they are read again."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qiaomen.imports.models import ImportBatch, ImportRow
from qiaomen.imports.selectors.plan import ImportPlan
from qiaomen.imports.selectors.plan_known import Changing, Refusal
from qiaomen.imports.selectors.register_snapshot import KnownPerson
from qiaomen.imports.selectors.understanding import HOME, SAME
from qiaomen.kernel.masking import mask_id_no, mask_phone
from qiaomen.register.models import Person
from qiaomen.register.rules.addresses import Address
from qiaomen.register.rules.register_row import RegisterRow

CHUNK = 500
SEX_WORDS = {"male": gettext_lazy("男"), "female": gettext_lazy("女")}


def rows_to_show(batch: ImportBatch, plan: ImportPlan) -> Iterator[ImportRow]:
    """Yield what stays out, what is asked about, and what changes."""
    people = _opened([UUID(key) for refusal in plan.reject for key in refusal.people])
    for refusal in plan.reject:
        table, place = refusal.table, refusal.place
        yield ImportRow(
            batch=batch, kind="double" if refusal.asked else "problem", sheet=table.sheet[:60],
            row_no=table.spot(place)[1], reasons=refusal.reasons, cells="\t".join(table.cells(place)),
            differences=_question(plan, refusal, people) if refusal.asked else "",
        )  # fmt: skip
    yield from _asked(batch, plan)
    yield from _changed(batch, plan)


def _question(plan: ImportPlan, refusal: Refusal, people: dict[UUID, dict[str, str]]) -> str:
    """Return what a person is asked about a row: the row itself, and who or which household it may be."""
    options = [{"value": f"{SAME}{key}", "kind": "person", **people[UUID(key)]} for key in refusal.people
               if UUID(key) in people]  # fmt: skip
    for key in refusal.homes:
        home = plan.homes[UUID(key)]
        told = {"name": home.head, "door": _cell(home.address), "household": key}
        options.append({"value": f"{HOME}{key}", "kind": "home", **told})
    told = {"new": _side(refusal.table.row(refusal.place)), "options": options, "because": refusal.because}
    return json.dumps(told, ensure_ascii=False)


def _asked(batch: ImportBatch, plan: ImportPlan) -> Iterator[ImportRow]:
    known = [doubt.other.pk for _, doubt, _ in plan.doubts if isinstance(doubt.other, KnownPerson)]
    people = _opened(known)
    for row, doubt, earlier in plan.doubts:
        other = people[doubt.other.pk] if isinstance(doubt.other, KnownPerson) else _side(earlier) if earlier else {}
        shown = json.dumps({"new": _side(row), "other": other, "why": doubt.why}, ensure_ascii=False)
        yield ImportRow(batch=batch, kind="ask", sheet=row.sheet[:60], row_no=row.row_no, differences=shown)


def _side(row: RegisterRow) -> dict[str, str]:
    values = row.values
    return {
        "name": values["name"], "birth": _cell(values["birth_date"]), "door": _cell(row.address),
        "id_no": mask_id_no(values["id_no"]), "phone": mask_phone(values["phone"]), "row": str(row.row_no),
    }  # fmt: skip


def _opened(keys: list[UUID]) -> dict[UUID, dict[str, str]]:
    found = {}
    for start in range(0, len(keys), CHUNK):
        some = Person.objects.filter(pk__in=keys[start : start + CHUNK])
        for one in some.select_related("household__dwelling"):
            door = one.household.dwelling
            found[one.pk] = {
                "name": one.name, "birth": _cell(one.birth_date), "door": door.door_label if door else "",
                "id_no": mask_id_no(one.id_no), "phone": mask_phone(one.phone), "household": str(one.household_id),
            }  # fmt: skip
    return found


def _changed(batch: ImportBatch, plan: ImportPlan) -> Iterator[ImportRow]:
    both = [*plan.change, *plan.held]
    now = _sealed_now([one.one.pk for one in both if {"id_no", "phone"} & {*one.changes, *one.kept}])
    for one in plan.change:
        yield _row(batch, one.row.sheet, one.row.row_no, _cells(plan, one, one.changes, now))
    for one in both:
        if one.kept:
            row = _row(batch, one.row.sheet, one.row.row_no, _cells(plan, one, one.kept, now))
            row.kind = "held"
            yield row
    for telling in plan.told:
        cells = [[telling.one.name, ""], *map(list, telling.shown)]
        yield _row(batch, telling.table.sheet, telling.table.row_nos[telling.place], cells)
    for record, verdict in plan.visits:
        cells = [[str(verdict.record.get("name", "")), ""], *([code, "", text] for code, text in verdict.shown)]
        yield _row(batch, record.sheet, record.row_no, cells)


def _cells(
    plan: ImportPlan, one: Changing, changes: dict[str, Any], now: dict[UUID, dict[str, str]]
) -> list[list[str]]:
    """Return what a row changes, cell by cell: the field, what stands, what the list says."""
    home = plan.homes[one.one.household]
    cells = [[one.one.name, ""]]
    for name, value in changes.items():
        before: Any = getattr(one.one, name, "")
        if name == "address":
            before = home.address
        elif name in ("id_no", "phone"):
            before = now[one.one.pk][name]
        elif name == "household":
            before, value = f"{home.head}一户", f"{plan.homes[value].head}一户"
        cells.append([name, _cell(before), _cell(value)])
    return cells


def _row(batch: ImportBatch, sheet: str, row_no: int, cells: list[list[str]]) -> ImportRow:
    shown = json.dumps(cells, ensure_ascii=False)
    return ImportRow(batch=batch, kind="changed", sheet=sheet[:60], row_no=row_no, differences=shown)


def _sealed_now(keys: list[UUID]) -> dict[UUID, dict[str, str]]:
    found: dict[UUID, dict[str, str]] = {}
    for start in range(0, len(keys), CHUNK):
        some = Person.objects.filter(pk__in=keys[start : start + CHUNK]).values_list("pk", "id_no", "phone")
        found |= {pk: {"id_no": id_no, "phone": phone} for pk, id_no, phone in some}
    return found


def _cell(value: Any) -> str:
    if isinstance(value, Address):
        return f"{value.compound} {value.label}"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if value in SEX_WORDS:
        return str(SEX_WORDS[value])
    return "" if value is None else str(value)
