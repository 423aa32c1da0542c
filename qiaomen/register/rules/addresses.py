"""How a door is written, and what a door is. Pure."""

import re
from typing import NamedTuple

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
        """Building-entrance-room, e.g. 3-2-501; 3-501 without an entrance, 5组-23 and 23号 in a village."""
        told = [part for part in (self.building, self.entrance, self.room) if part]
        return "-".join(told) if len(told) > 1 or not self.room.isdecimal() else f"{self.room}号"


def _compound(name: str) -> str:
    """幸福苑小区 and 幸福苑 are one compound."""
    return name.removesuffix("小区") or "本小区"


_WRITTEN = re.compile(
    r"(?P<c>.*?[^\d\-#]|)(?:第)?(?P<b>\d{1,4}[A-Za-z]?)(?:号楼|栋|幢|号|#|-)(?P<e>\d{1,2})(?:单元|门|-)"
    r"(?P<r>\d{3,4}[A-Za-z]?)(?:室|号|户)?"
)


def parse_address(text: str) -> Address | None:
    """Read 幸福苑小区3号楼2单元501室, 幸福苑3-2-501, 3栋2单元501. None for anything else."""
    match = _WRITTEN.fullmatch(text) if len(text) <= LONGEST else None
    if match is None or len(match["c"]) > 60:
        return None
    return Address(_compound(match["c"]), match["b"], match["e"], match["r"])


_PART = re.compile(r"(号楼|栋|幢|单元|室|号)$")


def join_address(compound: str, building: str, entrance: str, room: str) -> Address | None:
    """Make a door of columns of its own; None when a part is no short name with a short number in it."""
    parts = [_PART.sub("", text) for text in (building, entrance or "1", room)]
    if len(compound) > 60 or any(not 0 < len(part) <= 12 or len(re.sub(r"\D", "", part)) > 4 for part in parts):
        return None
    return Address(_compound(compound), *parts)


_ABOVE = re.compile(r"^(?:.*[省市县])?(?:.{1,6}(?<!社)区)?")
_ORIGIN = re.compile(r"(?P<town>[^乡镇村]{1,12}?(?:乡|镇|街道))?(?P<village>[^乡镇村]{1,12}?(?:村|社区))?")


def parse_origin(text: str) -> tuple[str, str]:
    """Return (town, village) of an address in the country: 拾光县甲镇乙村三组 is 甲镇, 乙村; "" for what is not said."""
    match = _ORIGIN.match(_ABOVE.sub("", text[:LONGEST]))
    return (match["town"] or "", match["village"] or "") if match else ("", "")
