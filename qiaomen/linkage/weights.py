"""What each agreement says about two records being one person: levels, their weights, and the sentences for them.

A level holds two shares: `among_same` (how often records of one person show it) and `among_others` (how often two
different people do). The weight is log2 of their ratio, in bits; weights of one pair add up.
Source: Fellegi & Sunter 1969, doi:10.1080/01621459.1969.10501049; frequency of names: Winkler 2006, U.S. Census Bureau.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from qiaomen.kernel.texts import Text, say
from qiaomen.kernel.texts import later as _

UNKNOWN = 0
"""The level of a feature that one of the two records does not tell: it weighs nothing, for or against."""


@dataclass(frozen=True)
class Level:
    """One way a feature can agree or differ. `sentence` is what a person is shown."""

    code: str
    among_same: float
    among_others: float
    sentence: Text

    @property
    def weight(self) -> float:
        """Bits for (above 0) or against (below 0) one person."""
        return math.log2(self.among_same / self.among_others)


ID_SAME, ID_SAME_UNCHECKED, ID_ONE_OFF, ID_DIFFERS_UNCHECKED, ID_DIFFERS = 1, 2, 3, 4, 5
NAME_SAME, NAME_FORMER, NAME_SOUNDS, NAME_ADDED, NAME_ONE_CHAR, NAME_DIFFERS = 1, 2, 3, 4, 5, 6
BIRTH_SAME, BIRTH_SWAPPED, BIRTH_ONE_STEP, BIRTH_ONE_DIGIT, BIRTH_LUNAR, BIRTH_DIFFERS = 1, 2, 3, 4, 5, 6
PHONE_SAME, PHONE_ONE_OFF, PHONE_DIFFERS = 1, 2, 3
HOME_HOUSEHOLD, HOME_DOOR, HOME_DIFFERS = 1, 2, 3
SEX_SAME, SEX_DIFFERS = 1, 2

FEATURES: dict[str, tuple[Level, ...]] = {
    "id": (
        Level("id.same", 0.80, 1e-11, _("身份证号相同")),
        # The same number, but no valid one: a filler such as eighteen ones is shared by strangers.
        Level("id.same-unchecked", 0.05, 1e-6, _("证件号码相同，但校验位不对")),
        # Two valid numbers are never one digit apart (GB 11643), so one of them is a slip of the pen.
        Level("id.one-digit-off", 0.02, 2e-8, _("身份证号只差一位，或相邻两位颠倒")),
        Level("id.differs-unchecked", 0.015, 1.0, _("身份证号不同，其中一个校验位不对")),
        # Two valid numbers: twins and namesakes. A person with two registrations exists, hence not zero.
        Level("id.differs", 2e-5, 1.0, _("身份证号不同，且都有效")),
    ),
    "name": (
        Level("name.same", 0.85, 3e-4, _("姓名相同")),
        Level("name.former-same", 0.30, 3e-4, _("姓名与曾用名相同")),
        Level("name.sounds-same", 0.10, 5e-4, _("姓名同音")),
        Level("name.one-char-added", 0.04, 4e-3, _("姓名多一个字或少一个字")),
        # Twins and siblings share all but one character: as common among kin as among slips.
        Level("name.one-char", 0.02, 2e-2, _("姓名有一个字不同")),
        Level("name.differs", 0.004, 1.0, _("姓名不同")),
    ),
    "birth": (
        Level("birth.same", 0.85, 4e-5, _("出生日期相同")),
        Level("birth.day-month-swapped", 0.03, 4e-5, _("出生的月和日颠倒")),
        Level("birth.one-step-off", 0.04, 2.4e-4, _("出生的年、月或日差一")),
        Level("birth.one-digit-off", 0.02, 3e-4, _("出生日期有一位数字不同")),
        # Elders tell the lunar date; written as a solar one it lies 17 to 52 days early.
        Level("birth.lunar-perhaps", 0.03, 3e-3, _("出生日期相差一个月左右，可能一个是农历")),
        Level("birth.differs", 0.005, 1.0, _("出生日期不同")),
    ),
    "phone": (
        # Families share a phone, therefore far weaker than one in the number of phones.
        Level("phone.same", 0.60, 1e-4, _("电话相同")),
        Level("phone.one-digit-off", 0.03, 2e-4, _("电话只差一位")),
        Level("phone.differs", 0.30, 0.98, _("电话不同")),
    ),
    "home": (
        Level("household.same", 0.50, 4e-4, _("在同一户")),
        Level("door.same", 0.60, 6e-4, _("住同一个门")),
        Level("door.differs", 0.30, 1.0, _("住址不同")),
    ),
    "sex": (
        Level("sex.same", 0.995, 0.5, _("性别相同")),
        Level("sex.differs", 0.005, 0.5, _("性别不同")),
    ),
}
"""Feature -> its levels, best first; a stored level is the place in this tuple, counted from 1 (0 = UNKNOWN)."""

SENTENCES = {level.code: level.sentence for levels in FEATURES.values() for level in levels}
"""Level code -> the sentence a person reads."""


@dataclass(frozen=True)
class Weights:
    """Where the bands begin and how rare names and crowded phones count; weights are in bits."""

    same_from: float = 34.0
    """A million people make 2^39 pairs and some 2^16 duplicates: 23 bits make it even, 11 more 2000 to 1."""

    ask_from: float = 22.0
    """Even odds in a register of a million; below it the pair is two people."""

    imagined_people: int = 20_000
    """The default share of a name counts like that of so many people beside those in the register."""

    most_from_name: float = 17.0
    """A name seen once weighs at most this, however large the register."""

    crowd: int = 8
    """A phone or door that more records than this share (an office's phone, a nursing home) begins to weigh less."""

    never_same: tuple[str, ...] = ("id.differs", "name.differs", "sex.differs")
    """Whatever the sum, a person is asked."""

    same_only_with_id: tuple[str, ...] = ("name.one-char-added", "name.one-char", "birth.differs")
    """A person is asked unless the identity number is the same: this is how twins and fathers look."""

    always_asked: tuple[str, ...] = ("id.same",)
    """Two records with one valid number are never passed over as two people, whatever else differs."""

    def table(self, feature: str) -> tuple[float, ...]:
        """Weights of a feature by stored level, UNKNOWN first."""
        return (0.0, *(level.weight for level in FEATURES[feature]))

    def rarity(self, count: int, people: int) -> float:
        """Bits of one shared name that `count` of so many people bear: a rare name says more (Winkler 2006)."""
        usual = 2 ** -FEATURES["name"][NAME_SAME - 1].weight
        share = (count + self.imagined_people * usual) / (people + self.imagined_people)
        return min(self.most_from_name, -math.log2(share))


WEIGHTS = Weights()


def weights_for(size: int) -> Weights:
    """Return the bands for a register of this size: even odds need log2(pairs / duplicates) bits, 8 % being duplicates.

    13,000 people need 16 bits, a million 23; below a thousand the line falls no further.
    """
    return replace(WEIGHTS, ask_from=round(math.log2(max(size, 1000) / 2 / 0.08), 1))


def say_evidence(evidence: Iterable[tuple[str, float]]) -> list[str]:
    """Return (level code, bits) as sentences, the weightiest first."""
    return [say(SENTENCES[code]) for code, _bits in sorted(evidence, key=lambda item: -abs(item[1]))]


def level_code(feature: str, level: int) -> str:
    """Return the code of a stored level; the level must not be UNKNOWN."""
    return FEATURES[feature][level - 1].code
