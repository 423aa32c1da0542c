"""A family about which every house has something to say, and an estate of the same family behind many doors."""

import uuid
from datetime import date, datetime

from qiaomen.cases import actions as cases
from qiaomen.cases.models import Case
from qiaomen.groups.actions import memberships
from qiaomen.imports.models import ImportBatch
from qiaomen.kernel import clock
from qiaomen.office.models import Device, Organisation, Staff
from qiaomen.phone.models import HeldPart, Submission
from qiaomen.register.actions import acts, person_facts, search_index
from qiaomen.register.models import (
    Building,
    Compound,
    Dwelling,
    Entrance,
    Family,
    FamilyMember,
    Household,
    Person,
    Registration,
    Residence,
)
from qiaomen.rights import actions as rights
from qiaomen.visits.actions import due, visits, wishes
from qiaomen.visits.models import Conflict, Visit

NOTE = "老人说夜里咳嗽，窗户关不严"
WORDS = {"repair": "三楼楼道灯不亮", "benefit": "高龄津贴还没有到账", "errand": "想请人带去换残疾证照片"}


def at(day: int, hour: int = 10, month: int = 11) -> datetime:
    """Return a moment of autumn 2026 in Shanghai."""
    return datetime(2026, month, day, hour, tzinfo=clock.SHANGHAI)


