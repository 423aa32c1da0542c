"""Sixty-eight ways in which a worker half knows somebody, as what would be typed into the search box (issue 14, 7).

Pure: facts of one resident and of the neighbourhood in, a query and the people whom those words honestly describe
out. A query that describes more than twenty is not asked: nobody could have the right one among twenty hits.
Written from the issue's text, without a look at the search.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from benchmarks.worlds.half_known_facts import (
    DIGITS,
    Fits,
    Half,
    Neighbourhood,
    Resident,
    by_age,
    by_birth,
    by_confusion,
    by_group,
    by_head,
    by_sound,
    by_tail,
    by_title,
    door_by,
    worded,
)

MOST = 20
"""Hits that are looked at: recall@20."""

FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")


@dataclass(frozen=True)
class Search:
    """One query: whom the worker means, and everybody whom the words describe as well (the wanted one among them)."""

    kind: str
    query: str
    wanted: str
    fitting: frozenset[str]


KINDS: dict[str, Half] = {}
"""Kind of half-knowledge -> how it is typed. The order is that of the report."""


def kind(name: str) -> Callable[[Half], Half]:
    """Register a kind under its name."""

    def keep(half: Half) -> Half:
        if name in KINDS:
            raise ValueError(f"kind named twice: {name}")
        KINDS[name] = half
        return half

    return keep


def ask(name: str, resident: Resident, around: Neighbourhood, random: Random) -> Search | None:
    """Give the search of this kind for this resident; None where the facts are not known or fit more than twenty."""
    made = KINDS[name](resident, around, random)
    if made is None:
        return None
    query, fits = made
    fitting = frozenset(other.key for other in around.residents if fits(other))
    if resident.key not in fitting:
        raise AssertionError(f"{name}: {query!r} does not describe the one it was made for")
    return Search(name, query, resident.key, fitting) if len(fitting) <= MOST else None


def searches(around: Neighbourhood, random: Random, each: int = 50) -> Iterator[Search]:
    """Give ``each`` searches of every kind, for residents drawn at random; fewer where the facts are too rare."""
    for name in KINDS:
        found = 0
        for resident in random.sample(list(around.residents), len(around.residents)):
            search = ask(name, resident, around, random)
            if search:
                yield search
                found += 1
            if found == each:
                break


FACTS = {
    "compound and name": "{r.compound} {r.name}",
    "name and compound": "{r.name} {r.compound}",
    "compound and name without a space": "{r.compound}{r.name}",
    "compound and given name": "{r.compound} {r.given}",
    "compound and initials": "{r.compound} {r.initials}",
    "given name only": "{r.given}",
    "initials": "{r.initials}",
    "nickname": "{r.nickname}",
    "nickname and compound": "{r.compound} {r.nickname}",
    "former name": "{r.former_name}",
    "work place": "{r.work_place}的",
    "work place and surname": "{r.work_place} {r.surname}",
    "household number": "{r.household_no}",
    "head's house": "{r.head}家",
    "door with hyphens": "{r.building}-{r.entrance}-{r.room}",
    "door 栋 单元": "{r.building}栋{r.entrance}单元{r.room}",
    "door 号楼 单元 室": "{r.building}号楼{r.entrance}单元{r.room}室",
    "door #楼": "{r.building}#楼{r.entrance}单元{r.room}",
    "door with slashes": "{r.building}/{r.entrance}/{r.room}",
    "door with spaces": "{r.building} {r.entrance} {r.room}",
    "compound and door": "{r.compound}{r.building}-{r.entrance}-{r.room}",
    "door without entrance": "{r.compound}{r.building}栋{r.room}",
    "door and surname": "{r.building}-{r.entrance}-{r.room} {r.surname}",
    "entrance and surname": "{r.building}栋{r.entrance}单元 {r.surname}",
    "whole number of identity": "{r.document}",
    "telephone": "{r.telephone}",
    "name and what is to be done": "{r.name} 改电话",
}
"""Kinds that only put facts side by side."""

for _name, _pattern in FACTS.items():
    KINDS[_name] = worded(_pattern)


def spoken_door(door: str) -> str:
    """Write 3-2-501 as one says it: 三栋二单元五零一."""
    building, entrance, room = door.split("-")
    return f"{building}栋{entrance}单元{room}".translate(DIGITS)


KINDS["door in Chinese numerals"] = door_by(spoken_door)
KINDS["door in full width"] = door_by(lambda door: door.translate(FULL_WIDTH))


@kind("floor and surname")
def _floor(resident: Resident, around: Neighbourhood, random: Random) -> tuple[str, Fits] | None:
    floor = resident.room[:-2]
    if not floor:
        return None
    return (
        f"{resident.building}栋{floor}楼 {resident.surname}",
        lambda other: (other.building, other.room[:-2], other.surname) == (resident.building, floor, resident.surname),
    )


KINDS["group and name"] = by_group("{group} {r.name}", "name")
KINDS["group and surname"] = by_group("{r.surname} {group}", "surname")
KINDS["group and compound"] = by_group("{r.compound} {group}", "compound")
KINDS["group and building"] = by_group("{r.compound} {r.building}栋 {group}", "compound", "building")


KINDS["name and age"] = by_age("{r.name} {age}岁", "name")
KINDS["surname and age"] = by_age("姓{r.surname} {age}岁", "surname")
KINDS["building, sex and age"] = by_age("{r.compound}{r.building}栋 {r.sex} {age}", "compound", "building", "sex")
KINDS["surname and decade"] = by_age("{r.compound} {r.surname} {decade}", "compound", "surname", span=10)


KINDS["name and year of birth"] = by_birth("{r.name} {born:%Y}", "%Y", "name")
KINDS["surname and year of birth"] = by_birth("{r.surname} {born:%Y}年生", "%Y", "surname")
KINDS["surname and short year"] = by_birth("{r.compound} {r.surname} {born:%y}年的", "%y", "compound", "surname")
KINDS["day of birth"] = by_birth("{born.year}年{born.month}月{born.day}日", "%Y%m%d")
KINDS["surname and birthday"] = by_birth("{r.surname} {born.month}月{born.day}日", "%m%d", "surname")


KINDS["title 阿姨"] = by_title("{}阿姨", "女", 40, 75)
KINDS["title 奶奶"] = by_title("{}奶奶", "女", 65, 120)
KINDS["title 大爷"] = by_title("{}大爷", "男", 60, 120)
KINDS["title 师傅"] = by_title("{}师傅", "男", 30, 70)
KINDS["title 老"] = by_title("老{}", "", 50, 120)
KINDS["title 小"] = by_title("小{}", "", 10, 40)


@kind("old so-and-so's house")
def _house(resident: Resident, around: Neighbourhood, random: Random) -> tuple[str, Fits] | None:
    if resident.head != resident.name:
        return None
    return (
        f"{resident.compound}{resident.building}栋 老{resident.surname}家",
        lambda other: (
            (other.compound, other.building, other.head[:1])
            == (resident.compound, resident.building, resident.head[:1])
        ),
    )


KINDS["head's husband or wife"] = by_head("配偶")
KINDS["head's son"] = by_head("子")
KINDS["head's daughter"] = by_head("女")


def one_off(name: str, other: str) -> bool:
    """Say whether two names of one length differ in no more than one character."""
    return len(name) == len(other) and sum(a != b for a, b in zip(name, other, strict=True)) <= 1


@kind("one character that sounds alike")
def _homophone(resident: Resident, around: Neighbourhood, random: Random) -> tuple[str, Fits] | None:
    at = len(resident.name) - 1
    if len(resident.syllables) != len(resident.name):
        return None
    others = sorted(around.alike[resident.syllables[at]] - {resident.name[at]})
    if not others:
        return None
    wrong = resident.name[:at] + random.choice(others)
    return wrong, lambda other: one_off(wrong, other.name)


@kind("one wrong character")
def _wrong(resident: Resident, around: Neighbourhood, random: Random) -> tuple[str, Fits] | None:
    if len(resident.given) != 2:
        return None
    at = random.choice((-1, -2))
    chars = list(resident.name)
    chars[at] = random.choice([char for char in "明国建文玉秀春海金红" if char != chars[at]])
    wrong = "".join(chars)
    return wrong, lambda other: one_off(wrong, other.name)


@kind("surname and last character")
def _last(resident: Resident, around: Neighbourhood, random: Random) -> tuple[str, Fits] | None:
    if len(resident.given) != 2:
        return None
    said = resident.surname + resident.name[-1]
    return said, lambda other: other.surname + other.name[-1] == said


@kind("characters of the given name changed about")
def _swapped(resident: Resident, around: Neighbourhood, random: Random) -> tuple[str, Fits] | None:
    if len(resident.given) != 2 or resident.given[0] == resident.given[1]:
        return None
    said = resident.surname + resident.given[::-1]
    return said, lambda other: other.name in (said, resident.name)


def flat_tongue(text: str) -> str:
    """Say z c s for zh ch sh."""
    return text.replace("zh", "z").replace("ch", "c").replace("sh", "s")


def front_nasal(text: str) -> str:
    """Say an en in for ang eng ing."""
    return text.replace("ang", "an").replace("eng", "en").replace("ing", "in")


def _surname_and_initials(syllables: tuple[str, ...]) -> str:
    return syllables[0] + "".join(syllable[0] for syllable in syllables[1:])


KINDS["pinyin"] = by_sound("".join)
KINDS["pinyin with spaces"] = by_sound(" ".join)
KINDS["pinyin, z for zh"] = by_confusion(flat_tongue)
KINDS["pinyin, n for ng"] = by_confusion(front_nasal)
KINDS["surname's pinyin and initials"] = by_sound(_surname_and_initials)


KINDS["telephone's last four"] = by_tail("telephone", "{tail}")
KINDS["surname and telephone's last four"] = by_tail("telephone", "{r.surname} {tail}", "surname")
KINDS["identity number's last four"] = by_tail("document", "{tail}")


@kind("telephone with spaces")
def _spaced(resident: Resident, around: Neighbourhood, random: Random) -> tuple[str, Fits] | None:
    number = resident.telephone
    if len(number) != 11:
        return None
    return f"{number[:3]} {number[3:7]} {number[7:]}", lambda other: other.telephone == number


@kind("mask of a telephone pasted")
def _masked_telephone(resident: Resident, around: Neighbourhood, random: Random) -> tuple[str, Fits] | None:
    number = resident.telephone
    if len(number) != 11:
        return None
    ends = (number[:3], number[-4:])
    return f"{ends[0]}****{ends[1]}", lambda other: (other.telephone[:3], other.telephone[-4:]) == ends


@kind("mask of an identity number pasted")
def _masked_document(resident: Resident, around: Neighbourhood, random: Random) -> tuple[str, Fits] | None:
    number = resident.document
    if len(number) != 18:
        return None
    ends = (number[:6], number[-4:])
    return f"{ends[0]}********{ends[1]}", lambda other: (other.document[:6], other.document[-4:]) == ends
