"""What matters say of a household, what of them is to be done, and their steps, made known to who shows them."""

from django.utils.translation import gettext_lazy as _

from qiaomen.cases.actions import DONE, withdraw_case
from qiaomen.cases.lines import matters, proxy, timeline
from qiaomen.cases.lines.asking import CASES, NEEDS
from qiaomen.cases.lines.matters import ASK, TAKE, WORK, at_household, at_round, at_staff
from qiaomen.cases.lines.proxy import GIVE_BACK
from qiaomen.cases.problems import SealedMatter
from qiaomen.cases.selectors.sealed import shut_needs
from qiaomen.kernel.figures.asking import register_askable
from qiaomen.kernel.lines import (
    FOR_ALL,
    Outcome,
    register_act,
    register_carry_over,
    register_held,
    register_lines,
    register_links,
    register_outcome,
    register_resident,
    register_timeline,
)
from qiaomen.needs.actions import when_taken_back
from qiaomen.needs.selectors import keep_shut
from qiaomen.office.models import Staff
from qiaomen.register.models import Household
from qiaomen.visits.models import Round

register_act(WORK)
register_act(ASK)
register_act(TAKE)
register_act(GIVE_BACK)
for outcome in (Outcome(DONE, _("办成了")), Outcome("explained", _("办不了，讲清了原因"), is_done=False)):
    register_outcome(outcome)
register_lines("cases", lambda *asked: [*matters.lines_of(*asked), *proxy.lines_of(*asked)])
register_held("cases", lambda *asked: [*matters.lines_held(*asked), *proxy.lines_held(*asked)])
register_timeline("cases", timeline.moments_of)
register_resident(
    "cases",
    held_of=lambda person: [*timeline.held_of(person), *proxy.held_of(person)],
    erase=lambda person, actor: timeline.erase(person, actor) + proxy.erase(person, actor),
)
register_carry_over("cases", proxy.carry_over)
register_links("cases", Household.record_type, at_household)
register_links("cases", Round.record_type, at_round)
register_links("cases", FOR_ALL, proxy.at_public_page)
register_links("cases", Staff.record_type, at_staff)
register_askable(CASES)
register_askable(NEEDS)
when_taken_back(withdraw_case)
keep_shut(shut_needs, SealedMatter)
