"""What visits write into the ledger."""

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.ledger_kinds import LedgerKind, register
from qiaomen.office.ledger import names
from qiaomen.office.ledger.names import Named
from qiaomen.office.models import Staff
from qiaomen.visits.models import Round, Team, Visit

register(
    LedgerKind("visits.team-made", _("建了一个敲门小组")),
    LedgerKind("visits.round-looked", _("打开了一轮的户门名单"), ("name",), _("只记查看，不记内容"), is_list=True),
    LedgerKind("visits.round-planned", _("安排了一轮敲门")),
    LedgerKind("visits.round-cancelled", _("取消了一轮敲门")),
    LedgerKind("visits.round-shared", _("分了一轮的户门")),
    LedgerKind("visits.team-changed", _("改了小组的时间")),
    LedgerKind("visits.wish-noted", _("登记了一户的上门意愿"), ("wish",), _("户注销后清除")),
    LedgerKind("visits.hours-agreed", _("和住户约好了上门的时间")),
    LedgerKind("visits.hours-taken-back", _("取消了约好的上门时间")),
    LedgerKind("visits.paused", _("暂停或恢复了一户的走访")),
    LedgerKind("visits.cadence-set", _("定了一个群体多久见一次")),
    LedgerKind("visits.cadence-promised", _("承诺了多久见一次")),
    LedgerKind("visits.minutes-set", _("改了一次走访多少分钟")),
    LedgerKind("visits.stairwell-moved", _("把一个楼道挪到另一轮")),
    LedgerKind("visits.day-called-off", _("一整天不走")),
    LedgerKind("visits.leave-noted", _("登记了请假和代走")),
    LedgerKind("visits.leave-ended", _("取消了请假")),
    LedgerKind("visits.photo-added", _("收到了走访的照片"), ("photo",), _("随走访记录清除")),
    LedgerKind("visits.voice-added", _("收到了走访的录音"), ("voice",), _("随走访记录清除")),
    LedgerKind("visits.voice-dropped", _("删除了走访的录音")),
    LedgerKind("visits.voice-heard", _("听了走访的录音"), ("voice",), _("只记查看，不记内容"), is_look=True),
    LedgerKind(
        "visits.wish-looked", _("查看了一户的上门意愿"), ("wish", "reason"), _("只记查看，不记内容"), is_look=True
    ),
    LedgerKind("visits.looked", _("查看了走访记录"), ("note", "photo"), _("只记查看，不记内容"), is_look=True),
    LedgerKind(
        "visits.group-shown", _("在楼栋图上看了一个群体"), ("group_choices",), _("只记查看，不记内容"), is_look=True
    ),
    LedgerKind("visits.recorded", _("记录了一次走访"), ("note",), _("按走访记录的保存期清除")),
    LedgerKind("visits.observed", _("记下了一处楼道情况"), ("words",), _("所记的话随这处情况删除")),
    LedgerKind("visits.taken-back", _("撤销了自己记的走访"), (), _("随走访清除")),
    LedgerKind("visits.corrected", _("改正了自己交的走访"), ("outcome", "note", "need"), _("改正前后的内容随走访删除")),
    LedgerKind("visits.conflict-settled", _("对两个版本作了选择")),
    LedgerKind("visits.observation-settled", _("办结了一处楼道情况")),
    LedgerKind("visits.observation-given", _("把一处楼道情况转给了同事")),
)


@names.names(Team.record_type)
def name_teams(keys: Collection[UUID], _viewer: Staff) -> dict[UUID, Named]:
    """Name teams."""
    return {team.pk: Named(team.name) for team in Team.objects.filter(pk__in=keys)}


@names.names(Round.record_type)
def name_rounds(keys: Collection[UUID], viewer: Staff) -> dict[UUID, Named]:
    """Name rounds by day and team."""
    found = Round.objects.select_related("team").filter(pk__in=keys)
    url = viewer.role in {"head", "worker", "volunteer"}
    return {
        one.pk: Named(f"{one.day:%Y-%m-%d} {one.team.name}", reverse("visits:round", args=[one.pk]) if url else "")
        for one in found
    }


@names.names(Visit.record_type)
@names.of_residents
def name_visits(keys: Collection[UUID], _viewer: Staff) -> dict[UUID, Named]:
    """Name visits by their door."""
    found = Visit.objects.select_related("dwelling__entrance__building__compound").filter(pk__in=keys)
    return {
        visit.pk: Named(
            str(visit.dwelling),
            reverse("visits:history", args=[visit.household_id]) if visit.household_id else "",
        )
        for visit in found
    }
