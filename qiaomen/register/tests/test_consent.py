"""Nothing is passed on without a consent that stands: given, used, withdrawn; a minor's by a guardian."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.office.tests.cast import client_of
from qiaomen.register import problems
from qiaomen.register.actions import person_facts
from qiaomen.register.models import Consent, Household, Person


@pytest.fixture
def home(community: Organisation) -> Household:
    made = Household.objects.create(community=community, head_name="沈砚秋")
    for name, born in (("沈砚秋", date(1956, 5, 6)), ("沈小满", date(2015, 5, 6)), ("沈无期", None)):
        Person.objects.create(community=community, household=made, name=name, birth_date=born)
    return made


def person(name: str) -> Person:
    return Person.objects.get(name=name)


def give(name: str, actor: Staff, **more: object) -> Consent:
    return person_facts.give_consent(
        person=person(name),
        actor=actor,
        **{"purpose": "tell_relative", "to_whom": "女儿沈知微", **more},  # type: ignore[arg-type]
    )


def test_a_consent_lets_once_it_is_given_and_no_more_after_it_is_withdrawn(home: Household, head: Staff) -> None:
    made = give("沈砚秋", head)
    person_facts.use_consent(consent=made, actor=head)
    for _twice in range(2):
        person_facts.withdraw_consent(consent=made, actor=head)
    with pytest.raises(problems.NoConsent):
        person_facts.use_consent(consent=made, actor=head)
    person_facts.withdraw_consent(consent=made, actor=head, back=True)
    person_facts.use_consent(consent=made, actor=head)
    codes = list(LedgerEntry.objects.filter(code__startswith="register.consent").values_list("code", flat=True))
    assert codes.count("register.consent-used") == 2 and codes.count("register.consent-withdrawn") == 1


def test_a_consent_holds_on_its_last_day_and_not_on_the_next(home: Household, head: Staff) -> None:
    made = give("沈砚秋", head, until=clock.today() + timedelta(days=3))
    now = clock.now()
    with clock.at(now + timedelta(days=3)):
        person_facts.use_consent(consent=made, actor=head)
    with clock.at(now + timedelta(days=4)), pytest.raises(problems.NoConsent):
        person_facts.use_consent(consent=made, actor=head)


def test_what_is_over_to_one_is_not_used_through_what_stands_to_another(home: Household, worker: Staff) -> None:
    client, over = client_of(worker), give("沈砚秋", worker)
    stands = give("沈砚秋", worker, to_whom="儿子沈知远")
    person_facts.withdraw_consent(consent=over, actor=worker)
    assert client.post(reverse("register:use-consent", args=[over.pk]), {"sure": "1"}).status_code == 403
    assert client.post(reverse("register:use-consent", args=[stands.pk]), {"sure": "1"}).status_code == 302
    used = LedgerEntry.objects.filter(code="register.consent-used")
    assert [line.detail["consent"] for line in used] == [str(stands.pk)]


@pytest.mark.parametrize("name", ["沈小满", "沈无期"])
def test_who_is_not_grown_or_of_unknown_age_agrees_through_a_guardian(home: Household, head: Staff, name: str) -> None:
    with pytest.raises(problems.GuardianNeeded):
        give(name, head)
    with pytest.raises(problems.NoGuardian):
        give(name, head, guardian=person("沈小满"))
    give(name, head, guardian=person("沈砚秋"))
    give(name, head, by_whom="姑姑沈晚照")


def test_the_page_gives_uses_and_withdraws_and_a_child_is_sealed(home: Household, head: Staff, worker: Staff) -> None:
    client, address = client_of(worker), reverse("register:consents", args=[person("沈砚秋").pk])
    told = {"purpose": "refer", "to_whom": "区民政局"}
    assert client.post(address, told).status_code == 302
    page = client.get(address).content.decode()
    assert "区民政局" in page and "转给外面的单位办" in page
    consent = Consent.objects.get()
    client.post(reverse("register:use-consent", args=[consent.pk]), {"sure": "1"})
    client.post(reverse("register:withdraw", args=[consent.pk]))
    assert "从那时起不能再用" in client.get(address).content.decode()
    assert client.post(reverse("register:use-consent", args=[consent.pk]), {"sure": "1"}).status_code == 403
    child = reverse("register:consents", args=[person("沈小满").pk])
    assert client.get(child).status_code == 403 and client_of(head).get(child).status_code == 200
    assert "要由监护人同意" in client_of(head).post(child, told).content.decode() or Consent.objects.count() == 1
    assert LedgerEntry.objects.filter(code="register.consents-opened").exists()


def test_what_stands_in_the_database_is_sealed(home: Household, head: Staff) -> None:
    made = give("沈砚秋", head, by_whom="")
    raw = Consent.objects.filter(pk=made.pk).extra(select={"raw": "to_whom"}).values_list("raw", flat=True)[0]
    assert "沈知微" not in str(raw) and Consent.objects.get().to_whom == "女儿沈知微"


def test_a_sealed_number_is_shown_to_nobody_who_gave_no_reason(community: Organisation, head: Staff) -> None:
    home = Household.objects.create(community=community, head_name="阎珍")
    elder = Person.objects.create(community=community, household=home, name="阎珍", phone="19900000001")
    page = (
        client_of(head)
        .post(reverse("register:reveal", args=[elder.pk]), {"field": "phone", "reason": ""})
        .content.decode()
    )
    assert page.count("请选为什么要查看。") == 2 and "19900000001" not in page
