"""What the register writes into the ledger."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.ledger_kinds import LedgerKind, register

register(
    LedgerKind("register.roster-uploaded", _("上传了一份名册")),
    LedgerKind("register.roster-imported", _("提交了一份名册")),
    LedgerKind("register.import-stopped", _("取消了一次导入")),
    LedgerKind("register.receipt-taken", _("下载了一份导入回执"), ("name", "id_no", "phone"), _("随名册清除")),
    LedgerKind("register.household-created", _("登记了一户"), ("name", "id_no", "phone"), _("注销后按保存期清除")),
    LedgerKind(
        "register.household-changed", _("更改了一户的资料"), ("name", "id_no", "phone"), _("注销后按保存期清除")
    ),
    LedgerKind("register.act-undone", _("撤销了一次登记"), ("name", "id_no", "phone"), _("注销后按保存期清除")),
    LedgerKind("register.people-merged", _("合并了重复的登记"), ("name", "id_no", "phone"), _("注销后按保存期清除")),
    LedgerKind("register.people-distinct", _("认定两份登记是两个人")),
    LedgerKind("register.facts-told", _("记下了一个人的情况"), ("told_facts",), _("注销后按保存期清除")),
    LedgerKind("register.field-revealed", _("查看了一项密封资料"), ("id_no", "phone"), _("只记查看，不记内容")),
)
