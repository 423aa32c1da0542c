"""The list of what was heard."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qiaomen.needs import selectors
from qiaomen.office import disclosure
from qiaomen.office.access import community_of, staff_of


@require_GET
def needs(request: HttpRequest) -> HttpResponse:
    """List the needs of the community; the words stay sealed here."""
    page = Paginator(selectors.heard_in(community_of(request)), 50).get_page(request.GET.get("page"))
    rows = [
        {"need": need, "kind": selectors.kind_title(need.kind), "handling": selectors.handling_title(need.handling)}
        for need in page.object_list
    ]
    homes = [need.household_id for need in page.object_list]
    disclosure.show_names(viewer=staff_of(request), community=community_of(request), page="needs:list", people=homes)
    return render(request, "needs/list.html", {"rows": rows, "page": page})
