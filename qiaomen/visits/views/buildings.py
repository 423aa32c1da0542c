"""The buildings with their doors."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qiaomen.groups.actions import memberships
from qiaomen.office.access import community_of, get_in_community, staff_of
from qiaomen.office.models import Organisation
from qiaomen.register.models import Building, Dwelling
from qiaomen.register.selectors.places.elevation import elevation_of
from qiaomen.visits.actions import visits
from qiaomen.visits.selectors import door_states


def _filter(request: HttpRequest, community: Organisation) -> door_states.Filter:
    """Return what somebody chose; a group that is not theirs to choose is as if there were none of that name."""
    days, group = request.GET.get("unseen", ""), request.GET.get("group", "")
    theirs = {code for code, _title in door_states.choices_of(community, staff_of(request))["groups"]}
    return door_states.Filter(
        group if group in theirs else "",
        request.GET.get("mark", ""),
        int(days) if days.isascii() and days.isdigit() else 0,
    )


@require_GET
def show_buildings(request: HttpRequest) -> HttpResponse:
    """Show every compound with its buildings as small elevations, and the board over all doors."""
    community, staff = community_of(request), staff_of(request)
    memberships.keep_current(community)
    chosen = _filter(request, community)
    context = {
        "community": community,
        **door_states.plan_of(community, chosen, staff),
        "choices": door_states.choices_of(community, staff),
        "chosen": chosen,
        "legend": door_states.MARKS,
    }
    return render(request, "visits/buildings.html", context)


@require_GET
def show_building(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one building: each door with its mark, the care groups behind it, the days since somebody was seen."""
    building = get_in_community(Building.objects.select_related("compound", "community"), request, pk=pk)
    community, staff = building.community, staff_of(request)
    memberships.keep_current(community)
    chosen = _filter(request, community)
    doors = list(Dwelling.objects.standing().filter(entrance__building=building).values_list("pk", flat=True))
    visits.note_group_shown(building=building, group=chosen.group, doors=doors, actor=staff)
    states = door_states.door_states(community, doors)
    notes = door_states.notes_of(states, door_states.groups_by_door(community, staff, chosen.group), chosen)
    context = {
        "building": building,
        "elevation": elevation_of(building=building, notes=notes),
        "board": door_states.board_of(states),
        "choices": door_states.choices_of(community, staff),
        "chosen": chosen,
    }
    return render(request, "visits/building.html", context)
