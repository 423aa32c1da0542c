"""What every page of the shell needs: the navigation this person may use."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from qiaomen.office.access import permission_table

NAVIGATION = (
    ("desk:today", _("今天"), "today"),
    ("visits:rounds", _("敲门"), "door"),
    ("cases:list", _("办事"), "case"),
    ("needs:list", _("诉求"), "need"),
    ("register:grid", _("居民台账"), "grid"),
    ("register:buildings", _("楼栋"), "building"),
    ("register:totals", _("底数"), "totals"),
    ("register:duplicates", _("重复"), "duplicates"),
    ("register:imports", _("导入名册"), "import"),
    ("register:exports", _("导出"), "export"),
    ("bulletins:list", _("通报"), "bulletin"),
    ("phone:devices", _("手机"), "phone"),
    ("office:ledger", _("操作台账"), "ledger"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the size of letters, and the navigation that the permission table gives to this person's role."""
    user = getattr(request, "user", None)
    large_text = request.COOKIES.get("large") == "1"
    if user is None or not user.is_authenticated:
        return {"navigation": [], "large_text": large_text}
    entries, house = [], (request.resolver_match.app_name if request.resolver_match else "")
    for route, title, mark in NAVIGATION:
        permission = permission_table().get((route, "GET"))
        if permission is None or user.role not in permission.roles:
            continue
        try:
            url = reverse(route)
        except NoReverseMatch:
            continue
        active = request.path == url or (route.split(":")[0] == house and house != "register")
        entries.append({"url": url, "title": title, "mark": mark, "active": active})
    return {"navigation": entries, "large_text": large_text}
