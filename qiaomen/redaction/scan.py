"""All detectors over one text: what is private in it, each stretch once, in their order."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qiaomen.kernel.texts import Text
from qiaomen.kernel.texts import later as _
from qiaomen.redaction import addresses, other_names, situations
from qiaomen.redaction.folding import INSIDE_A_NAME, Reduced, compatible
from qiaomen.redaction.known_names import Registered, Surroundings, is_a_name_here
from qiaomen.redaction.numbers import numbers_in
from qiaomen.redaction.passing import Passing, bare

REGISTERED = _("是登记在册的居民姓名")
LIKELY = _("姓氏加称呼或上下文，像是姓名；请看一眼")
DOTTED = _("中间有点的姓名")
DOOR = _("写到了几栋几号，能找上门")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a text that is private. `plain`: it without disguise; `role`: what may stand in its place."""

    kind: str
    start: int
    end: int
    plain: str
    reason: Text
    role: str = ""


def marks_in(text: str, names: Registered, passing: Passing, *, persons: Sequence[int] = ()) -> list[Mark]:
    """Return what is private in a text and not on the list of what passes.

    `persons`: places where somebody stands though no name does, as at the beginning of a row about them.
    """
    numbers = [
        Mark(h.kind, h.start, h.end, h.plain, h.reason) for h in numbers_in(text) if not passing.lets(h.plain, h.kind)
    ]
    people = list(_people(text, names, passing))
    doors = [Mark("door", *door, DOOR) for door in addresses.doors_in(text, names.compounds)]
    posted = _posted_in(text, passing) if doors else _Let([])
    doors = [door for door in doors if not posted.covers(door.start, door.end)]
    marks = [*numbers, *_apart(people, numbers, len(text)), *_apart(doors, numbers, len(text))]
    standing = sorted([*((mark.start, mark.end) for mark in people), *((place, place + 1) for place in persons)])
    for found in situations.situations_in(text, standing):
        plain = text[found.start : found.end]
        marks.append(Mark(found.kind, found.start, found.end, plain, found.reason, found.role))
    return sorted(marks, key=lambda mark: (mark.start, -mark.end))


def broken_names_in(text: str, names: Registered, passing: Passing) -> list[Mark]:
    """Return the registered names that a line end cuts, for cells below each other."""
    reduced = Reduced(compatible(text), INSIDE_A_NAME)
    around: Surroundings | None = None
    found = []
    for start, end, name, minor in names.names_in(reduced):
        first, last = reduced.span(start, end)
        if "\n" in text[first:last] and not passing.lets(name, "name"):
            around = around or Surroundings.of(reduced)
            if is_a_name_here(around, start, end, name):
                found.append(Mark("minor" if minor else "name", first, last, name, REGISTERED))
    return found


class _Taken:
    """Which characters of a text something stands on already; asked in the length of a stretch, not of the text."""

    def __init__(self, length: int) -> None:
        self._signs = bytearray(length)

    def add(self, start: int, end: int) -> None:
        """Take a stretch."""
        self._signs[start:end] = b"\x01" * (end - start)

    def meets(self, start: int, end: int) -> bool:
        """Say whether any character of a stretch is taken."""
        return any(self._signs[start:end])


def _apart(marks: list[Mark], others: list[Mark], length: int) -> list[Mark]:
    """Leave out what overlaps a number: a Chinese numeral is no name."""
    taken = _Taken(length if others else 0)
    for other in others:
        taken.add(other.start, other.end)
    return [mark for mark in marks if not taken.meets(mark.start, mark.end)]


_BETWEEN = r"(?:[^\w\uffff]|_){0,3}"
"""What may stand between the signs of an address; not a wall between cells."""


def _posted_in(text: str, passing: Passing) -> "_Let":
    """Return where an address that the office posts stands, all of it: its last door alone is anybody's."""
    flat = compatible(text)
    forms = [re.compile(_BETWEEN.join(map(re.escape, bare(address))), re.I) for address in passing.addresses]
    return _Let(met.span() for form in forms if form.pattern for met in form.finditer(flat))


def _people(text: str, names: Registered, passing: Passing) -> Iterator[Mark]:
    """Yield who is named: what passes covers only what lies inside it, nothing where a longer registered name is."""
    reduced = Reduced(compatible(text), INSIDE_A_NAME)
    around = Surroundings.of(reduced)
    found = list(names.names_in(reduced))
    let = _let_through(reduced, found, passing)
    taken, spans = _Taken(len(reduced.text)), _Taken(len(text))
    for start, end, name, minor in found:
        if passing.lets(name, "name") or let.covers(start, end):
            continue
        if is_a_name_here(around, start, end, name):
            taken.add(start, end)
            spans.add(*reduced.span(start, end))
            kind, reason = ("minor", situations.REASONS["minor_name"]) if minor else ("name", REGISTERED)
            yield Mark(kind, *reduced.span(start, end), name, reason)
    let_spans = let.spans_in(reduced)
    for start, end in other_names.dotted_in(text):
        if (
            not spans.meets(start, end)
            and not let_spans.covers(start, end)
            and not passing.lets(text[start:end], "other_name")
        ):
            spans.add(start, end)
            yield Mark("other_name", start, end, text[start:end], DOTTED)
    for start, end in other_names.names_in(around):
        begin, stop = reduced.span(start, end)
        plain = reduced.text[start:end]
        if not spans.meets(begin, stop) and not let.covers(start, end) and not passing.lets(plain, "other_name"):
            yield Mark("other_name", begin, stop, plain, LIKELY)


class _Let:
    """The stretches that may stand, none of which begins or ends inside another."""

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        self._ends: list[int] = []
        self._starts: list[int] = []
        for start, end in sorted(set(stretches), key=lambda stretch: (stretch[0], -stretch[1])):
            if not self._ends or end > self._ends[-1]:
                self._starts.append(start)
                self._ends.append(end)

    def covers(self, start: int, end: int) -> bool:
        """Say whether a stretch lies wholly inside one of them."""
        number = bisect_right(self._starts, start) - 1
        return number >= 0 and self._ends[number] >= end

    def spans_in(self, reduced: Reduced) -> "_Let":
        """Return the same stretches as places of the text that was reduced."""
        return _Let(reduced.span(*stretch) for stretch in zip(self._starts, self._ends, strict=True))


def _let_through(reduced: Reduced, found: Sequence[tuple[int, int, str, bool]], passing: Passing) -> _Let:
    """Return where a passing name stands that is no part of a longer registered one."""
    whole = {(start, end) for start, end, _name, _minor in found}
    registered = _Let(whole)
    met = {place.span() for name in passing.reduced_names for place in re.finditer(re.escape(name), reduced.text)}
    return _Let(stretch for stretch in met if stretch in whole or not registered.covers(*stretch))
