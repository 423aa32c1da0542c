"""Stops one address that tries many names, without locking the names or those who signed in from their browser before.

Ten wrong passwords of one name are django-axes' matter (settings.py); a sprayer tries one password on each of 120 names
and never comes to ten. Where many share an address, the first 15 failed names stop the strangers there, not the
colleagues: whose browser signed in before keeps a signed note of it (OWASP: device cookies).
"""

from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

from qiaomen.kernel import clock
from qiaomen.office.models import Staff
from qiaomen.office.problems import TooManyNames

MOST_NAMES, WITHIN = 15, timedelta(minutes=15)
KNOWN_FOR, MOST_KNOWN = timedelta(days=180), 5
SALT = "office.known-browser"


def is_spraying(address: str) -> bool:
    """Say whether passwords of so many different names were wrong from an address within a quarter of an hour."""
    since = clock.machine_now() - WITHIN  # the attempts are noted by the machine's clock
    failed = AccessAttempt.objects.filter(ip_address=address, attempt_time__gte=since)
    names: int = failed.values("username").distinct().count()
    return names >= MOST_NAMES


def _cookie() -> str:
    return "__Host-known" if settings.HTTPS else "known"


def _known(request: HttpRequest) -> list[str]:
    try:
        text = request.get_signed_cookie(_cookie(), "", salt=SALT, max_age=KNOWN_FOR) or ""
    except BadSignature:
        return []
    return [key for key in text.split(",") if key]


def remember_browser(request: HttpRequest, response: HttpResponse, staff: Staff) -> None:
    """Note in the browser that this person signed in here; it opens nothing, it only spares the brake."""
    keys = [str(staff.pk), *(key for key in _known(request) if key != str(staff.pk))][:MOST_KNOWN]
    response.set_signed_cookie(
        _cookie(), ",".join(keys), salt=SALT, max_age=KNOWN_FOR, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )


def is_known_here(request: HttpRequest, login_name: str) -> bool:
    """Say whether this person signed in from this browser before."""
    keys = _known(request)
    return bool(keys) and Staff.objects.filter(login_name=login_name, pk__in=keys).exists()


class AddressBrake(BaseBackend):
    """Stands before the backends that check a password: nobody is signed in by it."""

    def authenticate(self, request: HttpRequest | None, username: str | None = None, **credentials: Any) -> None:
        """Let the next backend try. Raises TooManyNames, before a password is checked or a failure is counted."""
        if request is None:
            return
        if is_spraying(request.META.get("REMOTE_ADDR", "")) and not is_known_here(request, username or ""):
            raise TooManyNames()
