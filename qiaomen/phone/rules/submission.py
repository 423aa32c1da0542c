"""What a phone may say in one submission: read strictly, before anything is stored.

Five kinds: a visit at a door, a finding on the stairs, a call, a correction or a taking back of what the same person
handed in.
Of a visit what is understood is kept, and a part that is not is held with its words (HeldSaid): one bad part does not
make
the others unreadable.
"""

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, TypeVar

from qiaomen.calls.rules.told import CallSaid, read_call
from qiaomen.kernel.texts import read_day
from qiaomen.needs.rules.vocabulary import KINDS
from qiaomen.phone.rules.moments import Stamp, read_moment
from qiaomen.visits.rules.vocabulary import CHECKS, FINDINGS, HANDLINGS, OUTCOMES, TALKS

MOST_NEEDS = 12
MOST_PHOTOS = 6
MOST_VOICES, LONGEST_VOICE = 1, 60
MOST_PEOPLE = 30
LONGEST_TEXT = 2000
"""The same stand in contract/limits.json, which the phone holds to; a test compares them."""
MOST_HELD = 40
SHA256 = re.compile("[0-9a-f]{64}")
T = TypeVar("T")


class Malformed(Exception):
    """The text opened but says nothing of the contract."""


@dataclass(frozen=True)
class HeardNeed:
    """One need told at the door; `person`: whom it is about, None for the household; `mandated` None: not asked;
    `promised`: the day an answer was promised by, None: the office's own term.
    """

    id: uuid.UUID
    kind: str
    words: str
    handling: str
    person: uuid.UUID | None = None
    mandated: bool | None = None
    promised: date | None = None


@dataclass(frozen=True)
class FactSaid:
    """An answer to a question of the pack: one fact of one person, as its stored text."""

    person: uuid.UUID
    code: str
    value: str


@dataclass(frozen=True)
class Detail:
    """What a visit brought beyond its outcome. `check`: head -> [] when all is well, else what needs an eye."""

    check: dict[str, list[str]] = field(default_factory=dict)
    talks: tuple[str, ...] = ()
    seen: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True)
class PhotoSaid:
    """A photo or a voice line that is to come. `sha256`, `size`: of its sealed bytes; empty and None where the phone
    declares nothing. `seconds`, `consented_at` (to recording, aware): of a voice line only.
    """

    id: uuid.UUID
    sha256: str = ""
    size: int | None = None
    seconds: int | None = None
    consented_at: datetime | None = None


@dataclass(frozen=True)
class HeldSaid:
    """A part of a visit that was not understood: what it was to be, and all it says as JSON."""

    kind: str
    text: str


@dataclass(frozen=True)
class AgreedSaid:
    """The hours that were agreed at the door; `end` None: from `start` on, as phones of before say it. `may`: only when
    we pass by.
    """

    day: date
    start: time
    end: time | None = None
    may: bool = False


@dataclass(frozen=True)
class VisitSaid:
    """One visit as the phone tells it; `happened_at` is aware. `unfinished`: half a record of a phone that was
    given up.
    """

    dwelling_id: uuid.UUID
    household_id: uuid.UUID | None
    round_id: uuid.UUID | None
    outcome: str
    happened_at: datetime
    note: str
    needs: tuple[HeardNeed, ...]
    photos: tuple[PhotoSaid, ...]
    detail: Detail
    answers: tuple[FactSaid, ...]
    held: tuple[HeldSaid, ...] = ()
    unfinished: bool = False
    agreed: AgreedSaid | None = None
    stamp: Stamp | None = None
    voice: PhotoSaid | None = None


@dataclass(frozen=True)
class FindingSaid:
    """Something seen on the stairs or outside: it belongs to an entrance and no household. `floor` None: the
    entrance.
    """

    entrance_id: uuid.UUID
    floor: int | None
    round_id: uuid.UUID | None
    kind: str
    words: str
    handling: str
    happened_at: datetime
    photos: tuple[PhotoSaid, ...] = ()
    stamp: Stamp | None = None


@dataclass(frozen=True)
class TakenBackSaid:
    """Somebody takes back what they recorded themselves."""

    takes_back: uuid.UUID
    happened_at: datetime
    photos: tuple[PhotoSaid, ...] = ()
    stamp: Stamp | None = None


@dataclass(frozen=True)
class CorrectionSaid:
    """What was handed in wrongly and how it is: never without a reason. `persons`: need -> whom it is about.

    `to_dwelling`: the door it really was.
    """

    corrects: uuid.UUID
    reason: str
    outcome: str | None
    note: str | None
    persons: dict[uuid.UUID, uuid.UUID]
    happened_at: datetime
    photos: tuple[PhotoSaid, ...] = ()
    to_dwelling: uuid.UUID | None = None
    stamp: Stamp | None = None