def build_stairs(community: Organisation, doors: int) -> list[Dwelling]:
    """Return doors of one building, twelve a staircase."""
    compound = Compound.objects.create(community=community, name="幸福苑")
    building = Building.objects.create(community=community, compound=compound, name="3", order=3)
    made = []
    for n in range(doors):
        name = str(n // 12 + 1)
        stairs, _new = Entrance.objects.get_or_create(
            community=community, building=building, name=name, defaults={"order": n // 12 + 1}
        )
        room = f"{n % 12 // 2 + 1}0{n % 2 + 1}"
        made.append(
            Dwelling.objects.create(
                community=community,
                entrance=stairs,
                floor=n % 12 // 2 + 1,
                room=room,
                door_label=f"3-{name}-{room}",
                walk_order=n,
            )
        )
    return made


def _person(home: Household, act: object, name: str, born: date, relation: str, **more: object) -> Person:
    person = Person.objects.create(
        community=home.community, household=home, name=name, birth_date=born, relation=relation, **more
    )
    registration = Registration.objects.create(person=person, household=home)
    residence = Residence.objects.create(person=person, dwelling=home.dwelling)
    member = FamilyMember.objects.create(person=person, family=Family.objects.create(community=home.community))
    acts.note_made(act, [person, registration, residence, member])  # type: ignore[arg-type]
    return person


def move_in(door: Dwelling, actor: Staff) -> Household:
    """Put grandparents and a child of nine behind a door, as a roster brought them."""
    with clock.at(at(1, month=9)):
        act = acts.begin(community=door.community, actor=actor, kind="import")
        home = Household.objects.create(community=door.community, dwelling=door, head_name="王建国")
        acts.note_made(act, [home])
        _person(home, act, "王建国", date(1941, 3, 5), "户主", is_head=True, sex="male", phone="13900001234")
        _person(home, act, "李秀英", date(1946, 11, 20), "妻", sex="female")
        _person(home, act, "王小宝", date(2017, 6, 1), "孙子", sex="male")
    return home


def _hear(home: Household, by: Staff, kind: str, moment: datetime, handling: str = "mine") -> Case:
    with clock.at(moment):
        _need, case = cases.receive_need(
            need_id=uuid.uuid4(),
            household=home,
            kind=kind,
            words=WORDS[kind],
            handling=handling,
            origin="visit",
            heard_at=moment,
            heard_by=by,
        )
    assert case is not None
    return case


def _visit(home: Household, by: Staff, outcome: str, moment: datetime, note: str = "") -> Visit:
    with clock.at(moment):
        key = uuid.uuid4()
        visits.record_visit(
            visit_id=key,
            dwelling=home.dwelling,
            household=home,
            staff=by,
            outcome=outcome,
            happened_at=moment,
            note=note,
            origin="desk",
        )
    return Visit.objects.get(pk=key)


def trouble(home: Household, worker: Staff, head: Staff) -> None:
    """Leave eight things open in a household: late, due, silent, answer owed, agreed, asked, two versions, not read."""
    grandfather, grandmother, _child = home.people.order_by("birth_date")
    _hear(home, worker, "repair", at(16), handling="mine")
    _hear(home, worker, "benefit", at(30))
    closed = _hear(home, worker, "errand", at(10))
    with clock.at(at(17)):
        cases.close_case(case=closed, actor=worker, sentence="照片拍好了，证件下周送到")
    seen = _visit(home, worker, "met", at(24), NOTE)
    other = _visit(home, head, "no_answer", at(24, 16))
    with clock.at(at(25)):
        person_facts.note_facts(
            person=grandfather, facts={"disability_card": True}, on_date=date(2026, 11, 1), actor=worker
        )
        due.request_visit(household=home, key=f"agreed/{home.pk}", kind="agreed", due_on=date(2026, 12, 1))
        wishes.note_wish(household=home, actor=worker, whom=worker, words="下午来")
        rights.receive(person=grandmother, kind="correct", words="我的出生日期写错了", actor=worker)
        Conflict.objects.create(
            community=home.community, first=seen, second=other, fields=["outcome"], found_at=clock.now()
        )
        _held_part(home, worker, seen)


def _held_part(home: Household, worker: Staff, seen: Visit) -> None:
    device = Device.objects.create(staff=worker, token_sha256=uuid.uuid4().hex, created_at=clock.now())
    kept = Submission.objects.create(
        op_id=uuid.uuid4(),
        community=home.community,
        device=device,
        staff=worker,
        state="stored",
        received_at=clock.now(),
        visit=seen,
    )
    HeldPart.objects.create(id=uuid.uuid4(), submission=kept, kind="answer", why="not-noted", said='{"words": "…"}')


def change_by_list(home: Household, actor: Staff) -> None:
    """Let a second list change where the grandfather works."""
    with clock.at(at(26)):
        act = acts.begin(community=home.community, actor=actor, kind="import")
        acts.change(act, home.people.order_by("birth_date")[0], work_place="退休")
        ImportBatch.objects.create(
            community=home.community,
            file_name="十一月名册.xlsx",
            sha256="0" * 64,
            workbook="",
            state="committed",
            made_at=clock.now(),
            made_by=actor,
            act=act,
        )


def crowd(community: Organisation, homes: int) -> None:
    """Put so many families of three, nobody of them in need, into the same community."""
    compound = Compound.objects.create(community=community, name="和平里")
    building = Building.objects.create(community=community, compound=compound, name="9", order=9)
    stairs = Entrance.objects.create(community=community, building=building, name="1", order=1)
    doors = Dwelling.objects.bulk_create(
        Dwelling(community=community, entrance=stairs, floor=n, room=f"{n}", door_label=f"9-1-{n}")
        for n in range(homes)
    )
    made = Household.objects.bulk_create(
        Household(community=community, dwelling=door, head_name=f"赵{door.room}") for door in doors
    )
    people = Person.objects.bulk_create(
        Person(community=community, household=home, name=f"赵{home.head_name}{n}", birth_date=date(1980 + n, 1, 1))
        for home in made
        for n in range(3)
    )
    Registration.objects.bulk_create(Registration(person=one, household=one.household) for one in people)
    Residence.objects.bulk_create(Residence(person=one, dwelling=one.household.dwelling) for one in people)
    families = Family.objects.bulk_create(Family(community=community) for _one in people)
    FamilyMember.objects.bulk_create(FamilyMember(person=p, family=f) for p, f in zip(people, families, strict=True))


def keep_all_current(community: Organisation) -> None:
    """Bring groups, due visits and the search up to today."""
    memberships.keep_current(community)
    due.keep_current(community)
    search_index.reindex(community)


def estate(community: Organisation, worker: Staff, head: Staff, doors: int) -> list[Household]:
    """Return the same family behind so many doors, each with its troubles."""
    homes = [move_in(door, worker) for door in build_stairs(community, doors)]
    for home in homes:
        trouble(home, worker, head)
        change_by_list(home, worker)
    keep_all_current(community)
    return [*Household.objects.filter(pk__in=[home.pk for home in homes]).select_related("community", "dwelling")]
