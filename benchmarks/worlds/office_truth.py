"""What is true behind a generated office table: doors, households, persons, and where a human would have to be asked.

Written so that a reader can be judged without knowing how it works. Rule of judging, field by field:
a value read must equal the truth or one of its ``also`` values; nothing read is right only where the field is in
``blank_ok`` (the table does not show it, or shows it damaged); any other value is silently wrong, unless a question
about that person, household or table was put first.
"""

from dataclasses import dataclass, field
from datetime import date

AS_AT = date(2026, 6, 1)
"""The day every generated table is written; ages are counted to it."""

AREA = "990101"
"""Area code of every identity number: it belongs to no county."""

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""Weights of the check digit. Source: GB 11643-1999."""

LIVES, DIED, MOVED_OUT, SPLIT, AWAY = "living here", "died", "moved out", "registered elsewhere", "away"
"""What becomes of a person in a table: 在住, 死亡, 迁出, 人户分离 (lives here, registered elsewhere), 外出."""


def check_digit(first17: str) -> str:
    """Give the eighteenth character of an identity number. Source: GB 11643-1999 (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


@dataclass(frozen=True)
class TrueDoor:
    """One door. Building and entrance are without their unit words ("3", "B", "南楼", "东门洞"), room as on the plate.

    A courtyard of single-storey houses is compound "红星院", building "平房", room "12"; a village door is compound
    "柳林村", building "5组", room "23". None means that the door has no such part.
    """

    compound: str
    building: str | None
    entrance: str | None
    room: str

    @property
    def floor(self) -> str:
        """Floor as it stands in the room number ("1203" is on 12)."""
        return self.room[:-2] or "1"


@dataclass(frozen=True)
class TruePerson:
    """One person as the table means them; ``document`` and ``telephone`` are None where there is none."""

    name: str
    relation: str
    sex: str
    birth: date
    document_kind: str | None
    document: str | None
    telephones: tuple[str, ...] = ()
    status: str = LIVES
    blank_ok: frozenset[str] = frozenset()
    also: tuple[tuple[str, str | None], ...] = ()
    """Other readings that are as right: ("document", the number in eighteen digits) …"""

    @property
    def telephone(self) -> str | None:
        """The first number, digits only, without +86."""
        return self.telephones[0] if self.telephones else None

    @property
    def age(self) -> int:
        """Full years on the day of the table."""
        return AS_AT.year - self.birth.year - ((AS_AT.month, AS_AT.day) < (self.birth.month, self.birth.day))


@dataclass(frozen=True)
class TrueHousehold:
    """People who belong together behind one door, in the order in which the table names them; the head is a member."""

    door: TrueDoor
    household_no: str | None
    head: str
    members: tuple[TruePerson, ...]
    kind: str = "家庭户"
    is_tenant: bool = False

    @property
    def head_person(self) -> TruePerson:
        """The member whose relation is 户主."""
        return next(person for person in self.members if person.relation == "户主")


@dataclass(frozen=True)
class Question:
    """One thing that a careful clerk would ask before going on: asking is right here, guessing is not."""

    kind: str
    people: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class OfficeTable:
    """One generated file with what it means."""

    name: str
    content: bytes
    file_name: str
    truth: tuple[TrueHousehold, ...]
    layout: tuple[str, ...]
    questions: tuple[Question, ...] = ()
    compounds: tuple[str, ...] = field(default=())
    """Compounds the table is about: put them on record first, or answer "yes, new" when asked."""

    @property
    def people(self) -> tuple[TruePerson, ...]:
        """Everybody in the table."""
        return tuple(person for household in self.truth for person in household.members)
