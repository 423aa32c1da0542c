"""One round: its page, what was found at its doors, typed in or from paper."""

import uuid

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.kernel import clock
from qiaomen.kernel.lines import asked_at_door, by_household, lines_of, said_at_door
from qiaomen.kernel.problems import Problem
from qiaomen.office import disclosure, jobs
from qiaomen.office.access import community_of, get_in_community, key_of, safe_next, staff_of
from qiaomen.register.models import Dwelling
from qiaomen.visits.actions import visits, wishes
from qiaomen.visits.actions.brought import sheets
from qiaomen.visits.forms import CorrectVisitForm, VisitForm
from qiaomen.visits.models import Round, Visit
from qiaomen.visits.problems import HoursNotYours, NotYours, SheetNotYours, VisitTakenBack
from qiaomen.visits.rules.vocabulary import OUTCOMES
from qiaomen.visits.selectors import labels, round_pages
from qiaomen.visits.selectors.teams.leave import leaves_on, walkers_on

MORE_LINES = 3
"""Empty lines of the keyed sheet for doors that stand on paper and no longer in the round."""


@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Key in a walked paper sheet: a line for each door, all at once, marked as paper."""
    made = get_in_community(Round.objects.select_related("team", "community"), request, pk=pk)
    sheets.check_sheet(made, staff_of(request))
    lines, wrong = _lines(request.POST), ""
    if request.method == "POST":
        try:
            keyed = sheets.key_in_sheet(made=made, actor=staff_of(request), lines=lines)
            return redirect(f"{reverse('visits:round', args=[made.pk])}?keyed={keyed}")
        except Problem as problem:
            wrong = problem.in_full()
    doors = round_pages.round_list(made)
    disclosure.show_names(
        viewer=staff_of(request),
        community=community_of(request),
        page="visits:paper",
        people=[item["household"].pk for item in doors if item["household"]],
    )
    entries = {line.code: line._asdict() for line in lines}
    for item in doors:
        item["entry"] = entries.pop(item["code"], None)
    more = [*entries.values(), *[{} for _ in range(MORE_LINES)]]
    context = {
        "round": made,
        "doors": doors,
        "more": more[: max(MORE_LINES, len(entries))],
        "wrong": wrong,
        "may_agree": staff_of(request).role in disclosure.READERS,
        "outcomes": [(code, labels.outcome_title(code)) for code in OUTCOMES],
    }
    return render(request, "visits/paper.html", context)


def _lines(posted: QueryDict) -> list[sheets.SheetLine]:
    """Return the lines of a keyed sheet; lines without a code are nothing."""
    codes, *told = (posted.getlist(name) for name in ("code", "outcome", "note"))
    hours = (posted.getlist(name) or [""] * len(codes) for name in ("day", "start", "end"))
    rows = zip(codes, *told, *hours, strict=False)
    return [sheets.SheetLine(code.strip(), *rest) for code, *rest in rows if code.strip()]


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
    done = key_of(request.GET["done"]) if request.GET.get("done") else None
    for door in doors:
        visit = door["visit"]
        door["may_change"] = visit is not None and visits.may_change(visit, staff_of(request))
        door["done"] = done is not None and door["door"].dwelling_id == done
        door["visit_id"], door["sent"] = uuid.uuid4(), str(door["door"].dwelling_id) == form["door"].value()
        door["why_today"] = why[door["door"].dwelling_id]
        lines = said.get(door["household"].pk, []) if door["household"] else []
        door["say"], door["ask"] = said_at_door(lines), asked_at_door(lines)
    keyed, planned = request.GET.get("keyed", ""), sum(not item["spare"] for item in doors)
    context = {
        "round": made,
        "keyed": keyed if keyed.isdecimal() and len(keyed) < 4 else "",
        "asked_on_paper": labels.PAPER_QUESTIONS,
        "undone": request.GET.get("what") == "undone",
        "past": made.day < clock.today(),
        "may_agree": staff_of(request).role in disclosure.READERS,
        "may_write": _may_write(request, made),
        "bettering": made.hasty and jobs.under_way(made.pk) is not None,
        "doors": doors,
        "planned": planned,
        "spare": len(doors) - planned,
        "form": form,
        "walkers": walkers_on(made.team, made.day),
        "musts": sum(item["door"].must for item in doors),
        "away": [
            leave for key, leave in leaves_on(made.community, made.day).items() if made.team.members.filter(pk=key)
        ],
    }
    return render(request, "visits/round.html", context)


def _may_write(request: HttpRequest, made: Round) -> bool:
    try:
        sheets.check_sheet(made, staff_of(request))
    except SheetNotYours:
        return False
    return True


@require_POST
def record(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Record one door of a round at the desk."""
    made = get_in_community(Round.objects.select_related("team", "community"), request, pk=pk)
    sheets.check_sheet(made, staff_of(request))
    doors = Dwelling.objects.filter(pk__in=made.doors.values("dwelling"), community=made.community)
    dwelling, form = get_object_or_404(doors, pk=key_of(request.POST.get("door"))), VisitForm(request.POST)
    if form.is_valid() and form.cleaned_data["day"] and staff_of(request).role not in disclosure.READERS:
        form.add_error("note", HoursNotYours().in_full())
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
    home = dwelling.households.filter(state="living").first()
    if values["day"] and home is not None:
        hours = (values["start"], values["end"])
        key = values["visit_id"]
        wishes.agree_hours(household=home, key=key, day=values["day"], hours=hours, actor=staff_of(request))
    return redirect(_at_row(made, dwelling.pk))


def _at_row(made: Round, door: uuid.UUID, what: str = "done") -> str:
    """Return the address of a door's row in a round, which says there what was done."""
    return f"{reverse('visits:round', args=[made.pk])}?done={door}&what={what}#door-{door}"


def _back(visit: Visit, what: str = "done") -> str:
    """Return where a visit is shown: its row in the round, else the household's visits."""
    if visit.round is not None:
        return _at_row(visit.round, visit.dwelling_id, what)
    if visit.household_id is not None:
        return reverse("visits:history", args=[visit.household_id])
    return reverse("visits:rounds")


def _visit(request: HttpRequest, pk: uuid.UUID) -> Visit:
    """Return a visit, also one that was taken back. Raises Http404, NotYours."""
    rows = Visit.everything.select_related("household", "round", "community", "staff", "dwelling")
    visit = get_in_community(rows, request, pk=pk)
    if not visits.may_change(visit, staff_of(request)):
        raise NotYours()
    return visit


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put right what a visit says, with the reason."""
    visit = _visit(request, pk)
    if visit.taken_back_at is not None:
        raise VisitTakenBack()
    form = CorrectVisitForm(request.POST or None, initial={"outcome": visit.outcome, "note": visit.note})
    if request.method == "POST" and form.is_valid():
        visits.correct_visit(visit=visit, actor=staff_of(request), **form.cleaned_data)
        return redirect(safe_next(request, _back(visit)))
    if visit.household is not None:
        visits.note_look(household=visit.household, actor=staff_of(request))
    context = {"visit": visit, "form": form, "next": safe_next(request, _back(visit))}
    return render(request, "visits/correct.html", context)


@require_POST
def take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a visit back: its door is due again and can be recorded anew. Pressed twice it is once."""
    visit = _visit(request, pk)
    visits.take_back_at_desk(visit=visit, actor=staff_of(request))
    return redirect(safe_next(request, _back(visit, "undone")))
