"""One round: its page, what was found at its doors, typed in or from paper."""

import uuid

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.kernel import clock
from qiaomen.kernel.lines import asked_at_door, by_household, lines_of, said_at_door
from qiaomen.kernel.problems import Problem
from qiaomen.office import disclosure, jobs
from qiaomen.office.access import community_of, get_in_community, key_of, staff_of
from qiaomen.register.models import Dwelling
from qiaomen.visits.actions import visits
from qiaomen.visits.forms import VisitForm
from qiaomen.visits.models import Round
from qiaomen.visits.rules.vocabulary import OUTCOMES
from qiaomen.visits.selectors import labels, round_pages
from qiaomen.visits.selectors.teams.leave import leaves_on, walkers_on

MORE_LINES = 3
"""Empty lines of the keyed sheet for doors that stand on paper and no longer in the round."""


@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Key in a walked paper sheet: a line for each door, all at once, marked as paper."""
    made = get_in_community(Round.objects.select_related("team", "community"), request, pk=pk)
    lines, wrong = _lines(request.POST), ""
    if request.method == "POST":
        try:
            visits.key_in_sheet(made=made, actor=staff_of(request), lines=lines)
            return redirect("visits:round", pk=made.pk)
        except Problem as problem:
            wrong = problem.in_full()
    doors = round_pages.round_list(made)
    disclosure.show_names(
        viewer=staff_of(request),
        community=community_of(request),
        page="visits:paper",
        people=[item["household"].pk for item in doors if item["household"]],
    )
    entries = {code: {"outcome": outcome, "note": note} for code, outcome, note in lines}
    for item in doors:
        item["entry"] = entries.pop(item["code"], None)
    more = [*({"code": code, **entry} for code, entry in entries.items()), *[{} for _ in range(MORE_LINES)]]
    context = {
        "round": made,
        "doors": doors,
        "more": more[: max(MORE_LINES, len(entries))],
        "wrong": wrong,
        "outcomes": [(code, labels.outcome_title(code)) for code in OUTCOMES],
    }
    return render(request, "visits/paper.html", context)


def _lines(posted: QueryDict) -> list[tuple[str, str, str]]:
    """Return the lines of a keyed sheet: code, outcome, note; lines without a code are nothing."""
    columns = (posted.getlist(name) for name in ("code", "outcome", "note"))
    return [(code.strip(), outcome, note) for code, outcome, note in zip(*columns, strict=False) if code.strip()]


@require_GET
def show_round(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the doors of a round in walking order; it prints as a walk sheet."""
    made = get_in_community(Round.objects.select_related("team", "community"), request, pk=pk)
    return _round_page(request, made, VisitForm())


def _round_page(request: HttpRequest, made: Round, form: VisitForm) -> HttpResponse:
    doors = round_pages.round_list(made)
    disclosure.look(
        community=made.community,
        actor=staff_of(request),
        code="visits.round-looked",
        subject=made,
        fields=["name"],
        people=[door["household"].pk for door in doors if door["household"]],
    )
    homes = [door["household"] for door in doors if door["household"]]
    why = round_pages.why_today_of(made, [door["door"] for door in doors])
    said = by_household(lines_of(homes, staff_of(request), clock.today()))
    for door in doors:
        door["visit_id"], door["sent"] = uuid.uuid4(), str(door["door"].dwelling_id) == form["door"].value()
        door["why_today"] = why[door["door"].dwelling_id]
        lines = said.get(door["household"].pk, []) if door["household"] else []
        door["say"], door["ask"] = said_at_door(lines), asked_at_door(lines)
    context = {
        "round": made,
        "past": made.day < clock.today(),
        "bettering": made.hasty and jobs.under_way(made.pk) is not None,
        "doors": doors,
        "form": form,
        "walkers": walkers_on(made.team, made.day),
        "musts": sum(item["door"].must for item in doors),
        "away": [
            leave for key, leave in leaves_on(made.community, made.day).items() if made.team.members.filter(pk=key)
        ],
    }
    return render(request, "visits/round.html", context)


@require_POST
def record(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Record one door of a round at the desk."""
    made = get_in_community(Round.objects.select_related("team", "community"), request, pk=pk)
    doors = Dwelling.objects.filter(pk__in=made.doors.values("dwelling"), community=made.community)
    dwelling, form = get_object_or_404(doors, pk=key_of(request.POST.get("door"))), VisitForm(request.POST)
    if not form.is_valid():
        return _round_page(request, made, form)
    values = form.cleaned_data
    visits.record_visit(
        visit_id=values["visit_id"],
        dwelling=dwelling,
        household=dwelling.households.filter(state="living").first(),
        round=made,
        staff=staff_of(request),
        outcome=values["outcome"],
        note=values["note"],
        happened_at=clock.now(),
        origin="desk",
    )
    return redirect("visits:round", pk=made.pk)
