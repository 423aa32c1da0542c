"""One grammar for a written door: compound, building, entrance, room; one door is one door however it is spelt.

How to call it: `read_door(text, compound=..., building=..., entrance=..., known=...)` for an address in one cell;
`read_door_columns(...)` where the table has a column of its own for some part. The defaults (from the name of a sheet,
a title row, a community with a single compound) hold only where the text is silent: give none for a column the table
has. Give the cell with its blanks: "幸福苑 3 2 501" without them is nothing. `key` is what two doors are compared by;
it is None as long as something is to be asked, and never without a compound. Compare doors by `compare_doors`.
"""

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from qiaomen.kernel.recall import recalled
from qiaomen.register.rules.doors.parts import Draft, NoDoor, assemble, floor_of
from qiaomen.register.rules.doors.words import (
    NOTHING,
    STARTS,
    TWO_DOORS,
    compound_name,
    fold,
    has_houses,
    is_phase,
    plain_number,
    tokens_from,
)

LONGEST = 80
"""An address of more characters than this is a sentence."""


class DoorKey(NamedTuple):
    """What makes a door one door. `building` is "" for a house in a village or a street; `entrance` "" where
    none is said.
    """

    compound: str
    building: str
    entrance: str
    room: str


@dataclass(frozen=True, slots=True)
class DoorReading:
    """A door as read.

    `floor`: the storey as written, else as the room tells; None when neither does. `kind`: flat, courtyard, group_house
    (of a village group), bungalow, house (in a village or a street), shop, store or "". `rest`: words behind the door
    that are no part of it. `notes`: 租户, 空房, 自住, 借住, 常住, 老房. `problem`: a code of PROBLEMS or "".
    """

    compound: str = ""
    building: str = ""
    entrance: str = ""
    floor: int | None = None
    room: str = ""
    kind: str = ""
    rest: str = ""
    notes: tuple[str, ...] = ()
    problem: str = ""
    explanation: str = ""

    @property
    def key(self) -> DoorKey | None:
        """The door to compare, None while something is to be asked."""
        return None if self.problem else DoorKey(self.compound, self.building, self.entrance, self.room)

    @property
    def label(self) -> str:
        """The door in full with its compound, as the address of a letter: 幸福苑3号楼2单元501."""
        if not self.compound:
            return ""
        place = self.compound + ("小区" if re.search("[0-9A-Z]$", self.compound) else "")
        building = self.building + ("号楼" if re.fullmatch(r"[A-Z]?\d+[A-Z]?|[A-Z甲乙丙丁戊己]", self.building) else "")
        entrance = self.entrance + "单元" if self.entrance else ""
        return f"{place}{building}{entrance}{self._room_label}"

    @property
    def _room_label(self) -> str:
        side = re.fullmatch(r"(\d*)([东南西北中左右])", self.room)
        if side:
            return (f"{side[1]}楼" if side[1] else "") + f"{side[2]}户"
        if "附" in self.room:
            return self.room.replace("附", "号附") + "号"
        number = self.kind in ("house", "courtyard", "group_house", "bungalow") and self.room.isdecimal()
        return self.room + ("号" if number else "")


PROBLEMS = {
    "blank": "没有住址",
    "unreadable": "看不懂，应像“幸福苑3号楼2单元501室”",
    "no-compound": "没有写小区、村或街巷",
    "no-building": "没有写楼栋",
    "no-room": "没有写到门号",
    "ambiguous": "有不止一种读法，请写成“幸福苑3号楼2单元501室”",
    "contradiction": "前后写的不一样",
    "two-doors": "一格里写了两个门",
}


def read_door(
    text: str, *, compound: str = "", building: str = "", entrance: str = "", known: tuple[str, ...] = ()
) -> DoorReading:
    """Read an address. The defaults hold where the text is silent; `known`: names of the compounds on record."""
    if len(text) > LONGEST:
        return DoorReading(problem="unreadable", explanation="太长，不像一个门牌")
    return _read(text, compound, building, entrance, known)


