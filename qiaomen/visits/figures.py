"""Figures of visits: one definition for the number and the list."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.clock import SHANGHAI
from qiaomen.kernel.figures import Breakdown, Distinct, Figure, moments_of, register
from qiaomen.register.models import Dwelling
from qiaomen.visits.models import Visit
from qiaomen.visits.rules.vocabulary import AFAR, OPENED, OUTCOMES
from qiaomen.visits.selectors.labels import outcome_title
from qiaomen.visits.selectors.teams.county import fallen_due, missed
from qiaomen.visits.selectors.worklist import overdue


def _visits(community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Visit]:
    """Return the knocks of a period: nobody stood at the door of one who was telephoned."""
    period = moments_of(start, end)
    known = Visit.everything.filter(Q(taken_back_at=None) | Q(taken_back_at__gt=as_at)).exclude(outcome__in=AFAR)
    return known.filter(community=community, happened_at__range=period, received_at__lte=as_at)


def knocks(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Visit]:
    """Return the visits themselves: a door knocked on twice is two."""
    return _visits(community, start, end, as_at)


def doors_knocked(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Dwelling]:
    """Return the doors knocked on at least once."""
    return Dwelling.objects.filter(pk__in=_visits(community, start, end, as_at).values("dwelling"))


def doors_opened(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Dwelling]:
    """Return the doors that were opened at least once."""
    opened = _visits(community, start, end, as_at).filter(outcome__in=OPENED)
    return Dwelling.objects.filter(pk__in=opened.values("dwelling"))


def doors_overdue(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Dwelling]:
    """Return the doors at which something was late on the last day of the period, as was known at a moment."""
    return Dwelling.objects.filter(pk__in=overdue(community, end, as_at).values("dwelling"))


def _over_by(end: date, as_at: datetime) -> date:
    """Return the last day of a period that was over at a moment: of a promise for a later one nobody knows yet."""
    return min(end, as_at.astimezone(SHANGHAI).date() - timedelta(days=1))


def promises_due(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Dwelling]:
    """Return the doors that somebody was promised to be seen at by a day of the period that was over at `as_at`."""
    rows = fallen_due(start, _over_by(end, as_at), as_at).filter(community=community)
    return Dwelling.objects.filter(pk__in=rows.values("dwelling"))


def promises_kept(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Dwelling]:
    """Return those of them at which every such day was kept."""
    lost = missed(start, _over_by(end, as_at), as_at).filter(community=community)
    due = promises_due(community=community, start=start, end=end, as_at=as_at)
    return due.exclude(pk__in=lost.values("dwelling"))


def _first(community: Any) -> date | None:
    found = Visit.objects.filter(community=community).order_by("happened_at").values_list("happened_at", flat=True)
    at = found.first()
    return at.astimezone(SHANGHAI).date() if at else None


CAME = {"phone": _("手机上记的"), "paper": _("纸上记的"), "desk": _("办公端记的")}


def _say_origin(origin: str) -> str:
    return str(CAME[origin])


COMPOUND = "entrance__building__compound__name"
BY_COMPOUND = (Breakdown("compound", _("小区"), COMPOUND, str),)


def _doors(code: str, title: Any, definition: Any, records: Any, whole: str = "", counts: str = "distinct") -> Figure:
    return Figure(
        code,
        title,
        definition,
        _("户"),
        records,
        population=_("登记的全部户门，一扇门只算一次"),
        whole=whole,
        counts=counts,
        breakdowns=BY_COMPOUND,
        first=_first,
    )


register(
    _doors("visits.doors_knocked", _("敲过的门"), _("期间至少敲过一次的户门，每扇门只算一次"), doors_knocked),
    _doors(
        "visits.doors_opened",
        _("敲开的门"),
        _("期间至少有一次见到人的户门，每扇门只算一次"),
        doors_opened,
        "visits.doors_knocked",
    ),
    _doors(
        "visits.doors_overdue",
        _("逾期的门"),
        _("期末那一天，过了承诺的日子还没有走的户门，每扇门只算一次；没有承诺过的不算"),
        doors_overdue,
        counts="at",
    ),
    Figure(
        "visits.knocks",
        _("敲门的次数"),
        _("期间敲门的次数，同一扇门敲几次算几次；本人撤回的不算"),
        _("次"),
        knocks,
        population=_("记下的全部走访"),
        breakdowns=(
            Breakdown("outcome", _("结果"), "outcome", outcome_title, OUTCOMES),
            Breakdown("origin", _("怎么记下的"), "origin", _say_origin, tuple(CAME)),
            Breakdown("compound", _("小区"), f"dwelling__{COMPOUND}", str),
        ),
        distinct=Distinct(_("敲过的门"), _("户"), "dwelling"),
        first=_first,
    ),
    _doors(
        "visits.promises_due",
        _("承诺到期的门"),
        _("承诺过在期间的某一天以前见到人、那一天已经过完的户门，每扇门只算一次"),
        promises_due,
    ),
    _doors(
        "visits.promises_kept",
        _("兑现了承诺的门"),
        _("承诺到期的门里，每一次都在承诺的日子以前见到人（上门或电话）、答应上门的也上了门的户门"),
        promises_kept,
        "visits.promises_due",
    ),
)
