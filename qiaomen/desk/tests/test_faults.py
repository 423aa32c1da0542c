"""Stories of a wrong form and a wrong address: all faults at once, nothing typed is lost."""

import uuid
from datetime import time

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.cases import actions as cases
from qiaomen.cases.models import Case
from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.office.tests.cast import client_of
from qiaomen.register.models import Dwelling, Household, Person
from qiaomen.register.tests.town import FAMILY, bring_in
from qiaomen.visits.models import Round, RoundDoor, Team, Visit

pytestmark = pytest.mark.django_db
FULL_WIDTH_COLON = "出错："


@pytest.fixture
def household(community: Organisation, worker: Staff) -> Household:
    bring_in(community, worker, FAMILY)
    return Household.objects.get(people__name="单志明")


def test_two_faults_are_told_together_and_the_words_typed_stay(household: Household, worker: Staff) -> None:
    sent = {"kind": "nonsense", "words": " ", "handling": "urgent", "origin": "window", "need_id": uuid.uuid4()}
    page = client_of(worker).post(reverse("cases:hear", args=[household.pk]), sent).content.decode()
    assert f"<title>{FULL_WIDTH_COLON}" in page and "还有 2 处要改。您填的内容都在" in page
    assert page.index('data-testid="faults"') < page.index("<form", page.index("<main"))
    assert 'tabindex="-1" autofocus' in page and page.count("autofocus") == 1
    for words in ("选的这一项已经不能选了", "请写下居民的原话"):
        assert page.count(words) == 2
    assert '<option value="urgent" selected>' in page and 'aria-invalid="true"' in page
    assert 'aria-describedby="id_words_helptext id_words_error"' in page and 'id="id_words_error"' in page


def test_the_browser_is_not_asked_to_refuse_first(household: Household, worker: Staff) -> None:
    page = client_of(worker).get(reverse("cases:hear", args=[household.pk])).content.decode()
    form = page[page.index("<main") :]
    assert "novalidate" in form and " required" not in form.replace("form-label required", "")
    assert FULL_WIDTH_COLON not in page and "faults" not in page


def test_a_fault_among_boxes_leads_to_the_first_of_them(household: Household, worker: Staff) -> None:
    page = client_of(worker).post(reverse("register:life", args=[household.pk, "moved_out"]), {"on_date": "明天"})
    words = page.content.decode()
    assert 'href="#id_people_0">请至少勾选一个人。' in words and 'id="id_people_0"' in words
    assert "这一天看不懂。请写成 2026-03-05 这样的日期。" in words and 'value="明天"' in words


def test_a_residents_answer_that_was_not_chosen_is_asked_for(household: Household, head: Staff) -> None:
    need = {"kind": "repair", "words": "灯不亮", "handling": "office", "origin": "window"}
    _need, case = cases.receive_need(
        need_id=uuid.uuid4(), household=household, heard_at=clock.now(), heard_by=head, **need
    )
    assert case is not None
    cases.close_case(case=case, actor=head, sentence="灯换好了")
    page = client_of(head).post(reverse("cases:answer", args=[case.pk]), {"words": "说得含糊"}).content.decode()
    assert page.count("请选居民说解决了，还是没有解决。") == 2 and "说得含糊" in page
    assert Case.objects.get(pk=case.pk).state == "closed"


def test_a_door_without_an_outcome_is_asked_for_in_its_row(household: Household, worker: Staff) -> None:
    team = Team.objects.create(community=household.community, name="一组", starts_at=time(9), minutes=90)
    made = Round.objects.create(
        community=household.community, team=team, day=clock.today(), starts_at=team.starts_at, minutes=90
    )
    for position, dwelling in enumerate(Dwelling.objects.order_by("pk"), 1):
        RoundDoor.objects.create(
            round=made, dwelling=dwelling, position=position, arrive_minute=10, reason_code="never-seen"
        )
    sent = {"visit_id": uuid.uuid4(), "door": household.dwelling_id, "note": "说过两天再来"}
    page = client_of(worker).post(reverse("visits:record", args=[made.pk]), sent).content.decode()
    assert page.count("请选这扇门的结果") == 2 and page.count('id="id_outcome"') == 1
    assert page.count("说过两天再来") == 1 and not Visit.objects.exists()


def test_a_wrong_present_value_of_one_team_does_not_open_the_others(household: Household, head: Staff) -> None:
    teams = [
        Team.objects.create(community=household.community, name=name, starts_at=time(9), minutes=90)
        for name in ("一组", "二组")
    ]
    sent = {"weekdays": ["1"], "starts_at": "", "minutes": "5"}
    page = client_of(head).post(reverse("visits:set-times", args=[teams[1].pk]), sent).content.decode()
    assert page.count("请写几点出发，例如 09:00。") == 2 and page.count("最小是 30，请改大一些。") == 2
    teams[1].refresh_from_db()
    assert teams[1].minutes == 90


def test_a_resident_who_mistypes_an_address_stays_on_the_publics_page() -> None:
    for address in ("/nothing/here/", "/p/NONE/"):
        answer = Client().get(address)
        page = answer.content.decode()
        assert answer.status_code == 404 and "portal/portal.css" in page and "desk/desk.css" not in page
        assert "没有找到这一页" in page and "可能抄错了一个字" in page
        assert "属于您的社区" not in page and "岗位" not in page and 'href="/"' in page


def test_a_worker_who_mistypes_an_address_stays_at_the_desk(worker: Staff, household: Household) -> None:
    client = client_of(worker)
    for address in ("/nothing/here/", reverse("register:household", args=[uuid.uuid4()])):
        answer = client.get(address)
        assert answer.status_code == 404 and "desk/desk.css" in answer.content.decode()
    assert "portal/portal.css" in client.get("/p/NONE/").content.decode(), "a public page has a public answer"
    assert Person.objects.count() == 3
