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
    LedgerKind("register.group-chosen", _("把一个人加入或移出一个群体"), ("group_choices",), _("注销后按保存期清除")),
    LedgerKind("register.group-made", _("建了一个关爱群体")),
    LedgerKind("register.group-ended", _("停用了一个关爱群体")),
    LedgerKind("register.group-defined", _("更改了一个群体的标准")),
    LedgerKind(
        "register.page-printed",
        _("打印了居民自己的一页"),
        ("name", "id_no", "phone", "told_facts"),
        _("只记查看，不记内容"),
        is_look=True,
    ),
    LedgerKind(
        "register.household-opened",
        _("打开了一户或一个人的资料"),
        ("name", "birth_date", "told_facts"),
        _("只记查看，不记内容"),
        is_look=True,
    ),
    LedgerKind("register.rights-asked", _("收到居民对自己资料的申请")),
    LedgerKind("register.rights-answered", _("答复了居民对自己资料的申请")),
    LedgerKind("register.erased", _("删除了没有依据再保存的资料"), ("phone", "told_facts"), _("已经删除")),
    LedgerKind(
        "register.field-revealed", _("查看了一项密封资料"), ("id_no", "phone"), _("只记查看，不记内容"), is_look=True
    ),
    LedgerKind("register.grid-looked", _("打开了一类人的台账"), ("told_facts",), _("只记查看，不记内容")),
    LedgerKind(
        "register.grid-written",
        _("在居民台账里改了资料"),
        ("name", "id_no", "phone", "told_facts"),
        _("注销后按保存期清除"),
    ),
    LedgerKind("register.act-redone", _("恢复了一次撤销的登记"), ("name", "id_no", "phone"), _("注销后按保存期清除")),
    LedgerKind("register.export-asked", _("申请了一份导出")),
    LedgerKind("register.export-approved", _("同意了一份导出")),
    LedgerKind("register.export-refused", _("退回了一份导出")),
    LedgerKind(
        "register.export-taken",
        _("下载了一份导出"),
        ("name", "id_no", "phone", "told_facts"),
        _("只记字段和行数，不记内容"),
    ),
    LedgerKind("register.export-traced", _("追查了一份外传的表格")),
)
