"""Stories of the ledger page: the head asks what was done with one family, and is written down for asking."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.ledger import pages
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.register.actions import looks
from qiaomen.register.models import Household, Person
from qiaomen.register.tests.town import FAMILY, bring_in
from qiaomen.rights.selectors import looks_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(community: Organisation, worker: Staff) -> Person:
    bring_in(community, worker, FAMILY)
    person = Person.objects.select_related("household", "community").get(name="单志明")
    looks.reveal_field(person=person, field="phone", reason="电话联系", actor=worker)
    return person


@pytest.fixture
def desk(client: Client, head: Staff) -> Client:
    client.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    return client


def show(desk: Client, **asked: Any) -> str:
    return desk.get(reverse("office:ledger"), asked).content.decode()


def sentences(desk: Client, **asked: Any) -> list[str]:
    return [str(row["sentence"]) for row in desk.get(reverse("office:ledger"), asked).context["page"].rows]


def test_a_line_names_its_object_and_its_fields_in_words(desk: Client, person: Person) -> None:
    page = show(desk)
    assert f">{person.name}</a>" in page and re.search(r'data-label="看了或改了哪些">\s*电话\s*</td>', page)
    assert reverse("register:household", args=[person.household_id]) in page
    assert "id_no" not in page and "told_facts" not in page and str(person.pk) not in page


def test_everything_about_one_person_is_found_and_the_looking_is_a_line(
    desk: Client, head: Staff, worker: Staff, person: Person
) -> None:
    other = Household.objects.exclude(pk=person.household_id).get()
    looks.note_opened(household=other, actor=worker)
    assert sentences(desk, about=person.name) == ["在操作台账里查一个人或一扇门", "查看了一项密封资料"]
    line = LedgerEntry.objects.get(code="office.ledger-searched")
    assert line.actor == head and line.detail["people"] == [str(person.pk)]
    assert (head.name, "在操作台账里查一个人或一扇门") in [(one["who"], str(one["what"])) for one in looks_at(person)]
    show(desk, about=person.name)
    assert LedgerEntry.objects.filter(code="office.ledger-searched").count() == 1, "once an hour"


def test_a_door_is_everybody_behind_it(desk: Client, person: Person) -> None:
    page = show(desk, about="3-2-501")
    assert "查看了一项密封资料" in page
    line = LedgerEntry.objects.get(code="office.ledger-searched")
    assert set(line.detail["people"]) == {str(one.pk) for one in person.household.people.all()}


def test_two_of_one_name_are_asked_apart(desk: Client, worker: Staff, person: Person) -> None:
    twin = Person.objects.get(name="曾·艾力")
    Person.objects.filter(pk=twin.pk).update(name=person.name)
    page = show(desk, about=person.name)
    assert "您要查的是哪一个？" in page and page.count("&amp;key=") == 2
    assert not LedgerEntry.objects.filter(code="office.ledger-searched").exists()
    assert "查看了一项密封资料" not in sentences(desk, about=person.name, key=twin.pk)
    assert "查看了一项密封资料" in sentences(desk, about=person.name, key=person.pk)


def test_who_looks_for_too_many_is_braked(desk: Client, person: Person, settings: Any) -> None:
    settings.LOOKS_PER_HOUR = 1
    assert desk.get(reverse("office:ledger"), {"about": "3-2-502"}).status_code == 200
    assert desk.get(reverse("office:ledger"), {"about": person.name}).status_code == 429


def test_it_is_narrowed_by_actor_act_and_day(desk: Client, head: Staff, worker: Staff, person: Person) -> None:
    show(desk)
    assert set(sentences(desk, actor=worker.pk)) == {"查看了一项密封资料"}
    assert sentences(desk, code="office.ledger-read") == ["查看了操作台账"]
    today = clock.today()
    assert sentences(desk, code="office.ledger-read", since=today.isoformat(), until=today.isoformat()) != []
    yesterday = (today - timedelta(days=1)).isoformat()
    assert sentences(desk, until=yesterday) == [] and "没有这样的记录" in show(desk, until=yesterday)
    for nonsense in ({"actor": "zz"}, {"code": "zz"}, {"since": "昨天"}, {"before": "zz"}, {"key": "zz"}):
        assert sentences(desk, **nonsense)[-1] == sentences(desk)[-1]


def test_pages_follow_one_another_without_a_gap(desk: Client, community: Organisation, head: Staff) -> None:
    ledger.record_many(
        community=community, actor=head, entries=[{"code": "office.logged-in", "subject_id": ""} for _ in range(130)]
    )
    seen: list[int] = []
    asked: dict[str, Any] = {"code": "office.logged-in"}
    while True:
        page = desk.get(reverse("office:ledger"), asked).context["page"]
        seen += [row["entry"].seq for row in page.rows]
        if page.older is None:
            break
        asked = {**asked, "before": page.older}
    assert len(seen) == 130 and seen == sorted(set(seen), reverse=True)
    back = desk.get(reverse("office:ledger"), {"code": "office.logged-in", "after": seen[100]}).context["page"]
    assert [row["entry"].seq for row in back.rows] == seen[50:100] and back.newer == seen[50] and back.older == seen[99]
    assert pages.PER_PAGE == 50


def test_an_auditor_reads_acts_and_no_residents_name(client: Client, community: Organisation, person: Person) -> None:
    auditor = Staff.objects.create_user("au", None, name="审计员", role="auditor", organisation=community)
    client.force_login(auditor, backend="django.contrib.auth.backends.ModelBackend")
    page = show(client)
    assert "查看了一项密封资料" in page and person.name not in page and "编号 " in page and 'name="about"' not in page
    assert person.name not in show(client, about=person.name).replace(f"“{person.name}”", "")
    assert not LedgerEntry.objects.filter(code="office.ledger-searched").exists()


def test_a_page_costs_the_same_however_many_lines(
    desk: Client, worker: Staff, person: Person, django_assert_max_num_queries: Any
) -> None:
    for one in Person.objects.all():
        looks.note_opened(household=one.household, actor=worker, person=one)
    show(desk)
    with django_assert_max_num_queries(20):
        show(desk)
