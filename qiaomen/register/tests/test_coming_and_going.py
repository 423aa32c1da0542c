"""Nobody gets a second record by coming back, by marrying or by a second click; no date turns a life round."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.kernel.lines import timeline_of
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.register import problems
from qiaomen.register.actions import acts, duplicates, household_events
from qiaomen.register.actions.duplicates import uncovered
from qiaomen.register.models import Household, Person
from qiaomen.register.selectors import totals
from qiaomen.register.tests.town import FAMILY, bring_in, picture

TODAY = clock.today()
YEAR, HALF = TODAY - timedelta(days=365), TODAY - timedelta(days=180)


@pytest.fixture
def home(community: Organisation, worker: Staff) -> Household:
    bring_in(community, worker, FAMILY)
    return Household.objects.get(head_name="单志明")


@pytest.fixture
def desk(worker: Staff) -> Client:
    client = Client()
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    return client


def person(name: str) -> Person:
    return Person.objects.exclude(state="merged").get(name=name)


def counts(home: Household, day: date) -> tuple[int, int]:
    found = totals.totals_as_at(home.community, day)
    return found["households"], found["people"]


def leave(home: Household, worker: Staff, name: str, day: date) -> None:
    household_events.move_out(
        household=home,
        people=[person(name)],
        on_date=day,
        actor=worker,
        registration_goes=True,
        new_head=person("仇小兰") if name == "单志明" else None,
    )


def test_who_left_comes_back_to_the_household_and_past_totals_stay(home: Household, worker: Staff) -> None:
    leave(home, worker, "仇小兰", YEAR)
    before = [counts(home, day) for day in (YEAR - timedelta(days=1), YEAR, HALF - timedelta(days=1))]
    act = household_events.come_back(household=home, people=[person("仇小兰")], on_date=HALF, actor=worker)
    assert [counts(home, day) for day in (YEAR - timedelta(days=1), YEAR, HALF - timedelta(days=1))] == before
    assert counts(home, HALF) == counts(home, TODAY) == (2, 3) and person("仇小兰").state == "living"
    assert Person.objects.filter(name="仇小兰").count() == 1
    with pytest.raises(problems.NotAway):
        household_events.come_back(household=home, people=[person("仇小兰")], on_date=TODAY, actor=worker)
    acts.undo(act=act, actor=worker, reason="没有回来")
    assert person("仇小兰").state == "left" and counts(home, TODAY) == (2, 2)


def test_nobody_comes_back_before_they_left(home: Household, worker: Staff) -> None:
    leave(home, worker, "仇小兰", HALF)
    with pytest.raises(problems.BeforeItBegan):
        household_events.come_back(household=home, people=[person("仇小兰")], on_date=YEAR, actor=worker)


def test_the_form_offers_who_has_gone(home: Household, worker: Staff, desk: Client) -> None:
    leave(home, worker, "仇小兰", YEAR)
    address = reverse("register:life", args=[home.pk, "came_back"])
    page = desk.get(address).content.decode()
    assert "仇小兰" in page and "迁回" in page and 'value="{}"'.format(person("单志明").pk) not in page
    answers = {"people": [str(person("仇小兰").pk)], "on_date": HALF.isoformat(), "registered": "on"}
    assert desk.post(address, answers).status_code == 302 and counts(home, TODAY) == (2, 3)
    assert "迁回" in desk.get(reverse("register:household", args=[home.pk])).content.decode()


def test_somebody_on_record_marries_into_another_household(home: Household, worker: Staff, desk: Client) -> None:
    """Until now the only way was a second record: four people became five."""
    other = Household.objects.get(head_name="曾·艾力")
    address = reverse("register:life", args=[other.pk, "married"])
    answers = {
        "name": "仇小兰",
        "relation": "配偶",
        "id_no": id_no(22),
        "on_date": HALF.isoformat(),
        "registered": "on",
    }
    page = desk.post(address, answers)
    assert "登记里已有相像的人" in page.content.decode() and "就是已登记的这一位" in page.content.decode()
    assert str(person("仇小兰").pk) in page.content.decode()
    assert desk.post(address, {**answers, "same_as": str(person("仇小兰").pk)}).status_code == 302
    moved = person("仇小兰")
    assert moved.household == other and moved.relation == "配偶" and Person.objects.count() == 3
    assert counts(home, TODAY) == counts(home, YEAR) == (2, 3)
    assert moved.residences.get(to_date=None).dwelling == other.dwelling


@pytest.mark.parametrize("stays_old", [True, False])
def test_a_merge_of_who_left_and_came_back_keeps_both_stays(home: Household, worker: Staff, stays_old: bool) -> None:
    leave(home, worker, "仇小兰", YEAR)
    household_events.add_person(
        household=home, kind="moved_in", on_date=HALF, actor=worker, name="仇小兰", relation="配偶", phone="13700001111"
    )
    old = Person.objects.get(name="仇小兰", state="left")
    new = Person.objects.get(name="仇小兰", state="living")
    days = [YEAR - timedelta(days=1), YEAR, HALF - timedelta(days=1), HALF, TODAY]
    before, whole = [counts(home, day) for day in days], picture()
    stays, goes = (old, new) if stays_old else (new, old)
    act = duplicates.merge_people(stays=stays, goes=goes, actor=worker)
    assert [counts(home, day) for day in days] == before
    one = person("仇小兰")
    assert (one.state == "living" and one.household == home and one.phone == "13900005678") or not stays_old
    acts.undo(act=act, actor=worker, reason="是两个人")
    assert picture() == whole


def test_times_are_kept_once() -> None:
    first, last = date.min, date.max
    a, b, c, d = (date(2020 + n, 1, 1) for n in range(4))
    assert uncovered((a, d), []) == [(a, d)]
    assert uncovered((a, d), [(b, c)]) == [(a, b), (c, d)]
    assert uncovered((first, last), [(first, b), (c, last)]) == [(b, c)]
    assert uncovered((b, c), [(a, d)]) == []
    assert uncovered((a, b), [(c, d)]) == [(a, b)]


def test_a_birth_is_recorded_once_however_often_the_button_is_pressed(home: Household, desk: Client) -> None:
    address = reverse("register:life", args=[home.pk, "born"])
    answers = {"name": "单小宝", "relation": "孙子", "on_date": HALF.isoformat(), "registered": "on"}
    assert desk.post(address, answers).status_code == 302
    page = desk.post(address, answers)
    assert "登记里已有相像的人" in page.content.decode()
    page = desk.post(address, {**answers, "surely_new": "on"})
    assert "已经记了一次" in page.content.decode() and Person.objects.filter(name="单小宝").count() == 1
    twin = {**answers, "name": "单小贝", "surely_new": "on"}
    assert desk.post(address, twin).status_code == 302


def test_the_same_newcomer_is_not_recorded_twice(home: Household, worker: Staff) -> None:
    told = {
        "household": home,
        "kind": "moved_in",
        "on_date": HALF,
        "actor": worker,
        "name": "贺小年",
        "relation": "租客",
    }
    act = household_events.add_person(**told)  # type: ignore[arg-type]
    with pytest.raises(problems.SaidBefore):
        household_events.add_person(**told)  # type: ignore[arg-type]
    acts.undo(act=act, actor=worker, reason="记错了")
    household_events.add_person(**told)  # type: ignore[arg-type]


def before_birth(home: Household, who: Person, worker: Staff) -> list[Callable[[], object]]:
    assert who.birth_date is not None
    told = {"household": home, "on_date": who.birth_date - timedelta(days=1), "actor": worker}
    return [
        lambda: household_events.record_death(person=who, **told),  # type: ignore[arg-type]
        lambda: household_events.move_out(people=[who], **told),  # type: ignore[arg-type]
        lambda: household_events.move_within(people=[who], dwelling=home.dwelling, **told),  # type: ignore[arg-type]
        lambda: household_events.split_household(people=[who], new_head=who, **told),  # type: ignore[arg-type]
        lambda: household_events.part_family(people=[who], **told),  # type: ignore[arg-type]
    ]


def test_nothing_happens_to_somebody_before_their_birth(home: Household, worker: Staff) -> None:
    for act in before_birth(home, person("仇小兰"), worker):
        with pytest.raises(problems.BeforeBirth):
            act()


def test_a_death_before_a_later_move_is_counted_from_its_day(home: Household, worker: Staff) -> None:
    leave(home, worker, "仇小兰", HALF)
    between = HALF - timedelta(days=10)
    household_events.record_death(
        household=home, person=person("仇小兰"), on_date=HALF - timedelta(days=20), actor=worker
    )
    assert counts(home, between) == (2, 2) and counts(home, HALF - timedelta(days=21)) == (2, 3)


def test_the_head_who_splits_off_is_the_head_of_the_new_household(home: Household, worker: Staff) -> None:
    household_events.split_household(
        household=home,
        people=[person("单志明")],
        new_head=person("单志明"),
        remaining_head=person("仇小兰"),
        on_date=HALF,
        actor=worker,
    )
    assert person("单志明").is_head and person("单志明").household.head_name == "单志明"
    assert person("仇小兰").is_head and person("仇小兰").household.head_name == "仇小兰"


def test_a_correction_with_the_number_of_another_is_refused_and_is_a_look(home: Household, desk: Client) -> None:
    address = reverse("register:correct", args=[person("仇小兰").pk])
    answers = {"name": "仇小兰", "relation": "配偶", "id_no": id_no(11), "reason": "对证件"}
    page = desk.post(address, answers)
    assert "已经登记在另一个人名下" in page.content.decode() and person("仇小兰").id_no == id_no(22)
    assert LedgerEntry.objects.filter(code="office.number-typed").exists()
    assert "不是一个电话号码" in desk.post(address, {**answers, "id_no": "", "phone": "12"}).content.decode()
    assert desk.post(address, {**answers, "id_no": id_no(23)}).status_code == 302
    life = reverse("register:life", args=[home.pk, "moved_in"])
    newcomer = {"name": "某某某", "relation": "亲戚", "on_date": HALF.isoformat(), "phone": "abc"}
    assert "不是一个电话号码" in desk.post(life, newcomer).content.decode()
    taken = {**newcomer, "phone": "", "id_no": id_no(11), "surely_new": "on"}
    assert "已经登记在另一个人名下" in desk.post(life, taken).content.decode()


def corrections(household: Household, viewer: Staff) -> list[str]:
    """The addresses by which a page offers to correct what happened."""
    return [link.url for moment in timeline_of(household, viewer) for link in moment.links]


def test_a_marriage_is_corrected_where_it_was_entered_and_not_where_somebody_left(
    home: Household, worker: Staff, desk: Client
) -> None:
    other = Household.objects.get(head_name="曾·艾力")
    act = household_events.come_back(
        household=other, people=[person("仇小兰")], on_date=HALF, actor=worker, kind="married", relation="配偶"
    )
    answers = {"name": "仇小兰", "relation": "妻", "same_as": str(person("仇小兰").pk), "registered": "on"}
    answers["on_date"] = YEAR.isoformat()
    left, entered = (reverse("register:life", args=[h.pk, "married"]) + f"?corrects={act.pk}" for h in (home, other))
    assert corrections(home, worker) == [] and corrections(other, worker) == [entered]
    assert desk.get(left).status_code == 404 and desk.post(left, answers).status_code == 404
    assert person("仇小兰").household == other
    assert desk.post(entered, answers).status_code == 302
    assert person("仇小兰").household == other and person("仇小兰").relation == "妻"


def test_a_split_is_corrected_at_the_household_that_was_split(home: Household, worker: Staff, desk: Client) -> None:
    chosen = {"people": [person("仇小兰")], "new_head": person("仇小兰")}
    act = household_events.split_household(household=home, **chosen, on_date=HALF, actor=worker)
    new = person("仇小兰").household
    made, split = (reverse("register:life", args=[h.pk, "split"]) + f"?corrects={act.pk}" for h in (new, home))
    assert corrections(new, worker) == [] and corrections(home, worker) == [split]
    pk = str(person("仇小兰").pk)
    answers = {"people": [pk], "new_head": pk, "on_date": YEAR.isoformat()}
    assert desk.get(made).status_code == 404 and desk.post(made, answers).status_code == 404
    page = desk.post(split, answers)
    assert page.status_code == 302, page.context["form"].errors
    assert person("仇小兰").household not in (home, new)


def test_what_was_typed_of_somebody_on_record_fills_what_was_not_known(home: Household, desk: Client) -> None:
    other = Household.objects.get(head_name="曾·艾力")
    Person.objects.filter(pk=person("仇小兰").pk).update(id_no="", id_no_bi="", phone="", sex="", birth_date=None)
    address = reverse("register:life", args=[other.pk, "moved_in"])
    answers = {"name": "仇小兰", "relation": "亲戚", "id_no": id_no(22), "phone": "139 1111 2222"}
    answers |= {"on_date": HALF.isoformat(), "registered": "on", "same_as": str(person("仇小兰").pk)}
    taken = desk.post(address, {**answers, "id_no": id_no(11)})
    assert "已经登记在另一个人名下" in taken.content.decode() and person("仇小兰").household == home
    assert desk.post(address, answers).status_code == 302
    moved = person("仇小兰")
    assert (moved.household, moved.id_no, moved.phone) == (other, id_no(22), "13911112222")
    assert moved.sex and moved.birth_date
    again = reverse("register:life", args=[home.pk, "moved_in"])
    assert desk.post(again, {**answers, "phone": "13933334444"}).status_code == 302
    assert person("仇小兰").household == home and person("仇小兰").phone == "13911112222", (
        "nothing is corrected by this"
    )


def test_who_lives_in_a_household_does_not_join_it(home: Household, desk: Client) -> None:
    head = person("单志明")
    answers = {"name": "单志明", "relation": "亲戚", "on_date": HALF.isoformat(), "same_as": str(head.pk)}
    page = desk.post(reverse("register:life", args=[home.pk, "moved_in"]), answers)
    assert page.status_code == 200 and "没有搬走或迁出的记录" in page.content.decode()
    assert person("单志明").relation == head.relation and person("单志明").is_head
