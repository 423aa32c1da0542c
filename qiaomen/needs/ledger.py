"""What needs write into the ledger."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.ledger_kinds import LedgerKind, register

_ERASED = _("按诉求的保存期清除")
register(
    LedgerKind("needs.heard", _("记下了一件诉求"), ("words",), _ERASED),
    LedgerKind("needs.owed", _("记下了要回居民的话"), ("sentence",), _ERASED),
    LedgerKind("needs.owed-given", _("把要回的话交给了同事")),
    LedgerKind("needs.owed-looked", _("查看了要回居民的话"), ("sentence",), _("只记查看，不记内容"), is_look=True),
    LedgerKind("needs.told", _("告诉了居民")),
    LedgerKind("needs.told-taken-back", _("撤回了“告诉了居民”")),
)
