"""What matters say of a household, what of them is to be done, and their steps, made known to who shows them."""

from django.utils.translation import gettext_lazy as _

from qiaomen.cases.actions import DONE, withdraw_case
from qiaomen.cases.lines.asking import CASES, NEEDS
from qiaomen.cases.lines.matters import ASK, WORK, at_household, at_round, at_staff, lines_held, lines_of
from qiaomen.cases.lines.timeline import erase, held_of, moments_of
from qiaomen.kernel.figures.asking import register_askable
from qiaomen.kernel.lines import (
    Outcome,
    register_act,
    register_held,
    register_lines,
    register_links,
    register_outcome,
    register_resident,
    register_timeline,
)
from qiaomen.needs.actions import when_taken_back
from qiaomen.office.models import Staff
from qiaomen.register.models import Household
from qiaomen.visits.models import Round

register_act(WORK)
register_act(ASK)
for outcome in (Outcome(DONE, _("办成了")), Outcome("explained", _("办不了，讲清了原因"), is_done=False)):
    register_outcome(outcome)
register_lines("cases", lines_of)
register_held("cases", lines_held)
register_timeline("cases", moments_of)
register_resident("cases", held_of=held_of, erase=erase)
register_links("cases", Household.record_type, at_household)
register_links("cases", Round.record_type, at_round)
register_links("cases", Staff.record_type, at_staff)
register_askable(CASES)
register_askable(NEEDS)
when_taken_back(withdraw_case)
