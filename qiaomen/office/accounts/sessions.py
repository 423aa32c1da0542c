"""Where somebody is signed in: noted at signing in, shown to them and to who keeps their account, ended at once."""

from collections.abc import Iterable
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from qiaomen.kernel import clock
from qiaomen.office.models import SignIn, Staff

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
"""A session ends after so long without a request, and after so long in all (idle.py). Source: promises.md C7."""
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "Mac"}
BROWSERS = {
    "MicroMessenger": "WeChat",
    "Edg": "Edge",
    "Firefox": "Firefox",
    "QQBrowser": "QQ",
    "Chrome": "Chrome",
    "Safari": "Safari",
}


def browser_of(agent: str) -> str:
    """Return system and browser from a User-Agent, e.g. `Windows · Edge`; "" for what says neither."""
    system = next((title for word, title in SYSTEMS.items() if word in agent), "Linux" if "Linux" in agent else "")
    browser = next((title for word, title in BROWSERS.items() if f"{word}/" in agent), "")
    return " · ".join(part for part in (system, browser) if part)


def begin(request: HttpRequest, staff: Staff) -> None:
    """Note that somebody has just signed in here."""
    session, now = request.session, clock.now()
    if session.session_key is None:
        session.save()
    SignIn.objects.create(
        staff=staff,
        session_key=str(session.session_key),
        browser=browser_of(request.headers.get("User-Agent", "")),
        began_at=now,
        seen_at=now,
    )
    session["noted"] = True


def note_seen(request: HttpRequest) -> None:
    """Note that somebody was here; not of a session that began before sessions were noted."""
    if request.session.get("noted"):
        SignIn.objects.filter(session_key=request.session.session_key).update(seen_at=clock.now())


def forget(request: HttpRequest) -> None:
    """Drop the note of a session that ends by itself; call it before the session goes."""
    if request.session.get("noted"):
        SignIn.objects.filter(session_key=request.session.session_key).delete()


def move(request: HttpRequest, before: str | None) -> None:
    """Go on under the new key that a change of password has given this session."""
    if before:
        SignIn.objects.filter(session_key=before).update(session_key=request.session.session_key)


def live() -> QuerySet[SignIn]:
    """Return the sign-ins that are not over yet: whoever was idle too long meets the login page."""
    now = clock.now()
    return SignIn.objects.filter(seen_at__gte=now - IDLE, began_at__gte=now - LONGEST)


def of_staff(staff: Staff) -> list[SignIn]:
    """Return where somebody is signed in, the latest first."""
    return list(live().filter(staff=staff).order_by("-began_at", "pk"))


def end(sign_ins: Iterable[SignIn]) -> int:
    """End these sessions now, whatever they are kept in: the next request of each meets the login page."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    ended = 0
    for sign_in in sign_ins:
        store(sign_in.session_key).delete()
        sign_in.delete()
        ended += 1
    return ended


def drop_old() -> int:
    """Drop the notes of browsers that were closed without signing out, and the sessions themselves."""
    dropped, _kinds = SignIn.objects.filter(began_at__lt=clock.now() - LONGEST).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return dropped
