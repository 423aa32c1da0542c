"""Sweeps: begun, looked at, ended, and a household's answers typed in."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from qiaomen.calls.actions import sweeps
from qiaomen.calls.forms import SweepForm, read_answers
from qiaomen.calls.models import Sweep
from qiaomen.calls.problems import SweepUnclear
from qiaomen.calls.selectors.sweep_pages import sweep_page, sweeps_of
from qiaomen.calls.selectors.sweeps import DECLINED, homes_in, topics
from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.office import disclosure
from qiaomen.office.access import community_of, get_in_community, staff_of


@require_http_methods(["GET", "POST"])
def show_sweeps(request: HttpRequest) -> HttpResponse:
    """List the sweeps with their three figures; a POST begins one."""
    community, staff = community_of(request), staff_of(request)
    form = SweepForm(community, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = sweeps.begin_sweep(community=community, actor=staff, **form.cleaned_data)
            return redirect("calls:sweep", pk=made.pk)
        except Problem as problem:
            form.add_error(None, problem.in_full())
    return render(request, "calls/sweeps.html", {"sweeps": sweeps_of(community, clock.today()), "form": form})


@require_http_methods(["GET", "POST"])
def show_sweep(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one sweep: what it asks, its figures, the doors that are left; a POST takes one household's answers in."""
    sweep = get_in_community(Sweep.objects.select_related("community", "compound"), request, pk=pk)
    if request.method == "POST":
        return _take(request, sweep)
    return _sweep_page(request, sweep)


def _sweep_page(request: HttpRequest, sweep: Sweep, **more: Any) -> HttpResponse:
    context = sweep_page(sweep, clock.today())
    disclosure.show_names(
        viewer=staff_of(request),
        community=sweep.community,
        page="calls:sweep",
        people=[row["household"].pk for row in context["left_rows"]],
    )
    return render(request, "calls/sweep.html", {**context, **more})


def _take(request: HttpRequest, sweep: Sweep) -> HttpResponse:
    if not request.POST.get("household"):
        return _sweep_page(request, sweep)
    known = topics()
    homes = homes_in(sweep, clock.today()).select_related("community")
    household = get_in_community(homes, request, pk=_key(request.POST.get("household", "")))
    answers: dict[tuple[uuid.UUID, str], Any] = {}
    for (person, code), value in read_answers(request.POST).items():
        try:
            answers[person, code] = None if value == DECLINED else known[code].read(value)
        except (KeyError, ValueError) as error:
            raise SweepUnclear() from error
    if not answers:
        return _sweep_page(request, sweep, empty=household.pk)
    way = "phone" if request.POST.get("way") == "phone" else "desk"
    sweeps.take_answers(sweep=sweep, household=household, answers=answers, way=way, actor=staff_of(request))
    return redirect("calls:sweep", pk=sweep.pk)


def _key(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)


@require_POST
def end_sweep(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End a sweep before its day."""
    sweeps.end_sweep(sweep=get_in_community(Sweep.objects.all(), request, pk=pk), actor=staff_of(request))
    return redirect("calls:sweep", pk=pk)
