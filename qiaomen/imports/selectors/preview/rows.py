"""The rows of a plan that a person must see before the commit, as sealed records; and how they are read again.

Of what stands in the register they keep what everybody may see who may see the list: masks, the year of a birth, a
child as 张**. What the list itself says is kept whole and shown to who brought it, until it is committed.
"""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qiaomen.imports.models import ImportBatch, ImportRow
from qiaomen.imports.selectors.meaning.understanding import HOME, NOT_THEIRS, SAME
from qiaomen.imports.selectors.plan import ImportPlan
from qiaomen.imports.selectors.plan_known import Changing, Refusal
from qiaomen.imports.selectors.preview.veils import kept_name, sensitivity_of, without_numbers
from qiaomen.imports.selectors.register_snapshot import KnownPerson
from qiaomen.kernel.masking import mask, mask_id_no, mask_name, mask_phone
from qiaomen.office.fields import open_value
from qiaomen.register.models import Person
from qiaomen.register.rules.addresses import Address
from qiaomen.register.rules.register_row import RegisterRow
from qiaomen.register.selectors.minors import is_child_born

CHUNK = 500
SEX_WORDS = {"male": gettext_lazy("男"), "female": gettext_lazy("女")}


def rows_to_show(batch: ImportBatch, plan: ImportPlan) -> Iterator[ImportRow]:
    """Yield what stays out, what is asked about, and what changes."""
    people = _opened([UUID(key) for refusal in plan.reject for key in refusal.people])
    for refusal in plan.reject:
        table, place = refusal.table, refusal.place
        yield ImportRow(
            batch=batch,
            kind="double" if refusal.asked else "problem",
            sheet=table.sheet[:60],
            row_no=table.spot(place)[1],
            reasons=refusal.reasons,
            cells="\t".join(table.cells(place)),
            differences=_question(plan, refusal, people) if refusal.asked else "",
        )
    yield from _asked(batch, plan)
    yield from _changed(batch, plan)


def _question(plan: ImportPlan, refusal: Refusal, people: dict[UUID, dict[str, str]]) -> str:
    """Return what a person is asked about a row: the row itself, and who or which household it may be."""
    options = []
    for key in refusal.people:
        if told := people.get(UUID(key)):
            told = _of_a_number(told) if refusal.because in NOT_THEIRS else told
            options.append({"value": f"{SAME}{key}", "kind": "person", **told})
    for key in refusal.homes:
        home = plan.homes[UUID(key)]
        where = {"name": home.head, "door": _cell(home.address), "household": key}
        options.append({"value": f"{HOME}{key}", "kind": "home", **where})
    new = _side(refusal.table.row(refusal.place))
    return json.dumps({"new": new, "options": options, "because": refusal.because}, ensure_ascii=False)


def _of_a_number(told: dict[str, str]) -> dict[str, str]:
    """Whom a number alone found: the list shows no more than the surname; their page is a look."""
    return {"name": mask_name(told["name"]), "household": told["household"]}


def _asked(batch: ImportBatch, plan: ImportPlan) -> Iterator[ImportRow]:
    known = [doubt.other.pk for _, doubt, _ in plan.doubts if isinstance(doubt.other, KnownPerson)]
    people = _opened(known)
    for row, doubt, earlier in plan.doubts:
        stands = isinstance(doubt.other, KnownPerson)
        other = people[doubt.other.pk] if isinstance(doubt.other, KnownPerson) else _side(earlier) if earlier else {}
        why = without_numbers(doubt.why) if stands else list(doubt.why)
        shown = json.dumps({"new": _side(row), "other": other, "why": why}, ensure_ascii=False)
        yield ImportRow(batch=batch, kind="ask", sheet=row.sheet[:60], row_no=row.row_no, differences=shown)


def _side(row: RegisterRow) -> dict[str, Any]:
    values = row.values
    return {
        "name": values["name"],
        "birth": _cell(values["birth_date"]),
        "door": _cell(row.address),
        "id_no": mask_id_no(values["id_no"], beside_birthday=True),
        "phone": mask_phone(values["phone"]),
        "row": str(row.row_no),
        "child": is_child_born(values["birth_date"]),
    }


def _opened(keys: list[UUID]) -> dict[UUID, dict[str, str]]:
    found = {}
    for start in range(0, len(keys), CHUNK):
        some = Person.objects.filter(pk__in=keys[start : start + CHUNK])
        for one in some.select_related("household__dwelling"):
            door = one.household.dwelling
            found[one.pk] = {
                "name": kept_name(one.name, one.birth_date),
                "birth": mask("birth", _cell(one.birth_date)),
                "door": door.door_label if door else "",
                "id_no": mask_id_no(one.id_no),
                "phone": mask_phone(one.phone),
                "household": str(one.household_id),
            }
    return found


def _changed(batch: ImportBatch, plan: ImportPlan) -> Iterator[ImportRow]:
    both = [*plan.change, *plan.held]
    now = _sealed_now([one.one.pk for one in both if {"id_no", "phone"} & {*one.changes, *one.kept}])
    for one in plan.change:
        yield _row(batch, one.row.sheet, one.row.row_no, _cells(plan, one, one.changes, now))
    for one in both:
        if one.kept or one.taken:
            row = _row(batch, one.row.sheet, one.row.row_no, _cells(plan, one, {**one.taken, **one.kept}, now))
            row.kind = "held"
            yield row
    for telling in plan.told:
        name = kept_name(telling.one.name, telling.one.birth_date)
        cells = [[name, str(telling.one.pk)], *map(list, telling.shown)]
        yield _row(batch, telling.table.sheet, telling.table.row_nos[telling.place], cells)
    for record, verdict in plan.visits:
        cells = [
            [str(verdict.record.get("name", "")), str(record.person)],
            *([code, "", text] for code, text in verdict.shown),
        ]
        yield _row(batch, record.sheet, record.row_no, cells)


def _cells(
    plan: ImportPlan, one: Changing, changes: dict[str, Any], now: dict[UUID, dict[str, str]]
) -> list[list[str]]:
    """Return what a row changes, cell by cell: the field, what stands as its mask, what the list says."""
    home, child = plan.homes[one.one.household], is_child_born(one.one.birth_date)
    cells = [[kept_name(one.one.name, one.one.birth_date), str(one.one.pk)]]
    for name, value in changes.items():
        before: Any = getattr(one.one, name, "")
        if name == "address":
            before = home.address
        elif name in ("id_no", "phone"):
            before = now[one.one.pk][name]
        elif name == "household":
            before, value = f"{home.head}一户", f"{plan.homes[value].head}一户"
        shut = child and name not in ("address", "household")
        cells.append([name, mask("child" if shut else sensitivity_of(name), _cell(before)), _cell(value)])
    return cells


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
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if value in SEX_WORDS:
        return str(SEX_WORDS[value])
    return "" if value is None else str(value)
