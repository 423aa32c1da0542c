"""One form for all the ways a number or a name is written; every fold keeps the length, so that places stay true."""

import re
import unicodedata

import numpy as np

INVISIBLE = "\x01"
"""Stands where a character without a glyph stood."""
WALL = "\uffff"
"""Stands between cells that are no neighbours: nothing is read across it."""

_HAN_DIGITS = dict(zip("〇零○◯ＯОΟ", "0" * 7, strict=True))
for _digits in ("一二三四五六七八九", "壹贰叁肆伍陆柒捌玖", "壹貳參肆伍陸柒捌玖", "弌弍弎"):
    _HAN_DIGITS |= {sign: str(value) for value, sign in enumerate(_digits, 1)}
_HAN_DIGITS |= {"两": "2", "幺": "1", "仨": "3", "俩": "2", "陆": "6", "拐": "7", "洞": "0", "勾": "9"}
_SPECIAL = {"×": "X", "✕": "X", "✖": "X", "Х": "X", "х": "X", "Χ": "X", "χ": "X", "ⅹ": "X", "Ⅹ": "X", "x": "X"}
_NO_GLYPH = {"Cf", "Cc", "Mn", "Me", "Cn", "Co"}


class _Fold(dict[int, str]):
    """Fold characters for numbers, each looked up once: a digit of any script and frame, a Chinese numeral, a sign."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        self[code] = folded = _fold_sign(sign)
        return folded


def _fold_sign(sign: str) -> str:
    if sign in "\n\t" or sign == WALL:
        return sign
    if sign in _HAN_DIGITS:
        return _HAN_DIGITS[sign]
    if sign in _SPECIAL:
        return _SPECIAL[sign]
    if unicodedata.category(sign) in _NO_GLYPH or sign in "\u115f\u1160\u3164\uffa0":
        return INVISIBLE
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", sign)
    if len(plain) == 1:
        return _SPECIAL.get(plain, plain)
    inside = re.sub(r"\W", "", plain)
    if len(inside) == 1:
        return inside
    return " " if not plain.strip() else sign


_FOLD = _Fold()


def folded(text: str) -> str:
    """Return the text with every written digit as 0-9, widths narrow, what has no glyph as INVISIBLE."""
    return text.translate(_FOLD)


INSIDE_A_NAME = " \t\n\r\x01·•.-‐‑–—_*'`’‘/|\\~^・‧∙"
"""What may stand between the characters of one name."""


_DROP = str.maketrans("", "", INSIDE_A_NAME)


def reduced(name: str) -> str:
    """Return a name as a text without the signs inside names has it."""
    return compatible(name).translate(_DROP)


class Reduced:
    """A text without some signs: `text`, and `origin[n]`, the place its n-th character came from."""

    def __init__(self, text: str, gaps: str = INSIDE_A_NAME) -> None:
        letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        keep = ~np.isin(letters, np.array([ord(sign) for sign in gaps], dtype=np.uint32))
        self.origin = np.flatnonzero(keep)
        self.text = letters[keep].tobytes().decode("utf-32-le", "surrogatepass")

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the first text that a stretch of the reduced one covers."""
        return int(self.origin[start]), int(self.origin[end - 1]) + 1

    def is_broken(self, place: int) -> bool:
        """Say whether something stood between this character and the one before it."""
        if place <= 0 or place >= len(self.origin):
            return True
        return int(self.origin[place]) != int(self.origin[place - 1]) + 1


class _Compatible(dict[int, str]):
    def __missing__(self, code: int) -> str:
        sign = chr(code)
        plain = unicodedata.normalize("NFKC", sign)
        invisible = sign not in "\n\t" and sign != WALL and unicodedata.category(sign) in _NO_GLYPH
        self[code] = folded = INVISIBLE if invisible else plain if len(plain) == 1 else sign
        return folded


_COMPATIBLE = _Compatible()


def compatible(text: str) -> str:
    """Fold radicals, compatibility ideographs and widths, one character for one; digits of words stay words."""
    return text.translate(_COMPATIBLE)
