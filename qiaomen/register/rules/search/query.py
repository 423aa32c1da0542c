"""What somebody typed into the search box, read as words that must all match. Pure.

A word is a name part, a sound, the last four of a number, a whole number or a door; what it may be is tried as
probes against the tokens of a person (rules/search/tokens.py).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from qiaomen.linkage.sounds import readings_of
from qiaomen.register.rules.search.tokens import LAST, LONGEST, PART, blur, fold, fold_compound, fold_name

MOST_WORDS = 5
SHORTEST_BLUR = 4
"""Letters: of fewer, everything sounds like everything."""
MOST_TEXT = 80


@dataclass(frozen=True)
class Probe:
    """One way to match: a token itself, or every token that begins with it. `alike`: it only sounds the same; `first`:
    it must be the whole or the beginning of a name.
    """

    token: str
    begins: bool = False
    alike: bool = False
    first: bool = False

    @property
    def end(self) -> str:
        """The token after the last one that begins with this."""
        return self.token + LAST

    def covers(self, token: str) -> bool:
        """Say whether a person's token is matched."""
        return token.startswith(self.token) if self.begins else token == self.token


@dataclass(frozen=True)
class Word:
    """A word of the query. `weight`: how few people it will match, the least first; `name`: it must stand in a name,
    or the hit only sounds alike; `number`: it is a whole telephone or identity number; `first`: names begin with it.
    """

    text: str
    probes: tuple[Probe, ...] = ()
    weight: int = 9
    name: str = ""
    number: bool = False
    door: bool = False
    first: bool = False

    def covers(self, tokens: Iterable[str], exactly: bool = False) -> bool:
        """Say whether one of a person's tokens matches; `exactly`: not only by its sound."""
        probes = [probe for probe in self.probes if not (exactly and probe.alike)]
        return any(probe.covers(token) for token in tokens for probe in probes)

    def spelt(self, names: Iterable[str]) -> bool:
        """Say whether what was written in characters stands in one of these names (folded)."""
        if self.first:
            return any(name.startswith(self.name) for name in names)
        if self.name == self.text:
            return any(self.name in name for name in names)
        return any(all(char in name for char in self.name) for name in names)


Query = tuple[Word, ...]
_DOOR = re.compile(
    r"(?P<place>|.*?[^\d\-#a-z])(?P<first>\d+[a-z]?)(?P<rest>(?:(?:号楼|栋|幢|单元|门|号|#|-)\d+[a-z]?)*)"
    r"(?P<end>(?:号楼|栋|幢|楼|单元|室|号|户|#|-)?)"
)
_STEP = re.compile(r"(号楼|栋|幢|单元|门|号|#|-)(\d+[a-z]?)")


def parse(text: str, blind: Callable[[str], str]) -> list[Query]:
    """Return the readings of a text, the likeliest first; [] when there is nothing to look for.

    `blind` turns the last four of a number into its keyed hash.
    """
    text = unicodedata.normalize("NFKC", text)[:MOST_TEXT].lower().strip()
    if number := _whole_number(text):
        return [(Word(number, number=True, weight=0),)]
    parts = [part for part in text.split() if fold(part)][:MOST_WORDS]
    if not parts:
        return []
    doors = [door_words(part, blind) for part in parts]
    plain = tuple(read_word(part, blind) for part in parts)
    if not any(doors):
        return [plain]
    as_door = tuple(
        word
        for piece, made in zip(plain, doors, strict=True)
        for word in made or (_or_compound(piece, len(parts) > 1),)
    )
    signs = any(made and not part.isascii() for part, made in zip(parts, doors, strict=True))
    return [as_door, plain] if signs else [as_door]


def numbers_in(text: str) -> list[str]:
    """Return the whole numbers somebody typed: to look for one is a look, and goes through the gate first."""
    found = parse(text, lambda tail: "")
    return sorted({word.text for query in found for word in query if word.number and is_complete(word.text)})


def is_complete(number: str) -> bool:
    """Say whether a number can be anybody's: half typed it is nobody's, and finds nobody.

    A mobile telephone has eleven digits, a line of a house seven to twelve, an identity number eighteen.
    """
    return bool(re.fullmatch(r"1\d{10}|[2-9]\d{6,7}|0\d{9,11}|\d{17}[\dX]", number))


def _whole_number(text: str) -> str:
    """Return a telephone or identity number without its spaces and dashes, "" when the text is none."""
    bare = re.sub(r"[\s()]|(?<=\d)-(?=\d{3,})", "", text)
    bare = re.sub(r"^\+?86(?=1\d{10}$)", "", bare)
    return bare.upper() if re.fullmatch(r"\d{7,18}|\d{17}x", bare) else ""


