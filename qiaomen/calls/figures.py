"""Figures of calls and sweeps: one definition for the number and the list."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qiaomen.calls.models import Call, Sweep, SweepReply
from qiaomen.calls.rules.calling import OUTCOMES, WAYS
from qiaomen.calls.selectors.labels import OUTCOME_TITLES, REPLY_TITLES, WAY_TITLES
from qiaomen.calls.selectors.sweeps import left_in
from qiaomen.kernel.clock import SHANGHAI
from qiaomen.kernel.figures import Breakdown, Distinct, Figure, moments_of, register
from qiaomen.register.models import Household


def calls_made(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Call]:
    """Return the calls of the period, without those that had been taken back by `as_at`."""
    period = moments_of(start, end)
    known = Call.everything.filter(Q(taken_back_at=None) | Q(taken_back_at__gt=as_at))
    return known.filter(community=community, happened_at__range=period, received_at__lte=as_at)


def calls_worried(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Call]:
    """Return those of them after which somebody went there the same day."""
    return calls_made(community=community, start=start, end=end, as_at=as_at).filter(outcome="worry")


def _replies(community: Any, start: date, end: date, as_at: datetime) -> QuerySet[SweepReply]:
    period = moments_of(start, end)
    return SweepReply.objects.filter(community=community, happened_at__range=period, received_at__lte=as_at)


def sweep_asked(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[SweepReply]:
    """Return the households that were asked, whatever they said."""
    return _replies(community, start, end, as_at)


def sweep_refused(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[SweepReply]:
    """Return the households that were asked and would not say."""
    return _replies(community, start, end, as_at).filter(outcome="refused")


def sweep_left(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Household]:
    """Return the households that a sweep of the period, not ended before its day, still has to ask; each counts once.

    Two queries with its count, however many households.
    """
    sweeps = Sweep.objects.filter(community=community, from_date__lte=end, until__gte=start, made_at__lte=as_at)
    sweeps = sweeps.filter(Q(ended_at=None) | Q(ended_at__gt=as_at))
    left = Q(pk__in=[])
    for sweep in sweeps:
        left |= Q(pk__in=left_in(sweep, end, as_at).values("pk"))
    return Household.objects.filter(left, community=community)


def _day_of(found: datetime | None) -> date | None:
    return found.astimezone(SHANGHAI).date() if found else None


def _first_call(community: Any) -> date | None:
    found = Call.objects.filter(community=community).order_by("happened_at")
    return _day_of(found.values_list("happened_at", flat=True).first())


def _first_sweep(community: Any) -> date | None:
    found = Sweep.objects.filter(community=community).order_by("from_date")
    return found.values_list("from_date", flat=True).first()


def _say_outcome(outcome: str) -> str:
    return str(OUTCOME_TITLES[outcome])


def _say_way(way: str) -> str:
    return str(WAY_TITLES[way])


def _say_reply(outcome: str) -> str:
    return str(REPLY_TITLES[outcome])


def _say_compound(name: str | None) -> str:
    return name or str(_("没有门牌"))


COMPOUND = "dwelling__entrance__building__compound__name"
OF_HOME = Breakdown("compound", _("小区"), f"household__{COMPOUND}", _say_compound)
WAY = Breakdown("way", _("怎么打的"), "way", _say_way, WAYS)
OUTCOME = Breakdown("outcome", _("结果"), "outcome", _say_outcome, OUTCOMES)
REPLY = Breakdown("outcome", _("结果"), "outcome", _say_reply, tuple(REPLY_TITLES))
HOMES = Distinct(_("涉及的户"), _("户"), "household")


def _calls(code: str, title: Any, definition: Any, records: Any, *parts: Breakdown, whole: str = "") -> Figure:
    return Figure(
        code,
        title,
        definition,
        _("通"),
        records,
        population=_("记下的全部电话，托人看的也算"),
        whole=whole,
        breakdowns=(*parts, OF_HOME),
        distinct=HOMES,
        first=_first_call,
    )


def _replied(code: str, title: Any, definition: Any, records: Any, *parts: Breakdown, whole: str = "") -> Figure:
    return Figure(
        code,
        title,
        definition,
        _("户次"),
        records,
        population=_("摸排问到的户，一次摸排一户算一次"),
        whole=whole,
        breakdowns=(*parts, OF_HOME),
        distinct=HOMES,
        first=_first_sweep,
    )


register(
    _calls("calls.made", _("打出的电话"), _("期间打给住户的电话，没人接的也算"), calls_made, OUTCOME, WAY),
    _calls(
        "calls.worried",
        _("不放心的电话"),
        _("期间打完电话不放心、当天要上门的"),
        calls_worried,
        WAY,
        whole="calls.made",
    ),
    _replied("calls.sweep_asked", _("摸排问到的户"), _("期间问到了的户，答了的和不愿说的都算"), sweep_asked, REPLY),
    _replied(
        "calls.sweep_refused",
        _("摸排不愿说的户"),
        _("期间问到了、不愿说的户"),
        sweep_refused,
        whole="calls.sweep_asked",
    ),
    Figure(
        "calls.sweep_left",
        _("摸排还没问的户"),
        _("期间进行的摸排里，到期末还没有问到的户，每户只算一次；提前结束的摸排不算"),
        _("户"),
        sweep_left,
        population=_("摸排要问的户"),
        counts="at",
        breakdowns=(Breakdown("compound", _("小区"), COMPOUND, _say_compound),),
        first=_first_sweep,
    ),
)
