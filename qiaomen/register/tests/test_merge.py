"""Two records become one and can be two again; nobody is merged by the machine."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.office import jobs
from qiaomen.office.fields import Blind
from qiaomen.office.models import Job, LedgerEntry, Organisation, Staff
from qiaomen.register import problems
from qiaomen.register.actions import acts, duplicates, household_events
from qiaomen.register.models import Household, Person
from qiaomen.register.selectors import possible_duplicates, totals
from qiaomen.register.selectors.search.find import search
from qiaomen.register.tests.town import FAMILY, bring_in, picture


@pytest.fixture
def pair(community: Organisation, worker: Staff) -> tuple[Person, Person]:
    bring_in(community, worker, FAMILY)
    again = [["", "单志鸣", "户主", "", "13900001234", "幸福苑小区3号楼1单元101室"]]
    bring_in(community, worker, again)
    duplicates.look_for_duplicates(community)
    return Person.objects.get(name="单志明"), Person.objects.get(name="单志鸣")


def test_nobody_is_merged_by_the_machine(pair: tuple[Person, Person], worker: Staff) -> None:
    (item,) = possible_duplicates.queue_of(pair[0].community, worker)
    assert {side["person"] for side in item["sides"]} == set(pair) and "姓名同音" in item["why"]
    assert Person.objects.filter(state="merged").count() == 0


def test_a_merge_is_counted_once_and_taken_back(pair: tuple[Person, Person], worker: Staff) -> None:
    stays, goes = pair
    before = picture()
    assert totals.totals_as_at(stays.community, clock.today())["people"] == 4
    act = duplicates.merge_people(stays=stays, goes=goes, actor=worker)
    assert totals.totals_as_at(stays.community, clock.today())["people"] == 3
    assert Household.objects.get(pk=goes.household_id).state == "gone" and not possible_duplicates.queue_of(
        stays.community, worker
    )
    (hit,) = search(community=stays.community, text="单志鸣")
    assert hit.title == "单志明" and hit.sounds_alike
    with pytest.raises(problems.NotOnePair):
        duplicates.merge_people(stays=stays, goes=Person.objects.get(pk=goes.pk), actor=worker)
    acts.undo(act=act, actor=worker, reason="是兄弟两个")
    assert picture() == before and len(possible_duplicates.queue_of(stays.community, worker)) == 1


def test_what_the_one_that_stays_does_not_know_is_taken_over(pair: tuple[Person, Person], worker: Staff) -> None:
    known, bare = pair
    with pytest.raises(problems.HeadNeeded):
        duplicates.merge_people(stays=bare, goes=known, actor=worker)
    household_events.change_head(
        household=known.household, new_head=Person.objects.get(name="仇小兰"), on_date=clock.today(), actor=worker
    )
    known.refresh_from_db()
    duplicates.merge_people(stays=bare, goes=known, actor=worker)
    assert Person.objects.get(id_no_bi=Blind(bare.community_id, id_no(11)), state="living") == bare


def test_two_people_are_not_asked_about_again(pair: tuple[Person, Person], worker: Staff) -> None:
    client = Client()
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("register:duplicates")).content.decode()
    assert "单志鸣" in page and "是一个人，对照合并" in page and id_no(11) not in page
    client.post(reverse("register:tell-apart", args=[pair[0].pk]), {"other": str(pair[1].pk)})
    assert "没有看起来重复的登记" in client.get(reverse("register:duplicates")).content.decode()
    assert LedgerEntry.objects.filter(code="register.people-distinct").count() == 1


def test_a_second_record_is_warned_of_before_it_is_made(pair: tuple[Person, Person], worker: Staff) -> None:
    client = Client()
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("register:life", args=[Person.objects.get(name="曾·艾力").household_id, "moved_in"])
    answers = {"name": "仇晓兰", "relation": "亲戚", "on_date": "2026-01-05", "id_no": id_no(22)}
    assert "已核对" not in client.get(address).content.decode()
    refused = client.post(address, answers).content.decode()
    assert "登记里已有相像的人：仇小兰" in refused and not Person.objects.filter(name="仇晓兰").exists()
    client.post(address, {**answers, "surely_new": "on"})
    assert Person.objects.filter(name="仇晓兰").exists()


def test_the_page_reads_and_a_worker_searches(pair: tuple[Person, Person], worker: Staff) -> None:
    """Yesterday every look at the page searched the whole community: two seconds of a core for 13,160 people."""
    client, town = Client(), pair[0].community
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("register:duplicates")).content.decode()
    assert "之后登记有改动" not in page and "单志鸣" in page
    household_events.correct_person(person=pair[1], actor=worker, reason="对证件", name="贺小年", phone="")
    assert "之后登记有改动" in client.get(reverse("register:duplicates")).content.decode()
    page = client.post(reverse("register:duplicates-again"), follow=True).content.decode()
    assert "正在核对" in page and Job.objects.get().subject == town.pk
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("register:duplicates"))
    assert not [q for q in queries if '"register_person"."id_no"' in q["sql"] and " IN (" not in q["sql"]]
    jobs.run_waiting()
    page = client.get(reverse("register:duplicates")).content.decode()
    assert "没有看起来重复的登记" in page and "正在核对" not in page and "之后登记有改动" not in page


def form_of(client: Client, pair: tuple[Person, Person], **sent: str) -> str:
    address = reverse("register:merge", args=[pair[0].pk])
    return client.post(address, {"other": str(pair[1].pk), **sent}, follow=True).content.decode()


def test_every_field_that_differs_is_asked_and_none_is_chosen_before(
    pair: tuple[Person, Person], client: Client, worker: Staff
) -> None:
    Person.objects.filter(pk=pair[1].pk).update(work_place="菜场")
    Person.objects.filter(pk=pair[0].pk).update(work_place="邮局")
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("register:merge", args=[pair[0].pk]), {"other": str(pair[1].pk)}).content.decode()
    for field in ("name", "work_place", "household"):
        assert page.count(f'type="radio" name="{field}"') == 2
    assert "checked" not in page and 'name="phone"' not in page and "（只有一份知道）" in page
    page = form_of(client, pair, name="left")
    assert page.count("两份不一样，请选“工作的地方”用哪一个。") == 2 and page.count(" checked") == 1
    assert not Person.objects.filter(state="merged").exists()


def test_either_value_is_kept_by_choice_and_the_line_says_which(
    pair: tuple[Person, Person], client: Client, worker: Staff
) -> None:
    left, right = pair
    Person.objects.filter(pk=right.pk).update(work_place="菜场")
    Person.objects.filter(pk=left.pk).update(work_place="邮局")
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    form_of(client, pair, name="right", work_place="left", household="left")
    stays = Person.objects.select_related("household").get(pk=left.pk)
    assert (stays.name, stays.work_place, stays.household.head_name) == ("单志鸣", "邮局", "单志鸣")
    assert stays.id_no == id_no(11) and Person.objects.get(pk=right.pk).state == "merged"
    line = LedgerEntry.objects.get(code="register.people-merged")
    assert line.fields == ["name"] and line.detail["goes"] == str(right.pk)


def test_the_household_chosen_decides_which_record_stays(
    pair: tuple[Person, Person], client: Client, worker: Staff
) -> None:
    left, right = pair
    household_events.change_head(
        household=left.household, new_head=Person.objects.get(name="仇小兰"), on_date=clock.today(), actor=worker
    )
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    form_of(client, pair, name="left", household="right")
    stays = Person.objects.get(pk=right.pk)
    assert (stays.state, stays.name, stays.id_no) == ("living", "单志明", id_no(11))


def test_a_number_and_a_birthday_of_different_people_are_refused(
    pair: tuple[Person, Person], client: Client, worker: Staff
) -> None:
    household_events.correct_person(person=pair[1], actor=worker, reason="对证件", id_no=id_no(44, "19501231"))
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    page = form_of(client, pair, name="left", household="left", id_no="left", birth_date="right")
    assert page.count("出生日期和选的身份证号对不上") == 2 and id_no(11) not in page
    assert not Person.objects.filter(state="merged").exists()


def test_the_queue_is_narrowed_by_words_and_compound(
    pair: tuple[Person, Person], client: Client, worker: Staff
) -> None:
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("register:duplicates")
    compound = pair[0].household.dwelling.entrance.building.compound  # type: ignore[union-attr]
    for asked, found in (
        ({"words": "志鸣"}, True),
        ({"words": "小兰"}, False),
        ({"compound": str(compound.pk)}, True),
        ({"band": "same"}, False),
        ({"band": "ask"}, True),
        ({"page": "1"}, False),
        ({"page": "zz"}, True),
    ):
        assert ("单志鸣" in client.get(page, asked).content.decode()) == found, asked
