"""Pages of accounts: the list, one account with what can be done to it, and the page of one's own password."""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.office.access import key_of, staff_of
from qiaomen.office.accounts import acts, people, rules, sessions
from qiaomen.office.accounts.forms import AccountForm, ChangeForm, PasswordForm, ReasonForm, place_title
from qiaomen.office.handover import acts as handover
from qiaomen.office.models import ROLES, BadgePhoto, SignIn, Staff
from qiaomen.office.problems import NotTheirWish
from qiaomen.office.shared import badge_photos, photo_files

PER_PAGE = 50
DONE = {
    "changed": lambda: _("已改好，也记入了操作台账。"),
    "closed": lambda: _("账号已停用：登录全部退出，手机全部停用。"),
    "ended": lambda: _("已退出登录。"),
}


def _account(request: HttpRequest, pk: uuid.UUID) -> Staff:
    """Return an account the signed-in person keeps. Raises Http404."""
    found = people.accounts_of(staff_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_GET
def show_accounts(request: HttpRequest) -> HttpResponse:
    """List the accounts this person keeps: by role and name, never by use."""
    keeper, asked = staff_of(request), request.GET
    place = asked.get("place") or ""
    chosen = people.Filter(
        words=asked.get("words", "").strip()[:40],
        role=asked.get("role", ""),
        state=asked.get("state", "active"),
        place=key_of(place) if place else None,
    )
    found = chosen.apply(people.accounts_of(keeper)).order_by("organisation__code", "role", "name", "pk")
    page = Paginator(found, PER_PAGE).get_page(asked.get("page"))
    query = asked.copy()
    query.pop("page", None)
    context = {
        "rows": people.rows_of(list(page.object_list)),
        "page": page,
        "query": query.urlencode(),
        "chosen": chosen,
        "roles": [(code, ROLES[code]) for code in rules.roles_given_by(keeper.role)],
        "places": [
            (str(one.pk), place_title(one))
            for one in people.organisations_of(keeper).order_by("parent__code", "code")
            if one.kind != "county"
        ],
        "states": [
            ("active", _("在岗")),
            ("unused", _("{n} 天以上没有用过").format(n=people.UNUSED_DAYS)),
            ("closed", _("已停用")),
            ("all", _("全部")),
        ],
    }
    return render(request, "office/accounts.html", context)


def _show_code(request: HttpRequest, staff: Staff, code: str) -> HttpResponse:
    """Show a one-time code, this once: it is kept nowhere but as a hash."""
    response = render(request, "office/account_code.html", {"staff": staff, "code": code})
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def new_account(request: HttpRequest) -> HttpResponse:
    """Open an account and show its code."""
    keeper = staff_of(request)
    form = AccountForm(request.POST or None, keeper=keeper)
    if request.method == "POST" and form.is_valid():
        staff, code = acts.open_account(actor=keeper, **form.cleaned_data)
        return _show_code(request, staff, code)
    return render(request, "office/account_new.html", {"form": form})


@require_http_methods(["GET", "POST"])
def show_account(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one account and change what it says."""
    keeper, staff = staff_of(request), _account(request, pk)
    now = {field: getattr(staff, field) for field in ("name", "telephone", "role", "organisation")}
    form = ChangeForm(request.POST or None, keeper=keeper, staff=staff, initial=now)
    if request.method == "POST" and form.is_valid():
        acts.change_account(actor=keeper, staff=staff, **{**now, **form.cleaned_data})
        return redirect(f"{reverse('office:account', args=[pk])}?done=changed")
    said = DONE.get(request.GET.get("done", ""))
    context = {
        "staff": staff,
        "form": form,
        "own": staff.pk == keeper.pk,
        "used_on": people.last_used(staff),
        "sign_ins": sessions.of_staff(staff),
        "phones": people.phones_of(staff),
        "here": request.session.session_key,
        "badge": BadgePhoto.objects.filter(staff=staff).first(),
        "said": said() if said else "",
    }
    return render(request, "office/account.html", context)


@require_http_methods(["GET", "POST"])
def badge_photo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the photo on somebody's badge; put one there because they want it, or take it off."""
    keeper, staff = staff_of(request), _account(request, pk)
    if request.method == "GET":
        picture = badge_photos.photo_of(staff)
        if picture is None:
            raise Http404
        return HttpResponse(picture, content_type="image/jpeg", headers={"Cache-Control": "no-store"})
    if "drop" in request.POST:
        badge_photos.drop(staff=staff, actor=keeper)
    elif staff.community is None or not staff.is_active:
        raise Http404  # only who knocks on doors has a badge
    else:
        sent = request.FILES.get("photo")
        if request.POST.get("wanted") != "1":
            raise NotTheirWish()
        content = sent.read(photo_files.MOST_BYTES + 1) if sent is not None else b""
        badge_photos.put(staff=staff, content=content, actor=keeper)
    return redirect(f"{reverse('office:account', args=[pk])}?done=changed")


def _ask(
    request: HttpRequest, pk: uuid.UUID, act: str, do: Callable[[Staff, Staff, str], HttpResponse]
) -> HttpResponse:
    """Ask once in words, with the reason, then do it."""
    keeper, staff = staff_of(request), _account(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return do(keeper, staff, form.cleaned_data["reason"])
    context = {
        "staff": staff,
        "act": act,
        "form": form,
        "sign_ins": len(sessions.of_staff(staff)),
        "held": len(handover.held_by(staff)) if act == "close" and staff.community is not None else 0,
        "phones": sum(phone.revoked_at is None for phone in people.phones_of(staff)),
    }
    return render(request, "office/account_ask.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def give_code(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a one-time code, once the reason is told, and show it."""

    def do(keeper: Staff, staff: Staff, reason: str) -> HttpResponse:
        return _show_code(request, staff, acts.give_code(actor=keeper, staff=staff, reason=reason))

    return _ask(request, pk, "code", do)


@require_http_methods(["GET", "POST"])
def close_account(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Close an account, once the reason is told."""

    def do(keeper: Staff, staff: Staff, reason: str) -> HttpResponse:
        acts.close_account(actor=keeper, staff=staff, reason=reason)
        return redirect(f"{reverse('office:account', args=[pk])}?done=closed")

    return _ask(request, pk, "close", do)


@never_cache
@require_http_methods(["GET", "POST"])
def reopen_account(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Open an account again, once the reason is told, and show its code."""

    def do(keeper: Staff, staff: Staff, reason: str) -> HttpResponse:
        return _show_code(request, staff, acts.reopen_account(actor=keeper, staff=staff, reason=reason))

    return _ask(request, pk, "reopen", do)


@require_POST
def end_sessions(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Sign somebody out everywhere."""
    staff = _account(request, pk)
    acts.end_sessions(actor=staff_of(request), staff=staff)
    return redirect(f"{reverse('office:account', args=[pk])}?done=ended")


@require_POST
def end_session(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Sign somebody out in one browser."""
    keeper = staff_of(request)
    kept = people.accounts_of(keeper)
    sign_in = SignIn.objects.select_related("staff").filter(pk=pk, staff__in=kept).first()
    if sign_in is None:
        raise Http404
    acts.end_sessions(actor=keeper, staff=sign_in.staff, only=sign_in)
    return redirect(f"{reverse('office:account', args=[sign_in.staff_id])}?done=ended")


@require_POST
def end_own_session(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Sign oneself out in one browser, for instance the one at the window."""
    staff = staff_of(request)
    sign_in = SignIn.objects.filter(pk=pk, staff=staff).first()
    if sign_in is None:
        raise Http404
    acts.end_sessions(actor=staff, staff=staff, only=sign_in)
    return redirect(f"{reverse('office:password')}?done=ended")


@never_cache
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Choose a password of one's own, and see where one is signed in."""
    staff = staff_of(request)
    first = staff.code_until is not None
    form = PasswordForm(request.POST or None, request=request, staff=staff)
    if request.method == "POST" and form.is_valid():
        before = request.session.session_key
        changed = acts.change_password(staff=staff, password=form.cleaned_data["new"], kept=before)
        update_session_auth_hash(request, changed)
        sessions.move(request, before)
        return redirect(settings.LOGIN_REDIRECT_URL if first else f"{reverse('office:password')}?done=changed")
    said: dict[str, Any] = {"changed": _("密码已改好，别处的登录都退出了。"), "ended": _("已退出登录。")}
    context = {
        "form": form,
        "first": first,
        "sign_ins": [] if first else sessions.of_staff(staff),
        "here": request.session.session_key,
        "said": said.get(request.GET.get("done", ""), ""),
    }
    return render(request, "office/password.html", context)
