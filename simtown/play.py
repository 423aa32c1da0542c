"""Makes 拾光县 through the product's own actions; nothing is inserted behind its back."""

import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as datetime_time

from django.db import transaction

from qiaomen.bulletins import actions as bulletins
from qiaomen.imports.actions import batches
from qiaomen.kernel import clock
from qiaomen.office import actions as office
from qiaomen.office.models import Organisation, Staff
from qiaomen.visits.actions import visits
from qiaomen.visits.models import Team
from simtown.weeks import TRIES, WEEKS, live
from simtown.world.lists import write_lists
from simtown.world.people import PLANS, make_households
from simtown.world.roster import write_roster

SEED = 20260301
PASSWORD = "qiaomen-demo"
STAFF = [
    ("zhuren", "陆主任", "head", "SGX-A"), ("wangge3", "三网格 姚静", "worker", "SGX-A-3"),
    ("wangge5", "五网格 郭磊", "worker", "SGX-A-5"),
    ("xiaodui", "小队 方志远", "volunteer", "SGX-A"), ("zhuren-b", "贺主任", "head", "SGX-B"),
    ("zhuren-c", "孟主任", "head", "SGX-C"), ("xianji", "县督导", "supervisor", "SGX"),
    ("shenji", "县审计", "auditor", "SGX"), ("guanli", "系统管理员", "admin", "SGX"),
]  # fmt: skip


def play(*, only: str = "ABC", seed: int = SEED) -> None:
    """Make the county with its communities, staff and registers; do nothing when it is there already."""
    if Organisation.objects.filter(code="SGX").exists():
        print("· 拾光县已经在了", flush=True)
        return
    print("· 建立拾光县：组织、岗位、演示账号", flush=True)
    make_offices()
    today = clock.today()
    with clock.at(datetime.combine(today - timedelta(days=WEEKS * 7 + 1), datetime_time(9, 0), clock.SHANGHAI)):
        for letter in only:
            bring_roster(letter, seed, today)
            bring_lists(letter, seed, today)
    for letter in only:
        live_weeks(letter, seed)


@transaction.atomic
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
    keeper, head = (Staff.objects.get(login_name=name) for name in ("wangge3", "zhuren"))
    office.name_child_keeper(staff=keeper, keeps=True, actor=head)


@dataclass(frozen=True)
class TeamPlan:
    """A knock team of the demo: who walks, on which weekdays (0 is Monday), from when, for how long."""

    name: str
    members: tuple[str, ...]
    weekdays: tuple[int, ...] = (1, 4)
    starts_at: datetime_time = datetime_time(14, 0)
    minutes: int = 240


TEAMS = {
    "A": (TeamPlan("敲门一组", ("wangge3", "xiaodui")), TeamPlan("敲门二组", ("zhuren", "wangge5"), (1, 4), datetime_time(17, 0), 180)),
    "B": (TeamPlan("敲门一组", ("zhuren-b",)),),
    "C": (TeamPlan("敲门一组", ("zhuren-c",)),),
}  # fmt: skip
DOORS = {"A": 40, "B": 24, "C": 12}


def make_teams(community: Organisation, letter: str, head: Staff) -> list[Team]:
    """Make a community's teams with their days and hours."""
    made = []
    for plan in TEAMS[letter]:
        members = Staff.objects.filter(login_name__in=plan.members)
        team = visits.make_team(community=community, name=plan.name, members=members, actor=head)
        visits.set_times(team=team, weekdays=plan.weekdays, starts_at=plan.starts_at, minutes=plan.minutes, actor=head)
        made.append(team)
    return made


def live_weeks(letter: str, seed: int) -> None:
    """Make a community's teams, live the weeks before today, and plan today's round."""
    community = Organisation.objects.get(code=PLANS[letter].code)
    head = Staff.objects.get(organisation=community, role="head")
    began = time.perf_counter()
    teams = make_teams(community, letter, head)
    done = live(community, teams, seed=seed, doors=DOORS[letter])
    publish_weeks(community, head)
    made = visits.plan_round(team=teams[0], day=clock.today(), actor=head, limit=DOORS[letter], iterations=TRIES)
    print(
        f"· {community.name}这几周：{done['rounds']} 轮敲门，{done['visits']} 次走访，{done['needs']} 件诉求；"
        f"今天的一轮 {made.doors.count()} 户({time.perf_counter() - began:.1f} 秒)",
        flush=True,
    )


def publish_weeks(community: Organisation, head: Staff) -> None:
    """Publish the bulletins of the three full weeks before this one, each on its Sunday evening."""
    monday = clock.today() - timedelta(days=clock.today().weekday())
    for back in (3, 2, 1):
        sunday = monday - timedelta(days=7 * (back - 1) + 1)
        with clock.at(datetime.combine(sunday, datetime_time(18, 0), clock.SHANGHAI)):
            bulletin = bulletins.draft_bulletin(community=community, day=sunday, actor=head)
            bulletins.publish_bulletin(bulletin=bulletin, actor=head)


def bring_lists(letter: str, seed: int, today: date | None = None) -> None:
    """Import the offices' own lists of a community, each through the same door."""
    plan = PLANS[letter]
    community = Organisation.objects.get(code=plan.code)
    head = Staff.objects.filter(organisation=community, role="head").get()
    people, told, began = make_households(plan, seed, today or clock.today()), [], time.perf_counter()
    for name, content in write_lists(plan, people, seed, today or clock.today()).items():
        batch = batches.upload_roster(community=community, actor=head, file_name=name, content=content)
        batch = batches.commit_roster(batch=batches.preview_roster(batch=batch), actor=head)
        told.append(f"{name.removesuffix('.xlsx').removeprefix(plan.name)} {batch.created + batch.changed} 行")
    print(f"· {plan.name}：{'，'.join(told)}（{time.perf_counter() - began:.1f} 秒）", flush=True)


def bring_roster(letter: str, seed: int, today: date | None = None) -> None:
    """Write a community's messy roster and import it as the head would."""
    plan = PLANS[letter]
    community = Organisation.objects.get(code=plan.code)
    head = Staff.objects.filter(organisation=community, role="head").get()
    content = write_roster(plan, make_households(plan, seed, today or clock.today()))
    began = time.perf_counter()
    batch = batches.upload_roster(community=community, actor=head, file_name=f"{plan.name}花名册.xlsx", content=content)
    batches.preview_roster(batch=batch)
    previewed = time.perf_counter()
    batches.commit_roster(batch=batch, actor=head)
    print(
        f"· {plan.name}：读到 {batch.rows_read} 行 = 新增 {batch.created} + 变更 {batch.changed} + 相同 {batch.same}"
        f" + 有问题 {batch.rejected}；预览 {previewed - began:.1f} 秒，提交 {time.perf_counter() - previewed:.1f} 秒",
        flush=True,
    )
