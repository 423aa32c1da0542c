"""What needs write into the ledger."""

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.ledger_kinds import LedgerKind, register
from qiaomen.needs.models import Need
from qiaomen.office.ledger import names
from qiaomen.office.ledger.names import Named
from qiaomen.office.models import Staff

register(LedgerKind("needs.heard", _("记下了一件诉求"), ("words",), _("按诉求的保存期清除")))


@names.names(Need.record_type)
@names.of_residents
def name_needs(keys: Collection[UUID], _viewer: Staff) -> dict[UUID, Named]:
    """Name needs by the household that told them, never by what was said."""
    found = Need.objects.select_related("household__dwelling").filter(pk__in=keys)
    return {need.pk: Named(_household(need), reverse("register:household", args=[need.household_id])) for need in found}


def _household(need: Need) -> str:
    home = need.household
    return f"{home.dwelling.door_label} {home.head_name}" if home.dwelling else home.head_name
