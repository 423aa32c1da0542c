"""What every page of the shell needs: the navigation this person may use."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from qiaomen.desk.making import communities_being_made
from qiaomen.kernel.menu import Entry, all_entries
from qiaomen.office.access import permission_table
from qiaomen.register.rules.query import parse
from qiaomen.register.rules.tokens import Known, tokens_of

MOST_PAGES = 5


def _pages_of(user: Any) -> Iterator[tuple[Entry, str]]:
    """Yield (entry, address) of the pages that the permission table gives to a person's role."""
    for entry in all_entries():
        permission = permission_table().get((entry.route, "GET"))
        if permission is not None and user.role in permission.roles:
            yield entry, reverse(entry.route)


def pages_named(user: Any, text: str) -> list[dict[str, Any]]:
    """Return the pages this person may use whose name is asked for: 导入, daoru, dr; in English by the English name."""
    found = []
    for entry, url in _pages_of(user):
        tokens = tokens_of(Known(str(entry.title)), lambda tail: "")
        if any(all(word.covers(tokens, exactly=True) for word in query) for query in parse(text, lambda tail: "")):
            found.append({"title": entry.title, "url": url})
    return found[:MOST_PAGES]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the size of letters, the navigation of this person, and what of a demo is still being made."""
    user = getattr(request, "user", None)
    always = {"large_text": request.COOKIES.get("large") == "1", "making": communities_being_made()}
    if user is None or not user.is_authenticated:
        return {"navigation": [], **always}
    entries, house = [], (request.resolver_match.app_name if request.resolver_match else "")
    pages = list(_pages_of(user))
    alone = Counter(entry.route.split(":")[0] for entry, _url in pages)
    for entry, url in pages:
        own = entry.route.split(":")[0]
        active = request.path == url or (own == house and alone[own] == 1)
        active = active or (entry.covers and request.path.startswith(url))
        entries.append({"url": url, "title": entry.title, "mark": entry.mark, "active": active})
    return {"navigation": entries, **always}
