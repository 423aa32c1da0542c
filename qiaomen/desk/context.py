"""What every page of the shell needs: the navigation this person may use."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from qiaomen.desk.making import communities_being_made
from qiaomen.office.access import permission_table
from qiaomen.register.rules.query import parse
from qiaomen.register.rules.tokens import Known, tokens_of

NAVIGATION = (
    ("desk:today", _("今天"), "today"),
    ("visits:rounds", _("敲门"), "door"),
    ("cases:list", _("办事"), "case"),
    ("needs:list", _("诉求"), "need"),
    ("visits:buildings", _("楼栋"), "building"),
    ("register:groups", _("重点群体"), "groups"),
    ("register:grid", _("居民台账"), "grid"),
    ("register:totals", _("底数"), "totals"),
    ("register:duplicates", _("重复"), "duplicates"),
    ("register:imports", _("导入名册"), "import"),
    ("register:exports", _("导出"), "export"),
    ("bulletins:list", _("通报"), "bulletin"),
    ("register:rights", _("资料申请"), "rights"),
    ("office:duties", _("岗位"), "duties"),
    ("phone:devices", _("手机"), "phone"),
    ("phone:brought", _("手机带回"), "phone"),
    ("office:ledger", _("操作台账"), "ledger"),
)


SHARED = ("register", "visits", "office", "phone")
"""Houses with more than one entry: only the entry of the page itself is marked."""
PARENTS = ("visits:buildings", "visits:rounds", "register:groups", "register:imports", "register:totals")
MOST_PAGES = 5


def _pages_of(user: Any) -> Iterator[tuple[str, Any, str, str]]:
    """Yield (route, title, mark, address) of the pages that the permission table gives to a person's role."""
    for route, title, mark in NAVIGATION:
        permission = permission_table().get((route, "GET"))
        if permission is None or user.role not in permission.roles:
            continue
        try:
            yield route, title, mark, reverse(route)
        except NoReverseMatch:
            continue


def pages_named(user: Any, text: str) -> list[dict[str, Any]]:
    """Return the pages this person may use whose name is asked for: 导入, daoru, dr; in English by the English name."""
    found = []
    for _route, title, _mark, url in _pages_of(user):
        tokens = tokens_of(Known(str(title)), lambda tail: "")
        if any(all(word.covers(tokens, exactly=True) for word in query) for query in parse(text, lambda tail: "")):
            found.append({"title": title, "url": url})
    return found[:MOST_PAGES]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the size of letters, the navigation of this person, and what of a demo is still being made."""
    user = getattr(request, "user", None)
    always = {"large_text": request.COOKIES.get("large") == "1", "making": communities_being_made()}
    if user is None or not user.is_authenticated:
        return {"navigation": [], **always}
    entries, house = [], (request.resolver_match.app_name if request.resolver_match else "")
    for route, title, mark, url in _pages_of(user):
        active = request.path == url or (route.split(":")[0] == house and house not in SHARED)
        active = active or (route in PARENTS and request.path.startswith(url))
        entries.append({"url": url, "title": title, "mark": mark, "active": active})
    return {"navigation": entries, **always}
