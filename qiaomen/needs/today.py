"""What somebody is owed and has not been told, as lines; and what was heard since yesterday."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.kernel.lines import (
    ANSWER_OWED,
    PROMISE_LATE,
    Act,
    Line,
    News,
    register_act,
    register_held,
    register_news,
)
from qiaomen.needs import actions
from qiaomen.needs.models import Need, Owed
from qiaomen.needs.selectors import channel_title, open_to, owed_in, owed_to_tell
from qiaomen.office.disclosure import READERS
from qiaomen.office.models import Organisation, Staff


def lines_held(community: Organisation, viewer: Any, today: date, owner: UUID | None) -> list[Line]:
    """Return the sentences still owed: one query. What they say stays sealed."""
    if viewer.role not in READERS:
        return []
    rows: QuerySet[Owed] = owed_to_tell(owed_in(community), viewer).defer("sentence", "need__words")
    return [_line(row, today) for row in (rows.filter(owner=owner) if owner is not None else rows)]


def _line(row: Owed, today: date) -> Line:
    text = _("事情的结果还没有告诉居民（{how}，{who}）") if row.need_id else _("答应了回话，还没有回（{how}，{who}）")
    return Line(
        "needs.owed",
        (Owed.record_type, row.pk),
        text.format(how=channel_title(row.channel), who=row.owner.name),
        PROMISE_LATE if row.due_on < today else ANSWER_OWED,
        row.due_on,
        owner=(Staff.record_type, row.owner_id),
        url=reverse("needs:owed", args=[row.pk]),
        household=row.household_id,
        people=(row.person_id,) if row.person_id else (),
        act="needs.tell",
    )


def _give(line: Line, to: Staff, actor: Staff) -> None:
    actions.give_owed(owed=Owed.objects.get(pk=line.subject[1]), to=to, actor=actor)


def news_of(community: Organisation, viewer: Any, since: datetime, most: int) -> Iterable[News]:
    """Return that something was said at doors or the window: by whom it was heard, never what kind of thing."""
    if viewer.role not in READERS:
        return []
    rows = Need.objects.filter(community=community, heard_at__gte=since).select_related("heard_by").defer("words")
    rows = open_to(rows, viewer)
    return [
        News(
            row.heard_at,
            _("上门听到一件诉求（{who}）").format(who=row.heard_by.name)
            if row.origin == "visit"
            else _("来说了一件诉求（{who}）").format(who=row.heard_by.name),
            row.household_id,
        )
        for row in rows.order_by("-heard_at")[:most]
    ]


register_act(
    Act(
        "needs.tell",
        _lazy("已经告诉"),
        "needs:tell",
        undo="needs:untell",
        allowed=lambda viewer: viewer.role in READERS,
        reassign=_give,
        title=_lazy("要回的话"),
    )
)
register_held("needs", lines_held)
register_news("needs", news_of)
