"""What imports write into the ledger."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.ledger_kinds import LedgerKind, register

register(
    LedgerKind(
        "imports.rows-looked",
        _("看了一份名册里的变更"),
        ("birth_date", "told_facts"),
        _("只记查看，不记内容"),
        is_look=True,
    ),
    LedgerKind(
        "imports.numbers-compared",
        _("交来的名册里有孩子的号码，和登记的核对过"),
        ("id_no", "phone"),
        _("只记核对，不记号码"),
        is_look=True,
    ),
    LedgerKind("imports.roster-uploaded", _("上传了一份名册")),
    LedgerKind("imports.roster-imported", _("提交了一份名册")),
    LedgerKind(
        "imports.looked", _("打开了一份名册的预览"), ("name", "id_no", "phone"), _("只记查看，不记内容"), is_list=True
    ),
    LedgerKind("imports.stopped", _("取消了一次导入")),
    LedgerKind("imports.receipt-taken", _("下载了一份导入回执"), ("name", "id_no", "phone"), _("随名册清除")),
)
