"""The register as the best detector of names: every name on it is found at once, over blanks, breaks and frames.

Recall is 1 by construction for a name that is no everyday word. For one that is (高峰), or whose characters belong to
two words (每|张|海报), what stands beside it decides: a role before it, what a person does behind it.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import ahocorasick

from qiaomen.redaction import words
from qiaomen.redaction.folding import Reduced, reduced


@dataclass(frozen=True)
class Registered:
    """Names as the register has them; the value says whether somebody of that name is a minor.

    `compounds`: what compounds and roads are called here, for the door addresses.
    """

    people: Mapping[str, bool] = field(default_factory=dict)
    compounds: tuple[str, ...] = ()
    _automaton: ahocorasick.Automaton = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Build the automaton, once for a register."""
        automaton, minors = ahocorasick.Automaton(), {reduced(name) for name, minor in self.people.items() if minor}
        for name in self.people:
            bare = reduced(name)
            if len(bare) >= 2:
                automaton.add_word(bare, (len(bare), bare in minors, name))
        if len(automaton):
            automaton.make_automaton()
        object.__setattr__(self, "_automaton", automaton)

    def names_in(self, text: Reduced) -> Iterator[tuple[int, int, str, bool]]:
        """Yield (from, to, the name as registered, minor) for every name, of two that overlap the longer one."""
        if not len(self._automaton):
            return
        last = (0, 0, "", False)
        for end, (length, minor, name) in self._automaton.iter(text.text):
            start = end + 1 - length
            if start >= last[1]:
                if last[1]:
                    yield last
                last = (start, end + 1, name, minor)
            elif length > last[1] - last[0]:
                last = (start, end + 1, name, minor)
        if last[1]:
            yield last


@dataclass(frozen=True)
class Surroundings:
    """A reduced text with its words, so that each name can be judged by what stands around it."""

    text: Reduced
    starts: Sequence[int]

    @classmethod
    def of(cls, text: Reduced) -> "Surroundings":
        """Cut the text once."""
        return cls(text, array("l", words.starts_of(text.text)))

    def word_at(self, place: int) -> tuple[str, int, int] | None:
        """Return the dictionary's word over a place with where it begins and ends; None for a single character."""
        number = bisect_right(self.starts, place) - 1
        start = self.starts[number]
        end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text.text)
        return (self.text.text[start:end], start, end) if end - start > 1 else None

    def begins_word(self, place: int) -> bool:
        """Say whether a word begins here."""
        number = bisect_left(self.starts, place)
        return number < len(self.starts) and self.starts[number] == place

    def before(self, place: int) -> str:
        """Return the few characters before a place."""
        return self.text.text[max(0, place - 8) : place]

    def after(self, place: int) -> str:
        """Return the few characters after a place."""
        return self.text.text[place : place + 8]

    def has_role(self, start: int, end: int) -> bool:
        """Say whether a role or a person's doing stands right beside the name."""
        return bool(words.STRONG_LEFT.search(self.before(start)) or words.STRONG_RIGHT.match(self.after(end)))

    def has_some_role(self, start: int, end: int) -> bool:
        """Say whether any word beside it goes with a name."""
        return bool(words.LEFT.search(self.before(start)) or words.RIGHT.match(self.after(end)))

    def cuts_a_word(self, start: int, end: int) -> bool:
        """Say whether an everyday word begins before this stretch and ends in it, or the other way round."""
        first, last = self.word_at(start), self.word_at(end - 1)
        return bool((first and first[1] < start) or (last and last[2] > end))

    def is_spaced(self, start: int, end: int) -> bool:
        """Say whether something stands between its characters: nobody spaces an everyday word."""
        return any(self.text.is_broken(place) for place in range(start + 1, end))

    def stands_alone(self, start: int, end: int) -> bool:
        """Say whether it is all that stands between two signs or ends: a signature, an item of a list, a cell."""
        return bool(re.search(r"(?:^|[^\w])$", self.before(start)) or self.text.is_broken(start)) and bool(
            re.match(r"(?:$|[^\w])", self.after(end)) or (end < len(self.text.text) and self.text.is_broken(end))
        )


def is_a_name_here(around: Surroundings, start: int, end: int, name: str) -> bool:
    """Say whether a registered name is meant as a name here; where words cannot tell, it is."""
    bare = around.text.text[start:end]
    if bare in words.ORDINARY:
        return not around.cuts_a_word(start, end) and _is_person_here(around, start, end)
    if around.stands_alone(start, end) or around.has_role(start, end):
        return True
    if words.is_everyday_word(bare) and not around.is_spaced(start, end):
        return around.has_some_role(start, end)
    if around.cuts_a_word(start, end):
        if around.is_spaced(start, end) or len(bare) > 3:
            return True
        spanning = around.word_at(start) or around.word_at(end - 1)
        if spanning and words.is_persons_word(spanning[0]):
            return True
        return bare[0] not in words.EVERYDAY_SURNAMES or around.has_some_role(start, end)
    return True


def _is_person_here(around: Surroundings, start: int, end: int) -> bool:
    """Say whether an everyday word is somebody's name: what only a person does follows, or a role leads and it ends."""
    after = around.after(end)
    if words.ONLY_A_PERSON.match(after) or words.DOES_AS_A_PERSON.match(after):
        return True
    return bool(words.STRONG_LEFT.search(around.before(start))) and (not after or not after[0].isalpha())
