"""What care groups say of a household: who of it is in which group."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from qiaomen.groups.actions.memberships import keep_current
from qiaomen.groups.models import Membership
from qiaomen.groups.selectors.telling import seen_by
from qiaomen.kernel.lines import Line, register_lines
from qiaomen.register.models import Household


def lines_of(households: Sequence[Household], viewer: Any, today: date) -> list[Line]:
    """Return a line for each group somebody of these households is in; the groups are brought up to today first."""
    for community in {home.community_id: home.community for home in households}.values():
        keep_current(community)
    rows = Membership.objects.filter(person__household__in=households, to_date=None).select_related("group")
    for community in {home.community_id: home.community for home in households}.values():
        rows = seen_by(rows, community, viewer)
    return [
        Line(
            "groups.member",
            ("register.person", row.person_id),
            _(row.group.title),
            household=row.household_id,
            people=(row.person_id,),
        )
        for row in rows.annotate(household_id=F("person__household"))
    ]


register_lines("groups", lines_of)
