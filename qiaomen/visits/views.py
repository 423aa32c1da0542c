"""Pages of rounds: planning today's, walking down the list, the building with its marks."""

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.groups.actions import memberships
from qiaomen.groups.models import CareGroup
from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.office import disclosure
from qiaomen.office.access import community_of, get_in_community, may_see_child, staff_of
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Building, Dwelling, Household
from qiaomen.register.selectors.elevation import elevation_of
from qiaomen.visits.actions import due, round_plan, visits, wishes
from qiaomen.visits.actions import rounds as rounds_of_day
from qiaomen.visits.forms import WEEKDAYS, LeaveForm, PauseForm, TeamForm, TimesForm, VisitForm, WishForm
from qiaomen.visits.models import Leave, Pause, Round, Team, VisitPhoto, VisitWish
from qiaomen.visits.problems import CadenceOutOfRange
from qiaomen.visits.rules.vocabulary import OUTCOMES
from qiaomen.visits.selectors import door_states, labels, round_pages, weeks, worklist
from qiaomen.visits.selectors.leave import leaves_on, walkers_on

MORE_LINES = 3
"""Empty lines of the keyed sheet for doors that stand on paper and no longer in the round."""


@require_GET
def show_rounds(request: HttpRequest) -> HttpResponse:
    """List the rounds, tell of the week of ?week=2026-11-20 (this one), and let a round be dealt to each team."""
    community, day = community_of(request), _day(request.GET.get("week", ""))
    return render(request, "visits/rounds.html", _rounds_page(community, staff_of(request), LeaveForm(community), day))


FIRST_WEEK = date(2000, 1, 3)
"""No round was walked before; the week before the first of the calendar does not exist."""


def _day(text: str) -> date:
    """Return the day an address names, today for anything else."""
    try:
        return min(max(date.fromisoformat(text), FIRST_WEEK), clock.today() + timedelta(days=7))
    except ValueError:
        return clock.today()


def _rounds_page(
    community: Organisation, staff: Staff, leave_form: LeaveForm, day: date | None = None
) -> dict[str, Any]:
    today = clock.today()
    away = Leave.objects.filter(community=community, to_date__gte=today).select_related("staff", "cover")
    return {
        "rounds": round_pages.rounds_of(community),
        "teams": [
            {"team": team, "form": TimesForm(initial=_times(team)), "days": _days(team)} for team in _teams(community)
        ],
        "form": TeamForm(community),
        "leave_form": leave_form,
        "away": away.order_by("from_date", "pk"),
        "week": weeks.week_of(community, day or today),
        "late": len(worklist.late_doors(community, today)),
        "bound": weeks.bound_of(community) if staff.role == "head" else None,
        "days": [today + timedelta(days=n) for n in range(8)],
    }


def _teams(community: Organisation) -> list[Team]:
    return list(Team.objects.filter(community=community).prefetch_related("members").order_by("name"))


def _times(team: Team) -> dict[str, Any]:
    return {"weekdays": team.weekdays, "starts_at": team.starts_at, "minutes": team.minutes}


def _days(team: Team) -> list[Any]:
    return [title for day, title in WEEKDAYS if day in team.weekdays]


