"""Who walks on a day: the members of a team, without those on leave, with those who walk in their stead."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from qiaomen.office.models import Organisation, Staff
from qiaomen.visits.models import Leave, Team


def leaves_on(community: Organisation, day: date) -> dict[UUID, Leave]:
    """Return who is away on a day, by the key of the staff."""
    rows = Leave.objects.filter(community=community, from_date__lte=day, to_date__gte=day)
    return {leave.staff_id: leave for leave in rows.select_related("staff", "cover").order_by("from_date", "pk")}


def walkers_on(team: Team, day: date) -> list[Staff]:
    """Return who walks with a team on a day; nobody: the team does not go out."""
    return replace_absent(team.members.all(), leaves_on(team.community, day))


def replace_absent(members: Iterable[Staff], away: dict[UUID, Leave]) -> list[Staff]:
    """Return the members that are there, and the covers of those who are not (a cover who is away too is nobody)."""
    found: dict[UUID, Staff] = {}
    for member in members:
        who = away[member.pk].cover if member.pk in away else member
        if who is not None and who.pk not in away and who.is_active:
            found[who.pk] = who
    return sorted(found.values(), key=lambda member: member.name)
