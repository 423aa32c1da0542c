"""What a person is found by: short tokens, each matched exactly or by how it begins. Pure.

The first character says what a token is, so that tokens of two kinds never meet:

    =小明         a part of a name, up to four characters; of a longer name also all that follows
    ^wangxiaoming ^wxm ^wangxm  the sound from the beginning of the name, in full and by initials
    ~xiaoming ~xm        the sound from a later syllable, or of another name; letters of a name, from any of them on
    &zanwei       the sound from the beginning for those who do not tell zh from z or ang from an
    :wangxiao     the sound of a part that ends before the name does (for names that sound alike)
    #5f0c…        the last four of a telephone, which its mask shows, as a keyed hash
    @3-2-501 |2-501 |501 the door, whole and from a later part; digits of a name
    %幸福苑       the compound
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qiaomen.linkage.sounds import readings_of, split_surname

PART = 4
"""Names have two to four characters; a longer part is found by how the rest of a name begins."""
LONGEST = 60
WHOLE, BEGINS, GIVEN, INSIDE, OTHER = range(5)
"""`place`: the token is the whole name, its beginning, the whole given name, a later part, or belongs to a former name
or nickname."""

LAST = "\U0010ffff"
"""Sorts after every character a name can hold, in UTF-8 bytes, which is how both databases compare here."""

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-") | {ord("⋅"): None}
_DROPPED = {"Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Cn", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sk"}


@dataclass(frozen=True)
class Known:
    """What of a person is searched; "" is not known. `door` is the label, `compound` the name of its compound."""

    name: str
    former_name: str = ""
    nickname: str = ""
    phone: str = ""
    door: str = ""
    compound: str = ""
    is_head: bool = False


def fold(text: str) -> str:
    """Return a text as it is compared: full width made half, lower case, without spaces and dots.

    Private-use characters stay: offices write rare characters with them.
    """
    folded = unicodedata.normalize("NFKC", text).lower().replace("ü", "v").translate(_DASHES)
    return "".join(char for char in folded if char == "-" or unicodedata.category(char) not in _DROPPED)[:LONGEST]


def fold_name(text: str) -> str:
    """Return a name as it is compared: 买买提·艾山 is 买买提艾山."""
    return fold(text).replace("-", "")


def fold_compound(text: str) -> str:
    """Return a compound's name as it is compared: 幸福苑小区 is 幸福苑."""
    folded = fold(text)
    return folded.removesuffix("小区") or folded


def blur(sound: str) -> str:
    """Return pinyin as those type it who do not tell z c s from zh ch sh, nor an en in from ang eng ing."""
    return re.sub("(?<=[zcs])h", "", re.sub("(?<=[aei]n)g", "", sound))


def tail_of(number: str) -> str:
    """Return the last four of a telephone; "" when it is shorter than seven."""
    digits = re.sub(r"[^0-9]", "", number)
    return digits[-4:] if len(digits) >= 7 else ""


def tokens_of(known: Known, blind: Callable[[str], str]) -> dict[str, int]:
    """Return token -> place of one person; `blind` turns the last four of a number into its keyed hash."""
    found: dict[str, int] = {}
    for token, place in _all(known, blind):
        short = token[:LONGEST]
        found[short] = min(place, found.get(short, place))
    return found


def _all(known: Known, blind: Callable[[str], str]) -> Iterator[tuple[str, int]]:
    yield from _of_name(known.name, other=False)
    for name in (known.former_name, known.nickname):
        yield from _of_name(name, other=True)
    if tail := tail_of(known.phone):
        yield "#" + blind(tail), BEGINS
    parts = fold(known.door).split("-") if known.door else []
    place = BEGINS if known.is_head else INSIDE
    for start in range(len(parts)):
        yield ("|" if start else "@") + "-".join(parts[start:]), place
    if known.compound:
        yield "%" + fold_compound(known.compound), place


def _spoken(written: str) -> str:
    """Return a name as it is read aloud: John Smith has two syllables as it were."""
    plain = unicodedata.normalize("NFKC", written).lower()
    return " ".join(re.findall("[a-z]+", plain)) if plain.isascii() else fold_name(written)


def _part(start: int, end: int, given: int, length: int) -> int:
    """Return the place of a part of a name."""
    if not start:
        return BEGINS
    return GIVEN if start == given and end == length else INSIDE


def _of_name(written: str, other: bool) -> Iterator[tuple[str, int]]:
    name = fold_name(written)
    given = len(split_surname(name)[0])
    for start in range(len(name)):
        for end in range(start + 1, min(start + PART, len(name)) + 1):
            whole = end - start == len(name)
            yield "=" + name[start:end], OTHER if other else WHOLE if whole else _part(start, end, given, len(name))
        if len(name) - start > PART:
            yield "=" + name[start:], OTHER if other else _part(start, len(name), given, len(name)) if start else WHOLE
    for run in re.finditer("[a-z]+|[0-9]+", name):
        for start in range(run.start(), run.end()):
            yield ("|" if name[start].isdecimal() else "~") + name[start : run.end()], OTHER if other else INSIDE
    for syllables in readings_of(_spoken(written)) if name else ():
        for start in range(len(syllables)):
            mark, place = ("~", OTHER) if other else ("~", INSIDE) if start else ("^", BEGINS)
            yield mark + "".join(syllables[start:]), place
            if not start and (blurred := blur("".join(syllables))) != "".join(syllables):
                yield "&" + blurred, place
            yield mark + "".join(syllable[0] for syllable in syllables[start:]), place
        if len(syllables) > 2:
            yield (
                ("~" if other else "^") + syllables[0] + "".join(syllable[0] for syllable in syllables[1:]),
                OTHER if other else BEGINS,
            )
        if len(syllables) == len(name):
            for start in range(len(syllables)):
                for end in range(start + 2, min(start + PART, len(name) - 1) + 1):
                    yield ":" + "".join(syllables[start:end]), OTHER if other else INSIDE if start else BEGINS
