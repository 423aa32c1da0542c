"""Families behind doors for generated office tables: pure facts, before anybody writes them down."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from benchmarks.worlds.office_truth import (
    AREA,
    AS_AT,
    AWAY,
    DIED,
    MOVED_OUT,
    SPLIT,
    TrueDoor,
    TrueHousehold,
    TruePerson,
    check_digit,
)

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
COMPOUND_SURNAMES = ("欧阳", "司马", "上官", "诸葛")
CHARS = {
    "男": "建国志强明华军伟刚勇平波辉宏涛斌永德福生庆林海峰旭东子轩浩宇晨文杰天佑立新长安守义",
    "女": "秀英兰珍芳玉梅凤霞红丽娟燕敏静婷雪莲桂香淑琴春花彩云雨桐欣怡诗涵思琪美玲巧慧",
}
COMPOUNDS = ("幸福苑", "阳光花园", "锦绣家园", "北苑新城", "和平里", "水木华庭", "金桂园", "机械厂家属院")
COURTYARDS = ("红星院", "粮站家属院", "老车站大院")
VILLAGES = ("柳林村", "杏花村", "石桥村")

LUNAR = (
    "19280402=1928.闰2.12 19291119=1929.10.19 19300820=1930.闰6.26 19310915=1931.8.4 19320216=1932.1.11 "
    "19330710=1933.闰5.18 19341231=1934.11.25 19350505=1935.4.3 19360430=1936.闰3.10 19370329=1937.2.17 "
    "19380917=1938.闰7.24 19400614=1940.5.9 19410808=1941.闰6.16 19420507=1942.3.23 19430831=1943.8.1 "
    "19440529=1944.闰4.8 19450723=1945.6.15 19461215=1946.11.22 19470420=1947.闰2.29 19481009=1948.9.7 "
    "19490906=1949.闰7.14 19500903=1950.7.21 19520627=1952.闰5.6 19531119=1953.10.13 19540422=1954.3.20 "
    "19550518=1955.闰3.27 19560216=1956.1.5 19571005=1957.闰8.12 19581229=1958.11.19 19590602=1959.4.26 "
    "19600727=1960.闰6.4 19610327=1961.2.11 19620817=1962.7.18 19630616=1963.闰4.25 19640612=1964.5.3 "
    "19651102=1965.10.10 19660507=1966.闰3.17 19670927=1967.8.24 19680825=1968.闰7.2 19690722=1969.6.9 "
    "19701214=1970.11.16 19710715=1971.闰5.23 19721007=1972.9.1 19730312=1973.2.8 19740605=1974.闰4.15 "
    "19761022=1976.闰8.29 19771117=1977.10.7 19780420=1978.3.14 19790813=1979.闰6.21 19800314=1980.1.28"
)
"""Solar day = the same day by the lunar calendar, 闰 before a leap month; worked out with lunardate 0.2.2."""

LUNAR_BY_YEAR = {int(pair[:4]): (date.fromisoformat(pair[:8]), pair[9:]) for pair in LUNAR.split()}
"""Year of the solar day -> that day and its lunar spelling "1956.1.5"."""


class People:
    """Invents persons; keeps what was given out already, so that no number is given twice in one table."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.numbers: set[str] = set()
        self.names: set[str] = set()

    def surname(self) -> str:
        """Draw a surname; every fortieth has two characters."""
        return self.random.choice(COMPOUND_SURNAMES if self.random.random() < 0.025 else SURNAMES)

    def name(self, surname: str, sex: str) -> str:
        """Draw a name that nobody in this table has yet."""
        while True:
            given = "".join(self.random.sample(CHARS[sex], self.random.choice((1, 2, 2, 2))))
            if surname + given not in self.names:
                self.names.add(surname + given)
                return surname + given

    def birth(self, age: int) -> date:
        """Draw a day of birth for this age in full years; often one whose lunar spelling is known."""
        day = AS_AT - timedelta(days=round(age * 365.25) + self.random.randrange(1, 360))
        known = LUNAR_BY_YEAR.get(day.year)
        return known[0] if known and self.random.random() < 0.3 else day

    def identity_number(self, birth: date, sex: str) -> str:
        """Draw an identity number that nobody has."""
        while True:
            serial = self.random.randrange(0, 499) * 2 + (1 if sex == "男" else 2)
            first17 = f"{AREA}{birth:%Y%m%d}{serial:03d}"
            number = first17 + check_digit(first17)
            if number not in self.numbers:
                self.numbers.add(number)
                return number

    def telephone(self) -> str:
        """Draw a mobile number of a block that is visibly invented."""
        return self.random.choice(("1380000", "1390000", "1360000")) + f"{self.random.randrange(10000):04d}"

    def person(self, relation: str, sex: str, age: int, surname: str) -> TruePerson:
        """Invent one person; children below twelve have no telephone, one adult in six gives none."""
        birth = self.birth(max(age, 0))
        has_telephone = age >= 12 and self.random.random() < 0.83
        return TruePerson(
            name=self.name(surname, sex),
            relation=relation,
            sex=sex,
            birth=birth,
            document_kind="身份证",
            document=self.identity_number(birth, sex),
            telephones=(self.telephone(),) if has_telephone else (),
        )


