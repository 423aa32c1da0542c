"""Who is erased is forgotten by every house, and their own page said before what each house held."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.urls import reverse

from qiaomen.cases import actions as cases
from qiaomen.cases.models import Case
from qiaomen.kernel import clock
from qiaomen.needs import actions as needs
from qiaomen.needs.models import Need, Owed
from qiaomen.office.models import Organisation, Staff
from qiaomen.office.tests.cast import client_of
from qiaomen.register.actions import household_events, person_facts
from qiaomen.register.models import Consent, Dwelling, Household, Person
from qiaomen.rights import actions as rights
from qiaomen.visits.actions import visits
from qiaomen.visits.models import Conflict
from qiaomen.visits.tests.street import build_stairs

SECRET = "只有本人知道的话"


def bring_in(community: Organisation, worker: Staff) -> Person:
    door: Dwelling = build_stairs(community)[0]
    home: Household = door.households.get()
    person = Person.objects.create(community=community, household=home, name="沈砚秋", birth_date=date(1956, 5, 6))
    person_facts.give_consent(person=person, purpose="refer", to_whom=SECRET, actor=worker)
    values: dict[str, Any] = {"household": home, "person": person, "kind": "repair", "handling": "mine"}
    values |= {"origin": "window", "heard_at": clock.now(), "heard_by": worker, "words": SECRET}
    need, case = cases.receive_need(need_id=uuid4(), **values)
    assert case is not None
    cases.take_step(case=case, actor=worker, sentence=SECRET)
    for _each in range(2):
        needs.owe(household=home, person=person, need=need, sentence=SECRET, owner=worker, actor=worker)
    needs.tell(owed=Owed.objects.all()[0], actor=worker)
    visit, _new = visits.record_visit(
        visit_id=uuid4(),
        dwelling=door,
        household=home,
        staff=worker,
        outcome="met",
        happened_at=clock.now(),
        origin="phone",
    )
    conflict: dict[str, Any] = {"community": community, "second": visit, "person": person, "found_at": clock.now()}
    Conflict.objects.create(code="destitute", told=SECRET, **conflict)
    settled = {"choice": "first", "settled_at": clock.now(), "settled_by": worker}
    Conflict.objects.create(code="hospital", told=SECRET, **conflict, **settled)
    return person


def kept(person: Person) -> list[str]:
    """Return every sealed word that stands under a person."""
    needs_of, owed = Need.objects.filter(person=person), Owed.objects.filter(person=person)
    steps = [step.sentence for need in needs_of for step in Case.objects.get(need=need).steps.all()]
    consents = [word for row in Consent.objects.filter(person=person) for word in (row.to_whom, row.by_whom)]
    conflicts = [row.told for row in Conflict.objects.filter(person=person)]
    return [*(row.words for row in needs_of), *(row.sentence for row in owed), *steps, *consents, *conflicts]


def test_every_house_forgets_who_is_erased(community: Organisation, worker: Staff, head: Staff) -> None:
    person = bring_in(community, worker)
    assert kept(person).count(SECRET) == 7
    household_events.record_death(
        household=person.household, person=person, on_date=clock.today(), actor=worker, new_head=None
    )
    person.refresh_from_db()
    rights.erase_person(person=person, actor=head, reason="已过保存期")
    assert SECRET not in kept(person) and Need.objects.filter(person=person).count() == 1
    assert not Owed.objects.filter(person=person, told_at=None).exists()
    assert not Conflict.objects.filter(person=person, settled_at=None).exists()


def test_the_own_page_names_what_was_agreed_and_is_owed(community: Organisation, worker: Staff, head: Staff) -> None:
    person = bring_in(community, worker)
    page = client_of(head).get(reverse("rights:own-page", args=[person.pk])).content.decode()
    for words in ("同意过的事：转给外面的单位办", "要回您的话", "回过您的话", "办理的经过：维修"):
        assert words in page
