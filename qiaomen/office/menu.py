"""The pages of this house in the menu."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, Verb, register, register_verbs
from qiaomen.office.models import Campaign


def _to_agree(viewer: Any, community: Any, today: date) -> Any:
    """Campaigns somebody else has asked for: they wait for a second person."""
    return Campaign.objects.filter(community=community, state="asked").exclude(asked_by=viewer)


register(
    Entry(138, "office:accounts", _("账号"), door="office", covers=True),
    Entry(48, "office:bodies", _("外面的单位"), door="cases", covers=True),
    Entry(125, "office:campaigns", _("专项工作"), door="reports", covers=True, waiting=_to_agree),
    Entry(127, "office:posted", _("公布时放行的"), door="reports", covers=True),
    Entry(136, "office:communities", _("社区和网格"), door="office", covers=True),
    Entry(140, "office:duties", _("岗位"), door="office"),
    Entry(170, "office:ledger", _("操作台账"), door="office", covers=True),
)
register_verbs(
    Verb("office:account-new", _("开账号"), (_("新建账号"), _("加人手"))),
    Verb("office:communities", _("加社区"), (_("加网格"),)),
)
