"""What cases write into the ledger."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.ledger_kinds import LedgerKind, register

_ERASED = _("按办事档案的保存期清除")
register(
    LedgerKind("cases.opened", _("立了一件事")),
    LedgerKind(
        "cases.looked", _("查看了一件事的原话和经过"), ("words", "sentence"), _("只记查看，不记内容"), is_look=True
    ),
    LedgerKind("cases.step-taken", _("记了一步办理"), ("sentence",), _ERASED),
    LedgerKind("cases.closed", _("办结了一件事"), ("sentence",), _ERASED),
    LedgerKind("cases.answered", _("记下了居民的答复"), ("sentence",), _ERASED),
    LedgerKind("cases.handed-over", _("把一件事交给了同事")),
)
