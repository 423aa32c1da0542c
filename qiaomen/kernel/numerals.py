"""Written characters and numbers as keyboards and offices give them, folded into one form; every grammar starts
here.
"""

import re
import unicodedata

from qiaomen.kernel.recall import recalled

DIGITS = "〇零○一二三四五六七八九"
_CAPITALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰貳參陸两", "一二三四五六七八九十百二三六二")
_ONES = {sign: value for value, signs in enumerate(("〇零○", *"一二三四五六七八九")) for sign in signs}
NUMERAL = re.compile("[〇零○一二三四五六七八九十百]+")

_NO_GLYPH = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufff9-\ufffb]+")
_DASHES = re.compile("[‐‑‒–—―−─━ー﹣－~～]+")


@recalled(maxsize=1 << 14)
def narrow(text: str) -> str:
    """Fold full-width forms, kinds of dashes and of blanks; runs of white space become one blank, none at the ends."""
    if not text.isascii():
        text = _DASHES.sub("-", _NO_GLYPH.sub("", unicodedata.normalize("NFKC", text)))
    return " ".join(text.split())


def chinese_int(text: str) -> int | None:
    """Return the value of 二十一 (21), 十 (10), 一百零五 (105), 五〇一 (501), 一九五六 (1956); None for no number."""
    text = text.translate(_CAPITALS)
    if not NUMERAL.fullmatch(text):
        return None
    if "百" not in text and "十" not in text:
        return int("".join(str(_ONES[sign]) for sign in text))
    found = re.fullmatch(
        "(?:([一二三四五六七八九])百)?[〇零○]?(?:([一二三四五六七八九]?)(十))?[〇零○]?([一二三四五六七八九]?)", text
    )
    if found is None:
        return None
    hundreds, tens, ten, ones = found.groups()
    value = 100 * _ONES[hundreds] if hundreds else 0
    value += 10 * (_ONES[tens] if tens else 1) if ten else 0
    return value + (_ONES[ones] if ones else 0)


def with_digits(text: str) -> str:
    """Replace every Chinese number in a text by its digits; one that is no number stays."""
    text = text.translate(_CAPITALS)

    def digits(found: re.Match[str]) -> str:
        value = chinese_int(found[0])
        if value is None:
            return found[0]
        plain = "十" not in found[0] and "百" not in found[0]
        return str(value).zfill(len(found[0])) if plain else str(value)

    return NUMERAL.sub(digits, text)
