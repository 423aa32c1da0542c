"""The county's tree of offices, its accounts and its knock teams."""

from dataclasses import dataclass
from datetime import time

from qiaomen.office import actions as office
from qiaomen.office.models import Organisation, Staff
from qiaomen.visits.actions import visits
from qiaomen.visits.models import Team
from simtown.world.people import PLANS

PASSWORD = "qiaomen-demo"
STAFF = [
    ("zhuren", "陆主任", "head", "SGX-A"),
    ("wangge3", "三网格 姚静", "worker", "SGX-A-3"),
    ("wangge5", "五网格 郭磊", "worker", "SGX-A-5"),
    ("xiaodui", "小队 方志远", "volunteer", "SGX-A"),
    ("zhuren-b", "贺主任", "head", "SGX-B"),
    ("zhuren-c", "孟主任", "head", "SGX-C"),
    ("xianji", "县督导", "supervisor", "SGX"),
    ("shenji", "县审计", "auditor", "SGX"),
    ("guanli", "系统管理员", "admin", "SGX"),
]


STAFF_PER_10000 = 18
"""Community workers (社区工作者) for 10,000 residents. Source: 国办发〔2021〕67号 城乡社区服务体系建设规划, 2025 年目标."""
COLLEAGUES = {
    "A": (
        "一网格 程安礼",
        "二网格 傅晓东",
        "四网格 蒋丽华",
        "一网格 沈文静",
        "二网格 许淑珍",
        "三网格 韩志强",
        "四网格 董海燕",
        "五网格 曾欣",
        "一网格 吕思远",
        "二网格 苏佳怡",
        "三网格 叶振宁",
        "四网格 潘凤霞",
        "五网格 杜长青",
        "一网格 戴若溪",
        "二网格 夏清和",
        "三网格 汪云舟",
        "四网格 田念慈",
        "五网格 任守正",
        "一网格 姜知夏",
        "二网格 范望舒",
        "三网格 陆景行",
    ),
    "B": ("一网格 石玉梅", "二网格 姚俊杰", "三网格 谭春花", "四网格 廖明辉", "五网格 邹浩然"),
}
"""The grid workers beside those of STAFF: as many as a community of its size has. They have no password: none is for
the demo to sign in with.
"""


@dataclass(frozen=True)
class TeamPlan:
    """A knock team of the demo: who walks, on which weekdays (0 is Monday), from when, for how long."""

    name: str
    members: tuple[str, ...]
    weekdays: tuple[int, ...] = (1, 4)
    starts_at: time = time(14, 0)
    minutes: int = 240


TEAMS = {
    "A": (
        TeamPlan("敲门一组", ("wangge3", "xiaodui")),
        TeamPlan("敲门二组", ("zhuren", "wangge5"), (1, 4), time(17, 0), 180),
        *(
            TeamPlan(f"敲门{name}组", tuple(f"wangge-a{number}" for number in range(first, first + 3)))
            for name, first in zip("三四五六七八", range(1, 19, 3), strict=True)
        ),
    ),
    "B": (
        TeamPlan("敲门一组", ("zhuren-b", "wangge-b1", "wangge-b2")),
        TeamPlan("敲门二组", ("wangge-b3", "wangge-b4")),
    ),
    "C": (TeamPlan("敲门一组", ("zhuren-c",)),),
}


def make_offices() -> None:
    """Make the tree county → town → community → grid and one account for each role."""
    made = {"SGX": Organisation.objects.create(kind="county", name="拾光县", code="SGX")}
    made["SGX-T"] = Organisation.objects.create(kind="town", name="柳湾镇", code="SGX-T", parent=made["SGX"])
    for plan in PLANS.values():
        community = Organisation.objects.create(
            kind="community", name=plan.name, code=plan.code, parent=made["SGX-T"], telephone="0999-0000000"
        )
        made[plan.code] = community
        for number in range(1, 6):
            code = f"{plan.code}-{number}"
            made[code] = Organisation.objects.create(
                kind="grid", name=f"第{'一二三四五'[number - 1]}网格", code=code, parent=community
            )
    for login_name, name, role, home in STAFF:
        Staff.objects.create_user(login_name, PASSWORD, name=name, role=role, organisation=made[home])
    for letter, names in COLLEAGUES.items():
        for number, name in enumerate(names, 1):
            grid = made[f"{PLANS[letter].code}-{'一二三四五'.index(name[0]) + 1}"]
            login_name = f"wangge-{letter.lower()}{number}"
            Staff.objects.create_user(login_name, None, name=name, role="worker", organisation=grid)
    keeper, head = (Staff.objects.get(login_name=name) for name in ("wangge3", "zhuren"))
    office.name_child_keeper(staff=keeper, keeps=True, actor=head)


def make_teams(community: Organisation, letter: str, head: Staff) -> list[Team]:
    """Make a community's teams with their days and hours."""
    made = []
    for plan in TEAMS[letter]:
        members = Staff.objects.filter(login_name__in=plan.members)
        team = visits.make_team(community=community, name=plan.name, members=members, actor=head)
        visits.set_times(team=team, weekdays=plan.weekdays, starts_at=plan.starts_at, minutes=plan.minutes, actor=head)
        made.append(team)
    return made
