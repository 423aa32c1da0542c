"""Words for what phones bring back, as the desk shows them; the phone has the same words in words.ts."""

from collections.abc import Mapping

from django.utils.translation import gettext as _


def head_title(head: str) -> str:
    """Return the word for a head of the check sheet."""
    return {
        "health": _("健康"),
        "mind": _("精神"),
        "safety": _("安全"),
        "hygiene": _("卫生"),
        "dwelling": _("居住环境"),
    }[head]


def mark_title(mark: str) -> str:
    """Return the word for what may need an eye."""
    return {
        "speech": _("说话"),
        "movement": _("行动"),
        "illness": _("病情"),
        "mood": _("情绪"),
        "thinking": _("思维"),
        "stress": _("压力"),
        "gas": _("用气"),
        "heating": _("用水取暖"),
        "electricity": _("用电"),
        "person": _("个人"),
        "home": _("屋内卫生"),
        "surroundings": _("周边"),
        "inside": _("屋内"),
        "outside": _("屋外"),
        "neighbours": _("邻里"),
    }[mark]


def check_in_words(check: Mapping[str, list[str]], head: str) -> str:
    """Return one head of a sheet in words; a head nobody looked at says so."""
    if head not in check:
        return _("没有看")
    marks = "、".join(mark_title(mark) for mark in check[head])
    return _("要留意：{marks}").format(marks=marks) if marks else _("好")


def finding_title(kind: str) -> str:
    """Return the word for what was found on the stairs."""
    return {"repair": _("报修"), "safety": _("安全隐患"), "cleaning": _("环境卫生"), "other": _("其他")}[kind]


def talk_title(talk: str) -> str:
    """Return the word for what was talked about."""
    return {
        "gas": _("用气安全"),
        "fraud": _("防诈骗"),
        "heating": _("取暖防煤气中毒"),
        "fire": _("消防"),
        "water": _("防溺水"),
        "benefits": _("政策"),
    }[talk]
