"""The week on one page: what each team walks on each day, a stairwell moved, a day called off, the rest dealt anew."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.office.access import community_of, get_in_community, staff_of
from qiaomen.office.models import Organisation
from qiaomen.register.models import Dwelling
from qiaomen.visits import problems
from qiaomen.visits.actions.weeks import stairwells
from qiaomen.visits.forms import StairwellForm
from qiaomen.visits.models import Round, Team
from qiaomen.visits.selectors.teams.week_page import stairs_label, stairs_named, week_page

WHY = {
    "agreed": problems.AGREED_THEN,
    "hours": problems.HOURS_LOST,
    "paired": problems.NOT_PAIRED,
    "promised": problems.PROMISED_BEFORE,
    "wished": problems.NOT_WELCOME,
}
"""Why a door stays where it is when its stairwell is moved, as the address of the page says it."""
FIRST_WEEK, AHEAD_DAYS = date(2000, 1, 3), 28


@require_GET
def show_week(request: HttpRequest) -> HttpResponse:
    """Show the week of ?week=2026-12-03 (this one)."""
    community = community_of(request)
    page = week_page(community, _day(request.GET.get("week", "")))
    return render(request, "visits/week.html", _context(request, page))


def _day(text: str) -> date:
    """Return the day an address names, today for anything else."""
    try:
        return min(max(date.fromisoformat(text), FIRST_WEEK), clock.today() + timedelta(days=AHEAD_DAYS))
    except ValueError:
        return clock.today()


def _context(request: HttpRequest, page: dict[str, Any], form: StairwellForm | None = None) -> dict[str, Any]:
    staff = staff_of(request)
    return {
        **page,
        "form": form or _form(page),
        "may_move": staff.role in {"head", "worker"} and page["may_change"],
        "may_call_off": staff.role == "head",
        "today": clock.today(),
        "moved": request.GET.get("moved", ""),
        "stay": request.GET.get("stay", ""),
        "why": _("；").join(str(WHY[name]) for name in request.GET.get("why", "").split(",") if name in WHY),
    }


def _form(page: dict[str, Any], sent: Any = None) -> StairwellForm:
    walks = [(str(made.pk), _say_slot(made.day, made.team.name)) for made in page["walks"]]
    slots = [(cell.slot, _say_slot(cell.day, cell.team.name)) for cell in page["slots"]]
    return StairwellForm(walks, slots, sent, auto_id="move_%s")


def _say_slot(day: date, team: str) -> str:
    weekday = [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")][day.weekday()]
    return f"{weekday} {day.month}-{day.day} · {team}"


@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """Move a stairwell, named as on the page (or dragged: its key), to a team and a day."""
    community, day = community_of(request), _day(request.GET.get("week", ""))
    page = week_page(community, day)
    form = _form(page, request.POST)
    if form.is_valid():
        values = form.cleaned_data
        entrance = stairs_named(page, values["stairs"], values["walk"])
        if entrance is None:
            form.add_error("stairs", _("这一周的安排里没有这个楼道；请照页上的写法写，例如 3-1。"))
        else:
            try:
                return _moved(request, community, entrance, values["walk"], values["to"])
            except Problem as problem:
                form.add_error(None, problem.in_full())
    return render(request, "visits/week.html", _context(request, page, form))


def _moved(request: HttpRequest, community: Organisation, entrance: UUID, walk: str, to: str) -> HttpResponse:
    on, _slash, key = to.partition("/")
    team = get_in_community(Team.objects.select_related("community"), request, pk=UUID(key))
    made = get_in_community(Round.objects.all(), request, pk=UUID(walk)) if walk else None
    done = stairwells.move_stairwell(
        entrance=entrance, team=team, day=date.fromisoformat(on), actor=staff_of(request), walk=made
    )
    why = {name for name, words in WHY.items() for _row, said in done.left if said == str(words)}
    stay = f"&stay={len(done.left)}&why={','.join(sorted(why))}" if done.left else ""
    return redirect(f"{reverse('visits:week')}?week={on}&moved={done.doors}{stay}")


@require_http_methods(["GET", "POST"])
def deal(request: HttpRequest) -> HttpResponse:
    """Show what dealing the rest of a week anew would change; a POST does it."""
    community, day = community_of(request), _day(request.GET.get("week", ""))
    monday = day - timedelta(days=day.weekday())
    if request.method == "POST":
        stairwells.deal_week(community=community, monday=monday, actor=staff_of(request))
        return redirect(f"{reverse('visits:week')}?week={day.isoformat()}")
    dealt = stairwells.preview_week(community, monday)
    return render(request, "visits/deal_week.html", {"rows": _changes(dealt), "monday": monday})


def _changes(dealt: stairwells.WeekDealt) -> list[dict[str, Any]]:
    """Return per round what would come and go, stairwell by stairwell."""
    found = []
    for day, teams, plan in dealt.days:
        for team in teams:
            standing = Round.objects.filter(team=team, day=day).exclude(state="cancelled").first()
            now = set(standing.doors.planned().values_list("dwelling", flat=True)) if standing else set()
            new = {door for door, minute, _must in plan.doors.get(team.pk, []) if minute is not None}
            found.append(
                {
                    "day": day,
                    "team": team,
                    "doors": len(new),
                    "come": _by_stairs(new - now),
                    "go": _by_stairs(now - new),
                }
            )
    return found


def _by_stairs(doors: set[UUID]) -> list[tuple[str, int]]:
    labels = Dwelling.objects.filter(pk__in=doors).order_by("walk_order").values_list("door_label", flat=True)
    found: dict[str, int] = {}
    for label in labels:
        found[stairs_label(label)] = found.get(stairs_label(label), 0) + 1
    return list(found.items())


@require_POST
def call_off(request: HttpRequest) -> HttpResponse:
    """Call a whole day off with its cause."""
    day = _day(request.POST.get("day", ""))
    stairwells.call_off_day(
        community=community_of(request), day=day, cause=request.POST.get("cause", ""), actor=staff_of(request)
    )
    return redirect(f"{reverse('visits:week')}?week={day.isoformat()}")
