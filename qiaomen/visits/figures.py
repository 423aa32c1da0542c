"""Figures of visits: one definition for the number and the list."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.figures import Figure, moments_of, register
from qiaomen.register.models import Dwelling
from qiaomen.visits.models import Visit
from qiaomen.visits.rules.vocabulary import OPENED
from qiaomen.visits.selectors.teams.county import fallen_due, missed
from qiaomen.visits.selectors.worklist import overdue


def _visits(community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Visit]:
    period = moments_of(start, end)
    known = Visit.everything.filter(Q(taken_back_at=None) | Q(taken_back_at__gt=as_at))
    return known.filter(community=community, happened_at__range=period, received_at__lte=as_at)


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


def promises_due(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Dwelling]:
    """Return the doors that somebody was promised to be seen at by a day of the period."""
    rows = fallen_due(start, end, as_at).filter(community=community)
    return Dwelling.objects.filter(pk__in=rows.values("dwelling"))


def promises_kept(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Dwelling]:
    """Return those of them at which every such day was kept."""
    lost = missed(start, end, as_at).filter(community=community)
    due = promises_due(community=community, start=start, end=end, as_at=as_at)
    return due.exclude(pk__in=lost.values("dwelling"))


register(
    Figure("visits.doors_knocked", _("敲过的门"), _("期间至少敲过一次的户门，每扇门只算一次"), _("户"), doors_knocked),
    Figure(
        "visits.doors_opened", _("敲开的门"), _("期间至少有一次见到人的户门，每扇门只算一次"), _("户"), doors_opened
    ),
    Figure(
        "visits.doors_overdue",
        _("逾期的门"),
        _("期末那一天，过了承诺的日子还没有走的户门，每扇门只算一次；没有承诺过的不算"),
        _("户"),
        doors_overdue,
    ),
    Figure(
        "visits.promises_due",
        _("承诺到期的门"),
        _("承诺过在期间的某一天以前见到人的户门，每扇门只算一次"),
        _("户"),
        promises_due,
    ),
    Figure(
        "visits.promises_kept",
        _("兑现了承诺的门"),
        _("承诺到期的门里，每一次都在承诺的日子以前见到人（上门或电话）的户门"),
        _("户"),
        promises_kept,
    ),
)
