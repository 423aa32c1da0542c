"""Default deny: a route that the permission table does not give to you is not there for you."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect

from qiaomen.office.access import OPEN, may_call, permission_table
from qiaomen.office.actions import note_refusal
from qiaomen.office.models import Staff

REFUSED = (403, 404)
"""Not yours, or not there: a stranger's record answers as one that never was."""


class HeadLikeGetMiddleware:
    """Answers HEAD as GET without its content: monitors and download managers ask so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the view see a GET."""
        if request.method != "HEAD":
            return self.get_response(request)
        request.method = "GET"
        response = self.get_response(request)
        request.method = "HEAD"
        if not response.streaming:
            size = len(response.content)
            response.content = b""
            response["Content-Length"] = str(size)
        return response


class NothingKeptMiddleware:
    """No browser and no proxy keeps what somebody who is signed in was shown: Back after signing out shows nothing.

    Files of the program are answered further up and may be kept. Source: promises.md T3; RFC 9111 5.2.2.5.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mark every answer to a person or a phone, whatever the view said, and every answer that signs in or out."""
        was_signed_in = request.user.is_authenticated or "Authorization" in request.headers
        response = self.get_response(request)
        if was_signed_in or request.user.is_authenticated:
            response["Cache-Control"] = "no-store"
            response["Pragma"] = "no-cache"
        return response


def forget_pages(response: HttpResponse) -> HttpResponse:
    """Have the browser drop what it cached of this site, pages kept for Back among it.

    Only "cache": "storage" would take the sealed visits that the phone app of the same browser has not handed in yet,
    and "cookies" the note that spares colleagues the brake. Browsers obey it over HTTPS and on localhost.
    """
    response["Clear-Site-Data"] = '"cache"'
    return response


class PermissionTableMiddleware:
    """Asks the table before every view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the question is asked in process_view, when the route is known. A refusal is a
        ledger line.
        """
        response = self.get_response(request)
        match = request.resolver_match
        if response.status_code in REFUSED and match is not None and isinstance(request.user, Staff):
            key = " ".join(str(value) for value in match.kwargs.values())
            note_refusal(staff=request.user, route=match.view_name, status=response.status_code, key=key)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Let the request through, send a stranger to the login page, or refuse."""
        route = request.resolver_match.view_name if request.resolver_match else ""
        if may_call(request, route):
            return None
        methods = sorted(method for name, method in permission_table() if name == route)
        if methods and request.method not in methods and request.user.is_authenticated:
            return HttpResponseNotAllowed(methods)
        if not request.user.is_authenticated:
            answer = redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            answer["Location"] += "&idle=1" if getattr(request, "was_idle", False) else ""
            return forget_pages(answer) if settings.SESSION_COOKIE_NAME in request.COOKIES else answer
        raise PermissionDenied


OPEN_BEFORE = {"office:password", "office:logout"}


class FirstPasswordMiddleware:
    """Sends somebody with a code to the page of the password, whatever they ask for; public pages stay public."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the question is asked when the route is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Let the request through, or send it to the page of the password."""
        user: Any = request.user
        if not isinstance(user, Staff) or user.code_until is None:
            return None
        route = request.resolver_match.view_name if request.resolver_match else ""
        permission = permission_table().get((route, str(request.method)))
        if route in OPEN_BEFORE or (permission is not None and permission.roles & OPEN):
            return None
        return redirect("office:password")
