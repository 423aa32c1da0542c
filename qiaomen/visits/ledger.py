"""What visits write into the ledger."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.ledger_kinds import LedgerKind, register

register(
    LedgerKind("visits.team-made", _("建了一个敲门小组")),
    LedgerKind("visits.round-planned", _("安排了一轮敲门")),
    LedgerKind("visits.recorded", _("记录了一次走访"), ("note",), _("按走访记录的保存期清除")),
)
