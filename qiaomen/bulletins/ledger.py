"""What bulletins write into the ledger."""

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qiaomen.bulletins.models import Bulletin
from qiaomen.kernel.ledger_kinds import LedgerKind, register
from qiaomen.office.ledger import names
from qiaomen.office.ledger.names import Named
from qiaomen.office.models import Staff

register(
    LedgerKind("bulletins.drafted", _("起草了一期通报")),
    LedgerKind("bulletins.published", _("公布了一期通报")),
    LedgerKind("bulletins.withdrawn", _("撤回了一期通报")),
    LedgerKind(
        "bulletins.looked", _("查看了一个数字背后的记录"), ("door_label",), _("只记查看，不记内容"), is_list=True
    ),
)


@names.names(Bulletin.record_type)
def name_bulletins(keys: Collection[UUID], viewer: Staff) -> dict[UUID, Named]:
    """Name bulletins by their week; only who may open one gets the address."""
    opens = viewer.role in {"head", "worker"}
    return {
        one.pk: Named(
            f"{one.kind_title} {one.start:%Y-%m-%d}", reverse("bulletins:detail", args=[one.pk]) if opens else ""
        )
        for one in Bulletin.objects.filter(pk__in=keys)
    }