Said = VisitSaid | FindingSaid | CorrectionSaid | TakenBackSaid | CallSaid
FIRST_YEAR, LAST_YEAR = 1970, 9000
"""A phone whose clock is at its beginning is believed; the year 1 has no time zone to be counted in."""


def read(content: bytes, op_id: uuid.UUID) -> Said:
    """Read the opened JSON of a submission. Raises Malformed."""
    readers: dict[str, Callable[[dict[str, Any], datetime], Said]] = {
        "visit": _visit,
        "finding": _finding,
        "correction": _correction,
        "taken_back": _taken_back,
        "call": read_call,
    }
    try:
        said: dict[str, Any] = _whole(json.loads(content))
        if said["v"] != 1 or said["kind"] not in readers or uuid.UUID(said["op_id"]) != op_id:
            raise Malformed("v, kind or op_id")
        happened_at = datetime.fromisoformat(str(said["happened_at"]).replace("Z", "+00:00"))
        if happened_at.tzinfo is None:
            raise Malformed("time without its place")
        if not FIRST_YEAR <= happened_at.year <= LAST_YEAR:
            raise Malformed("a time that no calendar of ours counts")
        return replace(readers[said["kind"]](said, happened_at), stamp=_stamp(said.get("stamp")))
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
        raise Malformed(type(error).__name__) from error


