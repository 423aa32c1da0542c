"""Care groups: who belongs follows from the register; changes are dated, have a cause, and keep what was reported."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.groups.actions import definitions, memberships
from qiaomen.groups.models import CareGroup, GroupDefinition, Membership
from qiaomen.groups.problems import BadCriterion
from qiaomen.groups.selectors import criteria, groups
from qiaomen.kernel import clock
from qiaomen.kernel.ages import age_on
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.register.actions import acts, household_events, person_facts
from qiaomen.register.models import Household, Person, open_on
from qiaomen.register.problems import LaterWork, ReasonNeeded
from qiaomen.register.selectors import facts
from qiaomen.register.selectors.facts import fact_columns
from qiaomen.register.tests.town import bring_in

COUPLE = [
    [1, "单志明", "户主", id_no(11), "13900001234", "幸福苑3号楼2单元501室"],
    [2, "仇小兰", "配偶", id_no(22, "19520101"), "13900005678", "幸福苑3号楼2单元501室"],
    [3, "曾大山", "户主", id_no(33, "19480101"), "", "幸福苑3-2-502"],
]


def members(community: Organisation, code: str, day: date | None = None) -> set[str]:
    memberships.keep_current(community)
    found = Membership.objects.filter(open_on(day or clock.today()), group__community=community)
    return set(found.filter(group__code=code).values_list("person__name", flat=True))


def group(community: Organisation, code: str) -> CareGroup:
    memberships.keep_current(community)
    return CareGroup.objects.get(community=community, code=code)


def test_age_is_in_whole_years_at_a_day() -> None:
    assert age_on(date(1956, 3, 5), date(2026, 3, 4)) == 69 and age_on(date(1956, 3, 5), date(2026, 3, 5)) == 70
    assert age_on(None, date(2026, 3, 5)) is None


def test_a_couple_of_seventy_is_empty_nest_until_the_child_moves_in(community: Organisation, worker: Staff) -> None:
    bring_in(community, worker, COUPLE)
    assert members(community, "empty_nest_elder") == {"单志明", "仇小兰", "曾大山"}
    assert members(community, "living_alone_elder") == {"曾大山"}
    home = Household.objects.get(head_name="单志明")
    act = household_events.add_person(
        household=home,
        kind="moved_in",
        on_date=clock.today(),
        actor=worker,
        name="单小林",
        relation="子",
        birth_date=date(1985, 5, 5),
    )
    assert members(community, "empty_nest_elder") == {"曾大山"}
    left = Membership.objects.filter(group__code="empty_nest_elder", person__name="单志明").get()
    assert left.to_date == clock.today() and left.left["kind"] == "act"
    acts.undo(act=act, actor=worker, reason="记错了")
    assert members(community, "empty_nest_elder") == {"单志明", "仇小兰", "曾大山"}


def test_the_office_alters_a_group_from_tomorrow_and_yesterday_keeps_the_old(
    community: Organisation, worker: Staff
) -> None:
    bring_in(community, worker, [[1, "刚六十", "户主", id_no(5, "19660101"), "", "幸福苑1-1-101"], *COUPLE])
    wanted = group(community, "empty_nest_elder")
    when = GroupDefinition.objects.get(group=wanted).when
    draft = definitions.checked(group=wanted, when=when, numbers={"elder.age": 65})
    enters, leaves, unknown = criteria.who_would_change(draft)
    assert (enters, [p.name for p in leaves], unknown) == ([], ["刚六十"], 0)
    definitions.define(
        group=wanted, when=when, numbers={"elder.age": 65}, source="第3次会议", reason="按本社区做法", actor=worker
    )
    today, tomorrow = clock.now(), clock.now() + timedelta(days=1)
    assert "刚六十" in members(community, "empty_nest_elder")
    with clock.at(tomorrow):
        assert "刚六十" not in members(community, "empty_nest_elder")
        assert "刚六十" in members(community, "empty_nest_elder", today.date())
        gone = Membership.objects.get(group=wanted, person__name="刚六十")
        assert gone.left == {"kind": "definition"} and gone.definition.numbers == {}
        assert {m.person.name for m in Membership.objects.filter(group=wanted, to_date=None)} == {
            "单志明",
            "仇小兰",
            "曾大山",
        }
    assert LedgerEntry.objects.filter(code="groups.defined").count() == 1


def test_what_cannot_be_read_is_refused_and_changes_nothing(community: Organisation, worker: Staff) -> None:
    wanted = group(community, "empty_nest_elder")
    for when in ("age >", "salary > 3", "age >= :no.such"):
        with pytest.raises(BadCriterion) as refusal:
            definitions.define(group=wanted, when=when, numbers={}, source="试", reason="试", actor=worker)
        assert refusal.value.details["what_is_wrong"]
    with pytest.raises(ReasonNeeded):
        definitions.define(group=wanted, when="age >= 70", numbers={}, source="试", reason=" ", actor=worker)
    assert GroupDefinition.objects.filter(group=wanted).count() == 1


def test_a_person_is_added_and_excluded_with_a_reason_and_it_can_be_taken_back(
    community: Organisation, worker: Staff
) -> None:
    bring_in(community, worker, COUPLE)
    wanted, person = group(community, "living_alone_elder"), Person.objects.get(name="仇小兰")
    act = memberships.choose(group=wanted, person=person, kind="added", reason="老伴长期住院", actor=worker)
    assert members(community, "living_alone_elder") == {"曾大山", "仇小兰"}
    memberships.choose(
        group=wanted, person=Person.objects.get(name="曾大山"), kind="excluded", reason="女儿每晚来住", actor=worker
    )
    assert members(community, "living_alone_elder") == {"仇小兰"}
    acts.undo(act=act, actor=worker, reason="弄错了")
    assert members(community, "living_alone_elder") == set()
    with pytest.raises(ReasonNeeded):
        memberships.choose(group=wanted, person=person, kind="added", reason="", actor=worker)


def test_what_is_told_at_a_door_brings_a_child_into_the_group(community: Organisation, worker: Staff) -> None:
    bring_in(community, worker, [*COUPLE, [4, "单小豆", "孙子", id_no(44, "20170101"), "", "幸福苑3-2-501"]])
    child = Person.objects.get(name="单小豆")
    assert members(community, "left_behind_child") == set()
    act = person_facts.note_facts(person=child, facts={"parents_away": "both"}, on_date=clock.today(), actor=worker)
    assert members(community, "left_behind_child") == {"单小豆"} and facts.known_of(child) == {"parents_away": "both"}
    person_facts.note_facts(person=child, facts={"parents_away": "one"}, on_date=clock.today(), actor=worker)
    assert members(community, "left_behind_child") == set()
    with pytest.raises(LaterWork):
        acts.undo(act=act, actor=worker, reason="")


def test_facts_are_as_they_were_on_a_day(community: Organisation, worker: Staff) -> None:
    bring_in(community, worker, COUPLE)
    person, today = Person.objects.get(name="曾大山"), clock.today()
    person_facts.note_facts(
        person=person, facts={"receives_dibao": True}, on_date=today - timedelta(days=40), actor=worker
    )
    person_facts.note_facts(
        person=person, facts={"receives_dibao": False}, on_date=today - timedelta(days=5), actor=worker
    )
    for days, value in ((50, None), (40, True), (6, True), (5, False), (0, False)):
        keys, columns = fact_columns(community, today - timedelta(days=days), codes=["receives_dibao"])
        assert columns["receives_dibao"][keys.index(person.pk)] is value
    person_facts.note_facts(person=person, facts={"receives_dibao": None}, on_date=today, actor=worker)
    assert facts.known_of(person) == {}


def test_a_group_ends_tomorrow_keeps_its_past_and_can_go_on(
    community: Organisation, worker: Staff, client: Client
) -> None:
    bring_in(community, worker, COUPLE)
    wanted, today = group(community, "empty_nest_elder"), clock.now()
    old = GroupDefinition.objects.get(group=wanted)
    with pytest.raises(ReasonNeeded):
        definitions.end(group=wanted, reason=" ", actor=worker)
    definitions.end(group=wanted, reason="并入高龄", actor=worker)
    assert members(community, "empty_nest_elder") == {"单志明", "仇小兰", "曾大山"}, "today it goes on"
    head = Staff.objects.create_user("g-head", None, name="主任", role="head", organisation=community)
    with clock.at(today + timedelta(days=1)):
        assert members(community, "empty_nest_elder") == set()
        assert members(community, "empty_nest_elder", today.date()) == {"单志明", "仇小兰", "曾大山"}
        left = Membership.objects.filter(group=wanted).first()
        assert left is not None and left.left == {"kind": "ended"}
        assert wanted in groups.ended_on(community, clock.today())
        assert wanted.pk not in {row["group"].pk for row in groups.table_of(community, clock.today())}
        assert wanted.pk in {row["group"].pk for row in groups.table_of(community, today.date())}
        client.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
        assert "已停用：" in client.get(reverse("groups:list")).content.decode()
        assert "起停用" in client.get(reverse("groups:detail", args=[wanted.pk])).content.decode()
        assert client.get(reverse("groups:define", args=[wanted.pk])).status_code == 200
        definitions.define(group=wanted, when=old.when, numbers={}, source="会议", reason="恢复", actor=worker)
        assert members(community, "empty_nest_elder") == set(), "it begins again tomorrow"
    with clock.at(today + timedelta(days=2)):
        assert members(community, "empty_nest_elder") == {"单志明", "仇小兰", "曾大山"}
        assert members(community, "empty_nest_elder", (today + timedelta(days=1)).date()) == set()
    assert LedgerEntry.objects.get(code="groups.ended").reason == "并入高龄"


def test_a_group_ended_before_its_first_day_never_was(community: Organisation, worker: Staff) -> None:
    bring_in(community, worker, COUPLE)
    when = GroupDefinition.objects.get(group=group(community, "empty_nest_elder")).when
    made = definitions.create(
        community=community,
        title="需要助浴的老人",
        tier="key",
        child=False,
        when=when,
        numbers={},
        source="会议",
        reason="试",
        actor=worker,
    )
    definitions.end(group=made, reason="重了", actor=worker)
    assert not CareGroup.objects.filter(title="需要助浴的老人").exists()


def test_other_communities_are_not_touched(community: Organisation, worker: Staff) -> None:
    other = Organisation.objects.create(kind="community", name="新桥社区", code="R2")
    bring_in(community, worker, COUPLE)
    assert members(other, "empty_nest_elder") == set()
    with pytest.raises(ValueError, match="another community"):
        memberships.choose(
            group=group(other, "disabled"), person=Person.objects.first(), kind="added", reason="x", actor=worker
        )
