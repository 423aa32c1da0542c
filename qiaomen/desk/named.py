"""What a text in the search box names besides people: pages, and acts by their names."""

from typing import Any

from django.urls import reverse

from qiaomen.desk.navigation import may_open, pages_of
from qiaomen.kernel.menu import Verb, all_verbs
from qiaomen.register.rules.search.query import Query, parse
from qiaomen.register.rules.search.tokens import Known, tokens_of
from qiaomen.register.selectors.search.find import Hit

MOST_PAGES = 5


def pages_named(user: Any, text: str) -> list[dict[str, Any]]:
    """Return the pages and acts this person may use whose name is asked for: 导入, daoru, dr; 打印今天; in English by
    the English name.
    """
    found: dict[str, dict[str, Any]] = {}
    queries = parse(text, lambda tail: "")
    for entry, url in pages_of(user):
        if _is_named(str(entry.title), queries):
            found.setdefault(url, {"title": entry.title, "url": url})
    for verb in all_verbs():
        if (
            not verb.of
            and may_open(user, verb.route)
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
    verbs = [verb for verb in all_verbs() if verb.of and may_open(user, verb.route) and set(words) & set(verb.names)]
    said = {name for verb in verbs for name in verb.names}
    rest = " ".join(word for word in words if word not in said)
    return (verbs, rest) if rest else ([], text)


def at_hit(verb: Verb, hit: Hit) -> str:
    """Return the address where an act is done for somebody found."""
    key = hit.id if verb.of == "register.person" else hit.household
    return reverse(verb.route, args=[key, *verb.more])


def offered_at(user: Any, hit: Hit) -> list[dict[str, Any]]:
    """Return the acts that stand under a hit: title and address of each this person may do."""
    verbs = [verb for verb in all_verbs() if verb.offered and verb.of and may_open(user, verb.route)]
    return [{"title": verb.title, "url": at_hit(verb, hit)} for verb in verbs]
