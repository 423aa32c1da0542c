"""The pages of this house in the menu."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, Verb, register, register_verbs
from qiaomen.visits.models import RoundDoor, Visit


def _doors_left(viewer: Any, community: Any, today: date) -> Any:
    """Doors of today's rounds nobody has been at: of one's own teams; the head's are the office's."""
    doors = (
        RoundDoor.objects.filter(round__community=community, round__day=today)
        .planned()
        .exclude(round__state="cancelled")
    )
    if viewer.role != "head":
        doors = doors.filter(round__team__members=viewer)
    return doors.exclude(Exists(Visit.objects.filter(round=OuterRef("round"), dwelling=OuterRef("dwelling"))))


register(
    Entry(20, "visits:rounds", _("敲门安排"), door="knock", covers=True, waiting=_doors_left),
    Entry(22, "visits:due", _("该走的门"), door="knock"),
    Entry(24, "visits:buildings", _("楼栋"), door="knock", covers=True),
)
register_verbs(
    Verb("visits:rounds", _("打印今天"), (_("打印纸单"), _("今天走哪些门"), _("排班"))),
    Verb("visits:due", _("逾期的门")),
    Verb("visits:wish", _("记上门意愿"), (_("不要上门"), _("改约时间")), of="register.household"),
    Verb("visits:history", _("看走访记录"), (_("走访记录"),), of="register.household", offered=True),
)
