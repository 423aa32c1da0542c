"""The gate of lines: who may read one, and the look that showing it is; and what the office offers at an account."""

from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.kernel.lines import Link, Told, guard_lines, register_links
from qiaomen.office.disclosure import READERS, Sight
from qiaomen.office.handover import acts as handover
from qiaomen.office.models import Staff

AT_DOORS = READERS | {"volunteer"}
"""Roles that see residents at all."""


def may_read(line: Told, viewer: Staff) -> bool:
    """Say whether somebody may read a line: of residents only who works with them, of a field only who may ask for
    it.
    """
    if (line.household or line.people) and viewer.role not in AT_DOORS:
        return False
    sight = Sight(viewer)
    return all(sight.may_ask(field) for field in line.fields)


def at_staff(staff: Staff, viewer: Staff) -> list[Link]:
    """Offer the head to give away what somebody holds, before and after the account is closed."""
    if viewer.role != "head" or viewer.community is None or viewer.community != staff.community:
        return []
    held = len(handover.held_by(staff, viewer))
    if not held:
        return []
    return [Link(5, _("交接手里的 {n} 件事").format(n=held), reverse("office:handover", args=[staff.pk]), primary=True)]


guard_lines(may_read)
register_links("office", Staff.record_type, at_staff)
