"""What matters say of a household, what of them is to be done, and their steps, made known to who shows them."""

from qiaomen.cases.lines.matters import ASK, WORK, at_household, at_round, lines_held, lines_of
from qiaomen.cases.lines.timeline import moments_of
from qiaomen.kernel.lines import register_act, register_held, register_lines, register_links, register_timeline
from qiaomen.register.models import Household
from qiaomen.visits.models import Round

register_act(WORK)
register_act(ASK)
register_lines("cases", lines_of)
register_held("cases", lines_held)
register_timeline("cases", moments_of)
register_links("cases", Household.record_type, at_household)
register_links("cases", Round.record_type, at_round)
