"""The page of every figure: what it says of a period, beside what it may be compared with, as the reader may see it.

The office reads its own numbers as they are. The county reads finished weeks only, by the rule of the public and as at
the week's end; what it read once stays so and is out like a bulletin, so that no later number gives it away, nor it
one. It opens no list. Whoever keeps no residents
(auditor, system) reads the definitions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from qiaomen.bulletins.models import CountyReading
from qiaomen.kernel import clock, figures
from qiaomen.kernel.figures import Figure, Middle, Period, Rate, Ratio, comparable, moments_of
from qiaomen.kernel.figures.rates import LEAST_ASKED
from qiaomen.office.models import Organisation

WIDTHS = {"week": _("一周"), "month": _("一个月"), "quarter": _("一个季度"), "year": _("一年")}
BEFORE = {"week": _("上一周"), "month": _("上一月"), "quarter": _("上一季度"), "year": _("上一年")}
HOUSES = {"visits": _("走访"), "calls": _("电话和摸排"), "needs": _("诉求"), "cases": _("办事")}
WHY_NOT = {
    "": "",
    "nothing": _("不能比：还没有这类记录"),
    "began-later": _("不能比：前一段开始时还没有登记这类事"),
    "unfinished": _("不能比：这一段还没有过完"),
    "redefined": _("不能比：两段的口径不一样"),
}
SERIES = 12
"""Periods of a trend, the asked one last."""


@dataclass(frozen=True)
class Asked:
    """What a reader asked for, and how they may read it. `exact`: as the office does."""

    community: Organisation
    period: Period
    exact: bool
    today: date

    def as_at(self, figure: Figure, period: Period) -> datetime:
        """Return the moment a figure of a period is as at: what stands at a moment stands at the period's end."""
        end = moments_of(period.start, period.end)[1]
        return min(clock.now(), end) if figure.counts == "at" or not self.exact else clock.now()

    def days(self, figure: Figure, period: Period) -> dict[str, Any]:
        """Return what a figure is asked for one period."""
        return {"community": self.community, "as_at": self.as_at(figure, period), **period.days}


@dataclass(frozen=True)
class Entry:
    """A figure with its number; None: held back. `before`: the same of the period before, None where `why_not` says."""

    figure: Figure
    value: int | None
    whole: Figure | None
    whole_value: int | None
    before: int | None
    why_not: Any


@dataclass(frozen=True)
class Share:
    """A rate with what it was computed from; `ratio` None: one of its numbers is held back."""

    rate: Rate
    ratio: Ratio | None
    part: Figure
    of: Figure


def board(asked: Asked) -> tuple[list[tuple[Any, list[Entry]]], list[Share]]:
    """Return every figure by its house, and every rate. Two questions a figure at most, and the first days."""
    every, before_it = figures.all_figures(), asked.period.before()
    firsts = _firsts(every, asked)
    reasons = {figure.code: _reason(asked, before_it, firsts.get(figure.first)) for figure in every}
    values = read(every, asked, asked.period)
    before = read([figure for figure in every if not reasons[figure.code]], asked, before_it)
    grouped: dict[str, list[Entry]] = {house: [] for house in HOUSES}
    for figure in every:
        whole = figures.get(figure.whole) if figure.whole else None
        grouped.setdefault(figure.code.split(".")[0], []).append(
            Entry(
                figure,
                values[figure.code],
                whole,
                values[whole.code] if whole else None,
                before.get(figure.code),
                WHY_NOT[reasons[figure.code]],
            )
        )
    named = [(HOUSES.get(house, house), rows) for house, rows in grouped.items() if rows]
    return named, shares(values)


def shares(values: Mapping[str, int | None]) -> list[Share]:
    """Return the rates of some values."""
    return [
        Share(rate, rate.measure(values), figures.get(rate.part), figures.get(rate.of)) for rate in figures.all_rates()
    ]


