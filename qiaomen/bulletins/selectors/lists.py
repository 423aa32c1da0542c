"""The list behind a number: one row for each record, with its door and where it opens."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from qiaomen.bulletins.models import Bulletin
from qiaomen.bulletins.selectors.numbers import asked_of
from qiaomen.cases.models import Case
from qiaomen.cases.selectors import state_title
from qiaomen.kernel import figures
from qiaomen.needs.models import Need, Owed
from qiaomen.needs.selectors import channel_title, handling_title, plain_title
from qiaomen.register.models import Dwelling, Household
from qiaomen.visits.models import Visit
from qiaomen.visits.selectors.labels import outcome_title

Row = dict[str, Any]
DOOR = "entrance__building__compound"
MOST = 500
"""Rows of one page; a longer list says that it is cut."""


def list_behind(bulletin: Bulletin, code: str, breakdown: str = "", part: str = "") -> list[Row]:
    """Return the records behind one number, or one part of it, as frozen, or live for a draft."""
    figure = figures.get(code)
    found = figure.list_records(**asked_of(bulletin))
    if frozen := bulletin.figures.filter(code=code).first():
        keys = frozen.record_ids
        if breakdown:
            keys = [key for row in frozen.parts.filter(breakdown=breakdown, part=part) for key in row.record_ids]
        found = keyed(found.model, bulletin.community, keys)
    elif parts := figure.breakdown(breakdown):
        found = found.filter(**{parts.path: part})
    return rows_of(found)


def keyed(model: Any, community: Any, keys: Iterable[str]) -> Any:
    """Return the records of a community that have these keys, those taken back by their makers too."""
    rows = getattr(model, "everything", model.objects)
    return rows.filter(community=community, pk__in=list(keys))


def rows_of(found: Any, most: int | None = None) -> list[Row]:
    """Return what a page shows of records, of so many at most; `homes`: the households a row shows, for the ledger."""
    related, order, make = MAKERS[found.model]
    rows = found.select_related(*related) if related else found
    if found.model is Dwelling:
        rows = rows.prefetch_related("households")
    return [make(record) for record in rows.order_by(order)[:most]]


def _door_row(door: Dwelling) -> Row:
    homes = [home.pk for home in door.households.all()]
    return _row(door.pk, "visits:building", door.entrance.building_id, door, "", None, homes)


def _visit_row(visit: Visit) -> Row:
    said, homes = outcome_title(visit.outcome), [visit.household_id] if visit.household_id else []
    building = visit.dwelling.entrance.building_id
    return _row(visit.pk, "visits:building", building, visit.dwelling, said, visit.happened_at, homes)


def _need_row(need: Need) -> Row:
    said = f"{plain_title(need.kind)} · {handling_title(need.handling)}"
    return _home_row(need.pk, need.household, said, need.heard_at)


def _owed_row(owed: Owed) -> Row:
    return _home_row(owed.pk, owed.household, channel_title(owed.channel), owed.told_at)


def _case_row(case: Case) -> Row:
    home, said = case.need.household, f"{plain_title(case.need.kind)} · {state_title(case)}"
    return _row(case.pk, "cases:detail", case.pk, home.dwelling, said, case.opened_at, [home.pk])


def _home_row(record: UUID, home: Household, said: str, day: Any) -> Row:
    return _row(record, "register:household", home.pk, home.dwelling, said, day, [home.pk])


def _row(record: UUID, route: str, key: UUID, door: Dwelling | None, said: str, day: Any, homes: list[UUID]) -> Row:
    label = door.door_label if door else "—"
    return {"record": record, "route": route, "key": key, "door": label, "said": said, "day": day, "homes": homes}


MAKERS: dict[Any, tuple[tuple[str, ...], str, Callable[[Any], Row]]] = {
    Dwelling: ((DOOR,), "walk_order", _door_row),
    Visit: ((f"dwelling__{DOOR}",), "happened_at", _visit_row),
    Need: (("household__dwelling",), "heard_at", _need_row),
    Owed: (("household__dwelling",), "due_on", _owed_row),
    Case: (("need__household__dwelling",), "opened_at", _case_row),
}
"""What is read with a record, in what order, and what a row says of it."""
