"""What a bulletin says, what it would say now, and the list behind a number."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from qiaomen.bulletins.models import Bulletin
from qiaomen.cases.models import Case, CaseStep
from qiaomen.cases.rules.timing import UNDER_WAY
from qiaomen.cases.selectors import state_title, step_title
from qiaomen.kernel import clock, figures
from qiaomen.kernel.figures import moments_of
from qiaomen.kernel.small_numbers import shown_counts
from qiaomen.needs.models import Need
from qiaomen.needs.selectors import handling_title, plain_title
from qiaomen.office.models import Organisation
from qiaomen.register.models import Dwelling
from qiaomen.register.selectors import minors
from qiaomen.visits.models import Visit
from qiaomen.visits.selectors.labels import outcome_title

FIGURES = (
    "visits.doors_knocked",
    "visits.doors_opened",
    "needs.heard",
    "needs.on_the_spot",
    "cases.done",
    "cases.under_way",
    "cases.late",
)
"""The week's figures: doors knocked, doors opened, matters heard, answered on the spot, done, under way, late."""


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


def numbers_to_publish(bulletin: Bulletin) -> list[dict[str, Any]]:
    """Return the numbers of a draft, each as the office and as the public will read it (None: not published)."""
    rows = numbers_of(bulletin)
    shown = shown_counts({row["figure"].code: row["value"] for row in rows}, WHOLES)
    return [{**row, "shown": shown[row["figure"].code]} for row in rows]


def list_behind(bulletin: Bulletin, code: str) -> list[dict[str, Any]]:
    """Return the records behind one number, as frozen, or live for a draft; `homes`: the households a row shows."""
    figure = figures.get(code)
    found = figure.list_records(
        community=bulletin.community, as_at=bulletin.as_at or clock.now(), **period_of(bulletin)
    )
    if frozen := bulletin.figures.filter(code=code).first():
        found = found.model.objects.filter(community=bulletin.community, pk__in=frozen.record_ids)
    if found.model is Dwelling:
        return _door_rows(bulletin, found)
    if found.model is Need:
        return [_need_row(need) for need in found.select_related(*OF_NEED).order_by("heard_at", "pk")]
    steps = CaseStep.objects.defer("sentence").order_by("at", "pk")
    cases = found.select_related(*(f"need__{path}" for path in OF_NEED)).prefetch_related(Prefetch("steps", steps))
    return [_case_row(case, bulletin) for case in cases.order_by("due_on", "opened_at", "pk")]


OF_NEED = ("household__dwelling__entrance__building__compound", "person")


def _door_rows(bulletin: Bulletin, found: Any) -> list[dict[str, Any]]:
    """Return the doors of a figure, each with the week's last visit that was known then: when, and how it ended."""
    doors = list(
        found.select_related("entrance__building__compound").prefetch_related("households").order_by("walk_order")
    )
    known = Visit.everything.filter(community=bulletin.community, happened_at__range=moments_of(*_days_of(bulletin)))
    known = known.filter(received_at__lte=bulletin.as_at or clock.now(), dwelling__in=[door.pk for door in doors])
    last: dict[UUID, tuple[str, datetime | None]] = {}
    for door, outcome, moment in known.order_by("happened_at").values_list("dwelling", "outcome", "happened_at"):
        last[door] = outcome, moment
    rows = []
    for door in doors:
        outcome, at = last.get(door.pk, ("", None))
        rows.append(
            {
                "route": "visits:building",
                "key": door.entrance.building_id,
                "door": str(door),
                "what": "",
                "outcome": outcome_title(outcome) if outcome else "",
                "day": at,
                "who": _("主任、网格员"),
                "homes": _homes(door),
            }
        )
    return rows


def _days_of(bulletin: Bulletin) -> tuple[date, date]:
    return bulletin.week_start, bulletin.week_end


def _who_reads(need: Need) -> str:
    """Return who may open a matter: of a child under 14 named roles only."""
    child = need.person is not None and minors.is_child(need.person)
    return _("主任、儿童主任") if child else _("主任、网格员")


def _need_row(need: Need) -> dict[str, Any]:
    return {
        "route": "register:household",
        "key": need.household_id,
        "door": _door(need.household.dwelling),
        "what": plain_title(need.kind),
        "outcome": handling_title(need.handling),
        "day": need.heard_at,
        "who": _who_reads(need),
        "homes": [need.household_id],
    }


def _case_row(case: Case, bulletin: Bulletin) -> dict[str, Any]:
    return {
        "route": "cases:detail",
        "key": case.pk,
        "door": _door(case.need.household.dwelling),
        "what": plain_title(case.need.kind),
        "outcome": " · ".join(word for word in (state_title(case), _why_late(case, bulletin)) if word),
        "day": case.opened_at,
        "who": _who_reads(case.need),
        "homes": [case.need.household_id],
    }


def _why_late(case: Case, bulletin: Bulletin) -> str:
    """Return by how much a matter is late and what was done last, empty for one in time: nobody's words, only the step.

    Also of one that was closed since: the number stands for the moment it was published.
    """
    moment = bulletin.as_at or clock.now()
    days = (moment.astimezone(clock.SHANGHAI).date() - case.due_on).days
    if days <= 0 or case.state not in UNDER_WAY:
        return ""
    last = [step for step in case.steps.all() if step.at <= moment][-1:]
    if not last or last[0].kind == "opened":
        return _("晚了 {days} 天，立项以后没有记过一步").format(days=days)
    on = last[0].at.astimezone(clock.SHANGHAI)
    return _("晚了 {days} 天，最后一步：{what}，{day}").format(
        days=days, what=step_title(last[0].kind), day=_("{m}月{d}日").format(m=on.month, d=on.day)
    )


def _homes(dwelling: Dwelling) -> list[UUID]:
    return [home.pk for home in dwelling.households.all()]


def _door(dwelling: Dwelling | None) -> str:
    return str(dwelling) if dwelling else "—"


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
