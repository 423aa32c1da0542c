"""What every page of the shell needs: the navigation this person may use."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from qiaomen.desk.making import communities_being_made
from qiaomen.kernel.menu import Entry, Verb, all_entries, all_verbs
from qiaomen.office.access import permission_table
from qiaomen.register.rules.search.query import Query, parse
from qiaomen.register.rules.search.tokens import Known, tokens_of
from qiaomen.register.selectors.search.find import Hit

MOST_PAGES = 5


def _pages_of(user: Any) -> Iterator[tuple[Entry, str]]:
    """Yield (entry, address) of the pages that the permission table gives to a person's role."""
    for entry in all_entries():
        permission = permission_table().get((entry.route, "GET"))
        if permission is not None and user.role in permission.roles:
            yield entry, reverse(entry.route)


def _may_use(user: Any, route: str) -> bool:
    permission = permission_table().get((route, "GET"))
    return permission is not None and user.role in permission.roles


def pages_named(user: Any, text: str) -> list[dict[str, Any]]:
    """Return the pages and acts this person may use whose name is asked for: 导入, daoru, dr; 打印今天; in English by
    the English name.
    """
    found: dict[str, dict[str, Any]] = {}
    queries = parse(text, lambda tail: "")
    for entry, url in _pages_of(user):
        if _is_named(str(entry.title), queries):
            found.setdefault(url, {"title": entry.title, "url": url})
    for verb in all_verbs():
        if (
            not verb.of
            and _may_use(user, verb.route)
            and any(_begins(name, text) and _is_named(name, queries) for name in verb.names)
        ):
            found.setdefault(reverse(verb.route), {"title": verb.title, "url": reverse(verb.route)})
    return list(found.values())[:MOST_PAGES]


def _begins(name: str, text: str) -> bool:
    """An act is found by how its name begins; by sounds from any syllable on."""
    return text.isascii() or name.startswith(text)


def _is_named(title: str, queries: list[Query]) -> bool:
    tokens = tokens_of(Known(title), lambda tail: "")
    return any(all(word.covers(tokens, exactly=True) for word in query) for query in queries)


def verbs_in(user: Any, text: str) -> tuple[list[Verb], str]:
    """Return the acts at a record that a text names and this person may do, and the text without them: 张三 改电话."""
    words = text.split()
    verbs = [verb for verb in all_verbs() if verb.of and _may_use(user, verb.route) and set(words) & set(verb.names)]
    said = {name for verb in verbs for name in verb.names}
    rest = " ".join(word for word in words if word not in said)
    return (verbs, rest) if rest else ([], text)


def at_hit(verb: Verb, hit: Hit) -> str:
    """Return the address where an act is done for somebody found."""
    key = hit.id if verb.of == "register.person" else hit.household
    return reverse(verb.route, args=[key, *verb.more])


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
