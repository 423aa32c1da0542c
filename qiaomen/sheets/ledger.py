"""What the grid and exports write into the ledger."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.ledger_kinds import LedgerKind, register

register(
    LedgerKind("sheets.grid-looked", _("打开了一类人的台账"), ("told_facts",), _("只记查看，不记内容"), is_list=True),
    LedgerKind(
        "sheets.grid-written",
        _("在居民台账里改了资料"),
        ("name", "id_no", "phone", "told_facts"),
        _("注销后按保存期清除"),
    ),
    LedgerKind("sheets.export-asked", _("申请了一份导出")),
    LedgerKind("sheets.export-approved", _("同意了一份导出")),
    LedgerKind("sheets.export-refused", _("退回了一份导出")),
    LedgerKind(
        "sheets.export-taken",
        _("下载了一份导出"),
        ("name", "id_no", "phone", "told_facts"),
        _("只记字段和行数，不记内容"),
    ),
    LedgerKind("sheets.export-traced", _("追查了一份外传的表格")),
)
