"""What calls write into the ledger."""

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qiaomen.calls.models import Alert, Call, Sweep
from qiaomen.calls.selectors.labels import alert_title
from qiaomen.kernel.ledger_kinds import LedgerKind, register
from qiaomen.office.ledger import names
from qiaomen.office.ledger.names import Named
from qiaomen.office.models import Staff

register(
    LedgerKind("calls.recorded", _("记下了一通电话"), ("note",), _("按走访记录的保存期清除")),
    LedgerKind("calls.corrected", _("更正了一通电话")),
    LedgerKind("calls.taken-back", _("撤销了一通电话")),
    LedgerKind("calls.alert-made", _("发了一次预警")),
    LedgerKind("calls.alert-ended", _("结束了一次预警")),
    LedgerKind("calls.list-looked", _("打开了预警的电话名单"), ("reason",), _("只记查看，不记内容"), is_look=True),
    LedgerKind("calls.go-between-noted", _("登记了一户托谁看望"), ("go_between",), _("户注销后清除")),
    LedgerKind(
        "calls.go-between-looked", _("查看了一户托谁看望"), ("go_between",), _("只记查看，不记内容"), is_look=True
    ),
    LedgerKind("calls.sweep-made", _("发起了一次摸排")),
    LedgerKind("calls.sweep-ended", _("结束了一次摸排")),
    LedgerKind("calls.sweep-replied", _("记下了一户对摸排的答复"), (), _("答的是居民的情况，随居民资料清除")),
    LedgerKind("calls.sweep-unasked", _("走访撤销或更正到别的门，那次对摸排的答复不算了")),
)


@names.names(Alert.record_type)
def name_alerts(keys: Collection[UUID], _viewer: Staff) -> dict[UUID, Named]:
    """Name alerts by their kind."""
    return {row.pk: Named(alert_title(row.kind)) for row in Alert.objects.filter(pk__in=keys)}


@names.names(Sweep.record_type)
def name_sweeps(keys: Collection[UUID], viewer: Staff) -> dict[UUID, Named]:
    """Name sweeps by their title."""
    opens = viewer.role in {"head", "worker"}
    return {
        row.pk: Named(row.title, reverse("calls:sweep", args=[row.pk]) if opens else "")
        for row in Sweep.objects.filter(pk__in=keys)
    }


@names.names(Call.record_type)
@names.of_residents
def name_calls(keys: Collection[UUID], _viewer: Staff) -> dict[UUID, Named]:
    """Name calls by the household that was rung up."""
    rows = Call.everything.select_related("household__dwelling").filter(pk__in=keys)
    return {
        row.pk: Named(
            row.household.dwelling.door_label if row.household.dwelling else row.household.head_name,
            reverse("register:household", args=[row.household_id]),
        )
        for row in rows
    }
