"""A short code for each door, for paper: it follows from the door alone, so that a sheet printed before a round was
dealt anew still says which door is meant. The last letter is a check: one wrong or two swapped letters are noticed.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

LETTERS = "234679ACDEFGHJKMNPQRTUVWXYZ"
"""Without those that look alike in handwriting: 0 O, 1 I L, 5 S, 8 B."""
BASE = len(LETTERS)
LENGTH = 4
WEIGHTS = (2, 7, 5, 10)
"""Neither they nor the differences of neighbours share a factor with 27, so that one slip or one swap always shows."""


def door_code(door: UUID) -> str:
    """Return the code of a door: four letters and a check letter."""
    number, digits = door.int % BASE**LENGTH, []
    for _ in range(LENGTH):
        number, digit = divmod(number, BASE)
        digits.append(digit)
    return "".join(LETTERS[digit] for digit in digits) + _check(digits)


def _check(digits: list[int]) -> str:
    return LETTERS[sum(weight * digit for weight, digit in zip(WEIGHTS, digits, strict=True)) % BASE]


def is_code(text: str) -> bool:
    """Say whether a text can be a door's code: its check letter fits."""
    digits = [LETTERS.find(letter) for letter in text]
    return len(text) == LENGTH + 1 and min(digits) >= 0 and _check(digits[:LENGTH]) == text[LENGTH]


def tidy(text: str) -> str:
    """Return what was keyed in without spaces and dashes, in capitals."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def find_doors(codes: Iterable[str], doors: Iterable[UUID], first: Iterable[UUID]) -> Mapping[str, UUID]:
    """Return which of the doors each code means; among two of one code those of the round (`first`) win, else it is
    left out, as is a code that is no door's.
    """
    wanted = set(codes)
    near = {door_code(door): door for door in first}
    far: dict[str, list[UUID]] = {}
    for door in doors:
        if (code := door_code(door)) in wanted and code not in near:
            far.setdefault(code, []).append(door)
    return {
        **{code: found[0] for code, found in far.items() if len(found) == 1},
        **{code: near[code] for code in wanted if code in near},
    }
