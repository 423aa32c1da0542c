"""Invents households behind doors, exactly as many as a community has. Pure; the same seed, the same town."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from qiaomen.kernel.idcheck import check_digit

AREA_CODE = "990101"
"""GB/T 2260 has no province 99, so that no number here can belong to a person."""

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文单仇解区查盖朴覃缪"
GIVEN = "建国秀英桂兰志强淑珍玉梅海燕俊杰晓东春花明辉丽华小军文静雨欣子涵浩然思远佳怡振宁凤霞长青德福永安学礼若溪清和云舟念慈守正知夏望舒景行"
RARE = ["骉", "龘", "𬶍", "堃", "喆", "赟", "䶮"]
DOUBLE = ["欧阳", "尉迟", "长孙", "上官"]


@dataclass(frozen=True)
class Plan:
    """What a community is: code, name, its compounds with the number of buildings, and its exact totals."""

    code: str
    name: str
    households: int
    persons: int
    compounds: tuple[str, ...]
    origins: tuple[int, int] = (0, 0)
    lifted_out: tuple[int, int] = (0, 0)


PLANS = {
    "A": Plan("SGX-A", "锦瑟社区", 4388, 13160, ("幸福苑", "学府里", "河滨花园", "东关新村", "南塬小区", "槐荫巷")),
    "B": Plan("SGX-B", "新桥社区", 956, 3560, ("新桥安置区",), (7, 66), (812, 2933)),
    "C": Plan("SGX-C", "旧厂院社区", 124, 355, ("杜康路39院",)),
}


@dataclass(frozen=True)
class Person:
    """An invented resident."""

    name: str
    relation: str
    sex: str
    birth: date
    id_no: str
    phone: str


@dataclass(frozen=True)
class Household:
    """An invented household behind a door."""

    number: str
    compound: str
    building: int
    entrance: int
    room: int
    people: tuple[Person, ...]
    origin_town: str = ""
    origin_village: str = ""
    lifted_out: bool | None = None


def make_households(plan: Plan, seed: int, today: date) -> list[Household]:
    """Invent all households of a community; totals are exactly the plan's."""
    random = Random(f"{seed}-{plan.code}")
    sizes = _sizes(plan, random)
    doors = _doors(plan)
    villages = _villages(plan)
    used: set[str] = set()
    found = []
    for index, size in enumerate(sizes):
        compound, building, entrance, room = next(doors)
        town, village = villages[index % len(villages)] if villages else ("", "")
        lifted = index < plan.lifted_out[0] if plan.lifted_out[0] else None
        people = tuple(_family(random, size, today, used))
        found.append(
            Household(f"{plan.code}{index + 1:05d}", compound, building, entrance, room, people, town, village, lifted)
        )
    return found


def _sizes(plan: Plan, random: Random) -> list[int]:
    """Sizes 1 to 6 whose sums are exact, for the lifted-out part and for the rest."""
    parts = [(plan.households, plan.persons)]
    if plan.lifted_out[0]:
        parts = [plan.lifted_out, (plan.households - plan.lifted_out[0], plan.persons - plan.lifted_out[1])]
    sizes: list[int] = []
    for households, persons in parts:
        part = random.choices([1, 2, 3, 4, 5, 6], [12, 26, 24, 20, 12, 6], k=households)
        while (missing := persons - sum(part)) != 0:
            index, step = random.randrange(households), 1 if missing > 0 else -1
            if 1 <= part[index] + step <= 6:
                part[index] += step
        sizes += part
    return sizes


