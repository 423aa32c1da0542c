"""What a cell has been: who changed it, when, from what to what; and the views a person keeps as tabs."""

import json
from typing import Any

from qiaomen.kernel import clock
from qiaomen.office.models import Staff
from qiaomen.register.models import Change, Household, Person, ToldFact
from qiaomen.register.selectors.household_page import ACT_WORDS
from qiaomen.register.selectors.minors import is_sealed
from qiaomen.sheets.selectors import grid
from qiaomen.sheets.selectors.columns import Column, columns_of


def cell_history(row: grid.Row, column: Column, staff: Staff) -> list[dict[str, Any]]:
    """Return what happened to one cell, newest first; a sealed value stays masked, a sealed child's too."""
    child = isinstance(row, Person) and is_sealed(row, staff)
    if column.fact is not None:
        assert isinstance(row, Person)
        steps = _told_steps(row, column)
    else:
        steps = _column_steps(row, column)
    child = child or (column.code == "head_name" and grid.has_sealed_head(row, staff))
    hidden = column.sealed or child

    def shown(value: Any) -> str:
        text = grid.say(column, "" if value is None else value, clock.today())
        return (grid.HIDDEN if text else "") if child else grid.veil(column, text) if hidden else text

    return [
        {
            "who": one.act.made_by.name if one.act.made_by else "",
            "when": one.act.made_at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M"),
            "word": str(ACT_WORDS.get(one.act.kind, one.act.kind)),
            "undone": bool(one.act.undone_at),
            "before": shown(before),
            "after": shown(after),
        }
        for one, before, after in reversed(steps)
    ]


def _column_steps(row: grid.Row, column: Column) -> list[tuple[Change, Any, Any]]:
    """Return the changes of one column of the register, the earliest first; what made the row comes with its first value."""
    own, name = _owner(row, column)
    if own is None:
        return []
    field: Any = own._meta.get_field(name)
    steps: list[tuple[Change, Any, Any]] = []
    made: Change | None = None
    changes = Change.objects.filter(of_type=own.record_type, row=own.pk).order_by("id")
    for one in changes.select_related("act__made_by"):
        if not one.before:
            made = one
            continue
        after = json.loads(one.after or "{}")
        if field.attname in after:
            before = json.loads(one.before).get(field.attname)
            steps.append((one, field.to_python(before), field.to_python(after[field.attname])))
    if made is not None:
        first = steps[0][1] if steps else getattr(own, field.attname)
        steps.insert(0, (made, None, first))
    return steps


def _owner(row: grid.Row, column: Column) -> tuple[Any, str]:
    """Return the record a column of the register stands in, and the column's name there."""
    path = column.path.split("__")
    if len(path) == 1 and path[0]:
        return row, path[0]
    if len(path) == 2 and path[0] == "household" and isinstance(row, Person):
        return row.household, path[1]
    return None, ""


def _told_steps(person: Person, column: Column) -> list[tuple[Change, Any, Any]]:
    """Return the values a told fact has had, the earliest first."""
    assert column.fact is not None
    rows = {one.pk: one for one in ToldFact.objects.filter(person=person, code=column.fact.code)}
    changes = (
        Change.objects.filter(of_type="register.toldfact", row__in=list(rows))
        .order_by("id")
        .select_related("act__made_by")
    )
    steps: list[tuple[Change, Any, Any]] = []
    stands = ""
    for one in changes:
        after = json.loads(one.after or "{}")
        if not one.before:
            later = [json.loads(c.before) for c in changes if c.row == one.row and c.id > one.id and c.before]
            value = next((found["value"] for found in later if "value" in found), rows[one.row].value)
        elif "value" in after:
            value = after["value"]
        elif after.get("to_date") and not any(c.act_id == one.act_id and not c.before for c in changes):
            value = ""
        else:
            continue
        steps.append((one, stands, value))
        stands = value
    return steps


def card_of(household: Household, staff: Staff) -> dict[str, Any]:
    """Return a household for the drawer: everybody in it, masked."""
    known = columns_of("person")
    shown = [known[code] for code in ("name", "relation", "birth_date", "id_no", "phone")]
    order = household.people.recorded().order_by("-is_head", "birth_date", "name")
    found = grid.fetch("person", list(order.values_list("pk", flat=True)), shown, staff)
    members = [
        {"state": person.state, **{column.code: grid.cell_text(found, person, column, staff) for column in shown}}
        for person in found.rows
    ]
    return {"household": household, "members": members, "door": grid.door_of(household)}
