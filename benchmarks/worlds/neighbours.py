"""A whole community as an office knows it: 13,160 invented residents in six compounds, to be searched by half a fact.

Pure and seeded. Names are as unevenly shared as names are (names.py); every fifth knows a nickname or a place of work.
"""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from benchmarks.worlds.half_known_facts import Resident
from benchmarks.worlds.names import given, surname
from qiaomen.linkage.sounds import readings_of

COMPOUNDS = ("幸福苑", "锦瑟里", "学府里", "柳荫花园", "安居苑", "和平新村")
ENTRANCES, FLOORS, DOORS = 3, 6, 2
STREETS = tuple(
    f"{word}{end}"
    for word in ["东风", "解放", "人民", "建设", "文昌", "河滨", "朝阳", "新华", "长安", "中山"]
    for end in ("路", "街", "巷")
)
SHOPS = ("修车铺", "理发店", "小卖部", "卫生院", "中心小学", "电缆厂", "菜市场", "物业公司", "客运站", "裁缝铺")
GROUPS = {"独居老人": 60, "高龄老人": 80, "残疾人": 0, "失能人员": 0}
"""Group -> from which age; those with 0 are drawn."""


def residents_of(seed: int, count: int, today: date) -> list[Resident]:
    """Return so many residents, household by household; key: household number / place in it."""
    random = Random(f"neighbours-{seed}")
    found: list[Resident] = []
    number = 0
    while len(found) < count:
        members = _household(random, number, today)
        found += members
        number += 1
    return found[:count]


def _household(random: Random, number: int, today: date) -> list[Resident]:
    compound, inside = COMPOUNDS[number % len(COMPOUNDS)], number // len(COMPOUNDS)
    building, inside = divmod(inside, ENTRANCES * FLOORS * DOORS)
    entrance, inside = divmod(inside, FLOORS * DOORS)
    floor, door = divmod(inside, DOORS)
    head_age = random.randint(26, 88)
    head_sex = random.choice("男男男女")
    plans = [("户主", head_sex, head_age)]
    if random.random() < 0.68:
        plans.append(("配偶", "女" if head_sex == "男" else "男", max(20, head_age + random.randint(-5, 3))))
    for _ in range(random.choice((0, 1, 1, 2))):
        if head_age - 26 >= 0:
            sex = random.choice("男女")
            plans.append(("子" if sex == "男" else "女", sex, max(0, head_age - random.randint(22, 32))))
    if random.random() < 0.2 and head_age < 60:
        plans.append(("母亲", "女", head_age + random.randint(20, 28)))
    family = surname(random)
    house_no = str(number + 1) if random.random() < 0.8 else ""
    head = ""
    members: list[Resident] = []
    for place, (relation, sex, age) in enumerate(plans):
        born = today - timedelta(days=int(age * 365.25) + random.randrange(1, 365))
        shares = relation in ("户主", "子", "女")
        name = (family if shares else surname(random)) + given(random, born.year)
        head = head or name
        phone = f"1{random.choice('35789')}{random.randrange(10**9):09d}" if age > 12 and random.random() < 0.7 else ""
        resident = Resident(
            key=f"{number}/{place}",
            name=name,
            syllables=readings_of(name)[0],
            sex=sex,
            birth=born,
            relation=relation,
            household=str(number),
            head=head,
            compound=compound,
            building=str(building + 1),
            entrance=str(entrance + 1),
            room=f"{floor + 1}{door + 1:02d}",
            telephone=phone,
            document=f"990101{born:%Y%m%d}{random.randrange(1000):03d}{random.choice('0123456789X')}",
            household_no=house_no,
        )
        members.append(_spiced(random, resident, age))
    alone = len(members) == 1 and plans[0][2] >= GROUPS["独居老人"]
    return [replace(one, groups=(*one.groups, "独居老人")) for one in members] if alone else members


def _spiced(random: Random, resident: Resident, age: int) -> Resident:
    """Give some people what an office knows of some."""
    groups = tuple(
        name
        for name, held in (
            ("高龄老人", age >= GROUPS["高龄老人"]),
            ("残疾人", random.random() < 0.03),
            ("失能人员", random.random() < 0.006),
        )
        if held
    )
    return replace(
        resident,
        groups=groups,
        nickname=f"{resident.name[-1]}{random.choice('娃子哥姐')}" if random.random() < 0.1 else "",
        former_name=f"{resident.surname}{random.choice('小招来狗')}{resident.name[-1]}"
        if random.random() < 0.05
        else "",
        work_place=f"{random.choice(STREETS)}{random.choice(SHOPS)}"
        if 18 <= age < 65 and random.random() < 0.25
        else "",
    )
