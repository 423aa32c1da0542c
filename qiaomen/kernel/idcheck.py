"""Resident identity numbers (GB 11643): normalise, check the digit, read birth date and sex."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"


@dataclass(frozen=True)
class IdCheck:
    """What was found. `birth` and `sex` ("male"/"female") are None when the number is not ok."""

    ok: bool
    reason: str
    normalised: str
    birth: date | None = None
    sex: str | None = None


def check_digit(first_seventeen: str) -> str:
    """Return the eighteenth character for seventeen digits."""
    return CHECKS[sum(int(d) * w for d, w in zip(first_seventeen, WEIGHTS, strict=True)) % 11]


def check_id_no(text: str) -> IdCheck:
    """Check a number as people write it: spaces, full-width digits and small x are forgiven. Source: GB 11643-1999.

    `reason` is one of "", length, characters, birth, check-digit. Fifteen-digit numbers are completed (19xx).
    """
    number = "".join(unicodedata.normalize("NFKC", text).split()).upper().replace("-", "")
    if len(number) == 15 and number.isdecimal():
        longer = number[:6] + "19" + number[6:]
        number = longer + check_digit(longer)
    if len(number) != 18:
        return IdCheck(False, "length", number)
    if not number[:17].isascii() or not number[:17].isdecimal() or number[17] not in CHECKS:
        return IdCheck(False, "characters", number)
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return IdCheck(False, "birth", number)
    if check_digit(number[:17]) != number[17]:
        return IdCheck(False, "check-digit", number)
    return IdCheck(True, "", number, birth, "male" if int(number[16]) % 2 else "female")


_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def valid_many(numbers: Sequence[str]) -> NDArray[np.bool_]:
    """Say of each text whether it is a valid number of eighteen characters, in one pass over their bytes.

    False for one that `check_id_no` would first have to complete or to clean.
    """
    valid = np.zeros(len(numbers), dtype=np.bool_)
    places = [place for place, number in enumerate(numbers) if len(number) == 18 and number.isascii()]
    if not places:
        return valid
    buffer = "".join([numbers[place] for place in places]).encode("ascii")
    cells = np.frombuffer(buffer, dtype=np.uint8).reshape(-1, 18)
    digits = cells[:, :17].astype(np.int32) - 48
    good = ((digits >= 0) & (digits <= 9)).all(axis=1)
    expected = np.frombuffer(CHECKS.encode("ascii"), dtype=np.uint8)[(digits @ np.array(WEIGHTS)) % 11]
    good &= cells[:, 17] == expected
    year = digits[:, 6:10] @ np.array([1000, 100, 10, 1])
    month, day = digits[:, 10] * 10 + digits[:, 11], digits[:, 12] * 10 + digits[:, 13]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = _DAYS[np.clip(month, 0, 12)] - ((month == 2) & ~leap)
    good &= (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= longest)
    valid[places] = good
    return valid
