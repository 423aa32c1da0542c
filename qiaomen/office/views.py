"""Signing in and out, choosing a language, and the ledger page."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.office import actions, disclosure, sign_in
from qiaomen.office.access import communities_under, community_of, safe_next, staff_in, staff_of
from qiaomen.office.accounts import sessions
from qiaomen.office.form_words import ask_sure
from qiaomen.office.forms import LoginForm
from qiaomen.office.handover import acts as handover
from qiaomen.office.ledger import pages
from qiaomen.office.middleware import forget_pages
from qiaomen.office.models import LedgerHead, Organisation, Staff
from qiaomen.office.problems import TooManyTries


@require_http_methods(["GET", "POST"])
def show_login(request: HttpRequest) -> HttpResponse:
    """Ask for name and password."""
    form = LoginForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid() and form.staff:
        login(request, form.staff, backend="django.contrib.auth.backends.ModelBackend")
        sessions.begin(request, form.staff)
        actions.note_login(staff=form.staff)
        answer = redirect(safe_next(request, resolve_url(settings.LOGIN_REDIRECT_URL)))
        sign_in.remember_browser(request, answer, form.staff)
        return answer
    if form.refused_name and not getattr(request, "axes_locked_out", False):
        actions.note_failed_login(login_name=form.refused_name, address=request.META.get("REMOTE_ADDR", ""))
    context = {"form": form, "next": safe_next(request, ""), "demo": settings.DEMO, "idle": "idle" in request.GET}
    return render(request, "office/login.html", context, status=200)


def show_lockout(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """Say that too many tries were made and when the next is possible; to the phone's API as JSON."""
    name, address = request.POST.get("login_name", ""), request.META.get("REMOTE_ADDR", "")
    actions.note_failed_login(login_name=name, address=address, code="office.locked-out")
    if request.path.startswith("/api/"):
        return JsonResponse(TooManyTries().as_dict(), status=TooManyTries.status)
    return render(request, "office/lockout.html", status=429)


@require_POST
def do_logout(request: HttpRequest) -> HttpResponse:
    """Sign out and show the login page."""
    if isinstance(request.user, Staff):
        actions.note_logout(staff=request.user)
        sessions.forget(request)
    logout(request)
    return forget_pages(redirect("office:login"))


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie and go back."""
    response = redirect(safe_next(request, reverse("office:login")))
    if (chosen := request.POST.get("language")) in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=365 * 86400, samesite="Lax")
    return response


@require_POST
def toggle_large(request: HttpRequest) -> HttpResponse:
    """Switch large letters on or off, on every page of this browser, and go back."""
    answer = redirect(safe_next(request, "/"))
    answer.set_cookie("large", "" if request.COOKIES.get("large") == "1" else "1", max_age=365 * 86400, samesite="Lax")
    return answer


def _ledger_community(request: HttpRequest) -> Organisation:
    """The own community; an auditor of a county or town names one below it. Raises Http404 for any other."""
    staff = request.user
    assert isinstance(staff, Staff)
    if staff.community is not None:
        return staff.community
    communities = communities_under(staff)
    if code := request.GET.get("community") or request.POST.get("community"):
        return get_object_or_404(communities, code=code)
    return communities.first() or staff.organisation


@require_GET
def show_ledger(request: HttpRequest) -> HttpResponse:
    """Show who did and looked at what, newest first; narrowed to a person, a door, an act or days."""
    community, staff = _ledger_community(request), staff_of(request)
    actions.note_ledger_read(community=community, actor=staff)
    numbers = {
        name: int(text) if (text := request.GET.get(name, "")).isdecimal() else None for name in ("before", "after")
    }
    page = pages.page_of(community, staff, pages.read_wish(request.GET), **numbers)
    context = {
        "community": community,
        "page": page,
        "query": f"community={community.code}&{page.wish.query}",
        "head": LedgerHead.objects.filter(community=community).first(),
        "communities": [] if staff.community else communities_under(staff),
        "actors": pages.actors_of(community),
        "acts": pages.acts(),
        "may_find": staff.role in disclosure.READERS,
    }
    return render(request, "office/ledger.html", context)


@require_POST
def verify_ledger(request: HttpRequest) -> HttpResponse:
    """Verify the chain and show what was found."""
    community = _ledger_community(request)
    staff: Any = request.user
    result = actions.verify_ledger(community=community, actor=staff)
    return render(request, "office/ledger_verified.html", {"community": community, "result": result})


@require_GET
def show_duties(request: HttpRequest) -> HttpResponse:
    """Show who works here, who may see the records of children, and whose work was left here."""
    community = community_of(request)
    people = staff_in(community).select_related("organisation").order_by("role", "name")
    context = {"people": people, "left_behind": handover.left_behind(community)}
    return render(request, "office/duties.html", context)


@require_POST
def change_duty(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give or take the duty of 儿童主任."""
    staff = get_object_or_404(staff_in(community_of(request)), pk=pk)
    actions.name_child_keeper(staff=staff, keeps=request.POST.get("keeps") == "1", actor=staff_of(request))
    return redirect("office:duties")


@require_POST
def lift_brake(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let an account that was stopped for looking at too many people go on."""
    staff = get_object_or_404(staff_in(community_of(request)), pk=pk)
    words = [_("放开以后，{name}可以接着打开资料；谁放开的记在操作台账里，不能收回。").format(name=staff.name)]
    ask = ask_sure(request, title=_("放开查看？"), words=words, button=_("放开"), back=settings.LOGIN_REDIRECT_URL)
    if ask is not None:
        return ask
    disclosure.lift_brake(staff=staff, actor=staff_of(request))
    return redirect(settings.LOGIN_REDIRECT_URL)