def usual_family(people: People, door: TrueDoor) -> TrueHousehold:
    """A family of one to five: alone, a couple, with children, one parent, three generations."""
    random = people.random
    surname, wife_surname = people.surname(), people.surname()
    age = random.randrange(30, 84)
    sex = "女" if random.random() < 0.25 else "男"
    members = [people.person("户主", sex, age, surname)]
    other = "男" if sex == "女" else "女"
    if random.random() < 0.72:
        members.append(people.person("配偶", other, age - random.randrange(-2, 6), wife_surname))
    children_surname = surname if sex == "男" else wife_surname
    for _ in range(random.choice((0, 1, 1, 2)) if age < 75 else 0):
        child = random.choice(("子", "女"))
        members.append(
            people.person(child, "男" if child == "子" else "女", age - random.randrange(23, 29), children_surname)
        )
    if age < 55 and random.random() < 0.2:
        parent = random.choice(("父", "母"))
        own = surname if parent == "父" else people.surname()
        members.append(people.person(parent, "男" if parent == "父" else "女", age + random.randrange(21, 30), own))
    return TrueHousehold(door, None, members[0].name, tuple(members))


def family_of_nine(people: People, door: TrueDoor) -> TrueHousehold:
    """Three generations and nine persons at one door."""
    surname, age = people.surname(), 66
    who = (("户主", "男", 66), ("配偶", "女", 64), ("子", "男", 43), ("儿媳", "女", 41), ("子", "男", 38))
    young = (("儿媳", "女", 37), ("孙女", "女", 15), ("孙子", "男", 11), ("孙子", "男", age - 60))
    members = [
        people.person(relation, sex, years, people.surname() if relation in ("配偶", "儿媳") else surname)
        for relation, sex, years in (*who, *young)
    ]
    return TrueHousehold(door, None, members[0].name, tuple(members))


def with_newborn(people: People, door: TrueDoor) -> TrueHousehold:
    """A young couple whose baby has no number yet."""
    surname = people.surname()
    baby = replace(people.person("女", "女", 0, surname), document_kind=None, document=None)
    pair = (people.person("户主", "男", 29, surname), people.person("配偶", "女", 28, people.surname()))
    return TrueHousehold(door, None, pair[0].name, (*pair, baby))


def other_surname_head(people: People, door: TrueDoor) -> TrueHousehold:
    """The mother-in-law holds the booklet: the head shares no surname with anybody in the house."""
    surname = people.surname()
    head = people.person("户主", "女", 68, people.surname())
    rest = (
        people.person("女婿", "男", 44, surname),
        people.person("女", "女", 42, people.surname()),
        people.person("外孙", "男", 12, surname),
    )
    return TrueHousehold(door, None, head.name, (head, *rest))


def collective(people: People, door: TrueDoor) -> TrueHousehold:
    """A collective household: a holder of the booklet and strangers registered with him."""
    head = people.person("户主", "男", 45, people.surname())
    others = (
        people.person("非亲属", people.random.choice("男女"), people.random.randrange(20, 50), people.surname())
        for _ in range(people.random.randrange(5, 9))
    )
    return TrueHousehold(door, None, head.name, (head, *others), kind="集体户")


