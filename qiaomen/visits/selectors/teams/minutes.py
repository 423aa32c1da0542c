"""The minutes that visits take, as the office wrote or learnt them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from qiaomen.office.models import Organisation
from qiaomen.planner.minutes import Learnt, Minutes
from qiaomen.visits.models import VisitMinutes
from qiaomen.visits.rules.planner_input import SHUT_MINUTES, VISIT_MINUTES

WAY_MINUTES, CALL_MINUTES = 1.5, 6.0
"""From one door of a round to the next, stairs included; and a call at the desk. Defaults until they are learnt."""
ASSUMED: Mapping[str, float] = {**VISIT_MINUTES, "shut": SHUT_MINUTES, "way": WAY_MINUTES, "call": CALL_MINUTES}
KINDS = {
    "cadence": _("重点探访"),
    "unseen": _("看看每一户"),
    "promise": _("答应过的事"),
    "event": _("家里的大事"),
    "retry": _("再试一次"),
    "shut": _("没人开门"),
    "way": _("走到下一扇门"),
    "call": _("打一个电话"),
}
FLOORS = {"low": _("1–3 层"), "middle": _("4–6 层"), "high": _("7 层以上")}


def minutes_table(community: Organisation, *, with_doors: bool = True) -> Minutes:
    """Return the minutes of a community's visits: one query. Without `with_doors` those of single doors stay out."""
    rows = VisitMinutes.objects.filter(community=community)
    if not with_doors:
        rows = rows.filter(door=None)
    learnt, own = {}, {}
    for kind, floors, door, median, count, wrote in rows.values_list(
        "kind", "floors", "door", "learnt", "counted", "own"
    ):
        key = (kind, floors, str(door) if door else "")
        if median is not None:
            learnt[key] = Learnt(median, count)
        if wrote is not None:
            own[key] = wrote
    return Minutes(ASSUMED, learnt, own)


def minutes_rows(table: Minutes) -> list[dict[str, Any]]:
    """Return a row for each kind of visit, and for floors where something was learnt: what holds and where from."""
    found = []
    for kind, title in KINDS.items():
        for floors in ("", *FLOORS):
            key = (kind, floors, "")
            if floors and key not in table.learnt and key not in table.own:
                continue
            learnt = table.learnt.get(key)
            found.append(
                {
                    "kind": kind,
                    "floors": floors,
                    "title": title,
                    "floors_title": FLOORS.get(floors, ""),
                    "own": table.own.get(key),
                    "learnt": learnt,
                    "assumed": None if floors or learnt else table.assumed[kind],
                }
            )
    return found
