"""Which groups tell more of a person than their age: those are not for volunteers, and being shown one is a look."""

from functools import lru_cache
from uuid import UUID

from django.db.models import Q, QuerySet

from qiaomen.criteria.language import read
from qiaomen.groups.models import GroupDefinition, Membership
from qiaomen.kernel import clock
from qiaomen.kernel.sensitivity import Field
from qiaomen.office.disclosure import READERS, Sight
from qiaomen.office.fields import open_value
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import open_on
from qiaomen.register.selectors import packs
from qiaomen.register.selectors.minors import sealed_after

LIGHT = frozenset({"age", "female", "is_head", "usual_resident", "registered_here"})
"""Facts a group may be made of and still tell no more than a list of doors does."""


@lru_cache(maxsize=1024)
def tells(when: str) -> bool:
    """Say whether a rule looks at health, money, a child or who else lives behind the door (living alone)."""
    criterion = read(when, packs.facts())
    return criterion.looks_at_others or not set(criterion.facts) <= LIGHT


def telling_groups(community: Organisation) -> frozenset[UUID]:
    """Return the groups of a community that tell more than an age; one whose rule is gone tells, too."""
    rows = GroupDefinition.objects.filter(open_on(clock.today()), group__community=community)
    light = {
        group
        for pk, group, when, child in rows.values_list("pk", "group", "when", "group__child")
        if not child and not tells(open_value(when, pk))
    }
    everything = GroupDefinition.objects.filter(group__community=community).values_list("group", flat=True)
    return frozenset(set(everything) - light)


def field_of_group(code: str) -> Field:
    """Return a telling group as the gate knows it."""
    return Field(f"group:{code}", "health")


def seen_by(rows: "QuerySet[Membership]", community: Organisation, viewer: Staff) -> "QuerySet[Membership]":
    """Keep the memberships somebody may be told of at all: no telling group for volunteers, no child for most."""
    if viewer.role not in READERS:
        rows = rows.exclude(group__in=telling_groups(community))
    if not Sight(viewer).sees_children:
        born = Q(person__birth_date__gt=sealed_after(clock.today()))
        rows = rows.filter(group__child=False).exclude(born)
    return rows
