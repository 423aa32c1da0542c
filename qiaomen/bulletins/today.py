"""The bulletin that is due: last week's, when nobody has published it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.bulletins.models import Bulletin
from qiaomen.kernel.lines import ANSWER_OWED, Line, register_held
from qiaomen.kernel.texts import say_day
from qiaomen.office.disclosure import READERS
from qiaomen.office.models import Organisation

SHOWN_FROM = 4
"""Friday: from then on the week's own bulletin is on the page; it is due on Sunday."""


def lines_held(community: Organisation, viewer: Any, today: date, owner: UUID | None) -> list[Line]:
    """Return the weeks that wait for their bulletin: last week's, and this one's from Friday on. One query.

    A community that has never published one is not reminded.
    """
    if owner is not None or viewer.role not in READERS:
        return []
    monday = today - timedelta(days=today.weekday())
    states: dict[date, str] = {}
    rows = Bulletin.objects.filter(community=community, width="week").exclude(state="withdrawn").order_by("-start")
    for week, state in rows.values_list("start", "state")[:60]:
        states[week] = state
    if "published" not in states.values():
        return []
    weeks = [monday - timedelta(days=7), *([monday] if today.weekday() >= SHOWN_FROM else [])]
    office = (Organisation.record_type, community.pk)
    return [
        Line(
            "bulletins.due",
            office,
            _("{day}那一周的通报还没有公布").format(day=say_day(week)),
            ANSWER_OWED,
            due_on=week + timedelta(days=6),
            owner=office,
            url=reverse("bulletins:list"),
        )
        for week in weeks
        if states.get(week) != "published"
    ]


register_held("bulletins", lines_held)
