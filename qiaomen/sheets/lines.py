"""What exports have to be done: a file that waits for a second person's word, and one that waits to be taken."""

from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.kernel import clock
from qiaomen.kernel.lines import ANSWER_OWED, NICE, Act, Line, register_act, register_held
from qiaomen.office.disclosure import READERS
from qiaomen.office.models import Organisation, Staff
from qiaomen.sheets.actions import exports
from qiaomen.sheets.models import Export


def lines_held(community: Organisation, viewer: Any, today: date, owner: UUID | None) -> list[Line]:
    """Return the exports nobody has decided, but for the viewer's own, and those somebody may still take: one query.

    It names who asked, how many rows and what for; whom a file is about is on its page.
    """
    if viewer.role not in READERS:
        return []
    open_now = Export.objects.filter(community=community, state__in=("asked", "approved")).exclude(
        expires_at__lt=clock.now()
    )
    rows = open_now.select_related("asked_by", "community").defer(*exports.HEAVY, "asked_for", "frozen")
    if owner is not None:
        return [_line(row) for row in rows.filter(asked_by=owner).order_by("asked_at")]
    return [_line(row) for row in rows.order_by("asked_at") if (row.state == "asked") != (row.asked_by_id == viewer.pk)]


def _line(row: Export) -> Line:
    waits = row.state == "asked"
    text = _("{who}要导出 {n} 行（{purpose}），等人批") if waits else _("导出的 {n} 行（{purpose}）可以取了")
    until = row.expires_at.astimezone(clock.SHANGHAI).date() if row.expires_at else None
    return Line(
        "sheets.asked" if waits else "sheets.ready",
        (Export.record_type, row.pk),
        text.format(who=row.asked_by.name, n=row.rows, purpose=row.purpose),
        ANSWER_OWED if waits else NICE,
        until,
        since=row.asked_at.astimezone(clock.SHANGHAI).date(),
        owner=(Organisation.record_type, row.community_id) if waits else (Staff.record_type, row.asked_by_id),
        url=reverse("sheets:exports"),
        act="sheets.look",
    )


def _withdraw(line: Line, to: Staff, actor: Staff) -> None:
    """Nobody takes over what somebody else asked to see: it lapses, and whoever needs it asks anew."""
    exports.lapse(export=Export.objects.get(pk=line.subject[1]), actor=actor)


register_act(
    Act(
        "sheets.look",
        _lazy("去看"),
        "sheets:exports",
        opens=True,
        allowed=lambda viewer: viewer.role in READERS,
        reassign=_withdraw,
        title=_lazy("申请的导出（交接就作废，要用的人重新申请）"),
        lent=False,
    )
)
register_held("sheets", lines_held)
