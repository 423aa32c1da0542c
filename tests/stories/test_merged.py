"""Two records of one person made one: what stood under the one that goes is found under the one that stays."""

from datetime import date
from typing import Any
from uuid import uuid4

from qiaomen.kernel import clock
from qiaomen.needs import actions as needs
from qiaomen.needs.models import Need, Owed
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.actions import acts, duplicates, person_facts
from qiaomen.register.models import Consent, Household, Person
from qiaomen.rights import actions as rights
from qiaomen.rights.models import RightsRequest

WHOSE: tuple[Any, ...] = (
    Consent.objects.filter(purpose="refer"),
    RightsRequest.objects.all(),
    Need.objects.all(),
    Owed.objects.all(),
)


def whose() -> list[Person]:
    return [rows.all().get().person for rows in WHOSE]


def test_what_was_agreed_asked_and_owed_goes_over_and_comes_back(community: Organisation, worker: Staff) -> None:
    home = Household.objects.create(community=community, head_name="沈砚秋")
    values: dict[str, Any] = {"community": community, "household": home, "birth_date": date(1956, 5, 6)}
    stays = Person.objects.create(name="沈砚秋", is_head=True, **values)
    goes, child = (Person.objects.create(name=name, **values) for name in ("沈砚球", "沈小满"))
    Person.objects.filter(pk=child.pk).update(birth_date=date(2015, 5, 6))
    child.refresh_from_db()
    person_facts.give_consent(person=goes, purpose="refer", to_whom="区民政局", actor=worker)
    given = {"purpose": "programme", "to_whom": "暑期班", "guardian": goes}
    guarded = person_facts.give_consent(person=child, actor=worker, **given)
    rights.receive(person=goes, kind="see", words="看看登记了什么", actor=worker)
    need, _new = needs.hear_need(
        need_id=uuid4(),
        household=home,
        person=goes,
        kind="repair",
        words="灯不亮",
        handling="mine",
        origin="window",
        heard_at=clock.now(),
        heard_by=worker,
    )
    needs.owe(household=home, person=goes, need=need, sentence="灯修好了", owner=worker, actor=worker)

    act = duplicates.merge_people(stays=stays, goes=goes, actor=worker)
    assert whose() == [stays] * 4 and Consent.objects.get(pk=guarded.pk).guardian == stays
    acts.undo(act=act, actor=worker, reason="是两个人")
    assert whose() == [goes] * 4 and Consent.objects.get(pk=guarded.pk).guardian == goes
