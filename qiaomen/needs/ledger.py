"""What needs write into the ledger."""

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.ledger_kinds import LedgerKind, register
from qiaomen.needs.models import Need
from qiaomen.needs.selectors import open_to
from qiaomen.office.ledger import names
from qiaomen.office.ledger.names import Named
from qiaomen.office.models import Staff

_ERASED = _("按诉求的保存期清除")
register(
    LedgerKind("needs.heard", _("记下了一件诉求"), ("words",), _ERASED),
    LedgerKind("needs.origin-corrected", _("更正了一件诉求是怎么听到的")),
    LedgerKind("needs.kind-shown", _("按种类列出了诉求"), ("need_kind",), _("只记查看，不记内容"), is_look=True),
    LedgerKind("needs.owed", _("记下了要回居民的话"), ("sentence",), _ERASED),
    LedgerKind("needs.owed-given", _("把要回的话交给了同事")),
    LedgerKind("needs.owed-looked", _("查看了要回居民的话"), ("sentence",), _("只记查看，不记内容"), is_look=True),
    LedgerKind("needs.owed-taken-back", _("撤销了记错的一句要回的话")),
    LedgerKind("needs.looked", _("打开了一件诉求来更正"), ("words",), _("只记查看，不记内容"), is_look=True),
    LedgerKind("needs.corrected", _("更正了一件诉求"), ("words", "kind"), _("改正前后的内容随诉求清除")),
    LedgerKind("needs.taken-back", _("撤销了一件记错的诉求")),
    LedgerKind("needs.told", _("告诉了居民")),
    LedgerKind("needs.told-taken-back", _("撤回了“告诉了居民”")),
)


@names.names(Need.record_type)
@names.of_residents
def name_needs(keys: Collection[UUID], viewer: Staff) -> dict[UUID, Named]:
    """Name needs by the household that told them, never by what was said; those the viewer may not open not at all."""
    found = open_to(Need.everything.all(), viewer).select_related("household__dwelling").filter(pk__in=keys)
    return {need.pk: Named(_household(need), reverse("register:household", args=[need.household_id])) for need in found}


def _household(need: Need) -> str:
    home = need.household
    return f"{home.dwelling.door_label} {home.head_name}" if home.dwelling else home.head_name
