"""What needs say of a household: what somebody of it said last, in their words. What is owed for it, cases say."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.kernel.lines import (
    MOST_MOMENTS,
    SAID,
    Holding,
    Line,
    Moment,
    register_lines,
    register_resident,
    register_timeline,
)
from qiaomen.kernel.texts import say_day
from qiaomen.needs.models import Need
from qiaomen.needs.selectors import fields_of_words, kind_title, origin_title
from qiaomen.office.disclosure import READERS
from qiaomen.register.models import Household, Person

REMEMBERED_DAYS = 180
"""What was said longer ago is in the timeline, not on the first screen."""


def lines_of(households: Sequence[Household], viewer: Any, today: date) -> list[Line]:
    """Return the last thing each household told us: one query."""
    if viewer.role not in READERS:
        return []
    since = today - timedelta(days=REMEMBERED_DAYS)
    heard = Need.objects.filter(household__in=households, heard_at__date__gte=since).select_related("person")
    last = {need.household_id: need for need in heard.order_by("heard_at", "pk")}
    return [_said(need) for need in last.values()]


def _said(need: Need) -> Line:
    day = need.heard_at.astimezone(clock.SHANGHAI).date()
    words = _("{day}{origin}：“{words}”").format(day=say_day(day), origin=origin_title(need.origin), words=need.words)
    return Line(
        "needs.said",
        (Need.record_type, need.pk),
        words,
        since=day,
        part=SAID,
        fields=fields_of_words(need, "words"),
        household=need.household_id,
        people=(need.person_id,) if need.person_id else (),
    )


def moments_of(household: Household, viewer: Any) -> list[Moment]:
    """Return what was heard at this household, in its words: one query."""
    if viewer.role not in READERS:
        return []
    needs = Need.objects.filter(household=household).select_related("heard_by", "person")
    return [
        Moment(
            need.heard_at,
            _("{origin}：{kind}").format(origin=origin_title(need.origin), kind=kind_title(need.kind)),
            need.words,
            need.heard_by.name,
            fields=fields_of_words(need, "words"),
            household=household.pk,
            people=(need.person_id,) if need.person_id else (),
        )
        for need in needs.order_by("-heard_at")[:MOST_MOMENTS]
    ]


def held_of(person: Person) -> list[Holding]:
    """Return what was asked for this person, each with its day; the words are given on request."""
    return [
        Holding(
            _("说过的事：{kind}").format(kind=kind_title(need.kind)),
            origin_title(need.origin),
            _("把您说的事办了、给您回话"),
            _("社区工作职责"),
            need.heard_at.astimezone(clock.SHANGHAI).date(),
        )
        for need in Need.objects.filter(person=person).order_by("-heard_at")
    ]


register_lines("needs", lines_of)
register_timeline("needs", moments_of)
register_resident("needs", held_of=held_of)
