"""Facts of residents, and makers of half-known queries from them: see half_known for the kinds."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")
DOUBLE_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "皇甫", "令狐", "东方", "慕容")
RELATIVES = {"配偶": ("妻子", "丈夫"), "子": ("儿子", "儿子"), "女": ("女儿", "女儿")}


@dataclass(frozen=True)
class Resident:
    """What is on record of one person; None or "" is not known. ``syllables`` is the name's pinyin, one a character."""

    key: str
    name: str
    syllables: tuple[str, ...]
    sex: str
    birth: date | None
    relation: str
    household: str
    head: str
    compound: str
    building: str
    entrance: str | None
    room: str
    telephone: str = ""
    document: str = ""
    household_no: str = ""
    groups: tuple[str, ...] = ()
    nickname: str = ""
    former_name: str = ""
    work_place: str = ""

    @property
    def surname(self) -> str:
        """Family name, one or two characters."""
        return self.name[:2] if self.name.startswith(DOUBLE_SURNAMES) else self.name[:1]

    @property
    def given(self) -> str:
        """Given name."""
        return self.name[len(self.surname) :]

    @property
    def initials(self) -> str:
        """First letter of each syllable."""
        return "".join(syllable[0] for syllable in self.syllables)


Fits = Callable[[Resident], bool]
Half = Callable[[Resident, "Neighbourhood", Random], "tuple[str, Fits] | None"]


class Neighbourhood:
    """All residents, with the day on which ages are counted and the characters that sound alike among their names."""

    def __init__(self, residents: Sequence[Resident], today: date) -> None:
        self.residents = residents
        self.today = today
        self.alike: dict[str, set[str]] = defaultdict(set)
        for resident in residents:
            for char, syllable in zip(resident.name, resident.syllables, strict=False):
                self.alike[syllable].add(char)

    def age(self, resident: Resident) -> int | None:
        """Full years today, None where the day of birth is not known."""
        if resident.birth is None:
            return None
        had = (self.today.month, self.today.day) >= (resident.birth.month, resident.birth.day)
        return self.today.year - resident.birth.year - (not had)


def worded(pattern: str, needs: Sequence[str] = ()) -> Half:
    """A query from facts alone: ``{r.name} {r.compound}``; it describes those in whom the same facts are the same."""
    fields = tuple(part.split("}")[0] for part in pattern.split("{r.")[1:])

    def half(resident: Resident, around: Neighbourhood, random: Random) -> tuple[str, Fits] | None:
        values = tuple(getattr(resident, field) for field in (*fields, *needs))
        if not all(values):
            return None
        return pattern.format(r=resident), lambda other: all(
            getattr(other, field) == getattr(resident, field) for field in (*fields, *needs)
        )

    return half


def door_by(form: Callable[[str], str]) -> Half:
    """A door of three numbers in another script."""

    def half(resident: Resident, around: Neighbourhood, random: Random) -> tuple[str, Fits] | None:
        parts = (resident.building, resident.entrance or "", resident.room)
        if not all(part.isdigit() for part in parts) or max(len(part) for part in parts[:2]) > 1:
            return None
        return form("-".join(parts)), lambda other: (other.building, other.entrance, other.room) == parts

    return half


def by_group(pattern: str, *fields: str) -> Half:
    """A care group and one more fact."""

    def half(resident: Resident, around: Neighbourhood, random: Random) -> tuple[str, Fits] | None:
        if not resident.groups or not all(getattr(resident, field) for field in fields):
            return None
        group = random.choice(resident.groups)
        return (
            pattern.format(group=group, r=resident),
            lambda other: (
                group in other.groups and all(getattr(other, field) == getattr(resident, field) for field in fields)
            ),
        )

    return half


def by_age(pattern: str, *fields: str, span: int = 0) -> Half:
    """An age, or a decade of age where ``span`` is 10, and more facts."""

    def half(resident: Resident, around: Neighbourhood, random: Random) -> tuple[str, Fits] | None:
        age = around.age(resident)
        if age is None or (span and not 20 <= age < 100):
            return None
        decade = f"{age // 10 * 10 // 10}".translate(DIGITS) + "十多岁"

        def fits(other: Resident) -> bool:
            years = around.age(other)
            near = years is not None and (years // 10 == age // 10 if span else years == age)
            return near and all(getattr(other, field) == getattr(resident, field) for field in fields)

        return pattern.format(r=resident, age=age, decade=decade), fits

    return half


def by_birth(pattern: str, parts: str, *fields: str) -> Half:
    """A day, month or year of birth and more facts; ``parts`` is the strftime pattern of what is said."""

    def half(resident: Resident, around: Neighbourhood, random: Random) -> tuple[str, Fits] | None:
        born = resident.birth
        if born is None:
            return None
        return (
            pattern.format(r=resident, born=born),
            lambda other: (
                other.birth is not None
                and other.birth.strftime(parts) == born.strftime(parts)
                and all(getattr(other, field) == getattr(resident, field) for field in fields)
            ),
        )

    return half


def by_title(title: str, sex: str, youngest: int, oldest: int) -> Half:
    """高阿姨 in a building: surname, sex and about which age."""

    def half(resident: Resident, around: Neighbourhood, random: Random) -> tuple[str, Fits] | None:
        def fits(other: Resident) -> bool:
            age = around.age(other)
            place = (other.compound, other.building, other.surname)
            same = place == (resident.compound, resident.building, resident.surname)
            return same and age is not None and youngest <= age <= oldest and (not sex or other.sex == sex)

        text = f"{resident.compound}{resident.building}栋 {title.format(resident.surname)}"
        return (text, fits) if fits(resident) else None

    return half


def by_head(relation: str) -> Half:
    """高建国的儿子: whom one knows by the head of the household."""

    def half(resident: Resident, around: Neighbourhood, random: Random) -> tuple[str, Fits] | None:
        if resident.relation != relation or resident.head == resident.name:
            return None
        word = RELATIVES[relation][0 if resident.sex == "女" else 1]
        return f"{resident.head}的{word}", lambda other: (other.head, other.relation) == (resident.head, relation)

    return half


def by_sound(form: Callable[[tuple[str, ...]], str]) -> Half:
    """A name by its sound, typed in some form; it describes all whose names are typed the same."""

    def half(resident: Resident, around: Neighbourhood, random: Random) -> tuple[str, Fits] | None:
        if len(resident.syllables) != len(resident.name):
            return None
        text = form(resident.syllables)
        return text, lambda other: bool(other.syllables) and form(other.syllables) == text

    return half


def by_confusion(confuse: Callable[[str], str]) -> Half:
    """A name as somebody types it who does not tell two sounds apart; only names in which that changes something."""

    def half(resident: Resident, around: Neighbourhood, random: Random) -> tuple[str, Fits] | None:
        text = confuse("".join(resident.syllables))
        if text == "".join(resident.syllables):
            return None
        return text, lambda other: confuse("".join(other.syllables)) == text

    return half


def by_tail(fact: str, pattern: str, *fields: str) -> Half:
    """The last four characters of a number, alone or beside another fact."""

    def half(resident: Resident, around: Neighbourhood, random: Random) -> tuple[str, Fits] | None:
        tail = getattr(resident, fact)[-4:]
        if len(tail) < 4:
            return None
        return (
            pattern.format(r=resident, tail=tail),
            lambda other: (
                getattr(other, fact).endswith(tail)
                and all(getattr(other, field) == getattr(resident, field) for field in fields)
            ),
        )

    return half
