"""The queue of records that may be one person."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.office import jobs
from qiaomen.office.access import community_of, get_in_community, key_of, staff_of
from qiaomen.register.actions import duplicates, looks
from qiaomen.register.forms.person_facts import HOME, MergeForm
from qiaomen.register.models import Compound, Person
from qiaomen.register.selectors import possible_duplicates


def _wish(request: HttpRequest) -> possible_duplicates.Wish:
    asked = request.GET
    band, compound, page = asked.get("band", ""), asked.get("compound", ""), asked.get("page", "")
    return possible_duplicates.Wish(
        band=band if band in possible_duplicates.BANDS else "",
        words=asked.get("words", "").strip()[:40],
        compound=key_of(compound) if compound else None,
        page=int(page) if page.isdecimal() and len(page) < 5 else 0,
    )


@require_GET
def show_duplicates(request: HttpRequest) -> HttpResponse:
    """List the records that may be one person, two by two, as the last search has found them."""
    community, wish = community_of(request), _wish(request)
    queue = possible_duplicates.queue_of(community, staff_of(request), wish=wish)
    more, queue = len(queue) > possible_duplicates.AT_ONCE, queue[: possible_duplicates.AT_ONCE]
    people = [side["person"].pk for item in queue for side in item["sides"]]
    looks.note_duplicates(community=community, people=people, actor=staff_of(request))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "queue": queue,
        "wish": wish,
        "next": wish.page + 1 if more else None,
        "query": query.urlencode(),
        "compounds": Compound.objects.filter(community=community).order_by("name"),
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


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show two records side by side, ask which value stays where they differ, and make them one."""
    people = Person.objects.select_related("household__dwelling__entrance__building__compound", "community")
    left = get_in_community(people, request, pk=pk)
    other = request.POST.get("other", "") or request.GET.get("other", "")
    right, staff = get_in_community(people, request, pk=key_of(other)), staff_of(request)
    duplicates.check_pair(left, right, staff)
    form = MergeForm(request.POST if request.method == "POST" else None, left=left, right=right, staff=staff)
    if form.is_valid():
        chosen = form.result()
        duplicates.merge_people(**chosen, actor=staff)
        return redirect("register:household", pk=chosen["stays"].household_id)
    looks.note_duplicates(community=left.community, people=[left.pk, right.pk], actor=staff)
    rows = [{**row, "field": form[row["name"]] if row["differ"] else None} for row in form.rows]
    home = form[HOME] if HOME in form.fields else None
    context = {"form": form, "rows": rows, "home": home, "left": left, "right": right}
    return render(request, "register/merge.html", context)


@require_POST
def tell_apart(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note that two records are two people."""
    left = get_in_community(Person.objects.select_related("community"), request, pk=pk)
    right = get_in_community(Person.objects.all(), request, pk=key_of(request.POST.get("other", "")))
    duplicates.tell_apart(left=left, right=right, actor=staff_of(request))
    return redirect("register:duplicates")
