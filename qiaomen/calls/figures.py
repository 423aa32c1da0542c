"""Figures of calls and sweeps: one definition for the number and the list."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qiaomen.calls.models import Call, Sweep, SweepReply
from qiaomen.calls.selectors.sweeps import left_in
from qiaomen.kernel.figures import Figure, moments_of, register
from qiaomen.register.models import Household


def calls_made(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Call]:
    """Return the calls of the period."""
    period = moments_of(start, end)
    return Call.objects.filter(community=community, happened_at__range=period, received_at__lte=as_at)


def calls_worried(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Call]:
    """Return those of them after which somebody went there the same day."""
    return calls_made(community=community, start=start, end=end, as_at=as_at).filter(outcome="worry")


def _replies(community: Any, start: date, end: date, as_at: datetime) -> QuerySet[SweepReply]:
    period = moments_of(start, end)
    return SweepReply.objects.filter(community=community, happened_at__range=period, received_at__lte=as_at)


def swept(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[SweepReply]:
    """Return the households that answered a sweep."""
    return _replies(community, start, end, as_at).filter(outcome="answered")


def sweep_refused(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[SweepReply]:
    """Return the households that were asked and would not say."""
    return _replies(community, start, end, as_at).filter(outcome="refused")


def sweep_left(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Household]:
    """Return the households that a sweep of the period still has to ask; each counts once."""
    rows = Sweep.objects.filter(community=community, from_date__lte=end, until__gte=start, made_at__lte=as_at)
    homes = [home for sweep in rows for home in left_in(sweep, end, as_at).values_list("pk", flat=True)]
    return Household.objects.filter(pk__in=set(homes))


register(
    Figure("calls.made", _("打出的电话"), _("期间打给住户的电话，没人接的也算"), _("通"), calls_made),
    Figure("calls.worried", _("不放心的电话"), _("期间打完电话不放心、当天要上门的"), _("通"), calls_worried),
    Figure("calls.swept", _("摸排答了的户"), _("期间答了摸排问题的户，一次摸排一户算一次"), _("户次"), swept),
    Figure("calls.sweep_refused", _("摸排不愿说的户"), _("期间问到了、不愿说的户"), _("户次"), sweep_refused),
    Figure(
        "calls.sweep_left",
        _("摸排还没问的户"),
        _("期末还在期限里的摸排没有问到的户，每户只算一次"),
        _("户"),
        sweep_left,
    ),
)