def tenants(people: People, door: TrueDoor) -> TrueHousehold:
    """A family that rents and says so."""
    return replace(usual_family(people, door), is_tenant=True)


def same_name_same_door(people: People, door: TrueDoor) -> TrueHousehold:
    """Mother and daughter-in-law of the same name: two persons, as their numbers and days show."""
    family = family_without_status(people, door)
    twin = people.person("儿媳", "女", family.members[0].age - 24, "王")
    elder = replace(people.person("配偶", "女", family.members[0].age - 1, "王"), name=twin.name)
    son = people.person("子", "男", family.members[0].age - 22, family.head[0])
    return replace(family, members=(family.members[0], elder, son, twin))


def family_without_status(people: People, door: TrueDoor) -> TrueHousehold:
    """One man above fifty on his own, to build on."""
    head = people.person("户主", "男", people.random.randrange(54, 70), people.surname())
    return TrueHousehold(door, None, head.name, (head,))


def father_and_son_alike(people: People, door: TrueDoor) -> TrueHousehold:
    """Father and son of one name, and the table knows neither number nor day: nobody can be sure who is who."""
    family = family_without_status(people, door)
    father = replace(family.members[0], document_kind=None, document=None, telephones=())
    bare = frozenset({"birth", "sex"})
    son = replace(father, relation="子", birth=people.birth(father.age - 25), blank_ok=bare)
    return replace(family, members=(replace(father, blank_ok=bare), son))


FAMILIES: dict[str, Callable[[People, TrueDoor], TrueHousehold]] = {
    "nine-in-one-home": family_of_nine,
    "newborn-without-number": with_newborn,
    "head-of-another-surname": other_surname_head,
    "collective-household": collective,
    "tenants": tenants,
    "same-name-same-door": same_name_same_door,
    "father-and-son-alike": father_and_son_alike,
}
"""Kind of family -> how it is made. "two-families-one-door" and "number-twice" need two families: see office_tables."""


def with_statuses(people: People, household: TrueHousehold) -> TrueHousehold:
    """Let some members who are not the head have died, moved out, gone away, or be registered elsewhere."""
    draw = people.random
    changed = (
        replace(person, status=draw.choice((DIED, MOVED_OUT, SPLIT, AWAY)))
        if person.relation != "户主" and draw.random() < 0.12
        else person
        for person in household.members
    )
    return replace(household, members=tuple(changed))


def doors(random: Random, ground: str, count: int, compounds_wanted: int) -> list[TrueDoor]:
    """Draw doors of one kind of ground, in walking order: flats, towers, named, flats-no-entrance, courtyard,
    village.
    """
    if ground == "courtyard":
        yard = random.choice(COURTYARDS)
        return [TrueDoor(yard, "平房", None, str(number)) for number in sorted(random.sample(range(1, 80), count))]
    if ground == "village":
        village, groups = random.choice(VILLAGES), sorted(random.sample(range(1, 9), 3))
        plates = sorted((random.choice(groups), number) for number in random.sample(range(1, 99), count))
        return [TrueDoor(village, f"{group}组", None, str(number)) for group, number in plates]
    found: set[TrueDoor] = set()
    compounds = random.sample(COMPOUNDS, compounds_wanted)
    buildings = [*random.sample(range(1, 7), 2), 13]
    while len(found) < count:
        room = f"{random.randrange(1, 7)}0{random.randrange(1, 4)}"
        compound, building = random.choice(compounds), str(random.choice(buildings))
        entrance = str(random.randrange(1, 4))
        found.add(
            {
                "flats": TrueDoor(compound, building, entrance, room),
                "flats-no-entrance": TrueDoor(compound, building, None, room),
                "towers": TrueDoor(compound, random.choice("ABC"), None, f"{random.randrange(7, 19)}0{room[-1]}"),
                "named": TrueDoor(compound, random.choice(("南楼", "北楼")), random.choice(("东门洞", "西门洞")), room),
            }[ground]
        )
    return sorted(found, key=_walking_order)


def _walking_order(door: TrueDoor) -> tuple[str, int, str, str, int]:
    building = door.building or ""
    number = int(building) if building.isdigit() else 0
    return door.compound, number, building, door.entrance or "", int(door.room)
