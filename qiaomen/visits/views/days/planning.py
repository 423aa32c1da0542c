"""The days: teams with their hours, leave, what is due, rounds dealt, dealt anew, shared and cancelled."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.groups.models import CareGroup
from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.office import disclosure
from qiaomen.office.access import community_of, get_in_community, staff_of
from qiaomen.office.form_words import ask_why
from qiaomen.office.models import Organisation, Staff
from qiaomen.visits.actions import due, round_plan, visits, wishes
from qiaomen.visits.actions import rounds as rounds_of_day
from qiaomen.visits.forms import WEEKDAYS, LeaveForm, TeamForm, TimesForm
from qiaomen.visits.models import Leave, Round, Team
from qiaomen.visits.problems import CadenceOutOfRange
from qiaomen.visits.selectors import round_pages, worklist
from qiaomen.visits.selectors.teams import weeks
from qiaomen.visits.selectors.teams.leave import walkers_on


@require_GET
def show_rounds(request: HttpRequest) -> HttpResponse:
    """List the rounds, tell of the week of ?week=2026-11-20 (this one), and let a round be dealt to each team."""
    community, day = community_of(request), _day(request.GET.get("week", ""))
    return render(request, "visits/rounds.html", _rounds_page(community, staff_of(request), day))


FIRST_WEEK = date(2000, 1, 3)
"""No round was walked before; the week before the first of the calendar does not exist."""


def _day(text: str) -> date:
    """Return the day an address names, today for anything else."""
    try:
        return min(max(date.fromisoformat(text), FIRST_WEEK), clock.today() + timedelta(days=7))
    except ValueError:
        return clock.today()


def _rounds_page(community: Organisation, staff: Staff, day: date | None = None, **sent: Any) -> dict[str, Any]:
    """Return the page of rounds; `sent`: forms that are not right yet, those of `times` by team."""
    today, times = clock.today(), sent.pop("times", {})
    away = Leave.objects.filter(community=community, to_date__gte=today).select_related("staff", "cover")
    return {
        "rounds": round_pages.rounds_of(community),
        "teams": [
            {"team": team, "form": times.get(team.pk) or _times_form(team), "days": _days(team)}
            for team in _teams(community)
        ],
        "form": TeamForm(community, auto_id="team_%s"),
        "leave_form": LeaveForm(community),
        **sent,
        "away": away.order_by("from_date", "pk"),
        "week": weeks.week_of(community, day or today),
        "unmet": round_pages.agreed_and_in_no_round(community),
        "late": len(worklist.late_doors(community, today)),
        "bound": weeks.bound_of(community) if staff.role == "head" else None,
        "days": [today + timedelta(days=n) for n in range(8)],
    }


def _teams(community: Organisation) -> list[Team]:
    return list(Team.objects.filter(community=community).prefetch_related("members").order_by("name"))


def _times(team: Team) -> dict[str, Any]:
    return {"weekdays": team.weekdays, "starts_at": team.starts_at, "minutes": team.minutes}


def _times_form(team: Team, sent: Any = None) -> TimesForm:
    return TimesForm(sent, initial=_times(team), auto_id=f"id_{team.pk.hex[:8]}_%s")


def _days(team: Team) -> list[Any]:
    return [title for day, title in WEEKDAYS if day in team.weekdays]


@require_POST
def set_times(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Set when a team goes out."""
    team, actor = get_in_community(Team.objects.select_related("community"), request, pk=pk), staff_of(request)
    form = _times_form(team, request.POST)
    if not form.is_valid():
        return render(request, "visits/rounds.html", _rounds_page(team.community, actor, times={team.pk: form}))
    visits.set_times(team=team, actor=actor, **form.cleaned_data)
    return redirect("visits:rounds")


@require_POST
def note_leave(request: HttpRequest) -> HttpResponse:
    """Note who is away and who walks instead."""
    community, staff = community_of(request), staff_of(request)
    form = LeaveForm(community, request.POST)
    if form.is_valid():
        try:
            wishes.note_leave(community=community, actor=staff, **form.cleaned_data)
        except Problem as problem:
            form.add_error(None, problem.in_full())
    if form.errors:
        return render(request, "visits/rounds.html", _rounds_page(community, staff, leave_form=form))
    return redirect("visits:rounds")


@require_POST
def end_leave(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a leave back."""
    wishes.end_leave(leave=get_in_community(Leave.objects.all(), request, pk=pk), actor=staff_of(request))
    return redirect("visits:rounds")


@require_GET
def show_due(request: HttpRequest) -> HttpResponse:
    """List what is due at the door, by telephone, and for the desk to think about; ?late=1: only what is late."""
    community = community_of(request)
    due.keep_current(community)
    found = worklist.due_lists(community, late_only=bool(request.GET.get("late")))
    rows = [row for listed in found["lists"].values() for row in listed]
    disclosure.show_names(
        viewer=staff_of(request),
        community=community_of(request),
        page="visits:due",
        people=[row["household"].pk for row in rows if row["household"]],
    )
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
    cause = ask_why(
        request,
        title=_("取消这一轮"),
        words=[_("户门排到下一轮，不记到任何人名下；已经记下的走访都留着。"), _("要再走，同一天可以重新安排一轮。")],
        button=_("取消这一轮"),
        back=reverse("visits:round", args=[made.pk]),
        name="cause",
    )
    if isinstance(cause, HttpResponse):
        return cause
    rounds_of_day.cancel_round(round=made, cause=cause, actor=staff_of(request))
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


@require_POST
def make_team(request: HttpRequest) -> HttpResponse:
    """Make a knock team."""
    community, actor = community_of(request), staff_of(request)
    form = TeamForm(community, request.POST, auto_id="team_%s")
    if not form.is_valid():
        return render(request, "visits/rounds.html", _rounds_page(community, actor, form=form))
    visits.make_team(community=community, actor=actor, **form.cleaned_data)
    return redirect("visits:rounds")


@require_POST
def plan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Deal a team's round of today or of a day of the coming week."""
    team, actor = get_in_community(Team.objects.select_related("community"), request, pk=pk), staff_of(request)
    days = {(clock.today() + timedelta(days=n)).isoformat(): clock.today() + timedelta(days=n) for n in range(8)}
    made = visits.plan_round(team=team, day=days.get(request.POST.get("day", ""), clock.today()), actor=actor)
    return redirect("visits:round", pk=made.pk)
