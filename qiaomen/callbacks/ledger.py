"""What call-backs write into the ledger: about the round, never about whom it asks.

A look names the call and no resident: neither the handler nor the head finds out from the ledger, by searching or from
the file, whom somebody asks. The resident finds it on the own page, once the asking is over.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qiaomen.callbacks.models import Call, Sample
from qiaomen.kernel.ledger_kinds import LedgerKind, register, register_apart
from qiaomen.office.ledger import names
from qiaomen.office.ledger.names import Named
from qiaomen.office.models import Staff

register(
    LedgerKind("callbacks.framed", _("定下一轮回访的名单，封存了密数")),
    LedgerKind("callbacks.drawn", _("抽出了一轮回访")),
    LedgerKind("callbacks.tried", _("回访没有联系上")),
    LedgerKind("callbacks.not-reached", _("回访问不到，换下一件")),
    LedgerKind("callbacks.answered", _("录了一件回访的答复")),
    LedgerKind("callbacks.reopened", _("回访说没有解决，重新办理")),
    LedgerKind("callbacks.passed-on", _("把一件回访交给了别人")),
    LedgerKind("callbacks.rules-kept", _("改了回访的办法")),
    LedgerKind(
        "callbacks.looked",
        _("打开了一件要回访的事"),
        ("name", "phone"),
        _("只记查看，不记内容"),
        is_look=True,
    ),
)


def _calls_of(person: UUID, household: UUID | None) -> Iterable[UUID]:
    """Return the calls about a person or their household that are over."""
    about = Q(person=person) if household is None else Q(person=person) | Q(person=None, household=household)
    return list(Call.objects.filter(about).exclude(state="waiting").values_list("pk", flat=True))


register_apart(_calls_of)


@names.names(Sample.record_type)
def name_samples(keys: Collection[UUID], viewer: Staff) -> dict[UUID, Named]:
    """Name rounds by their days; only who may open one gets the address."""
    opens = viewer.role in {"head", "worker"}
    return {
        row.pk: Named(f"{row.start}—{row.end}", reverse("callbacks:round", args=[row.pk]) if opens else "")
        for row in Sample.objects.filter(pk__in=keys).defer("frame", "replaced")
    }
