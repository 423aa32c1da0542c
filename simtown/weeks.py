"""Lives the weeks before today through the product's own actions: rounds, doors, needs, answers, reopened and late."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from django.db.models import Count, Q

from qiaomen.cases import actions as cases
from qiaomen.cases.models import Case
from qiaomen.groups.actions import memberships
from qiaomen.groups.models import CareGroup
from qiaomen.kernel import clock
from qiaomen.needs.models import Need
from qiaomen.office.access import staff_in
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.actions import household_events
from qiaomen.register.models import Household, Person
from qiaomen.visits.actions import due, rounds, visits, wishes
from qiaomen.visits.actions.weeks import promise
from qiaomen.visits.models import DueVisit, Round, Team, Visit
from qiaomen.visits.selectors.teams.promise import world_of
from qiaomen.visits.selectors.teams.promise_page import started

WEEKS = 4
TRIES = 3000
"""The planner's budget for a round: in tries, so that the county is the same on every machine."""
SNOW = (1, 4)
"""One round of the week before this one did not go out: so many weeks back, on which weekday."""
ROUND_WEEKDAYS = (1, 4)  # Tuesday and Friday: twice a week
OUTCOMES = {"met": 66, "no_answer": 23, "by_phone": 5, "refused": 3, "shortened": 2, "wrong_address": 1}
PICK_UP = 0.85
HEARD = 0.15
"""How often somebody who was met asks for something."""
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


def live_day(community: Organisation, head: Staff, day: date, *, seed: int, doors: int, calls: int = 0) -> None:
    """Live one day of rounds: planned in its morning, walked door by door, and worked on until the next round.

    Its dice are the day's own, so that a day lived after a stop falls as it would have fallen without one.
    """
    dice, today = Random(f"{seed}-{community.code}-{day}"), clock.today()
    teams = list(Team.objects.filter(community=community).order_by("name"))
    with clock.at(datetime.combine(day, time(8, 30), clock.SHANGHAI)):
        made = rounds.plan_day(community=community, day=day, teams=teams, actor=head, limit=doors, iterations=TRIES)
        if day == snow_day(today):
            rounds.cancel_round(round=made[0], cause="下雪", actor=head)
            del made[0]
    for one in made:
        walk(one, list(one.team.members.order_by("login_name")), dice)
    ring(community, head, day, dice, calls)
    work_on_cases(community, day, dice)


def ring(community: Organisation, head: Staff, day: date, dice: Random, calls: int) -> None:
    """Ring those who would be late next, so that the rounds are for whom somebody should see: most pick up."""
    callers = list(staff_in(community, "worker").order_by("login_name")) or [head]
    with clock.at(datetime.combine(day, time(20, 15), clock.SHANGHAI)):
        due.keep_current(community)
        waiting = DueVisit.objects.filter(community=community, state="open", clock="cadence", opens_on__lte=day)
        rows = waiting.exclude(reason="high_risk_elder").select_related("dwelling__community")
        found = rows.order_by("due_on", "dwelling__walk_order")[:calls]
        visits.record_visits(
            [
                Visit(
                    id=uuid.UUID(int=dice.getrandbits(128), version=4),
                    community=community,
                    dwelling=row.dwelling,
                    household=row.dwelling.households.filter(state="living").first(),
                    staff=dice.choice(callers),
                    outcome="by_phone",
                    happened_at=clock.now() - timedelta(minutes=5 * dice.randint(1, 20)),
                    origin="desk",
                )
                for row in found
                if dice.random() < PICK_UP
            ]
        )


def snow_day(today: date) -> date:
    """Return the day on which it snowed."""
    weeks, weekday = SNOW
    return today - timedelta(days=today.weekday() + 7 * weeks - weekday)


def set_up_care(community: Organisation, head: Staff, day: date) -> None:
    """The office sees elders who live alone each three weeks, and promises of all tiers what its hours can keep."""
    with clock.at(datetime.combine(day, time(8, 0), clock.SHANGHAI)):
        memberships.keep_current(community)
        group = CareGroup.objects.get(community=community, code="living_alone_elder")
        due.set_cadence(group=group, every_days=21, actor=head)
        due.keep_current(community)
        terms = started(world_of(community), "alike")
        promise.make_promise(community=community, terms=terms, from_date=clock.today(), actor=head)


