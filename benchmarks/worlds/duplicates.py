"""A register of any size in which a known share of people stands twice. Pure; the same seed, the same register.

What is hard about it: names shared by hundreds, twins and brothers with all but one character in common, sons named
after fathers, phones shared by a family, dormitories behind one door, filler numbers, and gaps everywhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from benchmarks.worlds import names
from benchmarks.worlds.slips import Record, a_phone, slip
from qiaomen.kernel.idcheck import check_digit
from qiaomen.linkage.sounds import sounds_of

TODAY = date(2026, 3, 5)
DUPLICATES = 0.08
TWINS, NAMED_AFTER_FATHER, GENERATION_CHARACTER = 0.012, 0.01, 0.35
"""Shares of children who have a twin, whose name is the father's and a character, who share one with a sibling."""

NO_ID, FILLER_ID, NO_PHONE, OFFICE_PHONE, NO_BIRTH, NO_DOOR, NO_SEX = 0.04, 0.0005, 0.15, 0.01, 0.005, 0.02, 0.01
"""Gaps and fillers of any record, first or second."""


@dataclass(frozen=True)
class Town:
    """Records in no order, and where the two records of one person stand: (first place, second place) -> kind
    of error.
    """

    records: list[Record]
    sounds: list[str]
    truth: dict[tuple[int, int], str]


def make_town(persons: int, seed: int) -> Town:
    """Invent a register of so many records, 8 % of them second records of somebody."""
    random = Random(seed)
    seconds = int(persons * DUPLICATES)
    firsts: list[Record] = []
    people = _people(random)
    while len(firsts) < persons - seconds:
        firsts.append(next(people))
    twice = random.sample(range(len(firsts)), seconds)
    slips = [slip(random, firsts[place], random.choice(firsts)) for place in twice]
    new_place = list(range(persons))
    random.shuffle(new_place)
    records: list[Record] = [firsts[0]] * persons
    for old, record in enumerate([*firsts, *(second for second, _ in slips)]):
        records[new_place[old]] = record
    truth = {}
    for order, (place, (_, kind)) in enumerate(zip(twice, slips, strict=True)):
        one, two = sorted((new_place[place], new_place[len(firsts) + order]))
        truth[one, two] = kind
    sound = cache(lambda name: sounds_of(name)[0])
    return Town(records, [sound(record.name) for record in records], truth)


def _people(random: Random) -> Iterator[Record]:
    """Families door after door; every two thousandth door is a dormitory or a nursing home."""
    used: set[str] = set()
    number = 0
    while True:
        number += 1
        place = f"{number // 500:04d}/{number % 500 // 24 + 1}-{number % 24 // 12 + 1}-{number % 12 // 2 + 1:d}0{number % 2 + 1}"
        people = _dormitory(random) if number % 2000 == 0 else _family(random)
        door = "" if random.random() < NO_DOOR else place
        for name, sex, birth, phone in people:
            record = Record(name, sex, birth, _id_no(random, birth, sex, used), phone, f"H{number}", door)
            yield _with_gaps(random, record, number // 500)


def _with_gaps(random: Random, one: Record, compound: int) -> Record:
    if random.random() < NO_ID:
        one = one._replace(id_no="", birth=None if random.random() < NO_BIRTH / NO_ID else one.birth)
    elif random.random() < FILLER_ID:
        one = one._replace(id_no="1" * 18)
    if random.random() < NO_PHONE:
        one = one._replace(phone="")
    elif random.random() < OFFICE_PHONE:
        one = one._replace(phone=f"8{compound % 100:02d}6600")
    return one._replace(sex="") if random.random() < NO_SEX else one


Member = tuple[str, str, date, str]
"""Name, sex, birth, phone."""


def _born(random: Random, age: int) -> date:
    return TODAY - timedelta(days=int(365.25 * age) + random.randrange(1, 365))


def _dormitory(random: Random) -> Iterator[Member]:
    """Sixty to three hundred strangers behind one door, one phone at the gate for most of them."""
    young, gate = random.random() < 0.5, a_phone(random)
    for _ in range(random.randint(60, 300)):
        birth = _born(random, random.randint(17, 24) if young else random.randint(70, 95))
        name = names.surname(random) + names.given(random, birth.year)
        yield name, random.choice(["male", "female"]), birth, gate if random.random() < 0.7 else a_phone(random)


def _family(random: Random) -> Iterator[Member]:
    size = random.choices([1, 2, 3, 4, 5, 6], [12, 26, 24, 20, 12, 6])[0]
    surname, phone = names.surname(random), a_phone(random)
    age = random.randint(66, 92) if size <= 2 and random.random() < 0.45 else random.randint(27, 64)
    birth = _born(random, age)
    father = surname + names.given(random, birth.year)
    yield father, "male", birth, phone
    if size > 1:
        birth = _born(random, max(20, age + random.randint(-5, 3)))
        shared = random.random() < 0.3
        name = names.surname(random) + names.given(random, birth.year)
        yield name, "female", birth, phone if shared else a_phone(random)
    parents = random.choice([0, 0, 1, 2]) if size > 3 else 0
    for parent in range(parents):
        birth = _born(random, min(99, age + random.randint(22, 30)))
        own = surname if parent == 0 else names.surname(random)
        shared = random.random() < 0.5
        yield (
            own + names.given(random, birth.year),
            ["male", "female"][parent],
            birth,
            phone if shared else a_phone(random),
        )
    yield from _children(random, size - 2 - parents, age, father, phone)


def _children(random: Random, count: int, age: int, father: str, phone: str) -> Iterator[Member]:
    surname = father[:2] if father[:2] in names.DOUBLE else father[0]
    shared, born = names.char(random), _born(random, max(0, age - random.randint(23, 34)))
    while count > 0:
        twins = 2 if random.random() < TWINS else 1
        sex = random.choice(["male", "female"])
        for _ in range(twins):
            given = names.given(random, born.year)
            if random.random() < NAMED_AFTER_FATHER:
                given = father[len(surname) :][:1] + names.char(random)
            elif twins == 2 or random.random() < GENERATION_CHARACTER:
                given = shared + given[-1]
            sex = sex if random.random() < 0.65 else random.choice(["male", "female"])
            grown = born.year < TODAY.year - 14 and random.random() < 0.8
            yield surname + given, sex, born, a_phone(random) if grown else phone
        count -= twins
        born = min(TODAY, born + timedelta(days=random.randint(400, 2500)))


def _id_no(random: Random, birth: date, sex: str, used: set[str]) -> str:
    """Return a number nobody has; province 99 does not exist, so it can belong to nobody real."""
    while True:
        area = "990101" if random.random() < 0.6 else f"99{random.randrange(1, 20):02d}{random.randrange(1, 30):02d}"
        first = f"{area}{birth:%Y%m%d}{random.randrange(500) * 2 + (sex == 'male'):03d}"
        if first not in used:
            used.add(first)
            return first + check_digit(first)
