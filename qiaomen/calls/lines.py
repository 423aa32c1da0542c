"""What calls say of a household: a visit a call asked for, whom to ask instead, and what a sweep asks."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.calls.actions.put_right import follow_visit
from qiaomen.calls.models import Call, GoBetween
from qiaomen.calls.selectors.labels import GO_BETWEEN_TITLES, OUTCOME_TITLES, WAY_TITLES
from qiaomen.calls.selectors.pages import going_alone
from qiaomen.calls.selectors.sweeps import asks_of
from qiaomen.kernel.lines import (
    FACT_MISSING,
    MOST_MOMENTS,
    PROMISE_DUE,
    WISH,
    Holding,
    Line,
    Link,
    Moment,
    register_held,
    register_lines,
    register_links,
    register_resident,
    register_timeline,
)
from qiaomen.kernel.sensitivity import Field
from qiaomen.office.disclosure import READERS
from qiaomen.office.fields import write_sealed
from qiaomen.office.models import Organisation
from qiaomen.register.models import Household, Person
from qiaomen.register.selectors.minors import is_child
from qiaomen.visits.actions import visits
from qiaomen.visits.models import VisitRequest
from qiaomen.visits.selectors.labels import reason_in_words

KINDS = ("worry", "unreached")
NOTE = (Field("note", "plain"),)
GO_BETWEEN = (Field("go_between", "plain"),)


def lines_of(households: Sequence[Household], viewer: Any, today: date) -> list[Line]:
    """Return what calls say of these households: three queries, and three for each sweep that asks today."""
    homes = {home.pk: home for home in households}
    requests = VisitRequest.objects.filter(household__in=homes, kind__in=KINDS, open=True).order_by("due_on", "pk")
    found = [
        Line(
            "calls.knock",
            (VisitRequest.record_type, row.pk),
            reason_in_words(row.kind, 0),
            PROMISE_DUE,
            row.due_on,
            household=row.household_id,
            urgent=row.kind == "worry",
        )
        for row in requests
    ]
    if viewer.role in READERS:
        named = GoBetween.objects.filter(household__in=homes, ended_at=None).order_by("said_at", "pk")
        found += [
            Line(
                "calls.go-between",
                (GoBetween.record_type, row.pk),
                _("可以托{kind}{name}看望").format(kind=GO_BETWEEN_TITLES[row.kind], name=row.name),
                part=WISH,
                fields=GO_BETWEEN,
                household=row.household_id,
            )
            for row in named
        ]
    for community in {home.community_id: home.community for home in households}.values():
        mine = [home.pk for home in households if home.community_id == community.pk]
        for home, asks in asks_of(community, mine, today).items():
            found += [_ask(person, fact, home) for _sweep, person, fact in asks]
    return found


def lines_held(community: Organisation, viewer: Any, today: date, owner: UUID | None) -> list[Line]:
    """Return where somebody has to go after a call and no round does, as the office's work."""
    if owner is not None or viewer.role not in READERS:
        return []
    return [
        Line(
            "calls.going",
            (VisitRequest.record_type, row["request"]),
            _("{why}；今天没有小组走到，请专门去一趟").format(why=row["reason"]),
            PROMISE_DUE,
            row["due_on"],
            owner=(Organisation.record_type, community.pk),
            url=reverse("calls:list"),
            household=row["household"].pk,
            urgent=True,
        )
        for row in going_alone(community, today)
    ]


def _ask(person: Person, fact: Any, home: Any) -> Line:
    name = _("孩子") if is_child(person) else person.name
    return Line(
        "calls.ask",
        (Person.record_type, person.pk),
        _("{name}：{words}").format(name=name, words=_(fact.ask)),
        FACT_MISSING,
        spoken=_(fact.ask),
        fields=(Field(fact.code, "light"),),
        household=home,
        people=(person.pk,),
    )


def moments_of(household: Household, viewer: Any) -> list[Moment]:
    """Return the latest calls that count as no visit of their own, with what was written down: one query."""
    named = viewer.role in READERS
    rows = Call.objects.filter(household=household, visit=None).select_related("staff").order_by("-happened_at")
    return [
        Moment(
            call.happened_at,
            _("{way}：{outcome}").format(way=WAY_TITLES[call.way], outcome=OUTCOME_TITLES[call.outcome]),
            call.note if named else "",
            call.staff.name,
            fields=NOTE if named and call.note else (),
            household=household.pk,
        )
        for call in (rows if named else rows.defer("note"))[:MOST_MOMENTS]
    ]


def held_of(person: Person) -> list[Holding]:
    """Return how often this household was rung up, and whom it named to be asked instead."""
    count = Call.everything.filter(household=person.household_id).count()
    basis = _("社区工作职责")
    found = []
    if count:
        found.append(Holding(_("打过的电话"), _("{n} 通").format(n=count), _("知道打过没有、结果怎样"), basis))
    named = GoBetween.objects.filter(household=person.household_id, ended_at=None).first()
    if named is not None:
        value = f"{GO_BETWEEN_TITLES[named.kind]} {named.name}"
        found.append(Holding(_("托谁看望"), value, _("照您说的托人问候"), basis, named.said_at.date()))
    return found


def erase(person: Person, actor: Any) -> int:
    """Forget what was noted of calls to the household of somebody, and whom it named."""
    calls = [call for call in Call.everything.filter(household=person.household_id) if call.note]
    for call in calls:
        call.note = ""
    write_sealed(calls, ["note"])
    gone, _by_model = GoBetween.objects.filter(household=person.household_id).delete()
    return len(calls) + gone


def at_household(household: Household, viewer: Any) -> list[Link]:
    """Offer the call."""
    if viewer.role not in READERS:
        return []
    return [Link(35, _("打电话问候"), reverse("calls:household", args=[household.pk]))]


register_lines("calls", lines_of)
register_held("calls", lines_held)
register_timeline("calls", moments_of)
register_resident("calls", held_of=held_of, erase=erase)
register_links("calls", Household.record_type, at_household)
visits.when_taken_back(follow_visit)
