"""How a door is written, and what a door is. Pure."""

import re
from typing import NamedTuple

from qiaomen.register.rules.doors.labels import DoorParts, label_within

LONGEST = 80
"""An address of more characters than this is a sentence."""


class Address(NamedTuple):
    """A door as parsed; floor comes from the room number."""

    compound: str
    building: str
    entrance: str
    room: str

    @property
    def floor(self) -> int:
        """Floor: all but the last two digits of the room, 1 when the room has no such number."""
        digits = re.sub(r"\D", "", self.room)
        return int(digits[:-2]) if len(digits) > 2 else 1

    @property
    def label(self) -> str:
        """The door inside its compound as every page says it (doors/labels.py): 3-2-501, 5组23号."""
        return label_within(DoorParts(*self))


_ABOVE = re.compile(r"^(?:.*[省市县])?(?:.{1,6}(?<!社)区)?")
_ORIGIN = re.compile(r"(?P<town>[^乡镇村]{1,12}?(?:乡|镇|街道))?(?P<village>[^乡镇村]{1,12}?(?:村|社区))?")


def parse_origin(text: str) -> tuple[str, str]:
    """Return (town, village) of an address in the country: 拾光县甲镇乙村三组 is 甲镇, 乙村; "" for what is not said."""
    match = _ORIGIN.match(_ABOVE.sub("", text[:LONGEST]))
    return (match["town"] or "", match["village"] or "") if match else ("", "")
