"""What the register writes into the ledger."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.ledger_kinds import LedgerKind, register

register(
    LedgerKind("register.household-created", _("登记了一户"), ("name", "id_no", "phone"), _("注销后按保存期清除")),
    LedgerKind(
        "register.household-changed", _("更改了一户的资料"), ("name", "id_no", "phone"), _("注销后按保存期清除")
    ),
    LedgerKind("register.act-undone", _("撤销了一次登记"), ("name", "id_no", "phone"), _("注销后按保存期清除")),
    LedgerKind("register.people-merged", _("合并了重复的登记"), ("name", "id_no", "phone"), _("注销后按保存期清除")),
    LedgerKind("register.people-distinct", _("认定两份登记是两个人")),
    LedgerKind("register.facts-told", _("记下了一个人的情况"), ("told_facts",), _("注销后按保存期清除")),
    LedgerKind(
        "register.household-opened",
        _("打开了一户或一个人的资料"),
        ("name", "birth_date", "told_facts"),
        _("只记查看，不记内容"),
        is_look=True,
    ),
    LedgerKind(
        "register.field-revealed", _("查看了一项密封资料"), ("id_no", "phone"), _("只记查看，不记内容"), is_look=True
    ),
    LedgerKind(
        "register.list-looked",
        _("看了一份名单里的人"),
        ("birth_date", "told_facts"),
        _("只记查看，不记内容"),
        is_look=True,
    ),
    LedgerKind(
        "register.total-looked", _("打开了一个数字背后的名单"), ("name",), _("只记查看，不记内容"), is_list=True
    ),
    LedgerKind("register.place-added", _("添加了小区、楼栋或门")),
    LedgerKind("register.door-split", _("把一扇门分成了两扇")),
    LedgerKind("register.doors-joined", _("把两扇门合成了一扇")),
    LedgerKind("register.act-redone", _("恢复了一次撤销的登记"), ("name", "id_no", "phone"), _("注销后按保存期清除")),
    LedgerKind("register.consent-given", _("记下了本人同意"), ("consent",), _("随本人的资料清除")),
    LedgerKind("register.consent-used", _("凭本人同意交出或告诉了别人")),
    LedgerKind("register.consent-withdrawn", _("记下了本人撤回同意")),
    LedgerKind("register.consent-restored", _("撤回是记错的，同意仍然有效")),
    LedgerKind(
        "register.consents-opened", _("查看了一个人的同意书"), ("consent",), _("只记查看，不记内容"), is_look=True
    ),
)
