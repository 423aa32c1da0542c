"""What care groups say of a household: who of it is in which group."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qiaomen.groups.actions.memberships import keep_current
from qiaomen.groups.models import CareGroup, Membership
from qiaomen.groups.selectors.telling import field_of_group, seen_by, telling_groups
from qiaomen.kernel.lines import Label, Line, register_labels, register_lines
from qiaomen.office.disclosure import READERS
from qiaomen.office.models import Organisation
from qiaomen.register.models import Household


def lines_of(households: Sequence[Household], viewer: Any, today: date) -> list[Line]:
    """Return a line for each group somebody of these households is in; the groups are brought up to today first."""
    for community in {home.community_id: home.community for home in households}.values():
        keep_current(community)
    rows = Membership.objects.filter(person__household__in=households, to_date=None).select_related("group")
    for community in {home.community_id: home.community for home in households}.values():
        rows = seen_by(rows, community, viewer)
    return [Line("groups.member", ("register.person", row.person_id), _(row.group.title)) for row in rows]


def labels_of(community: Organisation, viewer: Any) -> list[Label]:
    """Return the groups as words the search box finds people by: for those who may see groups, as far as they may."""
    if viewer.role not in READERS:
        return []
    keep_current(community)
    telling = telling_groups(community)
    rows = seen_by(Membership.objects.filter(group__community=community, to_date=None), community, viewer)
    return [
        Label(
            _(group.title),
            rows.filter(group=group).values("person"),
            field_of_group(group.code) if group.pk in telling else None,
        )
        for group in CareGroup.objects.filter(community=community)
    ]


register_lines("groups", lines_of)
register_labels("groups", labels_of)
