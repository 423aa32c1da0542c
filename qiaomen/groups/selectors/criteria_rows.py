"""The rows of a rule as a form sends them and as a page shows them: names of fields, choices, what is still missing."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.criteria.facts import Fact, Parameter
from qiaomen.criteria.rows import COUNT, DEEPEST, WHO, Block, Row, all_rows, compares_for, kind_of
from qiaomen.kernel import clock
from qiaomen.register.selectors import packs

MOST_ROWS = 30
ROOT = "r"
PATH = re.compile(r"r(\.\d{1,2}){0,4}")
JOINS = {"all": _lazy("下面都要符合"), "any": _lazy("下面符合一条就行")}
COMPARE_WORDS = {
    "is": _lazy("是"),
    "not": _lazy("不是"),
    ">=": _lazy("满"),
    "<": _lazy("不满"),
    ">": _lazy("大于"),
    "<=": _lazy("不超过"),
    "=": _lazy("为"),
    "<>": _lazy("不是"),
}
DATE_WORDS = {">=": _lazy("不早于"), "<": _lazy("早于"), ">": _lazy("晚于"), "<=": _lazy("不晚于")}
WHO_WORDS = {
    "": _lazy("这个人自己"),
    "any:home": _lazy("同住的人里有人"),
    "none:home": _lazy("同住的人里没有人"),
    "all:home": _lazy("同住的人全都"),
    "any:family": _lazy("共同生活的人里有人"),
    "none:family": _lazy("共同生活的人里没有人"),
    "all:family": _lazy("共同生活的人全都"),
    "any:household": _lazy("同户口的人里有人"),
    "none:household": _lazy("同户口的人里没有人"),
    "all:household": _lazy("同户口的人全都"),
}
COUNT_WORDS = {
    f"{COUNT}home": _lazy("同住一共几个人"),
    f"{COUNT}family": _lazy("共同生活一共几个人"),
    f"{COUNT}household": _lazy("同户口一共几个人"),
}
EMPTY = Block(parts=(Row(),))


def read_rows(sent: Mapping[str, Any], parts: list[str]) -> Block:
    """Return the rows a form sent; `parts`: the places of rows and blocks in order, such as r.0 and r.1.2."""
    places = [part for part in parts if PATH.fullmatch(part)][: MOST_ROWS * 2]

    def inside(path: str, depth: int) -> Block:
        mine = [place for place in places if place.rpartition(".")[0] == path]
        found: list[Row | Block] = []
        for row in mine:
            if sent.get(f"{row}-join") is None:
                found.append(_row(sent, row))
            elif depth < DEEPEST:
                found.append(inside(row, depth + 1))
        join, who = sent.get(f"{path}-join"), str(sent.get(f"{path}-who", ""))
        return Block("any" if join == "any" else "all", who if who in WHO and path != ROOT else "", tuple(found))

    return inside(ROOT, 1)


def _row(sent: Mapping[str, Any], path: str) -> Row:
    facts = packs.facts()
    row = Row(*(str(sent.get(f"{path}-{name}", "")).strip()[:60] for name in ("fact", "compare", "value", "standard")))
    kind = kind_of(row, facts)
    if row.compare not in compares_for(kind):
        row = replace(row, compare=next(iter(compares_for(kind)), ""))
    if kind == "bool":
        return replace(row, value="", standard="")
    if kind == "code":
        return replace(row, standard="", value=row.value if row.value in facts[row.fact].choices else "")
    if kind == "date":
        return replace(row, standard="", value=row.value if re.fullmatch(r"\d{4}-\d\d-\d\d", row.value) else "")
    if kind == "int":
        return replace(row, standard=row.standard if row.standard in dict(_standards(row)) else "")
    return row


def changed(block: Block, act: str) -> Block:
    """Return the rows after a button: `row:<place>` and `block:<place>` add there, `drop:<place>` takes away."""
    word, _colon, place = act.partition(":")
    if word not in ("row", "block", "drop") or not PATH.fullmatch(place):
        return block
    steps = [int(step) for step in place.split(".")[1:]]
    try:
        return _changed(block, word, steps)
    except (IndexError, AttributeError):
        return block


def _changed(block: Block, word: str, steps: list[int]) -> Block:
    parts = list(block.parts)
    if word == "drop" and len(steps) == 1:
        del parts[steps[0]]
        return replace(block, parts=tuple(parts) or (Row(),))
    if not steps:
        if len(list(all_rows(block))) >= MOST_ROWS:
            return block
        other = "any" if block.join == "all" else "all"
        new = Row() if word == "row" else Block(other, "", (Row(), Row()))
        return replace(block, parts=(*parts, new)) if word != "drop" else block
    inner = parts[steps[0]]
    if not isinstance(inner, Block):
        raise IndexError
    parts[steps[0]] = _changed(inner, word, steps[1:])
    return replace(block, parts=tuple(parts))


def missing_in(row: Row) -> str:
    """Return what a row still lacks, as a sentence; "" when it is whole."""
    kind = kind_of(row, packs.facts())
    if not kind:
        return _("请选一项情况。")
    if kind == "int" and not row.standard and not re.fullmatch(r"\d{1,4}", row.value):
        return _("请填一个数，或者选一条标准。")
    if kind == "code" and not row.value:
        return _("请选一个答案。")
    if kind == "date" and not _is_day(row.value):
        return _("请填一个日期。")
    return ""


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _standards(row: Row) -> list[tuple[str, str]]:
    """Return the parameters a number may be compared with: those in the same unit."""
    fact = packs.facts().get(row.fact)
    if fact is None:
        return []
    same: list[Parameter] = [
        parameter for parameter in packs.parameters(clock.today()).values() if parameter.unit == fact.unit
    ]
    return [
        (parameter.code, _("{title}（{unit}）").format(title=_(parameter.title), unit=_(parameter.unit)))
        for parameter in same
    ]


def shown(block: Block, *, say_missing: bool) -> dict[str, Any]:
    """Return rows as a page draws them, block in block."""
    return _shown(block, ROOT, 1, say_missing)


def _shown(block: Block, path: str, depth: int, say_missing: bool) -> dict[str, Any]:
    parts = [
        _shown(part, f"{path}.{n}", depth + 1, say_missing)
        if isinstance(part, Block)
        else _shown_row(part, f"{path}.{n}", say_missing)
        for n, part in enumerate(block.parts)
    ]
    return {
        "path": path,
        "block": True,
        "join": block.join,
        "who": block.who,
        "parts": parts,
        "root": path == ROOT,
        "joins": JOINS.items(),
        "whos": WHO_WORDS.items(),
        "may_nest": depth < DEEPEST,
    }


def _shown_row(row: Row, path: str, say_missing: bool) -> dict[str, Any]:
    kind, fact = kind_of(row, packs.facts()), packs.facts().get(row.fact)
    words = {**COMPARE_WORDS, **DATE_WORDS} if kind == "date" else COMPARE_WORDS
    return {
        "path": path,
        "row": row,
        "kind": kind,
        "facts": _fact_choices(),
        "compares": [(code, words[code]) for code in compares_for(kind)],
        "choices": [(code, _(title)) for code, title in fact.choices.items()] if fact else [],
        "standards": _standards(row),
        "unit": _(fact.unit) if fact and fact.unit else _("个人") if fact is None else "",
        "missing": missing_in(row) if say_missing else "",
    }


def _fact_choices() -> list[tuple[str, list[tuple[str, Any]]]]:
    """Return what may be compared: from the register, as told, how many there are."""
    facts: list[Fact] = [fact for fact in packs.facts().values() if fact.kind != "text"]
    by_origin = [
        (title, [(fact.code, _(fact.title)) for fact in facts if fact.origin == origin])
        for origin, title in (("register", _("登记里的")), ("told", _("问到的")))
    ]
    return [*by_origin, (_("多少人"), list(COUNT_WORDS.items()))]
