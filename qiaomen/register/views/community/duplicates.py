"""The queue of records that may be one person."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from qiaomen.office import jobs
from qiaomen.office.access import community_of, get_in_community, key_of, staff_of
from qiaomen.register.actions import duplicates, looks
from qiaomen.register.models import Person
from qiaomen.register.selectors import possible_duplicates


@require_GET
def show_duplicates(request: HttpRequest) -> HttpResponse:
    """List the records that may be one person, two by two, as the last search has found them."""
    community = community_of(request)
    queue = possible_duplicates.queue_of(community, staff_of(request))
    people = [side["person"].pk for item in queue for side in item["sides"]]
    looks.note_duplicates(community=community, people=people, actor=staff_of(request))
    context = {
        "queue": queue,
        "search": possible_duplicates.last_search(community),
        "job": jobs.under_way(community.pk),
        "failure": jobs.last_failure(community.pk),
    }
    return render(request, "register/duplicates.html", context)


@require_POST
def look_again(request: HttpRequest) -> HttpResponse:
    """Ask for a new search; a worker outside the request does it."""
    duplicates.ask_for_duplicates(community=community_of(request), actor=staff_of(request))
    return redirect("register:duplicates")


@require_POST
def merge(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make another record part of this one."""
    people = Person.objects.select_related("household", "community")
    stays = get_in_community(people, request, pk=pk)
    goes = get_in_community(people, request, pk=key_of(request.POST.get("goes", "")))
    duplicates.merge_people(stays=stays, goes=goes, actor=staff_of(request))
    return redirect("register:household", pk=stays.household_id)


@require_POST
def tell_apart(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note that two records are two people."""
    left = get_in_community(Person.objects.select_related("community"), request, pk=pk)
    right = get_in_community(Person.objects.all(), request, pk=key_of(request.POST.get("other", "")))
    duplicates.tell_apart(left=left, right=right, actor=staff_of(request))
    return redirect("register:duplicates")
