"""What bulletins write into the ledger."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.ledger_kinds import LedgerKind, register

register(
    LedgerKind("bulletins.drafted", _("起草了一期通报")),
    LedgerKind("bulletins.published", _("公布了一期通报")),
    LedgerKind("bulletins.withdrawn", _("撤回了一期通报")),
    LedgerKind("bulletins.looked", _("查看了一个数字背后的记录"), ("door_label",), _("只记查看，不记内容")),
)
