"""Pages of figures: every figure there is, one of them with its parts and its course, and the list behind it."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qiaomen.bulletins import actions
from qiaomen.bulletins.rules import charts
from qiaomen.bulletins.selectors import board, lists
from qiaomen.bulletins.selectors.coming import COMING
from qiaomen.kernel import clock, figures
from qiaomen.kernel.figures import Figure, Period
from qiaomen.kernel.figures.asking import sampled_in
from qiaomen.office.access import communities_under, community_of, may_call, staff_of
from qiaomen.office.models import Organisation

OFFICE = frozenset({"head", "worker"})
NARROW = 480
"""Units a drawing is wide: its letters can be read on a telephone, and are no headlines on a wide screen."""
EARLIEST = date(2000, 1, 1)
"""No office has kept records of this kind for longer; the year before the first one is no year."""


def _day(request: HttpRequest, otherwise: date) -> date:
    """Return the day an address asks for; a day that is none, or is still to come, is another."""
    try:
        return max(EARLIEST, min(date.fromisoformat(request.GET.get("day", "")), clock.today()))
    except ValueError:
        return otherwise


def _community(request: HttpRequest) -> Organisation | None:
    """Return whose figures are asked for: one's own, or one in one's charge; None for who reads no numbers."""
    staff = staff_of(request)
    if staff.role in OFFICE:
        return community_of(request)
    if staff.role != "supervisor":
        return None
    below = communities_under(staff)
    code = request.GET.get("community", "")
    found = next((home for home in below if not code or home.code == code), None)
    if code and found is None:
        raise Http404
    return found


def _asked(request: HttpRequest) -> board.Asked | None:
    """Return what an address asks for, as this reader may ask it."""
    community, today = _community(request), clock.today()
    if community is None:
        return None
    if staff_of(request).role in OFFICE:
        width = request.GET.get("width", "week")
        period = Period.around(_day(request, today), width if width in board.WIDTHS else "week")
        return board.Asked(community, period, exact=True, today=today)
    period = Period.around(_day(request, today - timedelta(days=7)), "week")
    period = period if period.end < today else Period.around(today, "week").before()
    asked = board.Asked(community, period, exact=False, today=today)
    actions.tell_county(community=community, weeks=board.weeks_of(asked))
    return asked


def _context(request: HttpRequest, asked: board.Asked) -> dict[str, Any]:
    staff = staff_of(request)
    query = {"width": asked.period.width, "day": asked.period.start.isoformat()}
    if not asked.exact:
        query["community"] = asked.community.code
    return {
        "asked": asked,
        "query": urlencode(query),
        "widths": board.WIDTHS if asked.exact else {"week": board.WIDTHS["week"]},
        "before": board.BEFORE[asked.period.width],
        "next_day": asked.period.end + timedelta(days=1),
        "communities": communities_under(staff) if staff.role == "supervisor" else [],
        "opens": may_call(request, "bulletins:behind"),
    }


@require_GET
def show_board(request: HttpRequest) -> HttpResponse:
    """List every figure in the system, each with what this reader may see of it."""
    asked = _asked(request)
    if asked is None:
        return render(request, "bulletins/definitions.html", {"figures": figures.all_figures(), "coming": COMING})
    groups, shares = board.board(asked)
    as_at = max(asked.as_at(figure, asked.period) for figure in figures.all_figures())
    context = {**_context(request, asked), "as_at": as_at, "groups": groups, "shares": shares, "coming": COMING}
    context["sampled"] = sampled_in(asked.community) if asked.exact else None
    return render(request, "bulletins/board.html", context)


def _figure(code: str) -> Figure:
    try:
        return figures.get(code)
    except KeyError as error:
        raise Http404 from error


def _label(period: Period) -> str:
    forms = {"week": f"{period.start:%m-%d}", "month": f"{period.start:%Y-%m}", "year": f"{period.start:%Y}"}
    return forms.get(period.width) or _("{year}年{n}季").format(year=period.start.year, n=(period.start.month + 2) // 3)


def _labels(asked: board.Asked) -> list[str]:
    return [_label(period) for period in asked.period.last(board.SERIES)]


@require_GET
def show_number(request: HttpRequest, code: str) -> HttpResponse:
    """Show one figure: its number, its words, what it may be compared with, its parts, its course."""
    figure, asked = _figure(code), _asked(request)
    if asked is None:
        raise Http404
    labels, course = _since_known(_labels(asked), board.series([figure], asked)[code])
    drawing = charts.line(labels, course, width=NARROW)
    parts = board.breakdowns(figure, asked) if asked.exact else []
    drawn = [
        (title, by, list(zip(found, charts.bars([(part.title, part.many) for part in found]), strict=True)))
        for title, by, found in parts
    ]
    return render(
        request,
        "bulletins/number.html",
        {
            **_context(request, asked),
            "figure": figure,
            "as_at": asked.as_at(figure, asked.period),
            "value": board.read([figure], asked, asked.period)[code],
            "distinct": board.distinct_of(figure, asked) if asked.exact else None,
            "median": board.median_of(figure, asked) if asked.exact else None,
            "whole": figures.get(figure.whole) if figure.whole else None,
            "compared": _compared(figure, asked),
            "course": list(zip(labels, course, strict=True)),
            "drawing": drawing,
            "parts": drawn,
        },
    )


def _since_known(labels: list[str], course: list[int | None]) -> tuple[list[str], list[int | None]]:
    """Return a course from its first number on: what was before anything was recorded is no line of a table."""
    first = next((at for at, value in enumerate(course) if value is not None), len(course) - 1)
    return labels[first:], course[first:]


def _compared(figure: Figure, asked: board.Asked) -> list[dict[str, Any]]:
    """Return the period before and the same a year before, each with its number or with why it is no comparison."""
    found = []
    for other in (asked.period.before(), asked.period.a_year_before()):
        why = board.reason_of(figure, asked, other)
        value = None if why else board.read([figure], asked, other)[figure.code]
        found.append({"period": other, "value": value, "why_not": board.WHY_NOT[why]})
    return found


@require_GET
def show_courses(request: HttpRequest) -> HttpResponse:
    """Show the course of every figure as small drawings on one scale of time, with their numbers."""
    asked = _asked(request)
    if asked is None:
        raise Http404
    every, labels = figures.all_figures(), _labels(asked)
    courses = board.series(every, asked)
    rows = [
        {
            "figure": figure,
            "course": courses[figure.code],
            "drawing": charts.line(labels, courses[figure.code], width=300, height=120),
        }
        for figure in every
    ]
    return render(request, "bulletins/courses.html", {**_context(request, asked), "rows": rows, "labels": labels})


@require_GET
def show_behind(request: HttpRequest, code: str) -> HttpResponse:
    """Show the records behind a live number, or behind one part; the look is in the ledger."""
    figure, asked = _figure(code), _asked(request)
    by, part = request.GET.get("by", ""), request.GET.get("part", "")
    breakdown = figure.breakdown(by)
    if asked is None or (by and breakdown is None):
        raise Http404
    records, title = figure.list_records(**asked.days(figure, asked.period)), ""
    if breakdown is not None:
        there = {value or "" for value in records.order_by().values_list(breakdown.path, flat=True).distinct()}
        if part not in {*there, *breakdown.values}:
            raise Http404
        records = figure.list_part(breakdown, part or None, **asked.days(figure, asked.period))
        title = breakdown.say(part or None)
    many = records.count()
    rows = lists.rows_of(records, asked.days(figure, asked.period), lists.MOST)
    homes = [home for row in rows for home in row["homes"]]
    actions.note_look(community=asked.community, code=code, homes=homes, actor=staff_of(request))
    context = {
        **_context(request, asked),
        "as_at": asked.as_at(figure, asked.period),
        "figure": figure,
        "rows": rows,
        "part": title,
        "many": many,
    }
    return render(request, "bulletins/behind.html", context)
