"""A door as somebody asks for it, said in part: 幸福苑 3-2-501, 三栋二单元, 3#楼501, 501室. Pure.

A filter compares what is said part by part: 3-2-501 is not 13-2-501 and 3-2-50 is not 3-2-501. The reader of whole
addresses is `grammar`.
"""

import re
import unicodedata
from typing import NamedTuple

from qiaomen.register.rules.doors.words import plain_number

_HAN = "〇零一二三四五六七八九十百"
_BUILDING, _ENTRANCE, _FLOOR, _ROOM, _WORD = "号楼|#楼|栋|幢|座|#", "单元|门", "楼|层", "号?室|号|户", "组|排"
_SIGNS = f"{_BUILDING}|{_ENTRANCE}|{_FLOOR}|{_ROOM}|{_WORD}|-"
_NUMBER = r"(?:[A-Z]?\d{1,5}[A-Z]?|[A-Z](?=号楼|栋|幢|座|-))"
_SPOKEN = re.compile(rf"[{_HAN}]+(?={_SIGNS}|$)")
_STEPS = re.compile(rf"(?P<place>.*?)(?P<steps>(?:{_NUMBER}(?:{_SIGNS})*)+)")
_STEP = re.compile(rf"({_NUMBER})((?:{_SIGNS})*)")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−/\\／、_"), "-")
SMALL = 2
"""Digits. A longer number is no building and no entrance where nothing says what it is."""


class AskedDoor(NamedTuple):
    """The parts that are said; "" is not said. `place` stands before the numbers: a compound, or a part of its name."""

    place: str = ""
    building: str = ""
    entrance: str = ""
    floor: str = ""
    room: str = ""


def fold_asked(text: str) -> str:
    """Return what was typed with one kind of dash, plain digits and capital letters: 三栋二单元五零一 is 3栋2单元501."""
    text = unicodedata.normalize("NFKC", text).upper().translate(_DASHES)
    if re.search(rf"[\d{_HAN}](?:号楼|#|栋|幢|单元|室|组)", text):
        text = _SPOKEN.sub(lambda found: plain_number(found[0]), text)
    return re.sub(r"-+", "-", text.strip())


def asked_doors(text: str) -> list[AskedDoor]:
    """Return the readings of one word, the likeliest first; a word without a number is a place. [] for "" ."""
    folded = fold_asked(text).replace(" ", "")
    found = _STEPS.fullmatch(folded)
    if found is None:
        return [AskedDoor(place=folded.removesuffix("小区"))] if folded.strip("-") else []
    place = found["place"].rstrip("-").removesuffix("小区").removesuffix("第")
    said, bare, ends_open = _marked(_STEP.findall(found["steps"]))
    readings = _readings(said, bare, ends_open)
    return [AskedDoor(place, **reading) for reading in readings]


def _marked(steps: list[tuple[str, str]]) -> tuple[dict[str, str], list[str], bool]:
    """Return the parts a sign names, the bare numbers in their order, and whether a dash ends the text."""
    said: dict[str, str] = {}
    bare: list[str] = []
    for at, (number, signs) in enumerate(steps):
        sign = signs.strip("-")
        last = at == len(steps) - 1
        if re.fullmatch(_BUILDING, sign) or (sign == "楼" and not said and not last and _names_stairs(steps[at + 1])):
            said["building"] = plain_number(number)
        elif re.fullmatch(_WORD, sign):
            said["building"] = plain_number(number) + sign
        elif re.fullmatch(_ENTRANCE, sign):
            said["entrance"] = plain_number(number)
        elif re.fullmatch(_FLOOR, sign):
            said["floor"] = plain_number(number)
        elif re.fullmatch(_ROOM, sign):
            said["room"] = number.lstrip("0") or "0"
        else:
            bare.append(number)
    return said, bare, bool(steps) and steps[-1][1].endswith("-")


def _names_stairs(step: tuple[str, str]) -> bool:
    return bool(re.fullmatch(_ENTRANCE, step[1].strip("-")))


def _readings(said: dict[str, str], bare: list[str], ends_open: bool) -> list[dict[str, str]]:
    """Return what the bare numbers may be beside the named parts."""
    free = [name for name in ("building", "entrance", "room") if name not in said]
    if "entrance" in said:
        free = [name for name in free if name != "building" or "room" not in free or len(bare) > 1]
    if len(bare) > len(free):
        return []
    if not bare:
        return [said]
    found = [names for names in _ways(free, len(bare)) if _fits(names, bare, ends_open)]
    return [said | {name: _plain(name, number) for name, number in zip(names, bare, strict=True)} for names in found]


def _ways(free: list[str], count: int) -> list[tuple[str, ...]]:
    """Return in which parts, in their order, so many numbers may stand: those that end with the room first."""
    ways: list[tuple[str, ...]] = [()]
    for name in free:
        ways += [(*way, name) for way in ways]
    return sorted((way for way in ways if len(way) == count), key=lambda way: way[-1] != "room")


def _fits(names: tuple[str, ...], numbers: list[str], ends_open: bool) -> bool:
    if ends_open and names[-1] == "room":
        return False
    return all(
        name == "room" or len(re.sub(r"\D", "", number)) <= SMALL for name, number in zip(names, numbers, strict=True)
    )


def _plain(name: str, number: str) -> str:
    return (number.lstrip("0") or "0") if name == "room" else plain_number(number)
