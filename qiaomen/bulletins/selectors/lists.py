"""The list behind a number: one row for each record, with its door, when, how it ended, and who may open it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from qiaomen.bulletins.models import Bulletin
from qiaomen.bulletins.selectors.numbers import asked_of
from qiaomen.calls.models import Call, SweepReply
from qiaomen.calls.selectors.labels import OUTCOME_TITLES, REPLY_TITLES, WAY_TITLES
from qiaomen.cases.models import Case, CaseStep, Trip
from qiaomen.cases.proxy.selectors import way_title
from qiaomen.cases.rules.timing import UNDER_WAY
from qiaomen.cases.selectors import state_title, step_title
from qiaomen.cases.selectors.sealed import cases_of_sealed
from qiaomen.kernel import clock, figures
from qiaomen.kernel.figures import moments_of
from qiaomen.needs.models import Need, Owed
from qiaomen.needs.selectors import channel_title, handling_title, plain_title
from qiaomen.register.models import Dwelling, Household, Person
from qiaomen.register.selectors import minors
from qiaomen.visits.models import Visit
from qiaomen.visits.selectors.labels import outcome_title

Row = dict[str, Any]
Asked = dict[str, Any]
"""What a figure was asked: community, start, end, as_at."""
MOST = 500
"""Rows of one page; a longer list says that it is cut."""


def list_behind(bulletin: Bulletin, code: str, breakdown: str = "", part: str = "") -> list[Row]:
    """Return the records behind one number, or one part of it, as frozen, or live for a draft."""
    figure, asked = figures.get(code), asked_of(bulletin)
    found = figure.list_records(**asked)
    if frozen := bulletin.figures.filter(code=code).first():
        keys = frozen.record_ids
        if breakdown:
            keys = [key for row in frozen.parts.filter(breakdown=breakdown, part=part) for key in row.record_ids]
        found = keyed(found.model, bulletin.community, keys)
    elif parts := figure.breakdown(breakdown):
        found = found.filter(**{parts.path: part})
    return rows_of(found, asked)


def keyed(model: Any, community: Any, keys: Iterable[str]) -> Any:
    """Return the records of a community that have these keys, those taken back by their makers too."""
    rows = getattr(model, "everything", model.objects)
    return rows.filter(community=community, pk__in=list(keys))


def rows_of(found: Any, asked: Asked, most: int | None = None) -> list[Row]:
    """Return what a page shows of records, of so many at most; `homes`: the households a row shows, for the ledger.

    `asked`: for which days and as at which moment; a row says what was known then.
    """
    kind = KINDS[found.model]
    records = found.select_related(*kind.related).prefetch_related(*kind.prefetched).order_by(*kind.order)[:most]
    return kind.rows(list(records), asked)


def _door_rows(doors: list[Dwelling], asked: Asked) -> list[Row]:
    """Return doors, each with the last visit of the days that was known then: when, and how it ended."""
    period = moments_of(asked["start"], asked["end"])
    known = Visit.everything.filter(community=asked["community"], happened_at__range=period)
    known = known.filter(received_at__lte=asked["as_at"], dwelling__in=[door.pk for door in doors])
    last: dict[UUID, tuple[str, datetime | None]] = {}
    for door_key, outcome, at in known.order_by("happened_at").values_list("dwelling", "outcome", "happened_at"):
        last[door_key] = outcome, at
    rows = []
    for door in doors:
        outcome, moment = last.get(door.pk, ("", None))
        ended = outcome_title(outcome) if outcome else ""
        homes = [home.pk for home in door.households.all()]
        rows.append(_row(door, "visits:building", door.entrance.building_id, door, homes, outcome=ended, day=moment))
    return rows


def _visit_row(visit: Visit, asked: Asked) -> Row:
    homes = [visit.household_id] if visit.household_id else []
    building, ended = visit.dwelling.entrance.building_id, outcome_title(visit.outcome)
    return _row(visit, "visits:building", building, visit.dwelling, homes, outcome=ended, day=visit.happened_at)


def _call_row(call: Call, asked: Asked) -> Row:
    ended = str(OUTCOME_TITLES[call.outcome])
    return _home_row(call, call.household, what=str(WAY_TITLES[call.way]), outcome=ended, day=call.happened_at)


def _reply_row(reply: SweepReply, asked: Asked) -> Row:
    ended = str(REPLY_TITLES[reply.outcome])
    return _home_row(reply, reply.household, what=reply.sweep.title, outcome=ended, day=reply.happened_at)


def _household_row(home: Household, asked: Asked) -> Row:
    return _home_row(home, home)


def _need_row(need: Need, asked: Asked) -> Row:
    said, handling = plain_title(need.kind), handling_title(need.handling)
    return _home_row(need, need.household, need.person, what=said, outcome=handling, day=need.heard_at)


def _owed_row(owed: Owed, asked: Asked) -> Row:
    about = owed.person or (owed.need.person if owed.need else None)
    told = owed.told_at if owed.told_at is not None and owed.told_at <= asked["as_at"] else None
    ended = _("已经告诉") if told else _("还没有告诉")
    return _home_row(owed, owed.household, about, what=channel_title(owed.channel), outcome=ended, day=told)


def _case_row(case: Case, asked: Asked) -> Row:
    need, home = case.need, case.need.household
    said = {"what": plain_title(need.kind), "day": case.opened_at}
    said["outcome"] = " · ".join(word for word in (state_title(case), _why_late(case, asked["as_at"])) if word)
    return _row(case, "cases:detail", case.pk, home.dwelling, [home.pk], need.person, **said)


def _trip_row(trip: Trip, asked: Asked) -> Row:
    need, home = trip.case.need, trip.case.need.household
    said = {"what": plain_title(need.kind), "outcome": way_title(trip.way), "day": trip.noted_at}
    return _row(trip, "cases:detail", trip.case_id, home.dwelling, [home.pk], need.person, **said)


def _why_late(case: Case, moment: datetime) -> str:
    """Return by how much a matter is late and what was done last, empty for one in time: nobody's words, only the step.

    Also of one that was closed since: the number stands for the moment it was published.
    """
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


def _home_row(record: Any, home: Household, about: Person | None = None, **said: Any) -> Row:
    return _row(record, "register:household", home.pk, home.dwelling, [home.pk], about, **said)


def _row(
    record: Any,
    route: str,
    key: UUID,
    door: Dwelling | None,
    homes: list[UUID],
    about: Person | None = None,
    **said: Any,
) -> Row:
    """Return a row. `about`: of whom it is, None: of the household; `said`: what, outcome, day."""
    where = {"record": record.pk, "route": route, "key": key, "door": str(door) if door else "—", "homes": homes}
    return {"what": "", "outcome": "", "day": None, **where, "who": _who_opens(about), **said}


def _who_opens(about: Person | None) -> str:
    """Return who may open a record: of a child under 14 named roles only."""
    return _("主任、儿童主任") if about is not None and minors.is_child(about) else _("主任、网格员")


@dataclass(frozen=True)
class Kind:
    """What is read with records of a kind, in what order, and what their rows say."""

    rows: Callable[[list[Any], Asked], list[Row]]
    order: tuple[str, ...]
    related: tuple[str, ...] = ()
    prefetched: tuple[Any, ...] = ()


def _each(make: Callable[[Any, Asked], Row]) -> Callable[[list[Any], Asked], list[Row]]:
    return lambda records, asked: [make(record, asked) for record in records]


def _matters(make: Callable[[Any, Asked], Row], need_of: Callable[[Any], UUID | None]) -> Callable[..., list[Row]]:
    """Make the rows of records that are of needs. Of a sealed matter a row says how it stands, not whose it is nor of
    what kind: its page opens to whoever carries it and to the head.
    """

    def rows(records: list[Any], asked: Asked) -> list[Row]:
        sealed = cases_of_sealed({need for record in records if (need := need_of(record))})
        made = []
        for record in records:
            row, case = make(record, asked), sealed.get(need_of(record))
            shut: Row = {"route": "cases:detail", "key": case, "door": _("一件调解"), "homes": [], "what": ""}
            made.append({**row, **shut, "who": _("主任、经办人")} if case else row)
        return made

    return rows


DOOR = "entrance__building__compound"
HOME = f"household__dwelling__{DOOR}"
STEPS = Prefetch("steps", CaseStep.objects.defer("sentence").order_by("at", "pk"))
KINDS: dict[Any, Kind] = {
    Dwelling: Kind(_door_rows, ("walk_order", "pk"), (DOOR,), ("households",)),
    Visit: Kind(_each(_visit_row), ("happened_at", "pk"), (f"dwelling__{DOOR}",)),
    Call: Kind(_each(_call_row), ("happened_at", "pk"), (HOME,)),
    SweepReply: Kind(_each(_reply_row), ("happened_at", "pk"), (HOME, "sweep")),
    Household: Kind(_each(_household_row), ("dwelling__walk_order", "pk"), (f"dwelling__{DOOR}",)),
    Need: Kind(_matters(_need_row, lambda need: need.pk), ("heard_at", "pk"), (HOME, "person")),
    Owed: Kind(_matters(_owed_row, lambda owed: owed.need_id), ("due_on", "pk"), (HOME, "person", "need__person")),
    Case: Kind(
        _matters(_case_row, lambda case: case.need_id),
        ("due_on", "opened_at", "pk"),
        (f"need__{HOME}", "need__person"),
        (STEPS,),
    ),
    Trip: Kind(
        _matters(_trip_row, lambda trip: trip.case.need_id),
        ("on_date", "noted_at", "pk"),
        (f"case__need__{HOME}", "case__need__person"),
    ),
}
