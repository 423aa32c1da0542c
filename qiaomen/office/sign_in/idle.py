"""A desk that is left alone signs its person out: after half an hour without a request, and after a working day."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qiaomen.kernel import clock
from qiaomen.office.accounts import sessions
from qiaomen.office.problems import IdleTooLong

IDLE, LONGEST = sessions.IDLE, sessions.LONGEST
NOTED_EVERY = timedelta(minutes=1)
"""The session is written once a minute, not with every request."""


class IdleMiddleware:
    """Ends sessions by the server's clock; the cookie of whoever copied it dies with them. Source: promises.md C7."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note that somebody was here, or sign them out."""
        if SESSION_KEY in request.session and self._is_over(request):
            sessions.forget(request)
            request.session.flush()
            request.user = AnonymousUser()
            if request.method not in {"GET", "HEAD", "OPTIONS"}:
                problem = IdleTooLong()
                return render(request, "desk/problem.html", {"problem": problem.as_dict()}, status=problem.status)
            request.was_idle = True  # type: ignore[attr-defined]
        return self.get_response(request)

    def _is_over(self, request: HttpRequest) -> bool:
        now, session = clock.now().timestamp(), request.session
        began, seen = session.get("began", now), session.get("seen", now)
        if now - seen > IDLE.total_seconds() or now - began > LONGEST.total_seconds():
            return True
        if "seen" not in session or now - seen > NOTED_EVERY.total_seconds():
            session["began"], session["seen"] = began, now
            sessions.note_seen(request)
        return False
