"""Pages of rounds: planning today's, walking down the list, the building with its marks."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from qiaomen.kernel import clock
from qiaomen.office.access import community_of, get_in_community, may_see_child, staff_of
from qiaomen.register import groups
from qiaomen.register.elevation import elevation_of
from qiaomen.register.models import Building, Dwelling, Household
from qiaomen.visits import actions, picture, selectors
from qiaomen.visits.forms import TeamForm, VisitForm
from qiaomen.visits.models import Round, Team, VisitPhoto


@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    """List the rounds and offer today's to each team."""
    community = community_of(request)
    teams = Team.objects.filter(community=community).order_by("name")
    context = {"rounds": selectors.rounds_of(community), "teams": teams, "form": TeamForm(community)}
    return render(request, "visits/rounds.html", context)


@require_POST
def make_team(request: HttpRequest) -> HttpResponse:
    """Make a knock team."""
    community, actor = community_of(request), staff_of(request)
    form = TeamForm(community, request.POST)
    if form.is_valid():
        values = form.cleaned_data
        actions.make_team(community=community, name=values["name"], members=values["members"], actor=actor)
    return redirect("visits:rounds")


@require_POST
def plan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Plan today's round of a team."""
    team, actor = get_in_community(Team.objects.all(), request, pk=pk), staff_of(request)
    made = actions.plan_round(team=team, day=clock.today(), actor=actor)
    return redirect("visits:round", pk=made.pk)


@require_GET
def show_round(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the doors of a round in walking order; it prints as a walk sheet."""
    made = get_in_community(Round.objects.select_related("team"), request, pk=pk)
    doors = selectors.round_list(made)
    for door in doors:
        door["visit_id"] = uuid.uuid4()
    return render(request, "visits/round.html", {"round": made, "doors": doors, "form": VisitForm()})


@require_POST
def record(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Record one door of a round from the desk or from the paper sheet."""
    made, form, actor = (
        get_in_community(Round.objects.all(), request, pk=pk),
        VisitForm(request.POST),
        staff_of(request),
    )
    if form.is_valid():
        values = form.cleaned_data
        dwelling = get_object_or_404(Dwelling, pk=values["door"], community=made.community)
        actions.record_visit(
            visit_id=values["visit_id"],
            dwelling=dwelling,
            household=dwelling.households.filter(state="living").first(),
            round=made,
            staff=actor,
            outcome=values["outcome"],
            note=values["note"],
            happened_at=clock.now(),
            origin="paper",
        )
    return redirect("visits:round", pk=made.pk)


def _filter(request: HttpRequest) -> picture.Filter:
    days = request.GET.get("unseen", "")
    return picture.Filter(
        request.GET.get("group", ""), request.GET.get("mark", ""), int(days) if days.isascii() and days.isdigit() else 0
    )


@require_GET
def show_buildings(request: HttpRequest) -> HttpResponse:
    """Show every compound with its buildings as small elevations, and the board over all doors."""
    community, children = community_of(request), may_see_child(request.user)
    groups.keep_current(community)
    chosen = _filter(request)
    context = {
        **picture.plan_of(community, chosen, with_children=children),
        "choices": picture.choices_of(community, with_children=children),
        "chosen": chosen,
        "legend": picture.MARKS,
    }
    return render(request, "visits/buildings.html", context)


@require_GET
def show_building(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one building: each door with its mark, the care groups behind it, the days since somebody was seen."""
    building = get_in_community(Building.objects.select_related("compound", "community"), request, pk=pk)
    community, children, chosen = building.community, may_see_child(request.user), _filter(request)
    groups.keep_current(community)
    states = picture.door_states(
        community, Dwelling.objects.filter(entrance__building=building).values_list("pk", flat=True)
    )
    told = picture.told_of(states, picture.groups_by_door(community, with_children=children), chosen)
    context = {
        "building": building,
        "elevation": elevation_of(building=building, told=told),
        "board": picture.board_of(states),
        "choices": picture.choices_of(community, with_children=children),
        "chosen": chosen,
    }
    return render(request, "visits/building.html", context)


@require_GET
def show_history(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show every visit to a household with what was said; the look is in the ledger."""
    household, actor = get_in_community(Household.objects.select_related("dwelling"), request, pk=pk), staff_of(request)
    actions.note_look(household=household, actor=actor)
    return render(request, "visits/history.html", {"household": household, "visits": selectors.history_of(household)})


@require_GET
def show_photo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send one picture."""
    photo, actor = get_in_community(VisitPhoto.objects.select_related("visit"), request, pk=pk), staff_of(request)
    picture = actions.open_photo(photo=photo, actor=actor)
    return HttpResponse(picture, content_type="image/jpeg", headers={"Cache-Control": "no-store"})