@require_POST
def set_times(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Set when a team goes out."""
    team, form = get_in_community(Team.objects.all(), request, pk=pk), TimesForm(request.POST)
    if form.is_valid():
        visits.set_times(team=team, actor=staff_of(request), **form.cleaned_data)
    return redirect("visits:rounds")


@require_POST
def note_leave(request: HttpRequest) -> HttpResponse:
    """Note who is away and who walks instead."""
    community, staff = community_of(request), staff_of(request)
    form = LeaveForm(community, request.POST)
    if form.is_valid():
        try:
            wishes.note_leave(actor=staff, **form.cleaned_data)
        except Problem as problem:
            form.add_error(None, problem.in_full())
    if form.errors:
        return render(request, "visits/rounds.html", _rounds_page(community, staff, form))
    return redirect("visits:rounds")


@require_POST
def end_leave(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a leave back."""
    wishes.end_leave(leave=get_in_community(Leave.objects.all(), request, pk=pk), actor=staff_of(request))
    return redirect("visits:rounds")


@require_GET
def show_due(request: HttpRequest) -> HttpResponse:
    """List what is due at the door, by telephone, and for the desk to think about; ?late=1: only what is late."""
    community, children = community_of(request), may_see_child(request.user)
    due.keep_current(community)
    found = worklist.due_lists(community, with_children=children, late_only=bool(request.GET.get("late")))
    rows = [row for listed in found["lists"].values() for row in listed]
    _named(request, "visits:due", [row["household"].pk for row in rows if row["household"]])
    return render(request, "visits/due.html", {**found, "cadences": worklist.cadences_of(community)})


@require_POST
def set_cadence(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Set how often the office sees a care group; nothing written: as the tier says."""
    group, days = get_in_community(CareGroup.objects.all(), request, pk=pk), request.POST.get("every_days", "").strip()
    if days and not (days.isascii() and days.isdigit()):
        raise CadenceOutOfRange()
    due.set_cadence(group=group, every_days=int(days) if days else None, actor=staff_of(request))
    return redirect("visits:due")


@require_POST
def cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Cancel a round with its cause."""
    made = get_in_community(Round.objects.all(), request, pk=pk)
    rounds_of_day.cancel_round(round=made, cause=request.POST.get("cause", ""), actor=staff_of(request))
    return redirect("visits:rounds")


@require_http_methods(["GET", "POST"])
def deal_anew(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show what dealing a round anew would change; a POST does it."""
    made = get_in_community(Round.objects.select_related("team", "community"), request, pk=pk)
    if request.method == "POST":
        rounds_of_day.deal_anew(round=made, actor=staff_of(request))
        return redirect("visits:round", pk=made.pk)
    dealt = round_plan.preview(made)
    return render(request, "visits/deal.html", {"round": made, **round_plan.compare_deal(made, dealt)})


@require_POST
def share(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Share a round between walkers, staircase by staircase; nobody chosen: everybody's again."""
    made = get_in_community(Round.objects.select_related("team"), request, pk=pk)
    chosen = set(request.POST.getlist("walker"))
    walkers = [walker for walker in walkers_on(made.team, made.day) if str(walker.pk) in chosen]
    rounds_of_day.share_round(round=made, walkers=walkers, actor=staff_of(request))
    return redirect("visits:round", pk=made.pk)


@require_GET
def show_wish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show how a household wants to be visited, whether it is away, and what was and is due at its door."""
    household = _household(request, pk)
    standing = VisitWish.objects.filter(household=household, ended_at=None).first()
    now = {name: getattr(standing, name) for name in WishForm.base_fields} if standing else {}
    return render(
        request, "visits/wish.html", _wish_page(request, household, WishForm(household.community, initial=now))
    )


def _named(request: HttpRequest, page: str, homes: Iterable[uuid.UUID]) -> None:
    """Write whose names a page shows."""
    disclosure.show_names(viewer=staff_of(request), community=community_of(request), page=page, people=homes)


def _household(request: HttpRequest, pk: uuid.UUID) -> Household:
    return get_in_community(Household.objects.select_related("dwelling", "community"), request, pk=pk)


def _wish_page(
    request: HttpRequest, household: Household, form: WishForm, pause_form: PauseForm | None = None
) -> dict[str, Any]:
    due.keep_current(household.community)
    _named(request, "visits:wish", [household.pk])
    children = may_see_child(request.user)
    return {
        "household": household,
        "form": form,
        "pause_form": pause_form or PauseForm(),
        "paused": Pause.objects.filter(household=household, ended_at=None, until__gt=clock.today()).first(),
        "past": worklist.past_of(household.dwelling_id, with_children=children) if household.dwelling_id else [],
    }


@require_POST
def note_wish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note how a household wants to be visited."""
    household = _household(request, pk)
    form = WishForm(household.community, request.POST)
    if form.is_valid():
        try:
            wishes.note_wish(household=household, actor=staff_of(request), **form.cleaned_data)
        except Problem as problem:
            form.add_error(None, problem.in_full())
    if form.errors:
        return render(request, "visits/wish.html", _wish_page(request, household, form))
    return redirect("visits:wish", pk=pk)


@require_POST
def pause(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Leave a household alone until a day; `resume` ends it now."""
    household, form = _household(request, pk), PauseForm(request.POST)
    if "resume" in request.POST:
        wishes.pause(household=household, until=None, reason="", actor=staff_of(request))
        return redirect("visits:wish", pk=pk)
    if form.is_valid():
        try:
            wishes.pause(household=household, actor=staff_of(request), **form.cleaned_data)
            return redirect("visits:wish", pk=pk)
        except Problem as problem:
            form.add_error(None, problem.in_full())
    return render(request, "visits/wish.html", _wish_page(request, household, WishForm(household.community), form))


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
    doors = round_pages.round_list(made, staff_of(request))
    _named(request, "visits:paper", [item["household"].pk for item in doors if item["household"]])
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


@require_POST
def make_team(request: HttpRequest) -> HttpResponse:
    """Make a knock team."""
    community, actor = community_of(request), staff_of(request)
    form = TeamForm(community, request.POST)
    if form.is_valid():
        values = form.cleaned_data
        visits.make_team(community=community, name=values["name"], members=values["members"], actor=actor)
    return redirect("visits:rounds")


@require_POST
def plan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Deal a team's round of today or of a day of the coming week."""
    team, actor = get_in_community(Team.objects.select_related("community"), request, pk=pk), staff_of(request)
    days = {(clock.today() + timedelta(days=n)).isoformat(): clock.today() + timedelta(days=n) for n in range(8)}
    made = visits.plan_round(team=team, day=days.get(request.POST.get("day", ""), clock.today()), actor=actor)
    return redirect("visits:round", pk=made.pk)


@require_GET
def show_round(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the doors of a round in walking order; it prints as a walk sheet."""
    made = get_in_community(Round.objects.select_related("team", "community"), request, pk=pk)
    doors = round_pages.round_list(made, staff_of(request))
    disclosure.look(
        community=made.community,
        actor=staff_of(request),
        code="visits.round-looked",
        subject=made,
        fields=["name"],
        people=[door["household"].pk for door in doors if door["household"]],
    )
    for door in doors:
        door["visit_id"] = uuid.uuid4()
    context = {
        "round": made,
        "past": made.day < clock.today(),
        "doors": doors,
        "form": VisitForm(),
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
    made, form = get_in_community(Round.objects.all(), request, pk=pk), VisitForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        doors = Dwelling.objects.filter(pk__in=made.doors.values("dwelling"), community=made.community)
        dwelling = get_object_or_404(doors, pk=values["door"])
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
    doors = list(Dwelling.objects.filter(entrance__building=building).values_list("pk", flat=True))
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


@require_GET
def show_history(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show every visit to a household with what was said; the look is in the ledger."""
    household, actor = get_in_community(Household.objects.select_related("dwelling"), request, pk=pk), staff_of(request)
    visits.note_look(household=household, actor=actor)
    return render(request, "visits/history.html", {"household": household, "visits": round_pages.history_of(household)})


@require_GET
def show_photo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send one picture."""
    photo, actor = get_in_community(VisitPhoto.objects.select_related("visit"), request, pk=pk), staff_of(request)
    picture = visits.open_photo(photo=photo, actor=actor)
    return HttpResponse(picture, content_type="image/jpeg", headers={"Cache-Control": "no-store"})
