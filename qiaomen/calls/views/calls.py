"""The call list: who is rung up today, the number on demand, what came of it; and whom to ask instead."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from qiaomen.calls.actions import alerts, calls
from qiaomen.calls.forms import AlertForm, CallForm, GoBetweenForm
from qiaomen.calls.models import Alert, GoBetween
from qiaomen.calls.selectors.call_lists import CallList, call_list, rows_of
from qiaomen.calls.selectors.pages import called_today, calls_to, going_alone, warned_rows
from qiaomen.calls.selectors.stairs import quiet_stairs
from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.kernel.sensitivity import Field
from qiaomen.office import disclosure
from qiaomen.office.access import community_of, get_in_community, staff_of
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Household
from qiaomen.visits.actions import due

TELLING = (Field("alert", "health"),)


@require_GET
def show_calls(request: HttpRequest) -> HttpResponse:
    """List whom to ring up today, in order; what alerts and staircases ask for stands above."""
    community, staff = community_of(request), staff_of(request)
    return render(request, "calls/calls.html", _page(community, staff))


def _page(community: Organisation, staff: Staff, **more: Any) -> dict[str, Any]:
    """Return the page; who is on it because of health is a look. Raises TooManyLooks."""
    due.keep_current(community)
    found = call_list(community, clock.today())
    rows = _rows(community, staff, found)
    return {
        "rows": rows,
        "all": len(found.asked),
        "warned": warned_rows(found.warned),
        "stairs": quiet_stairs(community, clock.today()),
        "alone": going_alone(community, clock.today()),
        "called": called_today(community, clock.today(), staff),
        "form": AlertForm(community),
        "number": "",
        **more,
    }


def _rows(community: Organisation, staff: Staff, found: CallList) -> list[dict[str, Any]]:
    rows = rows_of(community, found.asked, staff, clock.now())
    telling = {one.home for one in found.asked if one.telling}
    people = [row["household"].pk for row in rows if row["household"].pk in telling]
    if people:
        disclosure.show(viewer=staff, community=community, code="calls.list-looked", people=people, fields=TELLING)
    names = [row["household"].pk for row in rows]
    disclosure.show_names(viewer=staff, community=community, page="calls:list", people=names)
    for row in rows:
        row["call_id"] = uuid.uuid4()
    return rows


@require_POST
def show_number(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one number beside its row; the look is in the ledger. Raises NoNumber, NotNow, TooManyLooks."""
    household, staff = _household(request, pk), staff_of(request)
    person, number = calls.show_number(household=household, actor=staff)
    if request.POST.get("from") == "household":
        return _household_page(request, household, number=number, person=person)
    answer = render(
        request,
        "calls/calls.html",
        _page(household.community, staff, opened=household.pk, number=number, person=person),
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _household(request: HttpRequest, pk: uuid.UUID) -> Household:
    return get_in_community(Household.objects.select_related("dwelling", "community"), request, pk=pk)


@require_POST
def record(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Record what came of a call."""
    household, staff = _household(request, pk), staff_of(request)
    form = CallForm(request.POST)
    if not form.is_valid():
        return _household_page(request, household, call_form=form)
    values = form.cleaned_data
    calls.record_call(
        call_id=values["call_id"],
        household=household,
        staff=staff,
        outcome=values["outcome"],
        way=values["way"],
        note=values["note"],
        happened_at=clock.now(),
        origin="desk",
    )
    return redirect("calls:list")


@require_GET
def show_household(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one household to be rung up, whether it is on today's list or not, and whom it named to be asked instead."""
    return _household_page(request, _household(request, pk))


def _household_page(request: HttpRequest, household: Household, **more: Any) -> HttpResponse:
    staff, community = staff_of(request), household.community
    asked = calls.asked_today(household)
    found = CallList([asked])
    named = GoBetween.objects.filter(household=household, ended_at=None).first()
    if named is not None:
        calls.note_go_between_look(household=household, actor=staff)
    initial = {"kind": named.kind, "name": named.name, "phone": named.phone} if named else {}
    context = {
        "household": household,
        "row": _rows(community, staff, found)[0],
        "named": named,
        "called": calls_to(household, staff),
        "go_between_form": GoBetweenForm(initial=initial),
        **more,
    }
    answer = render(request, "calls/household.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def name_go_between(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note whom a household named."""
    household, form = _household(request, pk), GoBetweenForm(request.POST)
    if not form.is_valid():
        return _household_page(request, household, go_between_form=form)
    calls.name_go_between(household=household, actor=staff_of(request), **form.cleaned_data)
    return redirect("calls:household", pk=pk)


@require_POST
def give_alert(request: HttpRequest) -> HttpResponse:
    """Give an alert: the list of those to ring up is there at once."""
    community, staff = community_of(request), staff_of(request)
    form = AlertForm(community, request.POST)
    if form.is_valid():
        compound, building = form.chosen_place()
        try:
            alerts.give_alert(
                community=community,
                kind=form.cleaned_data["kind"],
                until=form.cleaned_data["until"],
                compound=compound,
                building=building,
                actor=staff,
            )
            return redirect("calls:list")
        except Problem as problem:
            form.add_error(None, problem.in_full())
    return render(request, "calls/calls.html", _page(community, staff, form=form))


@require_POST
def end_alert(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End an alert."""
    alerts.end_alert(alert=get_in_community(Alert.objects.all(), request, pk=pk), actor=staff_of(request))
    return redirect("calls:list")