def couples_of(community: Organisation) -> list[Household]:
    """Return the households of two elders over sixty and nobody else, in walking order."""
    grown = clock.today().replace(day=1, year=clock.today().year - 61)
    homes = Household.objects.filter(community=community, state="living", dwelling__isnull=False)
    old = Count("people", filter=Q(people__state="living", people__birth_date__lt=grown))
    both = homes.annotate(all=Count("people", filter=Q(people__state="living")), old=old).filter(all=2, old=2)
    return list(both.order_by("dwelling__walk_order"))


def grown_child(community: Organisation) -> Person:
    """Return somebody of middle age in a large household, who moves in with the parents."""
    homes = Household.objects.filter(community=community, state="living")
    large = homes.annotate(all=Count("people", filter=Q(people__state="living"))).filter(all__gte=4)
    born = (date(1970, 1, 1), date(1995, 1, 1))
    people = Person.objects.filter(household__in=large, state="living", is_head=False, birth_date__range=born)
    return people.order_by("birth_date", "pk")[0]


def happen(community: Organisation, head: Staff, today: date) -> None:
    """What the last days brought: a child moves in to an elder couple that waits for something promised; households
    say how they want to be visited.
    """
    waiting = DueVisit.objects.filter(community=community, state="open", reason="empty_nest_elder")
    awaited = set(waiting.values_list("dwelling", flat=True))
    couples = sorted(couples_of(community), key=lambda home: home.dwelling_id not in awaited)
    if len(couples) < 6:
        return
    with clock.at(datetime.combine(today - timedelta(days=2), time(9, 0), clock.SHANGHAI)):
        due.keep_current(community)
    with clock.at(datetime.combine(today - timedelta(days=1), time(10, 0), clock.SHANGHAI)):
        home = couples[0]
        cases.receive_need(
            need_id=uuid.uuid5(home.pk, "bath"),
            household=home,
            kind="care",
            words="想装一个洗澡的扶手。",
            handling="office",
            origin="visit",
            heard_at=clock.now(),
            heard_by=head,
            visit=None,
        )
        child = grown_child(community)
        household_events.move_within(
            household=child.household, people=[child], dwelling=home.dwelling, on_date=clock.today(), actor=head
        )
        due.keep_current(community)
        wishes.note_wish(
            household=couples[1], actor=head, quiet_from=time(12, 0), quiet_to=time(15, 0), words="中午要睡觉"
        )
        wishes.note_wish(household=couples[2], actor=head, phone_instead=True, words="孩子上夜班，打电话就行")
        wishes.note_wish(household=couples[3], actor=head, no_visits=True)
        wishes.pause(household=couples[4], until=today + timedelta(days=20), reason="去外地女儿家", actor=head)


def walk(made: Round, walkers: list[Staff], dice: Random) -> None:
    """Walk one round door by door, about when the plan says; its sheet is keyed in when the walkers are back."""
    begins = datetime.combine(made.day, made.starts_at, clock.SHANGHAI)
    seen, heard = [], []
    for door in made.doors.select_related("dwelling__community").order_by("position"):
        moment = begins + timedelta(minutes=(door.arrive_minute or 0) + dice.randint(0, 3))
        visit = Visit(
            id=uuid.UUID(int=dice.getrandbits(128), version=4),
            community=made.community,
            dwelling=door.dwelling,
            household=door.dwelling.households.filter(state="living").first(),
            staff=dice.choice(walkers),
            outcome=dice.choices(list(OUTCOMES), list(OUTCOMES.values()))[0],
            happened_at=moment,
            origin="paper",
            round=made,
        )
        seen.append(visit)
        if visit.outcome in ("met", "by_phone") and visit.household is not None and dice.random() < HEARD:
            heard.append(hear_at(visit, dice))
    with clock.at(begins + timedelta(minutes=made.minutes + 15)):
        visits.record_visits(seen)
        cases.receive_needs(heard)


def hear_at(visit: Visit, dice: Random) -> Need:
    """Invent what somebody asked for at the door."""
    kind = dice.choice(list(NEEDS))
    return Need(
        id=uuid.UUID(int=dice.getrandbits(128), version=4),
        community=visit.community,
        household=visit.household,
        visit=visit,
        kind=kind,
        words=dice.choice(NEEDS[kind]),
        handling=dice.choices(["on_the_spot", "mine", "office", "urgent"], [4, 2, 3, 1])[0],
        origin="visit",
        heard_at=visit.happened_at,
        heard_by=visit.staff,
    )


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
