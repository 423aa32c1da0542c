"""What is promised: the head sees what the hours can keep while choosing, and promises that."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.office.access import community_of, staff_of
from qiaomen.office.models import Organisation
from qiaomen.visits.actions import due
from qiaomen.visits.actions.weeks import promise
from qiaomen.visits.forms import PromiseForm
from qiaomen.visits.problems import MinutesOutOfRange
from qiaomen.visits.selectors.teams import promise_page as pages
from qiaomen.visits.selectors.teams.minutes import minutes_rows
from qiaomen.visits.selectors.teams.promise import World, promises_of, standing_promise, world_of

CHOSEN = ("cadence", "unseen")
"""The kinds of visit whose minutes are chosen beside the promise."""


@require_http_methods(["GET", "POST"])
def show_promise(request: HttpRequest) -> HttpResponse:
    """Show what the hours can keep of some terms (?start=first, or the form's own fields); a POST of the head promises
    them.
    """
    community, staff = community_of(request), staff_of(request)
    due.keep_current(community)
    world = world_of(community)
    if request.method == "POST":
        form = PromiseForm(pages.tier_titles(), request.POST)
        if form.is_valid() and _promise(request, community, world, form):
            return redirect("visits:promise")
    else:
        form = _asked(request, world, community)
    standing = standing_promise(community, clock.today())
    context = {
        "form": form,
        "effect": (effect := _effect(form, world)),
        "asks": bool(world.teams and effect) or bool(request.method == "POST" and form.errors),
        "standing": standing,
        "standing_words": pages.terms_in_words(standing.terms) if standing else "",
        "question": pages.question_of_office(community),
        "past": [{"made": made, "words": pages.terms_in_words(made.terms)} for made in promises_of(community)],
        "minutes": minutes_rows(world.minutes),
        "may_promise": staff.role == "head",
        "teams": world.teams,
        "doors": sum(world.doors.values()),
    }
    return render(request, "visits/promise.html", context)


@require_GET
def show_effect(request: HttpRequest) -> HttpResponse:
    """Show the effect alone, while the numbers are moved."""
    community = community_of(request)
    world = world_of(community)
    form = PromiseForm(pages.tier_titles(), request.GET)
    return render(request, "visits/promise_effect.html", {"effect": _effect(form, world), "form": form})


def _asked(request: HttpRequest, world: World, community: Organisation) -> PromiseForm:
    titles = pages.tier_titles()
    if "from_date" in request.GET:
        return PromiseForm(titles, request.GET)
    standing, start = standing_promise(community, clock.today()), request.GET.get("start", "")
    terms = standing.terms if standing and start not in pages.STARTS else pages.started(world, start)
    first: dict[str, Any] = {
        "hours": pages.say_hours(world.weekly_minutes / 60),
        "from_date": clock.today().isoformat(),
        **{f"minutes_{kind}": world.minutes.of(kind) for kind in CHOSEN},
    }
    for code, term in terms.items():
        first |= {f"days_{code}": term.get("days"), f"door_{code}": term.get("door_days")}
    return PromiseForm(titles, {name: "" if value is None else value for name, value in first.items()})


def _effect(form: PromiseForm, world: World) -> dict[str, Any] | None:
    """Return the effect of what the form says; of a form that is not right yet, of what can be read of it."""
    form.is_valid()
    values = form.cleaned_data
    changed = pages.with_choices(world, values.get("hours"), {kind: values.get(f"minutes_{kind}") for kind in CHOSEN})
    return pages.effect_of(changed, _terms(form, world), clock.today()) if world.codes else None


def _terms(form: PromiseForm, world: World) -> dict[str, dict[str, Any]]:
    """Return what the form says of each tier; of one without doors that was left empty nobody decided anything."""
    values = form.cleaned_data
    said = {code: {"days": values.get(f"days_{code}"), "door_days": values.get(f"door_{code}")} for code in form.tiers}
    return {code: term for code, term in said.items() if term["days"] or code in world.codes}


def _promise(request: HttpRequest, community: Organisation, world: World, form: PromiseForm) -> bool:
    """Promise what the form says, with the hours and minutes chosen beside it; say on the form what is refused."""
    values = form.cleaned_data
    wrote = {kind: values.get(f"minutes_{kind}") for kind in CHOSEN}
    changed = {kind: n for kind, n in wrote.items() if n is not None and n != world.minutes.of(kind)}
    hours = values.get("hours")
    if hours is not None and pages.say_hours(hours) == pages.say_hours(world.weekly_minutes / 60):
        hours = None
    try:
        promise.choose(
            community=community,
            terms=_terms(form, world),
            from_date=values["from_date"],
            weekly_hours=hours,
            minutes=changed,
            actor=staff_of(request),
        )
    except Problem as problem:
        form.add_error(None, problem.in_full())
        return False
    return True


@require_POST
def set_minutes(request: HttpRequest) -> HttpResponse:
    """Write how long a kind of visit takes; nothing written: as learnt."""
    text = request.POST.get("minutes", "").strip()
    try:
        minutes = float(text) if text else None
    except ValueError as error:
        raise MinutesOutOfRange() from error
    promise.set_minutes(
        community=community_of(request),
        kind=request.POST.get("kind", ""),
        floors=request.POST.get("floors", ""),
        minutes=minutes,
        actor=staff_of(request),
    )
    return redirect("visits:promise")
