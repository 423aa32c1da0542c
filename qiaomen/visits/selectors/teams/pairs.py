"""Who has to stand at which door: a woman where one comes for a girl, two at a first visit where that was asked."""

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from qiaomen.groups.models import Membership
from qiaomen.office.models import Organisation
from qiaomen.register.models import who_lives_here
from qiaomen.visits.models import Team, Visit, VisitWish
from qiaomen.visits.rules.planner_input import Pair
from qiaomen.visits.rules.vocabulary import OPENED

GIRL = "female"
"""How a sex stands on the register; what nobody wrote is unknown, and then nobody is kept away."""


def women_of(community: Organisation) -> frozenset[str]:
    """Return the women among those who walk: one query."""
    rows = Team.women.through.objects.filter(team__community=community)
    return frozenset(str(key) for key in rows.values_list("staff", flat=True))


def pairs_at(community: Organisation, day: date) -> dict[UUID, Pair]:
    """Return the doors with a rule: three queries. It is read by the planner alone and stands on no page.

    A girl's door: somebody in a care group of children lives there and is a girl. Where nobody noted which of the
    walkers are women, that is unknown, and no door is left out for it.
    """
    girls = Membership.objects.filter(
        who_lives_here("person__"),
        group__community=community,
        group__child=True,
        to_date=None,
        person__sex=GIRL,
        person__residences__to_date=None,
    )
    noted = bool(women_of(community))
    woman = {door for door in girls.values_list("person__residences__dwelling", flat=True) if door and noted}
    opened = Visit.objects.filter(household=OuterRef("household"), outcome__in=OPENED)
    asked = VisitWish.objects.filter(~Exists(opened), community=community, two_first=True, ended_at=None)
    asked = asked.filter(Q(until=None) | Q(until__gte=day), household__dwelling__isnull=False)
    two = set(asked.values_list("household__dwelling", flat=True))
    return {door: Pair(door in woman, door in two) for door in woman | two}
