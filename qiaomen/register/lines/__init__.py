"""What the register says of a household and holds on a person, made known to the houses that show it."""

from qiaomen.kernel.lines import register_held, register_lines, register_resident, register_timeline
from qiaomen.register.lines.held import erase, held_of
from qiaomen.register.lines.households import lines_held, lines_of
from qiaomen.register.lines.timeline import moments_of

register_lines("register", lines_of)
register_held("register", lines_held)
register_timeline("register", moments_of)
register_resident("register", held_of=held_of, erase=erase)
