"""The words for what rules say in codes: wishes, parts of the week, the states of a due visit and their causes."""

from django.utils.translation import gettext as _

from qiaomen.visits.rules.due import Wish


def slot_title(slot: str) -> str:
    """Return the words for a part of the week."""
    return {
        "weekday-morning": _("工作日上午"), "weekday-afternoon": _("工作日下午"), "weekday-evening": _("工作日傍晚"),
        "weekend-morning": _("周末上午"), "weekend-afternoon": _("周末下午"), "weekend-evening": _("周末傍晚"),
    }[slot]  # fmt: skip


def wish_in_words(wish: Wish | None, names: dict[str, str]) -> str:
    """Return how a household wants to be visited, empty when it said nothing."""
    if wish is None:
        return ""
    told = [
        _("不要上门") if wish.no_visits else "",
        _("改打电话") if wish.phone_instead else "",
        _("{start}–{end} 不便").format(start=f"{wish.quiet_from:%H:%M}", end=f"{wish.quiet_to:%H:%M}")
        if wish.quiet_from and wish.quiet_to
        else "",
        _("只要{name}来").format(name=names.get(wish.whom, "")) if wish.whom else "",
        _("一个月最多 {n} 次").format(n=wish.most_per_month) if wish.most_per_month else "",
    ]
    return "；".join(one for one in told if one)


def state_title(state: str) -> str:
    """Return the word for a state of a due visit."""
    return {"open": _("该走"), "done": _("走过了"), "cancelled": _("不用走了")}[state]


def cause_title(cause: str) -> str:
    """Return why a due visit came to its state."""
    return {
        "due": _("排进该走的"), "true-again": _("又要走了"), "nobody-lives-here": _("这里没有人住了"),
        "paused": _("暂时不在家"), "refused": _("拒访，先不去"), "no-visits-wished": _("住户说不要上门"),
        "left-group": _("不再属于这个群体"), "withdrawn": _("答应的事已了结"), "no-longer-true": _("情况变了，不用走了"),
        "met": _("见面"), "by_phone": _("电话完成"), "shortened": _("见面，提前结束"), "no_answer": _("又敲过，没人在"),
        "moved": _("已迁出"), "died": _("已故"), "wrong_address": _("地址错误"),
    }.get(cause, cause)  # fmt: skip
