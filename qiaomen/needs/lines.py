"""What needs say of a household: what somebody of it said last, in their words. What is owed for it, cases say."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.kernel import clock
from qiaomen.kernel.lines import (
    MOST_MOMENTS,
    SAID,
    Holding,
    Line,
    Link,
    Moment,
    register_carry_over,
    register_lines,
    register_links,
    register_resident,
    register_timeline,
)
from qiaomen.kernel.texts import say_day
from qiaomen.needs import actions
from qiaomen.needs.models import Need, NeedCorrection, Owed
from qiaomen.needs.selectors import (
    HANDLING_TITLES,
    KIND_TITLES,
    channel_title,
    fields_of_words,
    kind_title,
    open_to,
    origin_title,
)
from qiaomen.office.disclosure import READERS
from qiaomen.office.fields import write_sealed
from qiaomen.register.actions import acts
from qiaomen.register.models import Household, Person
from qiaomen.visits.selectors.labels import ask_on_paper

REMEMBERED_DAYS = 180
"""What was said longer ago is in the timeline, not on the first screen."""


def lines_of(households: Sequence[Household], viewer: Any, today: date) -> list[Line]:
    """Return the last thing each household told us that the viewer may open: one query."""
    if viewer.role not in READERS:
        return []
    since = today - timedelta(days=REMEMBERED_DAYS)
    heard = Need.objects.filter(household__in=households, heard_at__date__gte=since).select_related("person")
    heard = open_to(heard, viewer)
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
    """Return what was heard at this household and the viewer may open, in its words: one query."""
    if viewer.role not in READERS:
        return []
    needs = open_to(Need.everything.filter(household=household), viewer).select_related("heard_by", "person")
    return [
        Moment(
            need.heard_at,
            _("{origin}：{kind}").format(origin=origin_title(need.origin), kind=kind_title(need.kind)),
            need.words,
            need.heard_by.name,
            links=_correct(need, viewer),
            undone=_("已撤销") if need.taken_back_at else "",
            fields=fields_of_words(need, "words"),
            household=household.pk,
            people=(need.person_id,) if need.person_id else (),
        )
        for need in needs.order_by("-heard_at")[:MOST_MOMENTS]
    ]


def _correct(need: Need, viewer: Any) -> tuple[Link, ...]:
    if need.taken_back_at is not None or not actions.may_change(need, viewer):
        return ()
    return (Link(10, _("更正"), reverse("needs:correct", args=[need.pk])),)


def held_of(person: Person) -> list[Holding]:
    """Return what was asked for this person and what they are owed, with its day; the words are given on request."""
    heard = [
        Holding(
            _("说过的事：{kind}").format(kind=kind_title(need.kind)),
            origin_title(need.origin),
            _("把您说的事办了、给您回话"),
            _("社区工作职责"),
            need.heard_at.astimezone(clock.SHANGHAI).date(),
        )
        for need in Need.everything.filter(person=person).order_by("-heard_at")
    ]
    owed = [
        Holding(
            _("要回您的话") if row.told_at is None else _("回过您的话"),
            channel_title(row.channel),
            _("答应的回话不落下"),
            _("社区工作职责"),
            row.made_at.astimezone(clock.SHANGHAI).date(),
        )
        for row in Owed.everything.filter(person=person).defer("sentence").order_by("-made_at")
    ]
    return [*heard, *owed]


def erase(person: Person, actor: Any) -> int:
    """Forget what somebody said and was told; what nobody can tell them any more is owed no longer."""
    gone, _by_model = Owed.everything.filter(person=person, told_at=None).delete()
    NeedCorrection.objects.filter(need__person=person).delete()
    needs = [need for need in Need.everything.filter(person=person) if need.words]
    told = [row for row in Owed.everything.filter(person=person) if row.sentence]
    for need in needs:
        need.words = ""
    for row in told:
        row.sentence = ""
    write_sealed(needs, ["words"])
    write_sealed(told, ["sentence"])
    return gone + len(needs) + len(told)


def at_household(household: Household, viewer: Any) -> list[Link]:
    """Offer to note a sentence somebody of this household is owed."""
    if viewer.role not in READERS:
        return []
    return [Link(15, _("记一句要回的话"), reverse("needs:owe", args=[household.pk]))]


def carry_over(act: Any, stays: Person, goes: Person) -> None:
    """Give the record that stays what was asked for, and is owed to, the other one."""
    for model in (Need, Owed):
        acts.change_many(act, [(row, {"person": stays}) for row in model.everything.filter(person=goes)])


register_carry_over("needs", carry_over)
register_lines("needs", lines_of)
ask_on_paper(_lazy("要什么"), KIND_TITLES.values())
ask_on_paper(_lazy("怎么办"), HANDLING_TITLES.values())
register_links("needs", Household.record_type, at_household)
register_timeline("needs", moments_of)
register_resident("needs", held_of=held_of, erase=erase)
