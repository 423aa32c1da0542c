"""Numbers an office asks for of which no house keeps records yet: said to be missing, never guessed."""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _


class Coming(NamedTuple):
    """A number that is not there, and what has to be recorded before it can be."""

    title: Any
    because: Any


COMING = (
    Coming(_("解决了的邻里纠纷"), _("还没有纠纷的登记；今天能数的是听到的“邻里的事”")),
    Coming(_("稳定就业的人数"), _("还没有岗位和在岗的登记")),
    Coming(_("健康维护服务的人数和次数"), _("还没有健康服务的登记")),
    Coming(_("发放物资的轮次和户数"), _("还没有物资发放的登记")),
    Coming(_("新增的设施"), _("还没有设施的登记")),
    Coming(_("按网格分"), _("户门还没有划到网格，只能按小区分")),
)
"""In the order a reader of 简报 asks for them. A house that keeps the records takes its line away with its figure."""
