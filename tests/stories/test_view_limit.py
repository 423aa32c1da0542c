"""C10: a script with a good account goes through a community and is stopped at the two-hundredth person."""

from typing import Any

from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.office import disclosure
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.office.problems import TooManyLooks
from qiaomen.office.tests.cast import client_of
from qiaomen.register.actions import looks
from qiaomen.register.models import Household, Person
from qiaomen.register.tests.town import bring_in
from qiaomen.rights import selectors

HOMES = [
    [
        n,
        f"王{'一二三四五六七八九十'[n % 10]}{n}",
        "户主" if n % 2 else "配偶",
        id_no(200 + n),
        f"138000{n:05d}",
        f"学府里{(n + 1) // 40 + 1}-1-{100 + (n + 1) // 2}",
    ]
    for n in range(1, 261)
]


def test_a_script_gets_two_hundred_people_and_no_more(
    community: Organisation, worker: Staff, head: Staff, settings: Any
) -> None:
    assert settings.LOOKS_PER_HOUR == 200
    bring_in(community, worker, HOMES)
    client, seen, refused = client_of(worker), set(), 0
    for pk in Household.objects.values_list("pk", flat=True):
        answer = client.get(reverse("register:household", args=[pk]))
        if answer.status_code == 200:
            seen |= set(Person.objects.filter(household=pk).values_list("pk", flat=True))
        else:
            assert answer.status_code == 429
            refused += 1
    assert len(seen) == 200 and refused == 30
    person = Person.objects.exclude(pk__in=seen)[0]
    home = person.household_id
    for address in (
        reverse("rights:own-page", args=[person.pk]),
        reverse("register:tell", args=[person.pk]),
        reverse("register:correct", args=[person.pk]),
        reverse("register:life", args=[home, "moved_in"]),
        reverse("visits:history", args=[home]),
    ):
        assert client.get(address).status_code == 429, address
    drawer = reverse("sheets:card", args=["household", home])
    assert client.get(drawer, headers={"HX-Request": "true"}).status_code == 429
    reveal = client.post(reverse("register:reveal", args=[person.pk]), {"field": "phone", "reason": "电话联系"})
    assert reveal.status_code == 429 and person.phone not in reveal.content.decode()
    cell = {"view": "residents", "row": str(person.pk), "column": "phone", "reason": "电话联系"}
    answer = client.post(reverse("sheets:reveal"), cell, content_type="application/json")
    assert answer.status_code == 429 and answer.json()["problem"]["code"] == "office.too-many-looks"
    page = client.get(reverse("register:household", args=[home])).content.decode()
    assert all(word in page for word in ("一小时里看的人太多", "上限是 200 人", "什么是安全的", "请主任在“今天”页放开"))
    assert (
        client.get(
            reverse("register:household", args=[Person.objects.get(pk=next(iter(seen))).household_id])
        ).status_code
        == 200
    )
    assert LedgerEntry.objects.filter(code=disclosure.BRAKED).count() == 1
    assert [one.staff for one in disclosure.brakes_in(community)] == [worker]
    disclosure.lift_brake(staff=worker, actor=head)
    assert client.get(reverse("register:household", args=[home])).status_code == 200


def test_a_form_that_was_open_is_still_taken(community: Organisation, worker: Staff, settings: Any) -> None:
    """Who was stopped loses nothing they have typed."""
    bring_in(community, worker, HOMES[:2])
    settings.LOOKS_PER_HOUR = 0
    person = Person.objects.first()
    assert person is not None
    told = {"on_date": str(clock.today()), "fact-receives_dibao": "true"}
    assert client_of(worker).post(reverse("register:tell", args=[person.pk]), told).status_code == 302
    assert person.told_facts.count() == 1


def test_who_opened_the_household_stands_on_the_residents_page(community: Organisation, worker: Staff) -> None:
    bring_in(community, worker, HOMES[:2])
    person = Person.objects.first()
    assert person is not None
    for _ in range(3):
        client_of(worker).get(reverse("register:household", args=[person.household_id]))
    lines = [one for one in selectors.looks_at(person) if one["what"] == "打开了一户或一个人的资料"]
    assert len(lines) == 1 and lines[0]["who"] == worker.name
    assert "None" not in lines[0]["fields"] and "姓名" in lines[0]["fields"]


def test_a_reveal_that_is_refused_writes_no_look(community: Organisation, worker: Staff, settings: Any) -> None:
    bring_in(community, worker, HOMES[:2])
    settings.LOOKS_PER_HOUR = 0
    person = Person.objects.first()
    assert person is not None
    try:
        looks.reveal_field(person=person, field="phone", reason="电话联系", actor=worker)
        raise AssertionError("it was shown")
    except TooManyLooks:
        pass
    codes = set(LedgerEntry.objects.values_list("code", flat=True))
    assert "office.braked" in codes and "register.field-revealed" not in codes
