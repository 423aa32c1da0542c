"""What a filter of the grid means as a condition over rows: by what is shown, or by a number the gate has let
through.
"""

import re
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.office.fields import Blind, open_value
from qiaomen.office.models import Organisation
from qiaomen.register.models import Household, SearchEntry, ToldFact
from qiaomen.register.rules.search.tokens import LAST
from qiaomen.register.selectors.places.asked import doors_asked
from qiaomen.register.selectors.search.known import blind_tail
from qiaomen.sheets.problems import BadFilter
from qiaomen.sheets.rules import grid_cells
from qiaomen.sheets.selectors.columns import Column, View

TAIL = 4
"""So many digits of a telephone its mask shows at the end, and by so many it is found."""


def number_of(text: str) -> str:
    """Return what was typed for a number as it is kept: digits, and an X at the end."""
    return re.sub(r"[^0-9X]", "", grid_cells.narrow(text).upper()) or grid_cells.narrow(text)


def _told_values(community: Organisation, code: str) -> list[tuple[Any, str]]:
    """Return of whom a fact is known, and the value: no index tells it, so each is opened and none is kept."""
    rows = ToldFact.objects.filter(person__community=community, code=code, to_date=None)
    found: Any = rows.values_list("person_id", "pk", "value")
    return [(person, open_value(sealed, fact)) for person, fact, sealed in found]


def holding(community: Organisation, code: str, text: str) -> list[Any]:
    return [person for person, value in _told_values(community, code) if value == text]


def matches(community: Organisation, view: View, column: Column, text: str, unseen: Q, today: date) -> Q:
    """Return the condition of one filter. A sealed child is not found by what is not shown of it. Raises BadFilter."""
    try:
        if column.kind in ("id_no", "phone"):
            return _by_number(community, column, number_of(text)) & unseen
        if not column.filterable or column.kind == "count":
            raise grid_cells.Unreadable("filter")
        if column.fact is not None:
            return _told_matches(community, column, text)
        if column.kind in ("age", "band"):
            return _within(column.path, grid_cells.births_of_ages(grid_cells.read_int_span(text), today))
        if text == _("空") or text in grid_cells.EMPTY or text in grid_cells.FILLED:
            blank = Q(**{f"{column.path}__isnull": True}) if column.kind in ("date", "bool") else Q(**{column.path: ""})
            return ~blank if text in grid_cells.FILLED else blank
        if column.kind == "date":
            span = grid_cells.read_day_span(text)
            return _within(column.path, span) & (Q() if span.whole_years else unseen)
        if column.kind == "code":
            return Q(
                **{column.path: grid_cells.read_choice(text, {code: str(t) for code, t in column.choices.items()})}
            )
        if column.kind == "bool":
            return Q(**{column.path: grid_cells.read_bool(text)})
    except grid_cells.Unreadable as error:
        raise BadFilter(column=column.title, text=text) from error
    return _by_words(community, view, column, text, unseen)


def _by_words(community: Organisation, view: View, column: Column, text: str, unseen: Q) -> Q:
    """Match a door as it is written, a name as it is searched, and any other text by what it contains."""
    if column.kind == "door":
        return _door(community, view, text)
    if column.code == "name":
        return _by_name(community, text) & unseen
    return Q(**{f"{column.path}__contains": text})


def _by_number(community: Organisation, column: Column, text: str) -> Q:
    """Match a telephone by the digits its mask shows, or a whole number the gate has let through. Raises Unreadable."""
    if column.kind == "phone" and len(text) == TAIL and text.isdecimal():
        tails = SearchEntry.objects.filter(community=community, token="#" + blind_tail(community.pk, text))
        return Q(pk__in=tails.values("person"))
    if len(text) <= TAIL:
        raise grid_cells.Unreadable("filter")
    return Q(**{f"{column.path}_bi": Blind(community.pk, text)})


def _within(path: str, span: grid_cells.Span) -> Q:
    found = Q(**{f"{path}__isnull": False})
    if span.low is not None:
        found &= Q(**{f"{path}__gte": span.low})
    return found & Q(**{f"{path}__lte": span.high}) if span.high is not None else found


def _by_name(community: Organisation, text: str) -> Q:
    """Match a part of a name, or how its sound begins: in full or by initials, in any reading."""
    low = grid_cells.narrow(text).lower()
    if low.isascii() and low.isalpha():
        sounds = SearchEntry.objects.filter(community=community, token__gte=f"^{low}", token__lt=f"^{low}{LAST}")
        return Q(pk__in=sounds.values("person"))
    return Q(name__contains=text)


def _door(community: Organisation, view: View, text: str) -> Q:
    """Match doors by what somebody writes of them: 幸福苑 3-2-501, 3号楼2单元, 501.

    The doors are found first: matching them beside 60,000 people takes three times as long.
    """
    doors = doors_asked(community, text)
    homes = Household.objects.filter(dwelling__in=doors.values("pk"))
    return Q(pk__in=homes.values("pk")) if view.of == "household" else Q(household__in=homes.values("pk"))


def _told_matches(community: Organisation, column: Column, text: str) -> Q:
    """Match a told fact that is not sensitive. Raises Unreadable."""
    assert column.fact is not None
    code = column.fact.code
    if text == _("空") or text in grid_cells.EMPTY or text in grid_cells.FILLED:
        known = Q(pk__in=ToldFact.objects.filter(code=code, to_date=None).values("person"))
        return known if text in grid_cells.FILLED else ~known
    if column.kind == "text":
        return Q(pk__in=[person for person, value in _told_values(community, code) if text in value])
    if column.kind == "bool":
        wanted = str(grid_cells.read_bool(text)).lower()
    elif column.kind == "code":
        wanted = grid_cells.read_choice(text, column.choices)
    else:
        wanted = str(grid_cells.read_int(text) if column.kind == "int" else grid_cells.read_day(text, clock.today()))
    return Q(pk__in=holding(community, code, wanted))


def anywhere(community: Organisation, view: View, text: str, unseen: Q) -> Q:
    """Match words in the search box of the grid: a name, its sounds, a door."""
    name = (
        Q(head_name__contains=text) | Q(household_no=text)
        if view.of == "household"
        else _by_name(community, text) & unseen
    )
    return name | _door(community, view, text) if re.search(r"[\d楼院区苑]", text) or len(text) > 3 else name
