"""A resident sees what is held, asks, is answered within the term; what is erased is gone from everywhere."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from qiaomen.groups.models import CareGroup, GroupChoice
from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.register.actions import acts, household_events, person_facts
from qiaomen.register.models import Change, Person, ToldFact
from qiaomen.register.problems import ReasonNeeded
from qiaomen.register.selectors import facts
from qiaomen.register.tests.town import FAMILY, bring_in
from qiaomen.rights import actions
from qiaomen.rights.models import RightsRequest
from qiaomen.rights.problems import RequestClosed, StillHere


@pytest.fixture
def person(community: Organisation, worker: Staff) -> Person:
    bring_in(community, worker, FAMILY)
    return Person.objects.get(name="单志明")


def sign_in(client: Client, staff: Staff) -> Client:
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_own_page_says_what_is_held_why_and_who_looked(person: Person, worker: Staff, client: Client) -> None:
    person_facts.note_facts(person=person, facts={"receives_dibao": True}, on_date=clock.today(), actor=worker)
    sign_in(client, worker)
    client.post(reverse("register:reveal", args=[person.pk]), {"field": "phone", "reason": "电话联系"})
    page = client.get(reverse("rights:own-page", args=[person.pk])).content.decode()
    for word in ("享受低保", "社会救助法 第十三条", "139****1234", "电话联系", "查看了一项密封资料", "网格员", "30 天"):
        assert word in page
    assert person.phone not in page and person.id_no not in page
    assert LedgerEntry.objects.filter(code="rights.page-printed", subject_id=str(person.pk)).count() == 1


def test_a_request_has_a_clock_and_is_answered_once(person: Person, worker: Staff, head: Staff, client: Client) -> None:
    sign_in(client, worker).post(
        reverse("rights:ask", args=[person.pk]), {"kind": "correct", "words": "电话换了，请改"}
    )
    made = RightsRequest.objects.get()
    assert made.due_on == clock.today() + timedelta(days=30) and actions.open_requests(person.community) == [made]
    assert client.post(reverse("rights:answer", args=[made.pk])).status_code == 403
    with clock.at(clock.now() + timedelta(days=31)):
        assert "逾期" in sign_in(client, head).get(reverse("rights:list")).content.decode()
    sign_in(client, head).post(reverse("rights:answer", args=[made.pk]), {"outcome": "done", "answer": "已改为新号码"})
    made.refresh_from_db()
    assert (made.state, made.answer, made.closed_by) == ("done", "已改为新号码", head)
    with pytest.raises(RequestClosed):
        actions.close(request=made, done=False, answer="x", actor=head)
    with pytest.raises(ReasonNeeded):
        actions.receive(person=person, kind="see", words=" ", actor=worker)


def raw_holds(text: str) -> bool:
    """Say whether any opened value kept by acts or facts holds a text."""
    kept = [value for change in Change.objects.all() for value in (change.before, change.after)]
    return any(text in value for value in [*kept, *(fact.value for fact in ToldFact.objects.all())])


def test_what_is_erased_is_gone_from_the_record_and_from_what_acts_kept(
    person: Person, worker: Staff, head: Staff
) -> None:
    household_events.correct_person(person=person, actor=worker, reason="新号", phone="13912121212")
    act = person_facts.note_facts(
        person=person, facts={"emergency_name": "孙玉兰"}, on_date=clock.today(), actor=worker
    )
    assert raw_holds("13912121212") and raw_holds("孙玉兰")
    gone = actions.erase(person=person, columns=["phone"], facts=["emergency_name"], actor=head, reason="本人要求")
    person.refresh_from_db()
    assert gone == 2 and person.phone == "" and facts.known_of(person) == {}
    assert not raw_holds("13912121212") and not raw_holds("孙玉兰")
    acts.undo(act=act, actor=worker, reason="")
    assert facts.known_of(Person.objects.get(pk=person.pk)) == {} and ledger.verify(person.community).ok


def test_the_register_itself_is_not_erased(person: Person, head: Staff) -> None:
    with pytest.raises(ValueError, match="not erasable"):
        actions.erase(person=person, columns=["id_no"], facts=[], actor=head, reason="x")
    with pytest.raises(StillHere):
        actions.erase_person(person=person, actor=head, reason="x")
    with pytest.raises(ReasonNeeded):
        actions.erase(person=person, columns=["phone"], facts=[], actor=head, reason="")


def test_one_who_left_can_be_erased_whole_and_the_counts_stay(person: Person, worker: Staff, head: Staff) -> None:
    spouse = Person.objects.get(name="仇小兰")
    number, name = person.id_no, person.name
    household_events.record_death(
        household=person.household, person=person, on_date=clock.today(), actor=worker, new_head=spouse
    )
    person.refresh_from_db()
    group = CareGroup.objects.create(community=person.community, code="own", title="节日慰问", tier="")
    choice = GroupChoice.objects.create(
        group=group, person=person, kind="added", from_date=clock.today(), reason="刚做过手术", made_by=worker
    )
    actions.erase_person(person=person, actor=head, reason="家属要求，已过保存期")
    choice.refresh_from_db()
    assert choice.reason == "", "every house forgets what it held of somebody"
    person.refresh_from_db()
    assert (person.name, person.id_no, person.phone, person.birth_date) == ("—", "", "", None)
    assert not Person.objects.filter(name=name).exists() and not raw_holds(number) and not raw_holds(name)
    assert Person.objects.filter(pk=person.pk, state="died").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name_pinyin FROM register_person WHERE name = %s", ["—"])
        assert cursor.fetchone() == ("",)
