"""Resident identity numbers (GB 11643): normalise, check the digit, read birth date and sex."""

import unicodedata
from dataclasses import dataclass
from datetime import date

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
    if len(number) == 15 and number.isdigit():
        longer = number[:6] + "19" + number[6:]
        number = longer + check_digit(longer)
    if len(number) != 18:
        return IdCheck(False, "length", number)
    if not number[:17].isascii() or not number[:17].isdigit() or number[17] not in CHECKS:
        return IdCheck(False, "characters", number)
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return IdCheck(False, "birth", number)
    if check_digit(number[:17]) != number[17]:
        return IdCheck(False, "check-digit", number)
    return IdCheck(True, "", number, birth, "male" if int(number[16]) % 2 else "female")
