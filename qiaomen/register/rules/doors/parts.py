"""From the tokens of a written door to its parts: which number is the building, the entrance, the storey, the room."""

import re
from dataclasses import dataclass, field

from qiaomen.kernel.numerals import NUMERAL
from qiaomen.register.rules.doors.words import Token, is_street, plain_number

LONGEST_BUILDING = 3
"""Digits. 阳光1003号楼 is building 3 of 阳光100, or another one: nobody has a building 1003."""


@dataclass(slots=True)
class Draft:
    """A door while its tokens are read."""

    place: str
    default_building: str
    court: str = ""
    building: str = ""
    entrance: str = ""
    floor: str = ""
    room: str = ""
    kind: str = ""
    extra: list[str] = field(default_factory=list)
    problem: str = ""


class NoDoor(Exception):
    """These tokens are no door."""


def assemble(tokens: list[Token], place: str, default_building: str) -> Draft:
    draft = Draft(place, default_building)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind in ("bare", "room", "no", "gate"):
            at = _take_numbers(draft, tokens, at)
            continue
        if token.kind != "sep":
            _take(draft, token, tokens[at + 1 :])
        at += 1
    if len(re.sub(r"\D", "", draft.building)) > LONGEST_BUILDING:
        raise NoDoor
    if any(map(_is_unread, tokens)):
        draft.problem = "unreadable"
    return draft


def _is_unread(token: Token) -> bool:
    """Say whether a number in Chinese signs is none: 百楼, 十百单元."""
    raw = ("word", "side", "bungalow", "shop", "store", "sep")
    return token.kind not in raw and NUMERAL.search(token.value) is not None


def _take(draft: Draft, token: Token, after: list[Token]) -> None:
    """Put a token with a mark of its own where it belongs. Raises NoDoor when that is taken."""
    kind, value = token.kind, token.value
    if draft.room and kind not in ("shop", "store", "bungalow", "side"):
        raise NoDoor
    if kind in ("building", "word", "group", "row", "bungalow"):
        _take_building(draft, kind, value)
    elif kind == "court":
        if draft.building or draft.entrance or draft.court:
            raise NoDoor
        draft.court = f"{value}号院"
    elif kind == "entrance":
        if draft.entrance:
            raise NoDoor
        draft.entrance = value
    elif kind == "floor":
        _take_floor(draft, token, after)
    elif kind == "side":
        draft.extra.append(value[0]) if draft.room else setattr(draft, "room", value[0])
    elif kind in ("shop", "store"):
        draft.kind = kind
        draft.extra.append(value)


def _take_building(draft: Draft, kind: str, value: str) -> None:
    if kind == "bungalow":
        draft.kind = "bungalow"
        draft.building = draft.building or value.removesuffix("区")
        return
    if kind == "row" and draft.building == "平房":
        draft.building = ""
    if draft.building or draft.entrance:
        raise NoDoor
    draft.building = {"group": f"{value}组", "row": f"{value}排"}.get(kind, value)
    draft.kind = {"group": "group_house", "row": "bungalow"}.get(kind, draft.kind)


def _take_floor(draft: Draft, token: Token, after: list[Token]) -> None:
    """5楼 is a storey where a building is known, a building where a staircase or another storey's room follows."""
    if draft.floor:
        raise NoDoor
    if _is_unread(token):
        return
    numbers = [part for part in after if part.kind in ("bare", "room", "no", "gate")]
    building = draft.building or draft.entrance or draft.default_building
    if "楼" in token.mark and not building and "负" not in token.value:
        stairs = any(part.kind == "entrance" for part in after) or len(numbers) > 1
        last = numbers[-1].value if numbers else ""
        if stairs or (len(last) > 2 and floor_of(last) != int(token.value)):
            draft.building = token.value
            return
        draft.problem = "ambiguous" if len(last) > 2 else draft.problem
    draft.floor = token.value


