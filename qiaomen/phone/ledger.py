"""What the phone API writes into the ledger."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.ledger_kinds import LedgerKind, register

register(
    LedgerKind("phone.enrolled", _("登记了一部手机")),
    LedgerKind("phone.entered-again", _("恢复备份后认回了一部手机，交来的先核对")),
    LedgerKind("phone.left", _("交了班，这部手机不再能取名单")),
    LedgerKind("phone.given", _("让同事去收一部手机里还没交的走访")),
    LedgerKind("phone.revoked", _("停用了一部手机")),
    LedgerKind("phone.file-taken", _("收下了手机导出的文件")),
    LedgerKind("phone.pack-taken", _("手机取走了一轮名单"), ("head_name", "phone"), _("名单 72 小时后从手机删除")),
    LedgerKind("phone.quarantined", _("手机交来的一件进了待核收件箱")),
    LedgerKind("phone.taken-in", _("收下了待核收件箱里的一件")),
    LedgerKind("phone.part-settled", _("处理了走访里没看懂的一处"), ("words",), _("随走访清除")),
    LedgerKind("phone.set-aside", _("作废了待核收件箱里的一件")),
    LedgerKind("phone.looked", _("看了手机交来的走访内容"), ("note", "words")),
    LedgerKind("phone.key-made", _("换了手机密封用的钥匙")),
    LedgerKind("phone.epoch-made", _("恢复备份后请手机重新上交")),
)
