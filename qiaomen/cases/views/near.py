"""Near relatives of the office's own people: registered apart, so that somebody else acts."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.cases import actions
from qiaomen.cases.forms import NearForm
from qiaomen.cases.models import NearRelative
from qiaomen.cases.selectors.near import declared, matters_of
from qiaomen.cases.selectors.standing_page import relation_title
from qiaomen.office import disclosure
from qiaomen.office.access import community_of, get_in_community, staff_of
from qiaomen.register.models import Household


@require_GET
def show_near(request: HttpRequest) -> HttpResponse:
    """Show whose near relatives are registered, with their matters under way: the head all, a worker their own."""
    community, viewer = community_of(request), staff_of(request)
    found = declared(community)
    rows = list(found if viewer.role == "head" else found.filter(staff=viewer))
    homes = {row.person.household_id for row in rows}
    disclosure.show_names(viewer=viewer, community=community, page="cases:near", people=homes)
    matters = matters_of(homes, viewer)
    shown = [
        {"row": row, "relation": relation_title(row.relation), "matters": matters.get(row.person.household_id, [])}
        for row in rows
    ]
    return render(request, "cases/near.html", {"rows": shown})


@require_http_methods(["GET", "POST"])
def declare_near(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Register that somebody of a household is a near relative."""
    household = get_in_community(Household.objects.select_related("dwelling", "community"), request, pk=pk)
    viewer = staff_of(request)
    form = NearForm(household, viewer, request.POST or None)
    disclosure.show_names(viewer=viewer, community=household.community, page="cases:near-of", people=[household.pk])
    if request.method == "POST" and form.is_valid():
        actions.declare_near(actor=viewer, **form.cleaned_data)
        return redirect("cases:near")
    return render(request, "cases/near_of.html", {"form": form, "household": household})


@require_POST
def end_near(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note that a registration was made by mistake."""
    rows = NearRelative.objects.select_related("community")
    actions.end_near(declared=get_in_community(rows, request, pk=pk), actor=staff_of(request))
    return redirect("cases:near")
