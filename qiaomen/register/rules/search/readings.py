"""From what somebody typed to the ways it can be read: words that are tokens (query.py) and facts beside them. Pure.

A reading is tried after the other, the likeliest first. What only nearly fits (a wrong character, sounds mixed up) is
the last one and is asked only while there is room.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

from qiaomen.register.rules.doors.asked import fold_asked
from qiaomen.register.rules.search.facts import Fact, bare_number, read_facts
from qiaomen.register.rules.search.query import MOST_TEXT, MOST_WORDS, Probe, Query, Word, door_words, parse, read_word
from qiaomen.register.rules.search.tokens import fold, fold_compound, fold_name

MOST_READINGS = 8
NEAR = (2, 3, 4)
"""A name of so many characters may be nearly right."""


@dataclass(frozen=True)
class Vocabulary:
    """Words that mean something in this community: its compounds, and what houses call people."""

    compounds: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """One way to read a text: all words and all facts must match."""

    words: Query = ()
    facts: tuple[Fact, ...] = ()

    @property
    def is_near(self) -> bool:
        """Say whether it only nearly fits."""
        return any(fact.kind == "near" for fact in self.facts)


Way = tuple[Word | Fact, ...]
_MASK = re.compile(r"(1\d{2})\*{2,}(\d{4})")
_DOOR = re.compile(
    r"[a-z]?\d{1,5}[a-z]?(?:(?:号楼|#楼|栋|幢|座|#|单元|楼|层|号?室|号|户|组|门|-)+[a-z]?\d{1,5}[a-z]?)*"
    r"(?:号楼|#楼|栋|幢|座|#|单元|楼|层|号?室|号|户|-)?(?![\d岁年月日多几来.])"
)
_SPOKEN = re.compile(r"[〇零一二三四五六七八九十百]+(?:号楼|栋|幢|单元)")
_FLOOR = re.compile(r"(?<=[号楼栋幢元座#\d])-?(\d{1,2})[楼层](?!\d*单元)")


def readings(text: str, blind: Callable[[str], str], known: Vocabulary, this_year: int) -> list[Reading]:
    """Return the ways to read a text; [] when there is nothing to look for. `blind`: see `query.parse`."""
    text = unicodedata.normalize("NFKC", text)[:MOST_TEXT].lower().strip()
    plain = [Reading(query) for query in parse(text, blind)]
    if not plain or any(word.number for reading in plain for word in reading.words):
        return plain
    parts = [part for part in text.split() if fold(part)][:MOST_WORDS]
    reader = _Reader(blind, known, this_year, alone=len(parts) == 1)
    found = [*reader.of_all(parts), *plain, *reader.nearly(parts)]
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class _Reader:
    """Reads the words of one text. `alone`: there is only one."""

    blind: Callable[[str], str]
    known: Vocabulary
    this_year: int
    alone: bool

    def of_all(self, parts: list[str]) -> list[Reading]:
        """Return the readings of several words: every way of each with every way of the others."""
        parts = _one_door(parts)
        if len(parts) > 1 and all(part.isascii() and part.isalpha() for part in parts):
            joined = "".join(parts)
            return [Reading((Word(joined, (Probe("^" + joined),), weight=2),))]
        found: list[Reading] = []
        for ways in product(*(list(self.ways(part)) for part in parts)):
            pieces = [piece for way in ways for piece in way]
            words = tuple(piece for piece in pieces if isinstance(piece, Word))
            found.append(Reading(words, tuple(piece for piece in pieces if isinstance(piece, Fact))))
        return found[:MOST_READINGS]

    def ways(self, part: str) -> Iterator[Way]:
        """Yield the ways to read one word."""
        if found := _MASK.fullmatch(part):
            yield (*self._name(found[2]), Fact("phone_start", found[1]))
            return
        if split := self._compound(part):
            compound, rest = split
            for way in self.ways(rest) if rest else [()]:
                yield (compound, *way)
            if rest or not self.alone:
                return
        if door := self._door(part):
            yield from door
            return
        yield from self._labelled(part)
        yield from self._said(part)
        yield self._name(part)
        if len(part) > 1 and not part.isascii():
            yield (Fact("work", part),)

    def _said(self, part: str) -> Iterator[Way]:
        """Yield what a word may say beside a name: facts, an age, a household's number."""
        for pieces in read_facts(part, self.this_year):
            yield tuple(piece for text in pieces for piece in ([text] if isinstance(text, Fact) else self._name(text)))
        if not self.alone:
            for fact in bare_number(part):
                yield (fact,)
        elif re.fullmatch(r"[a-z]{0,4}\d{1,6}", part):
            yield (Fact("household_no", part),)

    def _name(self, text: str) -> Way:
        """Read what stands for a name; 姓王 is the beginning of one."""
        if found := re.fullmatch(r"姓([\u3400-\u9fff]{1,2})的?", text):
            return (Word(found[1], (Probe("=" + found[1], first=True),), weight=7, name=found[1], first=True),)
        return (read_word(text, self.blind),) if fold(text) else ()

    def _compound(self, part: str) -> tuple[Word, str] | None:
        """Return the compound a word begins with, or begins, and what follows."""
        for name in sorted(map(fold_compound, self.known.compounds), key=len, reverse=True):
            if name and part.startswith(name):
                return _in_compound(name, whole=True), part[len(name) :].removeprefix("小区").lstrip("-,，")
        if len(part) > 1 and any(fold_compound(name).startswith(part) for name in self.known.compounds):
            return _in_compound(part, whole=False), ""
        return None

    def _door(self, part: str) -> list[Way]:
        """Return the ways to read a word that begins with a door: 3栋5楼, 三栋二单元五零一, 3#楼2单元501老王."""
        if not (part[:1].isdecimal() or _SPOKEN.match(part) or re.match(r"[a-z]\d|[a-z](?:座|栋)", part)):
            return []
        folded = fold_asked(part).lower().replace("#楼", "号楼").replace("座", "栋")
        found = _DOOR.match(folded)
        if found is None or (found[0].isdecimal() and (self.alone or found.end() == len(folded))):
            return []
        door, floors = _FLOOR.subn("-", found[0])
        floor = _FLOOR.search(found[0])
        words = door_words(door.rstrip("-") + "-" if floors else door, self.blind)
        facts: Way = (Fact("floor", int(floor[1])),) if floor else ()
        if not words:
            return []
        rest = folded[found.end() :]
        return [(*words, *facts, *way) for way in (self.ways(rest) if rest else [()])]

    def _labelled(self, part: str) -> Iterator[Way]:
        if len(part) < 2:
            return
        part = part.removesuffix("的")
        exact = [label for label in self.known.labels if label.lower() == part]
        near = [label for label in self.known.labels if label.lower() != part and part in label.lower()]
        for label in (*exact, *near)[:3]:
            yield (Fact("label", label),)

    def nearly(self, parts: list[str]) -> list[Reading]:
        """Return the reading of a single name that may be nearly right."""
        name = fold_name(parts[0]) if len(parts) == 1 else ""
        if len(name) not in NEAR or re.search(r"[a-z0-9]", name):
            return []
        return [Reading((), (Fact("near", name),))]


def _in_compound(name: str, whole: bool) -> Word:
    return Word(name, (Probe("%" + name, begins=not whole),), weight=8, door=True)


def _one_door(parts: list[str]) -> list[str]:
    """Return 3-2-501 for three numbers side by side."""
    numbers = len(parts) > 1 and all(re.fullmatch(r"[a-z]?\d{1,5}", part) for part in parts)
    return ["-".join(parts)] if numbers and 2 <= len(parts) <= 3 else parts
