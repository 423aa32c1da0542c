"""What care groups write into the ledger."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.ledger_kinds import LedgerKind, register

register(
    LedgerKind("groups.person-chosen", _("把一个人加入或移出一个群体"), ("group_choices",), _("注销后按保存期清除")),
    LedgerKind("groups.looked", _("打开了一个群体的名单"), ("told_facts",), _("只记查看，不记内容"), is_list=True),
    LedgerKind("groups.made", _("建了一个关爱群体")),
    LedgerKind("groups.ended", _("停用了一个关爱群体")),
    LedgerKind("groups.defined", _("更改了一个群体的标准")),
)
