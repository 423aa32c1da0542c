"""Lives the weeks before today through the product's own actions: rounds, doors, needs, answers, reopened and late."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from qiaomen.cases import actions as cases
from qiaomen.cases.models import Case
from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.visits import actions as visits
from qiaomen.visits.models import Round, Team

WEEKS = 4
ROUND_WEEKDAYS = (1, 4)  # Tuesday and Friday: twice a week
OUTCOMES = {"met": 62, "no_answer": 27, "by_phone": 5, "refused": 3, "shortened": 2, "wrong_address": 1}
NEEDS = {
    "repair": ["厨房下水堵了，水往上返。", "单元门锁坏了，晚上不敢出门。", "四楼楼道灯不亮。"],
    "benefit": ["想问高龄补贴怎么领。", "低保复核的材料不会填。"],
    "care": ["老人刚出院，想找人送午饭。", "想装一个洗澡的扶手。"],
    "work": ["想找离家近、能接孩子的活。", "会缝纫，想问社区工坊还招不招人。"],
    "health": ["慢病药要跑很远，能不能代取。", "想预约家庭医生。"],
    "schooling": ["孩子放学没人管到六点。", "想报四点半课堂。"],
    "errand": ["腿脚不便，医保想请人代办。", "老年证丢了，想补。"],
    "neighbours": ["楼上晚上太吵，想请社区说一说。"],
    "safety": ["楼道堆了电动车，挡路。"],
    "cleaning": ["垃圾桶两天没清了。"],
    "company": ["一个人住，想有人常来说说话。"],
}
ANSWERS = ["已经修好，当场试过。", "材料已交，下月起发放。", "已联系好，明天上午上门。", "已代办，证件送到家里。"]
STEPS = ["联系了物业，约好明天来看。", "核对了材料，还差一张户口页。", "和家里人通了电话。"]


def round_days(today: date) -> Iterator[date]:
    """The days of rounds in the weeks before today."""
    for back in range(WEEKS * 7, 0, -1):
        day = today - timedelta(days=back)
        if day.weekday() in ROUND_WEEKDAYS:
            yield day


def live(community: Organisation, teams: list[Team], *, seed: int, doors: int) -> dict[str, int]:
    """Live the weeks of one community and return what happened in numbers."""
    dice, done = Random(f"{seed}-{community.code}"), {"rounds": 0, "visits": 0, "needs": 0}
    owners = list(Staff.objects.filter(organisation=community, role="head"))
    for day in round_days(clock.today()):
        for team in teams:
            with clock.at(datetime.combine(day, time(8, 30), clock.SHANGHAI)):
                made = visits.plan_round(team=team, day=day, actor=owners[0], limit=doors)
            walk(made, list(team.members.order_by("login_name")), dice, done)
        work_on_cases(community, day, dice)
    return done


def walk(made: Round, walkers: list[Staff], dice: Random, done: dict[str, int]) -> None:
    """Walk one round door by door, from two in the afternoon on."""
    moment = datetime.combine(made.day, time(14, 0), clock.SHANGHAI)
    done["rounds"] += 1
    for door in made.doors.select_related("dwelling__community").order_by("position"):
        moment += timedelta(minutes=dice.randint(2, 9))
        outcome = dice.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
        household = door.dwelling.households.filter(state="living").first()
        with clock.at(moment):
            visit, _new = visits.record_visit(
                visit_id=uuid.UUID(int=dice.getrandbits(128), version=4), dwelling=door.dwelling, household=household,
                staff=dice.choice(walkers), outcome=outcome, happened_at=moment, origin="paper", round=made,
            )  # fmt: skip
            done["visits"] += 1
            if outcome in ("met", "by_phone") and household is not None and dice.random() < 0.16:
                kind = dice.choice(list(NEEDS))
                cases.receive_need(
                    need_id=uuid.UUID(int=dice.getrandbits(128), version=4), household=household, kind=kind,
                    words=dice.choice(NEEDS[kind]), handling=dice.choices(["on_the_spot", "office", "urgent"], [4, 5, 1])[0],
                    origin="visit", heard_at=moment, heard_by=visit.staff, visit=visit,
                )  # fmt: skip
                done["needs"] += 1


def work_on_cases(community: Organisation, day: date, dice: Random) -> None:
    """Until the next round: some cases get a step, most are closed in time, some residents say it is not solved."""
    for case in list(Case.objects.filter(community=community).exclude(state="confirmed").order_by("opened_at", "pk")):
        moment = datetime.combine(
            day + timedelta(days=dice.randint(0, 2)), time(9 + dice.randint(0, 2), 30), clock.SHANGHAI
        )
        if moment <= case.opened_at or moment > clock.now():
            continue
        with clock.at(moment):
            if case.state == "closed":
                cases.record_answer(case=case, actor=case.owner, solved=dice.random() < 0.9)
            elif dice.random() < 0.62:
                cases.close_case(case=case, actor=case.owner, sentence=dice.choice(ANSWERS))
            elif dice.random() < 0.5:
                cases.take_step(case=case, actor=case.owner, sentence=dice.choice(STEPS))
