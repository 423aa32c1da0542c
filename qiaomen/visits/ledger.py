"""What visits write into the ledger."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.ledger_kinds import LedgerKind, register

register(
    LedgerKind("visits.team-made", _("建了一个敲门小组")),
    LedgerKind("visits.round-planned", _("安排了一轮敲门")),
    LedgerKind("visits.photo-added", _("收到了走访的照片"), ("photo",), _("随走访记录清除")),
    LedgerKind("visits.looked", _("查看了走访记录"), ("note", "photo"), _("只记查看，不记内容"), is_look=True),
    LedgerKind("visits.recorded", _("记录了一次走访"), ("note",), _("按走访记录的保存期清除")),
)
