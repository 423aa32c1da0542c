"""What publications write into the ledger."""

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.ledger_kinds import LedgerKind, register
from qiaomen.office.ledger import names
from qiaomen.office.ledger.names import Named
from qiaomen.office.models import Staff
from qiaomen.publications.models import Publication

register(
    LedgerKind("publications.checked", _("送检了一份要公布的内容")),
    LedgerKind("publications.decided", _("决定了要公布的内容里的私人信息怎么处理")),
    LedgerKind("publications.published", _("公布了一份内容")),
    LedgerKind("publications.withdrawn", _("撤回了一份公布的内容")),
    LedgerKind("publications.dropped", _("清除了一份没有公布的内容")),
    LedgerKind(
        "publications.looked",
        _("查看了一份送检的内容"),
        ("name", "id_no", "phone"),
        _("只记查看，不记内容"),
        is_look=True,
    ),
)


@names.names(Publication.record_type)
def name_publications(keys: Collection[UUID], viewer: Staff) -> dict[UUID, Named]:
    """Name publications by their title; only who may open one gets the address."""
    opens = viewer.role in {"head", "worker"}
    return {
        row.pk: Named(row.title, reverse("publications:detail", args=[row.pk]) if opens else "")
        for row in Publication.objects.filter(pk__in=keys)
    }
