"""A household moves, grows, loses and parts; every day before it happened still adds up as it did."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.kernel.lines import timeline_of
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.office.models import Organisation, Staff
from qiaomen.register import problems
from qiaomen.register.actions import acts, household_events
from qiaomen.register.models import Act, Dwelling, Household, Person
from qiaomen.register.selectors import totals
from qiaomen.register.tests.town import FAMILY, bring_in, picture

LAST_MONTH, BEFORE = clock.today() - timedelta(days=30), clock.today() - timedelta(days=60)


@pytest.fixture
def home(community: Organisation, worker: Staff) -> Household:
    bring_in(community, worker, FAMILY)
    return Household.objects.get(head_name="单志明")


def person(name: str) -> Person:
    return Person.objects.get(name=name)


def counts(community: Organisation, day: date) -> tuple[int, int]:
    found = totals.totals_as_at(community, day)
    for rows in found["by"].values():
        assert sum(people for _, _, people in rows) + found["unregistered"] == found["people"]
        assert sum(households for _, households, _ in rows) == found["households"]
    return found["households"], found["people"]


def test_a_family_moves_out_last_month_and_two_months_ago_is_unchanged(home: Household, worker: Staff) -> None:
    town = home.community
    assert counts(town, BEFORE) == counts(town, clock.today()) == (2, 3)
    household_events.move_out(household=home, people=list(home.people.all()), on_date=LAST_MONTH, actor=worker)
    assert counts(town, BEFORE) == (2, 3) and counts(town, clock.today()) == (1, 1)
    assert counts(town, LAST_MONTH - timedelta(days=1)) == (2, 3) and counts(town, LAST_MONTH) == (1, 1)
    home.refresh_from_db()
    assert home.state == "gone" and {p.state for p in home.people.all()} == {"away"}
    assert home.registrations.filter(to_date=None).count() == 2


def test_the_head_names_another_before_leaving(home: Household, worker: Staff) -> None:
    answers: dict[str, Any] = {"household": home, "people": [person("单志明")], "on_date": LAST_MONTH, "actor": worker}
    with pytest.raises(problems.HeadNeeded):
        household_events.move_out(**answers, registration_goes=True)
    assert not Act.objects.exclude(kind="import").exists()
    household_events.move_out(**answers, registration_goes=True, new_head=person("仇小兰"))
    home.refresh_from_db()
    assert home.head_name == "仇小兰" and person("仇小兰").is_head and person("单志明").state == "left"


def test_a_split_adds_a_household_and_no_person(home: Household, worker: Staff) -> None:
    act = household_events.split_household(
        household=home,
        people=[person("仇小兰")],
        new_head=person("仇小兰"),
        on_date=LAST_MONTH,
        actor=worker,
        reason="子女分户",
    )
    assert counts(home.community, clock.today()) == (3, 3) and counts(home.community, BEFORE) == (2, 3)
    new = person("仇小兰").household
    assert new.head_name == "仇小兰" and new.dwelling == home.dwelling
    assert "分户" in [str(moment.title) for moment in timeline_of(new, worker)] and act.reason == "子女分户"


def test_birth_marriage_and_death_are_counted_from_their_day(home: Household, worker: Staff) -> None:
    for kind, name in (("born", "单小宝"), ("married", "贺春燕")):
        household_events.add_person(
            household=home, kind=kind, on_date=LAST_MONTH, actor=worker, name=name, relation="家人"
        )
    assert counts(home.community, clock.today()) == (2, 5) and counts(home.community, BEFORE) == (2, 3)
    household_events.record_death(
        household=home, person=person("单志明"), on_date=clock.today(), actor=worker, new_head=person("仇小兰")
    )
    assert counts(home.community, clock.today()) == (2, 4) and person("单志明").state == "died"


def test_moving_to_another_door_keeps_the_register(home: Household, worker: Staff) -> None:
    door = Dwelling.objects.get(door_label="3-2-502")
    household_events.move_within(
        household=home, people=list(home.people.all()), dwelling=door, on_date=LAST_MONTH, actor=worker
    )
    home.refresh_from_db()
    assert home.dwelling == door and counts(home.community, clock.today()) == (2, 3)


def test_parting_the_family_leaves_register_and_door(home: Household, worker: Staff) -> None:
    before = picture()
    household_events.part_family(household=home, people=[person("仇小兰")], on_date=LAST_MONTH, actor=worker)
    after = picture()
    assert after.pop("families") == before.pop("families") + 1 and after == before


def test_an_act_is_taken_back_and_corrected(home: Household, worker: Staff) -> None:
    before = picture()
    people = list(home.people.all())
    act = household_events.move_out(household=home, people=people, on_date=LAST_MONTH, actor=worker)
    acts.undo(act=act, actor=worker, reason="日子记错了")
    later = LAST_MONTH + timedelta(days=10)
    again = household_events.move_out(household=home, people=people, on_date=later, actor=worker, corrects=act)
    assert counts(home.community, LAST_MONTH) == (2, 3) and again.corrects == act
    acts.undo(act=again, actor=worker, reason="没有搬")
    assert picture() == before and Household.objects.get(pk=home.pk).state == "living"
    assert len([moment for moment in timeline_of(home, worker) if moment.undone]) == 2


def test_a_newer_act_stands_in_the_way_of_an_older_undo(home: Household, worker: Staff) -> None:
    act = household_events.add_person(
        household=home, kind="born", on_date=LAST_MONTH, actor=worker, name="单小宝", relation="孙子"
    )
    household_events.record_death(household=home, person=person("单小宝"), on_date=clock.today(), actor=worker)
    with pytest.raises(problems.LaterWork):
        acts.undo(act=act, actor=worker, reason="记错了")
    assert person("单小宝").state == "died"


def test_what_has_not_happened_is_refused(home: Household, worker: Staff) -> None:
    with pytest.raises(problems.NotYet):
        household_events.change_head(
            household=home, new_head=person("仇小兰"), on_date=clock.today() + timedelta(days=1), actor=worker
        )
    with pytest.raises(problems.BadIdNo):
        household_events.correct_person(
            person=person("仇小兰"), actor=worker, reason="对证件", id_no=id_no(22)[:-1] + "0"
        )
    with pytest.raises(problems.NobodyChosen):
        household_events.move_out(household=home, people=[], on_date=LAST_MONTH, actor=worker)


def test_a_correction_of_who_moved_in_keeps_the_numbers_and_does_not_show_them(home: Household, worker: Staff) -> None:
    number = id_no(77)
    act = household_events.add_person(
        household=home,
        kind="moved_in",
        on_date=LAST_MONTH,
        actor=worker,
        name="贺小年",
        relation="儿媳",
        birth_date=None,
        id_no=number,
        phone="13900005678",
    )
    client = Client()
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("register:life", args=[home.pk, "moved_in"]) + f"?corrects={act.pk}"
    page = client.get(address).content.decode()
    assert "贺小年" in page and "已经登记，不改就空着" in page and number not in page and "13900005678" not in page
    answers = {"name": "贺晓年", "relation": "儿媳", "on_date": LAST_MONTH.isoformat(), "phone": "13900009999"}
    assert client.post(address, answers).status_code == 302
    now = person("贺晓年")
    assert (now.id_no, now.phone) == (number, "13900009999") and not Person.objects.filter(name="贺小年").exists()


def test_the_pages_do_it(home: Household, worker: Staff) -> None:
    client = Client()
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    for kind in [kind for kind, _ in client.get(reverse("register:household", args=[home.pk])).context["life"]]:
        assert client.get(reverse("register:life", args=[home.pk, kind])).status_code == 200
    address = reverse("register:life", args=[home.pk, "died"])
    answers = {
        "person": str(person("单志明").pk),
        "on_date": LAST_MONTH.isoformat(),
        "new_head": str(person("仇小兰").pk),
    }
    page = client.post(address, answers, follow=True).content.decode()
    assert "已故" in page and "去世" in page and person("仇小兰").is_head
    act = Act.objects.get(kind="died")
    client.post(f"{address}?corrects={act.pk}", {**answers, "on_date": BEFORE.isoformat(), "reason": "日子记错了"})
    assert Act.objects.get(kind="died", undone_at=None).on_date == BEFORE
    where = reverse("register:life", args=[home.pk, "moved_within"])
    refused = client.post(
        where, {"people": [str(person("仇小兰").pk)], "on_date": LAST_MONTH.isoformat(), "address": "9-9-901"}
    )
    assert "没有找到 幸福苑9号楼9单元901" in refused.content.decode()
    late = client.post(
        where, {"people": [str(person("仇小兰").pk)], "on_date": "2099-01-01", "address": "幸福苑3-2-502"}
    )
    assert "晚于今天" in late.content.decode() and 'value="幸福苑3-2-502"' in late.content.decode()
    client.post(reverse("register:correct", args=[person("仇小兰").pk]), {"name": "仇晓兰", "reason": "对证件"})
    assert Household.objects.get(pk=home.pk).head_name == "仇晓兰"
    assert "2 户" in client.get(reverse("register:totals"), {"day": BEFORE.isoformat()}).content.decode()


@pytest.fixture
def signed_in(worker: Staff) -> Client:
    client = Client()
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_looking_at_the_form_of_a_correction_writes_nothing_to_the_register(
    home: Household, worker: Staff, signed_in: Client
) -> None:
    """Yesterday the page undid the act and rolled back, inside a GET; other writers waited for it."""
    who = person("仇小兰")
    act = household_events.move_out(
        household=home, people=[who], on_date=LAST_MONTH, actor=worker, registration_goes=True
    )
    address = reverse("register:life", args=[home.pk, "moved_out"]) + f"?corrects={act.pk}"
    with CaptureQueriesContext(connection) as queries:
        page = signed_in.get(address)
    written = [q["sql"] for q in queries if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert not [sql for sql in written if '"register_' in sql]
    offered = [str(choice.value) for choice, _label in page.context["form"].fields["people"].choices]
    assert str(who.pk) in offered, "she is offered as she stood before the act, though she has left since"
    assert page.context["form"].initial["on_date"] == LAST_MONTH


def test_a_correction_that_is_not_filled_in_rightly_leaves_the_act_as_it_was(
    home: Household, worker: Staff, signed_in: Client
) -> None:
    who = person("仇小兰")
    act = household_events.move_out(
        household=home, people=[who], on_date=LAST_MONTH, actor=worker, registration_goes=True
    )
    before = picture()
    address = reverse("register:life", args=[home.pk, "moved_out"]) + f"?corrects={act.pk}"
    for bad in ({"people": [str(who.pk)], "on_date": "2099-01-01"}, {"on_date": LAST_MONTH.isoformat()}):
        page = signed_in.post(address, bad)
        assert page.status_code == 200 and page.context["form"].errors and "仇小兰" in page.content.decode()
    act.refresh_from_db()
    assert act.undone_at is None and picture() == before


def test_an_act_is_undone_and_corrected_only_at_the_address_of_its_own_household(
    home: Household, worker: Staff, signed_in: Client
) -> None:
    other = Household.objects.exclude(pk=home.pk).get()
    act = household_events.add_person(
        household=home, kind="born", on_date=LAST_MONTH, actor=worker, name="单小宝", relation="孙子"
    )
    assert signed_in.post(reverse("register:undo", args=[other.pk, act.pk]), {"reason": "x"}).status_code == 404
    foreign = reverse("register:life", args=[other.pk, "born"]) + f"?corrects={act.pk}"
    answers = {"name": "别家孩子", "relation": "孙子", "on_date": LAST_MONTH.isoformat()}
    assert signed_in.get(foreign).status_code == 404 and signed_in.post(foreign, answers).status_code == 404
    act.refresh_from_db()
    assert act.undone_at is None and person("单小宝").household == home


def test_a_correction_that_newer_work_stands_on_is_refused_before_the_form(
    home: Household, worker: Staff, signed_in: Client
) -> None:
    act = household_events.add_person(
        household=home, kind="moved_in", on_date=BEFORE, actor=worker, name="贺小年", relation="儿媳"
    )
    household_events.record_death(household=home, person=person("贺小年"), on_date=LAST_MONTH, actor=worker)
    address = reverse("register:life", args=[home.pk, "moved_in"]) + f"?corrects={act.pk}"
    assert signed_in.get(address).status_code == 409
    assert signed_in.post(reverse("register:undo", args=[home.pk, act.pk]), {"reason": "x"}).status_code == 409


def test_who_counts_who_lives_here_and_who_is_recorded(home: Household) -> None:
    town = home.community
    for n, state in enumerate(("living", "away", "left", "died", "merged")):
        Person.objects.create(community=town, household=home, name=f"人{n}", state=state)
    mine = Person.objects.filter(name__startswith="人").order_by("name")
    assert [p.state for p in mine.counted()] == ["living", "away"]
    assert [p.state for p in mine.living()] == ["living"]
    assert [p.state for p in mine.recorded()] == ["living", "away", "left", "died"]
