"""Figures of needs: what was heard, where, how it was handled, and whether the answer was told in time."""

from datetime import date, datetime
from typing import Any

from django.db.models import DateTimeField, Func, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.clock import SHANGHAI
from qiaomen.kernel.figures import (
    Breakdown,
    Distinct,
    Figure,
    Rate,
    moments_of,
    register,
    register_rates,
)
from qiaomen.needs.models import Need, Owed
from qiaomen.needs.rules.vocabulary import KINDS, ORIGINS
from qiaomen.needs.selectors import handling_title, kind_title, origin_title
from qiaomen.visits.rules.vocabulary import HANDLINGS

BROUGHT = ("window", "telephone")


class DayEnd(Func):
    """The moment a day is over in Shanghai, eight hours ahead of UTC all year; asked of each row it costs no function
    of Python, as the day of a moment does with SQLite.
    """

    arity = 1
    output_field = DateTimeField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Moments are texts in UTC: 2026-11-24 16:00:00."""
        return super().as_sql(compiler, connection, template="(%(expressions)s || ' 16:00:00')", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """A day and sixteen hours, read as UTC."""
        return super().as_sql(
            compiler, connection, template="((%(expressions)s + interval '16 hours') AT TIME ZONE 'UTC')", **context
        )


def _standing(as_at: datetime) -> Q:
    """Say of a need, or of what is owed, that nobody had taken it back by a moment."""
    return Q(taken_back_at=None) | Q(taken_back_at__gt=as_at)


def heard(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Need]:
    """Return the needs heard in the period and known by `as_at`; one taken back counts until it was."""
    period = moments_of(start, end)
    return Need.everything.filter(_standing(as_at), community=community, heard_at__range=period, received_at__lte=as_at)


def on_the_spot(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Need]:
    """Return those of them answered at the door."""
    return heard(community=community, start=start, end=end, as_at=as_at).filter(handling="on_the_spot")


def walked(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Need]:
    """Return those of them somebody walked to: heard at the door."""
    return heard(community=community, start=start, end=end, as_at=as_at).filter(origin="visit")


def brought_in(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Need]:
    """Return those of them the resident brought: at the window, on the telephone."""
    return heard(community=community, start=start, end=end, as_at=as_at).filter(origin__in=BROUGHT)


def spared(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Need]:
    """Return the needs for which nobody had to come: told at the door or on the telephone, and answered there."""
    found = on_the_spot(community=community, start=start, end=end, as_at=as_at)
    return found.exclude(origin="window")


def of_neighbours(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Need]:
    """Return the disputes among neighbours that were heard."""
    return heard(community=community, start=start, end=end, as_at=as_at).filter(kind="neighbours")


def answers_due(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Owed]:
    """Return the answers whose day came in the period: over at `as_at`, or told by then."""
    day = as_at.astimezone(SHANGHAI).date()
    begun = Q(again_at=None) | Q(again_at__lte=as_at)
    rows = Owed.everything.filter(_standing(as_at), begun, community=community, made_at__lte=as_at)
    owed = rows.filter(due_on__range=(start, end))
    return owed.filter(due_on__lt=day) | owed.filter(told_at__lte=as_at)


def answers_in_time(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Owed]:
    """Return those of them told by their day."""
    found = answers_due(community=community, start=start, end=end, as_at=as_at).filter(told_at__lte=as_at)
    return found.filter(told_at__lt=DayEnd("due_on"))


def _first_need(community: Any) -> date | None:
    found = Need.objects.filter(community=community).order_by("heard_at").values_list("heard_at", flat=True).first()
    return found.astimezone(SHANGHAI).date() if found else None


def _first_owed(community: Any) -> date | None:
    found = Owed.objects.filter(community=community).order_by("due_on").values_list("due_on", flat=True).first()
    return found


COMPOUND = "household__dwelling__entrance__building__compound__name"


def _say_compound(name: str | None) -> str:
    return name or str(_("没有门牌"))


ORIGIN = Breakdown("origin", _("怎么听到的"), "origin", origin_title, ORIGINS)
PLACE = Breakdown("compound", _("小区"), COMPOUND, _say_compound)
KIND = Breakdown("kind", _("哪一类"), "kind", kind_title, KINDS)
HANDLING = Breakdown("handling", _("怎么办"), "handling", handling_title, HANDLINGS)
HOMES = Distinct(_("涉及的户"), _("户"), "household")


def _need(
    code: str,
    title: Any,
    definition: Any,
    records: Any,
    *parts: Breakdown,
    whole: str = "needs.heard",
    origins: tuple[str, ...] = (),
    splits: tuple[tuple[str, ...], ...] = (),
) -> Figure:
    """Return a figure of needs."""
    return Figure(
        code,
        title,
        definition,
        _("件"),
        records,
        population=_("记下的全部诉求，一件诉求只算一次"),
        whole=whole,
        breakdowns=parts,
        distinct=HOMES,
        first=_first_need,
        splits=splits,
        parts_of=("origin", origins) if origins else None,
    )


def _owed(code: str, title: Any, definition: Any, records: Any, whole: str = "") -> Figure:
    return Figure(
        code,
        title,
        definition,
        _("句"),
        records,
        population=_("办结、答应过的每一句回话，一句只算一次"),
        whole=whole,
        distinct=HOMES,
        first=_first_owed,
    )


register(
    _need(
        "needs.heard",
        _("听到的诉求"),
        _("期间在门前、窗口和电话里听到的诉求"),
        heard,
        ORIGIN,
        PLACE,
        KIND,
        HANDLING,
        whole="",
        splits=(("needs.walked", "needs.brought_in"),) if {"visit", *BROUGHT} == set(ORIGINS) else (),
    ),
    _need(
        "needs.on_the_spot",
        _("当场答复"),
        _("期间听到的诉求中当场答复的"),
        on_the_spot,
        ORIGIN,
        PLACE,
        KIND,
    ),
    _need(
        "needs.walked",
        _("走出去发现的"),
        _("期间听到的诉求中上门时听到的，不是居民找来的"),
        walked,
        PLACE,
        KIND,
        HANDLING,
        origins=("visit",),
    ),
    _need(
        "needs.brought_in",
        _("居民找来的"),
        _("期间听到的诉求中居民到窗口或打电话来说的"),
        brought_in,
        ORIGIN,
        PLACE,
        KIND,
        origins=BROUGHT,
    ),
    _need(
        "needs.spared",
        _("没让居民跑腿的"),
        _("期间听到的诉求中在门前或电话里就答复了、居民一趟也没跑的"),
        spared,
        ORIGIN,
        PLACE,
        KIND,
    ),
    _need(
        "needs.neighbours",
        _("邻里的事"),
        _("期间听到的诉求中记为“邻里”一类的，包括邻里纠纷"),
        of_neighbours,
        ORIGIN,
        PLACE,
        HANDLING,
    ),
    _owed(
        "needs.answers_due",
        _("到期的回话"),
        _("最后期限在期间内的回话，到截至时刻已经过了期限，或者已经告诉居民"),
        answers_due,
    ),
    _owed(
        "needs.answers_in_time",
        _("按期告诉的"),
        _("到期的回话中在最后期限当天或以前告诉居民的"),
        answers_in_time,
        "needs.answers_due",
    ),
)
register_rates(
    Rate(
        "needs.walked_rate",
        _("走出去发现的占比"),
        _("听到的诉求中上门听到的有多少"),
        "needs.walked",
        "needs.heard",
    ),
    Rate(
        "needs.on_the_spot_rate",
        _("当场解决率"),
        _("听到的诉求中当场答复的有多少"),
        "needs.on_the_spot",
        "needs.heard",
    ),
    Rate(
        "needs.response_rate",
        _("按期回话率"),
        _("到期的回话中按期告诉居民的有多少"),
        "needs.answers_in_time",
        "needs.answers_due",
    ),
)
