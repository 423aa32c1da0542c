"""The words for what calls say in codes."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.register.selectors import packs

OUTCOME_TITLES = {
    "well": _lazy("都好"),
    "worry": _lazy("不放心"),
    "later": _lazy("改天再打"),
    "no_answer": _lazy("没人接"),
    "wrong_number": _lazy("号码不对"),
    "declined": _lazy("不要打电话"),
}
WAY_TITLES = {"phone": _lazy("电话"), "video": _lazy("视频"), "other": _lazy("托人看")}
GO_BETWEEN_TITLES = {"neighbour": _lazy("邻居"), "volunteer": _lazy("结对志愿者"), "relative": _lazy("亲属")}
WHY_NOT = {
    "no-number": _lazy("没有登记电话"),
    "declined": _lazy("住户说过不要打电话"),
    "often-enough": _lazy("这个月联系的次数到了住户说的上限"),
    "quiet": _lazy("这个钟点不打"),
    "tried-today": _lazy("今天打过两次没人接"),
    "tried-just-now": _lazy("刚打过没人接，过两个小时再打"),
}


def alerts() -> dict[str, dict[str, Any]]:
    """Return the kinds of alert the packs declare, by code."""
    return {entry["code"]: entry for entry in packs.entries("alerts.yaml")}


def alert_title(kind: str) -> str:
    """Return the word for a kind of alert."""
    title = alerts().get(kind, {}).get("title", kind)
    return _(title)
