"""What rights write into the ledger."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.ledger_kinds import LedgerKind, register

register(
    LedgerKind(
        "rights.page-printed",
        _("打印了居民自己的一页"),
        ("name", "id_no", "phone", "told_facts"),
        _("只记查看，不记内容"),
        is_look=True,
    ),
    LedgerKind("rights.asked", _("收到居民对自己资料的申请")),
    LedgerKind("rights.requests-read", _("查看了居民申请的原话"), ("rights",), _("只记查看，不记内容"), is_look=True),
    LedgerKind("rights.answered", _("答复了居民对自己资料的申请")),
    LedgerKind("rights.erased", _("删除了没有依据再保存的资料"), ("phone", "told_facts"), _("已经删除")),
)