def read_door_columns(
    *,
    compound: object = "",
    building: object = "",
    entrance: object = "",
    room: object = "",
    address: str = "",
    known: tuple[str, ...] = (),
) -> DoorReading:
    """Read a door whose parts have columns of their own; an address beside them must tell the same door."""
    parts = [_cell_text(part) for part in (compound, building, entrance, room)]
    if not any(parts[1:]):
        return read_door(address, compound=parts[0], known=known)
    marked = parts[0] + _marked(parts[1], "号楼") + _marked(parts[2], "单元") + parts[3]
    found = read_door(marked, known=known)
    if not address:
        return found
    other = read_door(address, compound=found.compound, building=found.building, entrance=found.entrance, known=known)
    if found.key and other.key and compare_doors(found, other) == "other":
        return replace(
            found, problem="contradiction", explanation=f"分列写的是 {found.label}，住址写的是 {other.label}"
        )
    return found if found.key or not other.key else other


def compare_doors(first: DoorReading, other: DoorReading) -> str:
    """Return same, other, or ask: a part that only one of them tells (no entrance, no compound) decides nothing."""
    pairs = list(
        zip(
            (first.compound, first.building, first.entrance, first.room),
            (other.compound, other.building, other.entrance, other.room),
            strict=True,
        )
    )
    if any(a and b and a != b for a, b in pairs):
        return "other"
    return "same" if first.key is not None and first.key == other.key else "ask"


def _cell_text(part: object) -> str:
    if isinstance(part, float) and part.is_integer():
        return str(int(part))
    return "" if part is None else str(part).strip()


def _marked(part: str, mark: str) -> str:
    """Give a bare number or letter of a column its mark."""
    bare = re.sub(r"(?<=\d)\.0$", "", part)
    number = plain_number(bare.upper())
    return number + mark if re.fullmatch(r"[A-Z]?\d+[A-Z]?|[A-Z甲乙丙丁东西南北中]", number) else part


_HALF = re.compile(r"(?:号楼|[栋幢]|单元|[\d一二三四五六七八九十][组层排])-*$")
"""What ends so is half a door and no compound."""


@recalled(maxsize=1 << 15)
def _read(text: str, compound: str, building: str, entrance: str, known: tuple[str, ...]) -> DoorReading:
    """Find the first place from which everything is a door; what stands before it is the compound."""
    folded, notes, apart = fold(text)
    for name in known:
        if re.search("[0-9A-Z]$", name):
            folded = re.sub(re.escape(name) + "(?=[0-9A-Z])", f"{name}小区", folded)
    if NOTHING.fullmatch(folded):
        return DoorReading(notes=notes, rest=apart, problem="blank", explanation=PROBLEMS["blank"])
    if TWO_DOORS.search(text):
        return DoorReading(notes=notes, rest=apart, problem="two-doors", explanation=PROBLEMS["two-doors"])
    located = _locate(folded, plain_part(building))
    if located is not None:
        draft, rest = located
        return replace(_finish(draft, compound, building, entrance, known), notes=notes, rest=rest + apart)
    name = compound_name(folded, known)
    named = re.search(r"[\u3400-\u9fff]", name) and not re.search(r"\d-\d|号楼|单元|\d室", name)
    problem = "no-room" if named else "unreadable"
    where = name if problem == "no-room" else ""
    return DoorReading(where, notes=notes, rest=apart, problem=problem, explanation=PROBLEMS[problem])


def _locate(folded: str, default_building: str) -> tuple[Draft, str] | None:
    """Return the door that begins at the first place possible, and the words behind it; None when there is none."""
    for start, letter in enumerate(folded):
        if letter not in STARTS or (start and _goes_on(folded[:start], letter)):
            continue
        place = _joined(folded[:start].rstrip("-"))
        if place is None or _HALF.search(place):
            return None
        found, end = tokens_from(folded, start)
        if not found or found[0].kind == "sep":
            continue
        try:
            draft = assemble(found, place, default_building)
        except NoDoor:
            continue
        if end == len(folded) or (draft.room and _is_rest(folded[end:])):
            return draft, folded[end:]
    return None