def reason_of(figure: Figure, asked: Asked, other: Period) -> str:
    """Return why the asked period may not be compared with another, "" when it may."""
    return _reason(asked, other, figure.first(asked.community) if figure.first else None)


def _firsts(some: list[Figure], asked: Asked) -> dict[Any, date | None]:
    """Return the first day of each kind of record, by how it is asked: figures of one house ask once."""
    return {first: first(asked.community) for first in {figure.first for figure in some} if first is not None}


def _reason(asked: Asked, other: Period, first: date | None) -> str:
    return comparable(asked.period, other, today=asked.today, first=first)


def read(some: Iterable[Figure], asked: Asked, period: Period) -> dict[str, int | None]:
    """Return the numbers of a period as this reader may read them; None: held back, or not read by the county yet."""
    if asked.exact:
        return {figure.code: figure.count(**asked.days(figure, period)) for figure in some}
    rows = CountyReading.objects.filter(community=asked.community, **period.days).values_list("code", "shown")
    found: dict[str, int | None] = dict(rows)
    return {figure.code: found.get(figure.code) for figure in some}


def weeks_of(asked: Asked) -> list[Period]:
    """Return the finished weeks the county's pages tell of, those only in which something was on record.

    The one asked for, those before it that a course shows, and the one a year before.
    """
    firsts = [first for first in _firsts(figures.all_figures(), asked).values() if first is not None]
    began = min(firsts, default=asked.today)
    weeks = [asked.period.a_year_before(), *asked.period.last(SERIES)]
    return [week for week in weeks if began <= week.end < asked.today or week == asked.period]


def series(some: list[Figure], asked: Asked) -> dict[str, list[int | None]]:
    """Return figures' numbers over the last periods, the oldest first; none of a period not wholly on record."""
    firsts = _firsts(some, asked)
    found: dict[str, list[int | None]] = {figure.code: [] for figure in some}
    for period in asked.period.last(SERIES):
        known = [figure for figure in some if _is_on_record(period, firsts.get(figure.first), asked.today)]
        values = read(known, asked, period)
        for figure in some:
            found[figure.code].append(values.get(figure.code))
    return found


def _is_on_record(period: Period, first: date | None, today: date) -> bool:
    return first is not None and first <= period.start <= today


@dataclass(frozen=True)
class Part:
    """One part of a number and where its list opens. `value`: as the address names it."""

    title: str
    value: str
    many: int


def breakdowns(figure: Figure, asked: Asked) -> list[tuple[Any, str, list[Part]]]:
    """Return the number by each of its breakdowns, the greatest part first; each adds up to it. One query each."""
    found = []
    for breakdown in figure.breakdowns:
        rows = figure.list_records(**asked.days(figure, asked.period)).order_by().values_list(breakdown.path)
        counted = sorted(rows.annotate(many=Count("pk")), key=lambda row: (-row[1], str(row[0])))
        parts = [Part(str(breakdown.say(value)), "" if value is None else str(value), many) for value, many in counted]
        found.append((breakdown.title, breakdown.code, parts))
    return found


def distinct_of(figure: Figure, asked: Asked) -> int | None:
    """Return of how many different ones the records are; None: not asked."""
    if figure.distinct is None:
        return None
    records = figure.list_records(**asked.days(figure, asked.period)).order_by()
    return int(records.values(figure.distinct.path).distinct().count())


@dataclass(frozen=True)
class Median:
    """The middle one of a number each record carries; `value` None: too few to say. `most`: the greatest of them."""

    middle: Middle
    many: int
    value: str | None
    most: int


def median_of(figure: Figure, asked: Asked) -> Median | None:
    """Return the middle of what a figure's records carry; None: they carry nothing. Computed, never typed."""
    if figure.middle is None:
        return None
    days = asked.days(figure, asked.period)
    values = list(figure.middle.values(figure.list_records(**days), days["as_at"]))
    told = f"{median(values):g}" if len(values) >= LEAST_ASKED else None
    return Median(figure.middle, len(values), told, max(values, default=0))
