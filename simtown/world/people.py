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
    old = size <= 2 and random.random() < 0.45
    left_behind = size >= 3 and random.random() < 0.06
    head = random.randint(66, 92) if old or left_behind else random.randint(27, 64)
    ages = [head, head - random.randint(-3, 5)]
    kinds = [("户主", random.choice("男女")), ("配偶", "")]
    while len(ages) < size:
        child = random.randint(6, 14) if left_behind else max(0, head - random.randint(23, 34))
        ages.append(child)
        kinds.append(("孙子女" if left_behind else "子女", random.choice("男女")))
    for index in range(size):
        relation, sex = kinds[index]
        sex = sex or ("女" if kinds[0][1] == "男" else "男")
        name = (surname if relation != "配偶" else random.choice(SURNAMES)) + _given(random)
        birth = today - timedelta(days=int(365.25 * ages[index]) + random.randrange(1, 364))
        phone = f"199{random.randrange(10**8):08d}" if ages[index] > 13 and random.random() < 0.8 else ""
        yield Person(name, relation, sex, birth, _id_no(random, birth, sex, used), phone)


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