def _joined(place: str) -> str | None:
    """Return 拾光县柳湾镇幸福苑 for its parts with dashes between them; None when a part is a door of its own."""
    *above, last = place.split("-")
    return None if any(re.search(r"\d", part) for part in above) else "".join([*above, last])


def _goes_on(before: str, letter: str) -> bool:
    """Say whether a character belongs to the number or the row of numbers in front of it."""
    last = before[-1]
    if last == "-":
        return bool(re.search(r"[0-9A-Z]-+$", before))
    if last.isascii() and last.isalnum():
        return letter.isascii() and letter.isalnum()
    numerals = "〇零○一二三四五六七八九十百"
    return last in "第负" or (last in numerals and letter in numerals)


def _is_rest(text: str) -> bool:
    """Words behind a door may be a name or a remark; a number or a mark of a place there means it was read wrongly."""
    return not re.search(r"[0-9]|小区|号楼|单元|[苑园村路街巷]", text)


def _finish(draft: Draft, compound: str, building: str, entrance: str, known: tuple[str, ...]) -> DoorReading:
    """Fill what the text is silent about, complete the room by its storey, and say what is missing."""
    place, around = compound_name(draft.place, known), compound_name(compound, known)
    if not place or is_phase(place):
        place = around + place if around else ""
    if draft.court and place:
        place += draft.court
    elif draft.court and not draft.building:
        draft.building = draft.court
    own_house = draft.kind in ("group_house", "bungalow") or bool(draft.court) or has_houses(place)
    if not draft.building and not (own_house and not building):
        draft.building = plain_part(building)
    if not draft.entrance and building and draft.building == plain_part(building):
        draft.entrance = plain_part(entrance)
    floor, room, wrong = _room_of(draft)
    kind = _kind_of(draft, place, room)
    problem = wrong or _missing(draft, place, room, kind) or draft.problem
    if problem == "ambiguous" and draft.building:
        problem = ""
    said = PROBLEMS.get(problem, "")
    return DoorReading(place, draft.building, draft.entrance, floor, room, kind, problem=problem, explanation=said)


def plain_part(part: str) -> str:
    """Return a default as the grammar writes it: 3 for 3号楼."""
    found, end = tokens_from(fold(part)[0], 0) if part else ([], 0)
    if len(found) != 1 or end != len(fold(part)[0]):
        return part
    return {"group": f"{found[0].value}组", "row": f"{found[0].value}排"}.get(found[0].kind, found[0].value)


def _room_of(draft: Draft) -> tuple[int | None, str, str]:
    """Return the storey, the room and what contradicts."""
    room = draft.room
    if room[:1] == "0" or room.isdecimal():
        room = room.lstrip("0") or ("0" if room else "")
    written = int(draft.floor.replace("负", "-")) if draft.floor else None
    if draft.kind in ("shop", "store") and draft.extra:
        name = "商铺" if draft.kind == "shop" else draft.extra[0]
        return written, name + room if room else "", ""
    if written is None:
        return floor_of(room), room, ""
    floor = floor_of(room)
    if floor is not None:
        return floor, room, "" if floor == written else "contradiction"
    if room.isdecimal():
        return written, f"{draft.floor}{int(room):02d}", ""
    return written, f"{draft.floor}{room}" if room else "", ""


def _kind_of(draft: Draft, place: str, room: str) -> str:
    if draft.kind:
        return draft.kind
    if draft.building.endswith("号院") or (not draft.building and place.endswith("院")):
        return "flat" if draft.entrance or len(room) > 2 else "courtyard"
    if draft.building:
        return "flat"
    return "house" if room and has_houses(place) else ""


def _missing(draft: Draft, place: str, room: str, kind: str) -> str:
    """Return what a person has to be asked."""
    if not room:
        return "no-room"
    plot = place.endswith("号院")
    if (
        not draft.building
        and not plot
        and kind not in ("house", "courtyard", "bungalow", "group_house", "shop", "store")
    ):
        if not place:
            return "no-compound"
        return "no-building" if len(room) > 2 else "ambiguous"
    return "" if place else "no-compound"