def _doors(plan: Plan) -> Iterator[tuple[str, int, int, int]]:
    """Doors one compound after the other: 3 entrances, 6 floors, 2 doors a floor."""
    per_compound = -(-plan.households // len(plan.compounds))
    for compound in plan.compounds:
        for index in range(per_compound):
            building, inside = divmod(index, 36)
            entrance, door = divmod(inside, 12)
            yield compound, building + 1, entrance + 1, (door // 2 + 1) * 100 + door % 2 + 1


def _villages(plan: Plan) -> list[tuple[str, str]]:
    towns, villages = plan.origins
    return [
        (f"第{'一二三四五六七'[i % towns]}乡", f"{'东西南北上下前后石柳泉'[i % 11]}{'一二三四五六'[i // 11]}村")
        for i in range(villages)
    ]


def _family(random: Random, size: int, today: date, used: set[str]) -> Iterator[Person]:
    surname = random.choice(DOUBLE) if random.random() < 0.01 else random.choice(SURNAMES)
    home = _home_of(random, size)
    spouse = "女" if home[0][2] == "男" else "男"
    for relation, age, sex in home:
        sex = sex or spouse
        name = (surname if relation not in MARRIED_IN else random.choice(SURNAMES)) + _given(random)
        birth = today - timedelta(days=int(365.25 * age) + random.randrange(1, 364))
        phone = f"199{random.randrange(10**8):08d}" if age > 13 and random.random() < 0.8 else ""
        yield Person(name, relation, sex, birth, _id_no(random, birth, sex, used), phone)


Member = tuple[str, int, str]
"""Relation to the head, age in years, sex; a spouse's is empty and follows from the head's, who stands first."""
MARRIED_IN = ("配偶", "母亲")
OLD_ALONE, OLD_COUPLE, WITH_GRANDCHILDREN, THREE_GENERATIONS = 0.35, 0.3, 0.05, 0.42
"""Of the homes of one, two, three and more, three and more: how many are of elders and nobody else between. So that
a good fifth is 60 and older and about 2.8 % is 80 and older. Source: 第七次全国人口普查公报（第五号）, 60 岁及以上 18.70 %;
2023 年度国家老龄事业发展公报, 21.1 %, 80 岁及以上约 2.8 %.
"""
APART, TOGETHER = (29, 29, 20, 13, 7, 2), (23, 24, 20, 14, 12, 7)
"""How old elders are who live apart from their children, and who live with them: weights of 60–64, 65–69 … 85 and
older. Whoever grows frail moves in with a child.
"""


def _elder(random: Random, weights: tuple[int, ...]) -> int:
    band = random.choices(range(len(weights)), weights)[0]
    return 60 + 5 * band + random.randrange(11 if band == len(weights) - 1 else 5)


def _home_of(random: Random, size: int) -> list[Member]:
    """Invent who lives in a home of a size: relation, age, sex."""
    drawn, sex = random.random(), random.choice("男女")
    if size == 1:
        return [("户主", _elder(random, APART) if drawn < OLD_ALONE else random.randint(23, 59), sex)]
    if size == 2 and drawn < OLD_COUPLE:
        age = _elder(random, APART)
        return [("户主", age, sex), ("配偶", max(58, age - random.randint(-3, 5)), "")]
    if size > 2 and drawn < WITH_GRANDCHILDREN:
        age = 60 + random.randrange(16)
        young = [("孙子女", random.randint(6, 14), random.choice("男女")) for _ in range(size - 2)]
        return [("户主", age, sex), ("配偶", age - random.randint(-3, 5), ""), *young]
    if size > 2 and drawn < WITH_GRANDCHILDREN + THREE_GENERATIONS:
        return _three_generations(random, size, sex)
    age = random.randint(27, 57)
    return _couple_with_children(random, size, age, sex)


def _couple_with_children(random: Random, size: int, age: int, sex: str) -> list[Member]:
    children = [("子女", max(0, age - random.randint(23, 34)), random.choice("男女")) for _ in range(size - 2)]
    return [("户主", age, sex), ("配偶", max(20, age - random.randint(-3, 5)), ""), *children]


def _three_generations(random: Random, size: int, sex: str) -> list[Member]:
    """One or two grandparents, their child at the head, whoever is left of the family."""
    old = _elder(random, TOGETHER)
    grandparents: list[Member] = [("母亲", old, "女")]
    if size > 3 and random.random() < 0.6:
        grandparents.append(("父亲", old + random.randint(0, 3), "男"))
    age = max(24, old - random.randint(23, 32))
    family = _couple_with_children(random, max(2, size - len(grandparents)), age, sex)
    return [*family, *grandparents][:size]


def _given(random: Random) -> str:
    given = "".join(random.sample(GIVEN, random.choice([1, 2, 2, 2])))
    return given[:-1] + random.choice(RARE) if random.random() < 0.004 else given


def _id_no(random: Random, birth: date, sex: str, used: set[str]) -> str:
    while True:
        sequence = random.randrange(500) * 2 + (sex == "男")
        first = f"{AREA_CODE}{birth:%Y%m%d}{sequence:03d}"
        if first not in used:
            used.add(first)
            return first + check_digit(first)
