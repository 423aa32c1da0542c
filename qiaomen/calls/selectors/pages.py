"""Rows → what stands around the call list: alerts in words, who has to go by themselves, what was called today."""

from datetime import date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qiaomen.calls.models import Call
from qiaomen.calls.selectors.alerts import Warned
from qiaomen.calls.selectors.labels import OUTCOME_TITLES, WAY_TITLES, alert_title, alerts
from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Household
from qiaomen.visits.models import RoundDoor, Visit, VisitRequest
from qiaomen.visits.rules.vocabulary import OPENED
from qiaomen.visits.selectors.labels import reason_in_words

KINDS = ("worry", "unreached")
MOST_PAST = 8


def warned_rows(warned: list[Warned]) -> list[dict[str, Any]]:
    """Return each alert that holds: where, until when, whom first, how many are left, reached and not known."""
    known = alerts()
    return [
        {
            "alert": one.alert,
            "title": alert_title(one.alert.kind),
            "place": str(one.alert.building or one.alert.compound or _("全社区")),
            "order": [_(title) for title in _titles(known[one.alert.kind])],
            "left": len(one.homes),
            "reached": one.reached,
            "unasked": one.unasked if known[one.alert.kind].get("asks") else 0,
        }
        for one in warned
    ]


def _titles(entry: dict[str, Any]) -> list[str]:
    return [line["title"] for line in entry["who"]]


def going_alone(community: Organisation, day: date) -> list[dict[str, Any]]:
    """Return where somebody has to go by a day after a call, nobody was since, and no round of the day takes it."""
    rows = VisitRequest.objects.filter(community=community, kind__in=KINDS, open=True, due_on__lte=day)
    asked = list(rows.select_related("household__dwelling__entrance__building__compound").order_by("due_on", "pk"))
    if not asked:
        return []
    walked = RoundDoor.objects.filter(round__community=community, round__day=day, round__state="planned")
    taken = set(walked.planned().values_list("dwelling", flat=True))
    since = min(row.changed_at for row in asked)
    met = Visit.objects.filter(community=community, outcome__in=OPENED, happened_at__gte=since)
    last = dict(met.order_by("happened_at").values_list("household", "happened_at"))
    return [
        {"request": row.pk, "household": row.household, "reason": reason_in_words(row.kind, 0), "due_on": row.due_on}
        for row in asked
        if row.household.dwelling_id
        and row.household.dwelling_id not in taken
        and not (last.get(row.household_id) and last[row.household_id] > row.changed_at)
    ]


def called_today(community: Organisation, day: date, viewer: Staff) -> list[dict[str, Any]]:
    """Return the calls of a day, the latest first."""
    start = datetime.combine(day, time.min, clock.SHANGHAI)
    return _rows(Call.objects.filter(community=community, happened_at__gte=start), viewer)


def calls_to(household: Household, viewer: Staff) -> list[dict[str, Any]]:
    """Return the latest calls to a household."""
    return _rows(Call.objects.filter(household=household), viewer)[:MOST_PAST]


def _rows(calls: QuerySet[Call], viewer: Staff) -> list[dict[str, Any]]:
    rows = calls.defer("note").select_related("household__dwelling", "staff").order_by("-happened_at", "pk")
    return [
        {
            "call": row,
            "household": row.household,
            "at": row.happened_at,
            "who": row.staff.name,
            "way": WAY_TITLES[row.way],
            "outcome": OUTCOME_TITLES[row.outcome],
            "may_change": row.staff_id == viewer.pk or viewer.role == "head",
        }
        for row in rows
    ]
