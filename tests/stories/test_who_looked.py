"""A resident asks who saw them: whoever was shown them on a page, a form or a list is on their own page, by name."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.imports.models import ImportBatch
from qiaomen.kernel import clock
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.register.models import Person
from qiaomen.register.tests.town import FAMILY, bring_in
from qiaomen.rights.selectors import looks_at
from qiaomen.visits.actions import visits
from qiaomen.visits.models import Round, RoundDoor

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(community: Organisation, worker: Staff) -> Person:
    bring_in(community, worker, FAMILY)
    return Person.objects.get(name="单志明")


def who_saw(person: Person) -> list[tuple[str, str]]:
    person = Person.objects.get(pk=person.pk)
    return [(look["who"], str(look["what"])) for look in looks_at(person)]


def test_a_list_behind_a_number_is_on_the_page_of_each_it_named(client: Client, worker: Staff, person: Person) -> None:
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    before = len(who_saw(person))
    pages = [client.get(reverse("register:behind-total")).content.decode() for _ in range(3)]
    assert person.name in pages[0]
    assert who_saw(person)[: len(who_saw(person)) - before] == [(worker.name, "打开了一个数字背后的名单")]


def test_somebody_who_moved_away_still_sees_who_opened_the_old_household(
    client: Client, worker: Staff, person: Person
) -> None:
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    client.get(reverse("register:household", args=[person.household_id]))
    opened = (worker.name, "打开了一户或一个人的资料")
    assert opened in who_saw(person)
    person.household = type(person.household).objects.create(
        community=person.community, dwelling=person.household.dwelling, head_name="新户"
    )
    person.save(update_fields=["household"])
    assert opened in who_saw(person)


def test_a_name_taken_over_later_is_not_blamed(client: Client, worker: Staff, person: Person) -> None:
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    client.get(reverse("register:household", args=[person.household_id]))
    name, worker.name = worker.name, "别人"
    worker.save(update_fields=["name"])
    assert {who for who, _what in who_saw(person)} <= {name, ""}
    assert LedgerEntry.objects.filter(actor_name="别人").count() == 0


def test_each_page_of_a_list_is_one_line_an_hour(client: Client, worker: Staff, person: Person) -> None:
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    for address in ("?by=", "?by=", "?by=town&value="):
        client.get(reverse("register:behind-total") + address)
    details: list[Any] = list(LedgerEntry.objects.filter(code="register.total-looked").values_list("detail", flat=True))
    assert len(details) == len({str(detail) for detail in details}) and len(details) <= 2


def test_a_round_and_a_preview_are_looks_too(client: Client, worker: Staff, head: Staff, person: Person) -> None:
    team = visits.make_team(community=person.community, name="一组", members=[worker], actor=head)
    made = Round.objects.create(
        community=person.community, team=team, day=clock.today(), starts_at=team.starts_at, minutes=team.minutes
    )
    door = person.household.dwelling
    RoundDoor.objects.create(round=made, dwelling=door, position=1, arrive_minute=10, reason_code="never-seen")
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    for _ in range(2):
        client.get(reverse("visits:round", args=[made.pk]))
    assert who_saw(person).count((worker.name, "打开了一轮的户门名单")) == 1
    batch = ImportBatch.objects.create(
        community=person.community, file_name="名册.xlsx", made_at=clock.now(), made_by=worker
    )
    for _ in range(2):
        assert client.get(reverse("imports:detail", args=[batch.pk])).status_code == 200
    assert LedgerEntry.objects.filter(code="imports.looked", subject_id=str(batch.pk), actor=worker).count() == 1


def test_the_page_of_a_door_names_its_heads_and_says_so(client: Client, worker: Staff, person: Person) -> None:
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    before = len(who_saw(person))
    assert person.name in client.get(reverse("register:door", args=[person.household.dwelling_id])).content.decode()
    assert [who for who, _what in who_saw(person)[: len(who_saw(person)) - before]] == [worker.name]


@pytest.mark.parametrize("way", ["add-household", "life"])
def test_whom_a_new_record_may_be_is_told_that_they_were_named(
    client: Client, worker: Staff, person: Person, way: str
) -> None:
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    other = Person.objects.get(name="曾·艾力").household
    pages = {"add-household": [other.dwelling_id], "life": [other.pk, "moved_in"]}
    told = {"name": "单志鸣", "relation": "亲戚", "on_date": "2026-01-05", "birth_date": str(person.birth_date or "")}
    before = len(who_saw(person))
    page = client.post(reverse(f"register:{way}", args=pages[way]), told).content.decode()
    assert person.name in page and [who for who, _what in who_saw(person)[: -before or None]] == [worker.name]
