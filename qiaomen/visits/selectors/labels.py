"""The words for what rules say in codes: wishes, parts of the week, the states of a due visit and their causes."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.register.selectors import packs
from qiaomen.visits.models import DueVisit, RoundDoor
from qiaomen.visits.rules.due import Wish


def slot_title(slot: str) -> str:
    """Return the words for a part of the week."""
    return {
        "weekday-morning": _("工作日上午"),
        "weekday-afternoon": _("工作日下午"),
        "weekday-evening": _("工作日傍晚"),
        "weekend-morning": _("周末上午"),
        "weekend-afternoon": _("周末下午"),
        "weekend-evening": _("周末傍晚"),
    }[slot]


def wish_in_words(wish: Wish | None, names: dict[str, str]) -> str:
    """Return how a household wants to be visited, empty when it said nothing."""
    if wish is None:
        return ""
    begins, ends = wish.agreed or (None, None)
    sentences = [
        _agreed_in_words(begins, ends) if begins else "",
        _("不要上门") if wish.no_visits else "",
        _("改打电话") if wish.phone_instead else "",
        _("{start}–{end} 不便").format(start=f"{wish.quiet_from:%H:%M}", end=f"{wish.quiet_to:%H:%M}")
        if wish.quiet_from and wish.quiet_to
        else "",
        _("只要{name}来").format(name=names.get(wish.whom, "")) if wish.whom else "",
        _("一个月最多 {n} 次").format(n=wish.most_per_month) if wish.most_per_month else "",
    ]
    return _("；").join(sentence for sentence in sentences if sentence)


def _agreed_in_words(begins: time, ends: time | None) -> str:
    if ends is None:
        return _("约好 {start} 以后来").format(start=f"{begins:%H:%M}")
    return _("约好 {start}–{end} 来").format(start=f"{begins:%H:%M}", end=f"{ends:%H:%M}")


def state_title(state: str) -> str:
    """Return the word for a state of a due visit."""
    return {"open": _("该走"), "done": _("走过了"), "cancelled": _("不用走了")}[state]


def cause_title(cause: str) -> str:
    """Return why a due visit came to its state."""
    return {
        "due": _("排进该走的"),
        "true-again": _("又要走了"),
        "nobody-lives-here": _("这里没有人住了"),
        "paused": _("暂时不在家"),
        "refused": _("拒访，先不去"),
        "no-visits-wished": _("住户说不要上门"),
        "left-group": _("不再属于这个群体"),
        "withdrawn": _("答应的事已了结"),
        "no-longer-true": _("情况变了，不用走了"),
        "met": _("见面"),
        "by_phone": _("电话完成"),
        "by_video": _("视频见面"),
        "by_other": _("托人看过"),
        "shortened": _("见面，提前结束"),
        "no_answer": _("又敲过，没人在"),
        "moved": _("已迁出"),
        "died": _("已故"),
        "wrong_address": _("地址错误"),
    }.get(cause, cause)


OUTCOME_TITLES = {
    "met": _lazy("见面"),
    "no_answer": _lazy("没人在"),
    "refused": _lazy("拒访"),
    "by_phone": _lazy("电话完成"),
    "moved": _lazy("已迁出"),
    "died": _lazy("已故"),
    "wrong_address": _lazy("地址错误"),
    "shortened": _lazy("见面，提前结束"),
    "by_video": _lazy("视频见面"),
    "by_other": _lazy("托人看过"),
}


def outcome_title(outcome: str) -> str:
    """Return the word for an outcome."""
    return str(OUTCOME_TITLES[outcome])


REASONS = {
    "never-seen": _lazy("从未见过面"),
    "case": _lazy("答应过的事，该去回话"),
    "agreed": _lazy("上次约好来的"),
    "maybe": _lazy("说好顺路来看看"),
    "worry": _lazy("电话里听着不放心，今天去看看"),
    "unreached": _lazy("打了电话没人接，上门看看"),
    "follow-up": _lazy("事情有了结果，问问居民怎么说"),
    "deliver": _lazy("办好的东西送上门"),
    "moved-in": _lazy("刚搬来"),
    "born": _lazy("家里添了孩子"),
    "bereaved": _lazy("家里有人去世"),
    "married": _lazy("刚结婚"),
    "card-expires": _lazy("残疾人证快到期"),
    "post-expires": _lazy("公益性岗位快到期"),
    "elder": _lazy("家有老人"),
}
CARDS = ("card-expires", "post-expires")
"""Reasons that tell of a card or a post given to people in need."""
PAPER_QUESTIONS: list[tuple[Any, tuple[Any, ...]]] = []
"""What a walk sheet asks beside the outcome: a title and the boxes to tick."""


def ask_on_paper(title: Any, choices: Iterable[Any]) -> None:
    """Have a walk sheet ask something of a house above."""
    PAPER_QUESTIONS.append((title, tuple(choices)))


COUNTED = {"second-try": _lazy("{days} 天前没人在，换个时间再试"), "longest-unseen": _lazy("{days} 天没有见过面")}
BARE = {"second-try": _lazy("没人在，换个时间再试"), "longest-unseen": _lazy("好久没有见过面")}


def reason_in_words(code: str, days: int, *, with_children: bool = False, bare: bool = False) -> str:
    """Return why a door is on the list: a care group, a promise, an event, or the time since somebody was seen.

    A group of children is named to named roles only. `bare`: without the days.
    """
    counted = BARE if bare else COUNTED
    if code in counted:
        return str(counted[code]).format(days=days)
    if code in REASONS:
        return str(REASONS[code])
    if code.startswith("turned-"):
        return _("刚满 {age} 岁").format(age=code.removeprefix("turned-"))
    title = _group_title(code, with_children)
    if bare:
        return title
    unseen = _("上次见面 {days} 天前").format(days=days) if days else _("还没有见过面")
    return _("{group}，{unseen}").format(group=title, unseen=unseen)


def today_in_words(reasons: list[tuple[str, int]]) -> str:
    """Return why a door is walked today and not another day (rules.planner_input.why_today)."""
    words = {
        "last-day": _("今天不去就失约了"),
        "late": _("过了该去的日子 {n} 天"),
        "soon": _("再过 {n} 天就到该去的日子"),
        "due": _("今天就是该去的日子"),
        "hour": _("以前这个时候来，十次有 {n} 次有人"),
        "near": _("同一楼道今天还走 {n} 户，顺路"),
        "along": _("还没到日子，这个楼道今天还走 {n} 户，一起走完，省得再爬一趟"),
        "spare": _("前面走得快、还有时间再去"),
        "open": _("到了可以去的日子，时间正好够"),
    }
    return _("；").join(words[code].format(n=number) for code, number in reasons)


def _group_title(code: str, with_children: bool) -> str:
    entry = next((entry for entry in packs.entries("groups.yaml") if entry["code"] == code), {"title": code})
    title = entry["title"]
    return _("重点探访") if entry.get("child") and not with_children else _(title)


def tells_care(code: str, due: DueVisit | None) -> bool:
    """Say whether a reason tells of a care group or of a card: what a list says of it is 重点探访."""
    if code in CARDS or (due is not None and due.clock == "cadence"):
        return True
    return code not in COUNTED and code not in REASONS and not code.startswith("turned-")


def plain_words(code: str, days: int, due: DueVisit | None) -> str:
    """Return why a door is on a list, for eyes that are told of no group: it names neither health nor money."""
    return _("重点探访") if tells_care(code, due) else reason_in_words(code, days)


def plain_reason(door: RoundDoor) -> str:
    """Return the same of a door of a round."""
    return plain_words(door.reason_code, door.days, door.due)
