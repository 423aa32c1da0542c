"""What visits say of a household and what hangs on who walks, made known to the houses that show it."""

from qiaomen.kernel.lines import (
    register_act,
    register_held,
    register_lines,
    register_links,
    register_resident,
    register_timeline,
)
from qiaomen.register.models import Household
from qiaomen.visits.lines.at_doors import at_household, erase, held_of, lines_of
from qiaomen.visits.lines.timeline import moments_of
from qiaomen.visits.lines.walkers import COME, COVER, PROMISE, WALK, lines_held

for act in (WALK, COME, COVER, PROMISE):
    register_act(act)
register_lines("visits", lines_of)
register_held("visits", lines_held)
register_timeline("visits", moments_of)
register_resident("visits", held_of=held_of, erase=erase)
register_links("visits", Household.record_type, at_household)
