"""What needs write into the ledger."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.ledger_kinds import LedgerKind, register

register(LedgerKind("needs.heard", _("记下了一件诉求"), ("words",), _("按诉求的保存期清除")))