def read_word(part: str, blind: Callable[[str], str]) -> Word:
    """Read a part that stands for a person: a number, a sound, a name, or both mixed."""
    if number := _whole_number(part):
        return Word(number, number=True, weight=0)
    text = fold_name(part)
    if text.isascii() and text.isalpha():
        return Word(text, (*_sounds(text), *_blurred(text)), weight=max(3, 7 - len(text)))
    if re.fullmatch(r"\d+x?", text):
        tail = (Probe("#" + blind(text.upper())),) if len(text) == 4 else ()
        return Word(text, (*tail, Probe("|" + text, begins=True)), weight=3)
    probes = [Probe(("=" + text)[:LONGEST], begins=len(text) > PART)]
    if re.search("[a-z]", text) and not re.search(r"\d", text):
        return Word(text, (*probes, *_mixed(text)), weight=4, name=re.sub("[a-z]", "", text))
    if not re.search("[a-z0-9]", text):
        alike = dict.fromkeys(mark + "".join(reading) for reading in readings_of(text) if reading for mark in "^~:")
        probes += [Probe(token[:LONGEST], alike=True) for token in alike]
    return Word(text, tuple(probes), weight={1: 7, 2: 4}.get(len(text), 3), name=text)


def _sounds(letters: str) -> list[Probe]:
    """Typed letters are the beginning of a sound, from any syllable on."""
    return [Probe((mark + letters)[:LONGEST], begins=True) for mark in "^~"]


def _blurred(letters: str) -> list[Probe]:
    """Somebody types zangwei, or zhanwei, and means zhangwei."""
    if len(letters) < SHORTEST_BLUR:
        return []
    blurred = blur(letters)
    plain = [Probe(("^" + blurred)[:LONGEST], begins=True, alike=True)] if blurred != letters else []
    return [*plain, Probe(("&" + blurred)[:LONGEST], begins=True, alike=True)]


def _mixed(text: str) -> list[Probe]:
    """zhang伟 and 张wei are zhangwei; 张wm is zwm."""
    pieces = re.findall("[a-z]+|[^a-z]", text)
    spoken = [
        (piece,) if piece.isascii() else tuple(dict.fromkeys(r[0] for r in readings_of(piece) if r)) for piece in pieces
    ]
    found: list[tuple[str, str]] = [("", "")]
    for piece, options in zip(pieces, spoken, strict=True):
        short = [(option, option if piece.isascii() else option[:1]) for option in options or ("",)]
        found = [(full + full_end, brief + letter) for full, brief in found for full_end, letter in short][:8]
    letters = dict.fromkeys(text for pair in found for text in pair if text)
    return [probe for letter in letters for probe in _sounds(letter)]


def _or_compound(word: Word, beside_a_door: bool) -> Word:
    """Beside a door, a Chinese word of two characters or more may be the compound: 幸福苑 3-2-501."""
    if not beside_a_door or len(word.name) < 2:
        return word
    probes = (*word.probes, Probe("%" + fold_compound(word.text), begins=True))
    return Word(word.text, probes, weight=8, name=word.name)


def door_words(part: str, blind: Callable[[str], str]) -> tuple[Word, ...]:
    """Read 3-2-501, 3单元402, 3号楼2单元501室, 幸福苑3-2-501, 402; () when it is no door."""
    found = _DOOR.fullmatch(part)
    if not found or _whole_number(part):
        return ()
    steps = [(found["first"], ""), *((number, sign) for sign, number in _STEP.findall(found["rest"]))]
    words = list(_steps(steps, found["end"], blind))
    if not words:
        return ()
    if place := fold_name(found["place"]):
        words.insert(0, _or_compound(read_word(place, blind), True))
    return tuple(words)


def _steps(steps: list[tuple[str, str]], end: str, blind: Callable[[str], str]) -> Iterable[Word]:
    numbers = [number for number, _ in steps]
    signs = [sign for _, sign in steps[1:]] + [end]
    text, open_end = "-".join(numbers), end in ("-", "号楼", "栋", "幢", "楼", "单元", "#")
    building = ("号楼", "栋", "幢", "楼", "#")
    if len(numbers) == 2 and signs[0] in building and end not in ("单元", "-"):
        yield _door(("@", numbers[0] + "-", True), weight=6)  # 3号楼501: the building, and the room somewhere in it
        yield _door(("|", numbers[1], True), weight=3)
    elif len(numbers) >= 3 or signs[0] in building:
        yield _door(("@", text + ("-" if open_end else ""), True), weight=6 if open_end else 1)
    elif len(numbers) == 2 and signs[0] in ("单元", "门"):
        yield _door(("|", text + ("-" if open_end else ""), True), weight=2)
    elif len(numbers) == 2:
        text += "-" if end == "-" else ""
        yield _door(("@", text, True), ("|", text, True), weight=2)
    elif end in ("单元", "-"):
        yield _door(("|", text + "-", True), *([("@", text + "-", True)] if end == "-" else []), weight=6)
    else:
        word = read_word(text, blind)
        if word.number:
            yield word
            return
        probes = word.probes if text.isdecimal() else (*word.probes, Probe("|" + text, begins=True))
        yield Word(text, probes, weight=3, door=len(text) != 4)


def _door(*probes: tuple[str, str, bool], weight: int) -> Word:
    made = tuple(Probe(mark + text, begins=begins) for mark, text, begins in probes)
    return Word(made[0].token[1:], made, weight=weight, door=True)
