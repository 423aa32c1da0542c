"""What the houses say of a family: in order, to whom, in a fixed number of queries."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qiaomen.kernel import clock, lines
from qiaomen.kernel.lines import Line
from qiaomen.office.models import Organisation, Staff
from qiaomen.office.tests.cast import client_of
from qiaomen.register.models import Household
from tests.stories import family

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(community: Organisation, worker: Staff, head: Staff) -> Household:
    return family.estate(community, worker, head, 1)[0]


@pytest.fixture
def volunteer(community: Organisation) -> Staff:
    return Staff.objects.create_user("v-r", None, name="方志远", role="volunteer", organisation=community)


def said(home: Household, viewer: Any) -> list[Line]:
    return lines.lines_of([home], viewer, clock.today())


def test_every_house_that_has_something_to_say_says_it(home: Household, head: Staff) -> None:
    assert {line.house for line in said(home, head)} == {
        *("register", "groups", "visits", "needs", "cases", "imports", "rights", "phone")
    }


def test_a_good_visitor_says_the_late_promise_first(home: Household, worker: Staff) -> None:
    found = said(home, worker)
    assert [line.code for line in found[:5]] == [
        "cases.late",
        "visits.agreed",
        "cases.due",
        "rights.asked",
        "cases.answer-owed",
    ]
    assert [line.weight for line in found] == sorted((line.weight for line in found), reverse=True)
    assert str(found[0].text) == "维修答应11月23日前办好，晚了 8 天（网格员在办）"


def test_what_is_said_aloud_names_no_illness_no_money_no_child(home: Household, worker: Staff) -> None:
    for line in said(home, worker):
        for word in ("救助", "补贴", "津贴", "残疾", "低保", "小宝", "咳嗽"):
            assert word not in line.spoken, line
    assert lines.said_at_door(said(home, worker)) == [
        "您说的维修还没办好，是我们晚了。",
        "上次约好今天来看您。",
        "您说的一件事正在办，12月7日前给您回话。",
    ]


def test_a_volunteer_is_told_nothing_that_counts(home: Household, volunteer: Staff) -> None:
    found = said(home, volunteer)
    assert not [line for line in found if line.sealed]
    told = "；".join(str(line.text) for line in found)
    for word in (family.NOTE, family.WORDS["benefit"], "救助", "残疾", "要求", "王小宝"):
        assert word not in told


def test_nobody_who_sees_no_resident_hears_of_one(home: Household, community: Organisation) -> None:
    auditor = Staff.objects.create_user("a-r", None, name="审计", role="auditor", organisation=community)
    assert said(home, auditor) == []


@pytest.mark.parametrize("code", sorted(lines.said.LINES_OF))
def test_a_house_asks_the_same_number_of_questions_of_one_household_or_many(
    code: str, community: Organisation, worker: Staff, head: Staff
) -> None:
    homes = family.estate(community, worker, head, 12)
    speak, today = lines.said.LINES_OF[code], clock.today()
    list(speak(homes[:1], worker, today))
    counts = []
    for some in (homes[:1], homes):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            list(speak(some, worker, today))
        counts.append(len(asked))
    assert counts[0] == counts[1], [query["sql"] for query in asked]
    assert counts[0] <= MOST_QUERIES[code]


MOST_QUERIES = {
    "register": 2,
    "groups": 13,
    "visits": 6,
    "needs": 1,
    "cases": 3,
    "imports": 2,
    "rights": 1,
    "phone": 2,
    "calls": 3,
}
"""How many questions a house asks the database for any number of households."""


def test_what_somebody_holds_by_name_can_be_given_away(
    home: Household, community: Organisation, worker: Staff, head: Staff
) -> None:
    visits = lines.lines_held(community, head, clock.today(), owner=worker.pk)
    assert {line.code for line in visits} >= {"cases.late", "cases.due", "cases.answer-owed", "visits.whom"}
    assert [line for line in visits if not lines.can_be_reassigned(line)] == []
    for line in visits:
        lines.reassign(line, to=head, actor=head)
    assert lines.lines_held(community, head, clock.today(), owner=worker.pk) == []


def test_a_promised_answer_is_noted_from_the_page_of_the_household(
    home: Household, worker: Staff, volunteer: Staff
) -> None:
    address = reverse("needs:owe", args=[home.pk])
    page = reverse("register:household", args=[home.pk])
    assert address in client_of(worker).get(page).content.decode()
    assert address not in client_of(volunteer).get(page).content.decode()