def _take_numbers(draft: Draft, tokens: list[Token], at: int) -> int:
    """Take a run of numbers, 3-2-501; return where the run ends. A marked number ends its run."""
    run: list[Token] = []
    while at < len(tokens) and tokens[at].kind in ("bare", "room", "no", "gate", "sep"):
        token = tokens[at]
        if token.kind != "sep":
            run.append(token)
        at += 1
        if token.kind == "room":
            break
    after = [token for token in tokens[at:] if token.kind not in ("sep", "shop", "store", "bungalow", "side")]
    if any(token.kind == "room" for token in run[:-1]) or draft.room:
        raise NoDoor
    if after:
        _take_upper(draft, run, after[0])
    else:
        _take_last(draft, run)
    return at


def _take_upper(draft: Draft, run: list[Token], following: Token) -> None:
    """Take numbers that more of the door follows: a plot of a street, a building, an entrance."""
    for token in run:
        plot = token.kind == "no" and not draft.building and following.kind in ("building", "word", "court")
        if (plot or (token.kind == "no" and is_street(draft.place))) and draft.place and not draft.building:
            draft.place += f"{token.value}号院"
        elif token.kind == "room":
            raise NoDoor
        elif not draft.building and following.kind not in ("building", "word", "group", "row"):
            draft.building = plain_number(token.value)
        elif draft.building and not draft.entrance and following.kind == "floor":
            draft.entrance = plain_number(token.value)
        else:
            raise NoDoor


def _take_last(draft: Draft, run: list[Token]) -> None:
    """Take the numbers a door ends with: from the room upwards into the parts that are still free."""
    if len(run) > 1 and run[0].kind == "no" and is_street(draft.place) and not draft.building:
        draft.place += f"{run[0].value}号院"
        run = run[1:]
    values = [token.value for token in run]
    lettered = re.fullmatch(r"([A-Z])(\d{3,4})", values[0])
    if len(values) == 1 and lettered and not draft.building and not draft.default_building:
        values = [lettered[1], lettered[2]]
    free = [name for name in ("building", "entrance") if not getattr(draft, name)]
    free = [] if draft.entrance else free
    if len(values) == 2 and draft.default_building and plain_number(values[0]) != draft.default_building:
        free = [name for name in free if name != "building"]
    if draft.kind in ("group_house", "bungalow", "shop", "store") or (draft.court and len(values) == 1):
        free = []
    if len(values) > 1 and len(values[0]) > 2 and draft.building and values[0].isdecimal():
        draft.room, draft.extra = values[0], [*draft.extra, *values[1:]]
        return
    _fill(draft, values, free, marked=run[-1].kind != "bare")


def _fill(draft: Draft, values: list[str], free: list[str], marked: bool) -> None:
    *upper, last = values
    if len(upper) == 1 and len(last) < 3 and not marked and free == ["building", "entrance"]:
        draft.building, draft.entrance = plain_number(upper[0]), plain_number(last)
        return
    if len(upper) == 1 and free == ["building", "entrance"]:
        free = ["building"]
    for name in free[: len(upper)]:
        setattr(draft, name, plain_number(upper.pop(0)))
    if len(upper) == 1 and not draft.floor and _fits_floor(upper[0], last):
        draft.floor = plain_number(upper.pop())
    elif len(upper) == 1 and len(upper[0]) > 2:
        last, draft.extra = upper.pop(), [*draft.extra, last]
    elif len(upper) == 1 and draft.kind in ("group_house", "bungalow"):
        last = f"{upper.pop()}-{last}"
    if upper:
        raise NoDoor
    draft.room = last


def _fits_floor(floor: str, room: str) -> bool:
    """3-2-5-501 and 3-2-5-1 name the storey; 3-2-5-601 does not."""
    if not floor.isdecimal() or not room.isdecimal():
        return False
    return len(floor) < 3 and (len(room) < 3 or floor_of(room) == int(floor))


def floor_of(room: str) -> int | None:
    """Return the storey a room number tells: all but its last two digits; None when it has fewer than three."""
    below = -1 if room.startswith("负") else 1
    digits = re.sub(r"\D", "", room.split("-")[0]).lstrip("0")
    return below * int(digits[:-2]) if len(digits) > 2 else None