def _whole(value: Any) -> Any:
    """Replace halves of characters, which no database keeps, wherever they stand."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {_whole(name): _whole(inner) for name, inner in value.items()}
    return value


def _stamp(said: Any) -> Stamp | None:
    device = read_moment(said.get("device")) if isinstance(said, dict) else None
    return Stamp(device, int(said.get("counter") or 0)) if device else None


class _Parts:
    """Reads the parts of a visit one by one and holds those it does not understand."""

    def __init__(self) -> None:
        self.held: list[HeldSaid] = []

    def many(self, kind: str, values: Any, read_part: Callable[[Any], T], most: int) -> tuple[T, ...]:
        kept: list[T] = []
        for value in values if isinstance(values, list) else [values] if values else []:
            if len(kept) >= most:
                self._hold(kind, value)
            elif (part := self.one(kind, value, read_part)) is not None:
                kept.append(part)
        return tuple(kept)

    def one(self, kind: str, value: Any, read_part: Callable[[Any], T]) -> T | None:
        try:
            return read_part(value)
        except (KeyError, TypeError, ValueError, AttributeError):
            self._hold(kind, value)
            return None

    def _hold(self, kind: str, value: Any) -> None:
        if len(self.held) >= MOST_HELD:
            raise Malformed("too many parts")
        self.held.append(HeldSaid(kind, json.dumps(value, ensure_ascii=False).replace("\\u0000", "")))


def _visit(said: dict[str, Any], happened_at: datetime) -> VisitSaid:
    parts = _Parts()
    visit = VisitSaid(
        dwelling_id=uuid.UUID(said["dwelling_id"]),
        household_id=parts.one("household", said.get("household_id"), _key),
        round_id=parts.one("round", said.get("round_id"), _key),
        outcome=_one_of(said["outcome"], OUTCOMES),
        happened_at=happened_at,
        note=parts.one("note", said.get("note") or "", _text) or "",
        needs=parts.many("need", said.get("needs"), _need, MOST_NEEDS),
        photos=_photos(said, parts),
        voice=parts.one("voice", {name: said.get(name) for name in ("voice", "declared")}, _voice)
        if said.get("voice")
        else None,
        detail=parts.one("detail", said.get("detail") or {}, _detail) or Detail(),
        answers=parts.many("answer", said.get("answers"), _told, MOST_PEOPLE),
        unfinished=said.get("unfinished") is True,
        agreed=parts.one("agreed", said.get("agreed"), _agreed) if said.get("agreed") else None,
    )
    return replace(visit, held=tuple(parts.held))


def _day(text: str) -> date:
    """Read a day. Raises ValueError for one that no calendar of ours counts."""
    day = read_day(text)
    if day is None:
        raise ValueError("day")
    return day


def _agreed(said: dict[str, Any]) -> AgreedSaid:
    end = time.fromisoformat(said["to"]) if said.get("to") else None
    agreed = AgreedSaid(_day(said["day"]), time.fromisoformat(said["from"]), end, said.get("may") is True)
    if agreed.start.tzinfo or (end is not None and (end.tzinfo or end <= agreed.start)):
        raise ValueError("agreed")
    return agreed


def _taken_back(said: dict[str, Any], happened_at: datetime) -> TakenBackSaid:
    return TakenBackSaid(uuid.UUID(said["takes_back"]), happened_at)


def _finding(said: dict[str, Any], happened_at: datetime) -> FindingSaid:
    floor = said.get("floor")
    if floor is not None and (type(floor) is not int or not -9 <= floor <= 200):
        raise ValueError("floor")
    return FindingSaid(
        entrance_id=uuid.UUID(said["entrance_id"]),
        floor=floor,
        round_id=_key(said.get("round_id")),
        kind=_one_of(said["found"], FINDINGS),
        words=_text(said["words"]),
        handling=_one_of(said["handling"], HANDLINGS),
        happened_at=happened_at,
    )


def _correction(said: dict[str, Any], happened_at: datetime) -> CorrectionSaid:
    reason = _text(said["reason"])
    if not reason:
        raise ValueError("no reason")
    persons = {uuid.UUID(need): uuid.UUID(person) for need, person in dict(said.get("persons") or {}).items()}
    return CorrectionSaid(
        corrects=uuid.UUID(said["corrects"]),
        reason=reason,
        outcome=_one_of(said["outcome"], OUTCOMES) if said.get("outcome") else None,
        note=_text(said["note"]) if said.get("note") is not None else None,
        persons=persons,
        happened_at=happened_at,
        to_dwelling=_key(said.get("to_dwelling")),
    )


def _photos(said: dict[str, Any], parts: _Parts) -> tuple[PhotoSaid, ...]:
    """Read the ids in `photos` with what `declared` says of each: beside and not in it, as older servers read
    ids only.
    """
    declared = _all_declared(said)
    keys = parts.many("photo", said.get("photos"), uuid.UUID, MOST_PHOTOS)
    return tuple(declared.get(key, PhotoSaid(key)) for key in keys)


def _all_declared(said: dict[str, Any]) -> dict[uuid.UUID, PhotoSaid]:
    return {one.id: one for one in _many(said.get("declared"), _declared, MOST_PHOTOS + MOST_VOICES)}


def _voice(said: dict[str, Any]) -> PhotoSaid:
    """Read the voice line with what `declared` says of it. Raises ValueError where nobody agreed, or it is no line."""
    told = said["voice"]
    seconds, consented_at = told["seconds"], read_moment(told["consent"])
    if type(seconds) is not int or not 1 <= seconds <= LONGEST_VOICE:
        raise ValueError("seconds")
    if consented_at is None or not FIRST_YEAR <= consented_at.year <= LAST_YEAR:
        raise ValueError("nobody agreed")
    return replace(_all_declared(said)[uuid.UUID(told["id"])], seconds=seconds, consented_at=consented_at)


def _declared(said: dict[str, Any]) -> PhotoSaid:
    sha256, size = said["sha256"], said["size"]
    if not SHA256.fullmatch(sha256) or type(size) is not int or size <= 0:
        raise ValueError("sha256 or size")
    return PhotoSaid(uuid.UUID(said["id"]), sha256, size)


def _need(said: dict[str, Any]) -> HeardNeed:
    mandated = said.get("mandated")
    if mandated not in (None, True, False):
        raise ValueError("mandated")
    return HeardNeed(
        uuid.UUID(said["id"]),
        _one_of(said["kind"], KINDS),
        _text(said["words"]),
        _one_of(said["handling"], HANDLINGS),
        _key(said.get("person_id")),
        mandated,
        _day(said["due_on"]) if said.get("due_on") else None,
    )


def _told(said: dict[str, Any]) -> FactSaid:
    return FactSaid(uuid.UUID(said["person_id"]), _text(said["code"]), _text(said["value"]))


def _detail(said: dict[str, Any]) -> Detail:
    check = {
        _one_of(head, tuple(CHECKS)): list(_many(marks, str, 9)) for head, marks in (said.get("check") or {}).items()
    }
    for head, marks in check.items():
        for mark in marks:
            _one_of(mark, CHECKS[head])
    talks = tuple(_one_of(one, TALKS) for one in _many(said.get("talks"), str, len(TALKS)))
    return Detail(check, talks, _many(said.get("seen"), uuid.UUID, MOST_PEOPLE))


def _key(text: Any) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


def _many(values: Any, one: Callable[[Any], T], most: int) -> tuple[T, ...]:
    if values is not None and (not isinstance(values, list) or len(values) > most):
        raise ValueError("limits")
    return tuple(one(value) for value in values or [])


def _one_of(value: Any, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError(value)
    return str(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or "\x00" in value:
        raise ValueError("text")
    return value.strip()
