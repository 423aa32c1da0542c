"""The gate of lines: who may read one, and the look that showing it is."""

from qiaomen.kernel.lines import Told, guard_lines
from qiaomen.office.disclosure import READERS, Sight
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


guard_lines(may_read)
