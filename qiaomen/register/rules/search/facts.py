"""What else is said of somebody beside name, number and door: an age, a birthday, 高阿姨, 老高家, 修车铺的. Pure.

`read_facts` takes one word of what was typed and returns the ways it can be read, the likeliest first; each way is a
row of facts and of texts that are still to be read as a name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qiaomen.kernel.numerals import chinese_int

OLDEST = 130


@dataclass(frozen=True)
class Fact:
    """One thing said of a person; `kind` is one of TELLS.

    ages: (low, high) in years; born: (year, month, day), None where not said; sex: male or female; relation: words for
    the relation to the head; house: a name that is, or begins, that of the head or of somebody of the household;
    label: a word a house gives to people; work: a part of the place of work; near: a name nearly right; floor: storey;
    household_no; phone_start: the digits a mask shows in front.
    """

    kind: str
    value: Any

    @property
    def is_light(self) -> bool:
        """Say whether it asks for no more than how old somebody is about, as a filter of the grid may: no look."""
        return not self.tells or self.kind == "ages" or (self.kind == "born" and self.value[1] is None)

    @property
    def tells(self) -> str:
        """The field of the register that being found by this tells of; "" no more than a list of doors does."""
        return TELLS[self.kind]


TELLS = {
    "ages": "age",
    "born": "birth_date",
    "sex": "",
    "relation": "",
    "house": "",
    "label": "",
    "work": "work_place",
    "near": "",
    "floor": "",
    "household_no": "",
    "phone_start": "",
}
OF_CHILDREN = frozenset({"floor", "household_no", "house"})
"""Facts by which a child whose record is sealed may still be found: they tell the door and no more."""

Piece = Fact | str
_HAN = "〇零一二三四五六七八九十百"
_TENS = {sign: value * 10 for value, sign in enumerate("零一二三四五六七八九")}
_SEX = {"男": "male", "女": "female", "男的": "male", "女的": "female", "男性": "male", "女性": "female"}

_WOMAN, _MAN = "female", "male"
TITLES: dict[str, tuple[str, int, int]] = {
    "阿姨": (_WOMAN, 35, 80),
    "大妈": (_WOMAN, 45, OLDEST),
    "大婶": (_WOMAN, 35, 80),
    "大姐": (_WOMAN, 30, 75),
    "嫂子": (_WOMAN, 25, 80),
    "奶奶": (_WOMAN, 60, OLDEST),
    "婆婆": (_WOMAN, 55, OLDEST),
    "大娘": (_WOMAN, 50, OLDEST),
    "老太太": (_WOMAN, 60, OLDEST),
    "大爷": (_MAN, 55, OLDEST),
    "爷爷": (_MAN, 60, OLDEST),
    "老爷子": (_MAN, 60, OLDEST),
    "大伯": (_MAN, 50, OLDEST),
    "伯伯": (_MAN, 50, OLDEST),
    "叔叔": (_MAN, 30, 75),
    "大叔": (_MAN, 40, 75),
    "大哥": (_MAN, 25, 65),
    "先生": (_MAN, 18, OLDEST),
    "女士": (_WOMAN, 18, OLDEST),
    "师傅": ("", 18, 80),
    "老师": ("", 20, OLDEST),
}
"""How somebody is called -> sex ("" says nothing) and about which ages. Wide, since nobody asks for a card."""
OLD, YOUNG = (45, OLDEST), (0, 45)
"""Ages of whom one calls 老高 and 小高."""

SPOUSES = frozenset({"配偶", "妻", "妻子", "夫", "丈夫", "爱人"})
SONS = frozenset({"子", "儿子", "独生子", "长子", "次子", "三子", "四子", "五子", "儿", "子女"})
DAUGHTERS = frozenset({"女", "女儿", "独生女", "长女", "次女", "三女", "四女", "五女", "子女"})
RELATIVES: dict[str, tuple[frozenset[str], str]] = {
    **dict.fromkeys(("妻子", "老婆", "媳妇", "爱人", "太太"), (SPOUSES, _WOMAN)),
    **dict.fromkeys(("丈夫", "老公", "男人"), (SPOUSES, _MAN)),
    **dict.fromkeys(("配偶", "老伴", "对象"), (SPOUSES, "")),
    **dict.fromkeys(("儿子", "小子", "男孩"), (SONS, _MAN)),
    **dict.fromkeys(("女儿", "闺女", "姑娘", "女孩"), (DAUGHTERS, _WOMAN)),
    **dict.fromkeys(("孩子", "子女", "娃"), (SONS | DAUGHTERS, "")),
    **dict.fromkeys(("儿媳", "儿媳妇"), (frozenset({"儿媳", "媳", "儿媳妇"}), _WOMAN)),
    **dict.fromkeys(("女婿",), (frozenset({"女婿", "婿"}), _MAN)),
    **dict.fromkeys(("爸爸", "爸", "父亲"), (frozenset({"父亲", "父", "公公", "岳父"}), _MAN)),
    **dict.fromkeys(("妈妈", "妈", "母亲"), (frozenset({"母亲", "母", "婆婆", "岳母"}), _WOMAN)),
    **dict.fromkeys(("孙子",), (frozenset({"孙子", "孙", "外孙"}), _MAN)),
    **dict.fromkeys(("孙女",), (frozenset({"孙女", "外孙女"}), _WOMAN)),
}
"""How one says whose somebody is -> what stands in the register as the relation to the head, and the sex."""

_NUMBER = rf"(?:\d{{1,3}}|[{_HAN}]{{1,4}})"
_AGES = (
    (re.compile(r"(?P<tens>[1-9]0|[一二三四五六七八九]十)(?:多|几|来|余)(?:岁)?的?"), "decade"),
    (re.compile(rf"(?P<age>{_NUMBER})岁?(?:以上|往上)的?"), "from"),
    (re.compile(rf"(?P<age>{_NUMBER})岁?(?:以下)的?"), "until"),
    (re.compile(rf"(?P<age>{_NUMBER})岁(?:左右|上下)的?"), "about"),
    (re.compile(rf"(?P<age>{_NUMBER})岁的?"), "age"),
)
_WRITTEN = re.compile(r"((?:19|20)\d\d)[-./](\d{1,2})(?:[-./](\d{1,2}))?")
_BORN = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d|\d\d)年的?)?(?:(?P<month>\d{1,2})月)?(?:(?P<day>\d{1,2})[日号])?(?:出?生)?的?"
)
_SURNAME = re.compile(r"姓(?P<name>[\u3400-\u9fff])的?")
_TITLE = re.compile(
    rf"(?:老|小)?(?P<name>[\u3400-\u9fff]{{1,2}})(?P<title>{'|'.join(sorted(TITLES, key=len, reverse=True))})"
)
_OLD = re.compile(r"(?P<age>[老小])(?P<name>[\u3400-\u9fff])")
_HOUSE = re.compile(r"(?:老|小)?(?P<name>[\u3400-\u9fff·]{1,6})家(?:里|的)?")
_RELATIVE = re.compile(
    rf"(?P<name>[\u3400-\u9fff·]{{1,6}}?)(?:家)?的?(?P<whose>{'|'.join(sorted(RELATIVES, key=len, reverse=True))})"
)
_WORKS = re.compile(r"(?:在)?(?P<place>.{2,}?)(?:上班|工作|干活)?的")


def read_facts(word: str, this_year: int) -> Iterator[list[Piece]]:
    """Yield the ways to read a word, the likeliest first; none when nothing but a name can be meant.

    `this_year`: of 85年 the last one that is not in the future is meant.
    """
    if word in _SEX:
        yield [Fact("sex", _SEX[word])]
        return
    if pieces := _one_after_another(word, this_year):
        yield pieces
    if found := _TITLE.fullmatch(word):
        sex, low, high = TITLES[found["title"]]
        yield [*([Fact("sex", sex)] if sex else []), Fact("ages", (low, high)), "姓" + found["name"]]
    elif found := _OLD.fullmatch(word):
        yield [Fact("ages", OLD if found["age"] == "老" else YOUNG), "姓" + found["name"]]
    if found := _HOUSE.fullmatch(word):
        yield [Fact("house", found["name"])]
    if (found := _RELATIVE.fullmatch(word)) and found["name"] != "姓":
        relations, sex = RELATIVES[found["whose"]]
        yield [Fact("house", found["name"]), Fact("relation", relations), *([Fact("sex", sex)] if sex else [])]
    if found := _WORKS.fullmatch(word):
        yield [Fact("work", found["place"])]


def _one_after_another(word: str, this_year: int) -> list[Piece]:
    """Read 80多岁姓王的, 1950年生的女的; [] when it does not begin with a fact. What is left over is a name."""
    pieces: list[Piece] = []
    if written := _WRITTEN.fullmatch(word):
        word = f"{written[1]}年{written[2]}月" + (f"{written[3]}日" if written[3] else "")
    while word:
        fact, end = _fact_at_front(word, this_year)
        if fact is None:
            break
        pieces.append(fact)
        word = word[end:]
    if not pieces:
        return []
    return [*pieces, word] if word else pieces


def _fact_at_front(word: str, this_year: int) -> tuple[Piece | None, int]:
    for pattern, kind in _AGES:
        if (found := pattern.match(word)) and (ages := _ages(kind, found)):
            return Fact("ages", ages), found.end()
    if (found := _BORN.match(word)) and (born := _born(found, this_year)):
        return Fact("born", born), found.end()
    if (found := _SURNAME.match(word)) and not re.match("[\u3400-\u9fff]", word[found.end() :]):
        return "姓" + found["name"], found.end()
    if sex := re.match("(?:[男女])的?$", word):
        return Fact("sex", _SEX[word[0]]), sex.end()
    return None, 0


def _ages(kind: str, found: re.Match[str]) -> tuple[int, int] | None:
    text = found["tens" if kind == "decade" else "age"]
    value = int(text) if text.isdecimal() else chinese_int(text)
    if value is None or value > OLDEST:
        return None
    spans = {
        "decade": (value, value + 9),
        "from": (value, OLDEST),
        "until": (0, value),
        "about": (value - 2, value + 2),
        "age": (value, value),
    }
    return spans[kind]


def _born(found: re.Match[str], this_year: int) -> tuple[int | None, int | None, int | None] | None:
    """Return year, month and day as far as they are said; None when these numbers are no day of birth."""
    year, month, day = (int(found[name]) if found[name] else None for name in ("year", "month", "day"))
    if year is None and (month is None or day is None):
        return None
    if year is not None and year < 100:
        year += 2000 if 2000 + year <= this_year else 1900
    if (month is not None and not 1 <= month <= 12) or (day is not None and (month is None or not 1 <= day <= 31)):
        return None
    return None if year is not None and year > this_year else (year, month, day)


def bare_number(text: str) -> list[Fact]:
    """Return what a number beside other words may be: an age, a year of birth."""
    if not text.isdecimal():
        return []
    value = int(text)
    if len(text) <= 3 and value <= OLDEST:
        return [Fact("ages", (value, value))]
    return [Fact("born", (value, None, None))] if len(text) == 4 and 1890 <= value <= 2100 else []
