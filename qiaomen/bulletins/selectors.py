"""What a bulletin says, what it would say now, and the list behind a number."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from qiaomen.bulletins.models import Bulletin
from qiaomen.cases.models import Case
from qiaomen.cases.selectors import state_title
from qiaomen.kernel import clock, figures
from qiaomen.kernel.small_numbers import shown_counts
from qiaomen.needs.models import Need
from qiaomen.needs.selectors import handling_title, plain_title
from qiaomen.office.models import Organisation
from qiaomen.register.models import Dwelling

FIGURES = (
    "visits.doors_knocked",
    "visits.doors_opened",
    "needs.heard",
    "needs.on_the_spot",
    "cases.under_way",
    "cases.late",
)
"""The week's figures: doors knocked, doors opened, matters heard, answered on the spot, under way, late."""


def period_of(bulletin: Bulletin) -> dict[str, date]:
    """Return the first and the last day, both included."""
    return {"start": bulletin.week_start, "end": bulletin.week_end}


def numbers_of(bulletin: Bulletin) -> list[dict[str, Any]]:
    """Return the numbers: frozen with what the same definition gives today for the same moment, or live for a draft."""
    frozen = {figure.code: figure for figure in bulletin.figures.all()}
    as_at: datetime = bulletin.as_at or clock.now()
    rows = []
    for code in FIGURES:
        figure = figures.get(code)
        now = figure.count(community=bulletin.community, as_at=as_at, **period_of(bulletin))
        value = frozen[code].value if code in frozen else now
        rows.append({"figure": figure, "value": value, "again": now, "differs": value != now})
    return rows


WHOLES = {
    "visits.doors_opened": "visits.doors_knocked",
    "needs.on_the_spot": "needs.heard",
    "cases.late": "cases.under_way",
}
"""Figures of which another is the whole: what is left of it must not be small either."""


def published_numbers(bulletin: Bulletin) -> list[dict[str, Any]]:
    """Return what the public reads: words and values by the 10-5 rule, nothing of the records.

    `value` None: fewer than ten, or what is left of the whole would be. The office's own page keeps the exact number.
    """
    frozen = dict(bulletin.figures.order_by("position").values_list("code", "value"))
    shown = shown_counts(frozen, WHOLES)
    return [{"figure": figures.get(code), "value": shown[code]} for code in frozen]


def list_behind(bulletin: Bulletin, code: str) -> list[dict[str, Any]]:
    """Return the records behind one number, as frozen, or live for a draft; `homes`: the households a row shows."""
    figure = figures.get(code)
    found = figure.list_records(
        community=bulletin.community, as_at=bulletin.as_at or clock.now(), **period_of(bulletin)
    )
    if frozen := bulletin.figures.filter(code=code).first():
        found = found.model.objects.filter(community=bulletin.community, pk__in=frozen.record_ids)
    if found.model is Dwelling:
        doors = (
            found.select_related("entrance__building__compound").prefetch_related("households").order_by("walk_order")
        )
        return [
            {
                "route": "visits:building",
                "key": d.entrance.building_id,
                "door": _door(d),
                "what": "",
                "day": None,
                "homes": _homes(d),
            }
            for d in doors
        ]
    if found.model is Need:
        needs = found.select_related("household__dwelling").order_by("heard_at")
        return [
            {
                "route": "register:household",
                "key": n.household_id,
                "door": _door(n.household.dwelling),
                "what": f"{plain_title(n.kind)} · {handling_title(n.handling)}",
                "day": n.heard_at,
                "homes": [n.household_id],
            }
            for n in needs
        ]
    cases = found.select_related("need__household__dwelling").order_by("opened_at")
    return [_case_row(case) for case in cases]


def _case_row(case: Case) -> dict[str, Any]:
    title = f"{plain_title(case.need.kind)} · {state_title(case)}"
    door = _door(case.need.household.dwelling)
    homes = [case.need.household_id]
    return {"route": "cases:detail", "key": case.pk, "door": door, "what": title, "day": case.opened_at, "homes": homes}


def _homes(dwelling: Dwelling) -> list[UUID]:
    return [home.pk for home in dwelling.households.all()]


def _door(dwelling: Dwelling | None) -> str:
    return dwelling.door_label if dwelling else "—"


def words_of(bulletin: Bulletin) -> str:
    """Return every word of a bulletin that the public reads, a line for each figure; its numbers pass the 10-5 rule."""
    known = [figures.get(code) for code in FIGURES]
    lines = [f"{figure.title}（{figure.unit}）：{figure.definition}" for figure in known]
    return "\n".join([bulletin.community.name, *lines])


def public_bulletins(community: Organisation) -> list[Bulletin]:
    """Return what was ever published, the newest first, the withdrawn too."""
    return list(
        Bulletin.objects.filter(community=community, as_at__isnull=False).order_by("-week_start", "-as_at")[:60]
    )
