"""Whom nobody may ask and who may not be asked: a hand once is a hand for good, and a household is asked once."""

import json
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from qiaomen.callbacks import problems
from qiaomen.callbacks.actions import calls, rounds
from qiaomen.callbacks.models import Call, Sample
from qiaomen.callbacks.selectors import results
from qiaomen.callbacks.tests.conftest import CLOSED, Office
from qiaomen.callbacks.tests.test_callbacks import agrees, drawn, framed, say, told_all
from qiaomen.cases import actions as cases
from qiaomen.cases.models import Case
from qiaomen.kernel import clock, ledger_kinds
from qiaomen.kernel.figures import asking
from qiaomen.kernel.figures.asking import Askable, Subject
from qiaomen.needs import actions as needs
from qiaomen.needs.models import Need, Owed
from qiaomen.office import disclosure
from qiaomen.office.accounts import acts
from qiaomen.office.disclosure import short_key
from qiaomen.office.models import LedgerEntry, Organisation
from qiaomen.office.tests.cast import client_of
from qiaomen.register.models import Household, Person


def test_whoever_ever_owned_it_asks_no_more_though_it_is_somebody_else_s_today(office: Office) -> None:
    """By a hand-over, by a re-assignment, on the day it was opened, or as who was to tell the answer."""
    other, opened, passed, left, teller = (
        office.make("worker", f"k-{n}") for n in ["other", "opened", "passed", "left", "teller"]
    )
    for case in office.close(12):
        cases.record_answer(case=case, actor=office.handler, solved=False)
        cases.hand_over(case=case, actor=office.head, owner=opened)
        cases.hand_over(case=case, actor=office.head, owner=passed)
        cases.inherit(case=case, actor=office.head, owner=left)
        cases.inherit(case=case, actor=office.head, owner=office.handler)
        cases.close_case(case=case, actor=office.handler, sentence="修好了")
        owed = Owed.objects.get(need=case.need, told_at=None)
        needs.give_owed(owed=owed, to=teller, actor=office.head)
        needs.give_owed(owed=owed, to=office.handler, actor=office.head)
    sample = drawn(office)
    assert set(sample.calls.values_list("caller", flat=True)) == {other.pk}
    call = sample.calls.filter(state="waiting")[0]
    for person in (opened, passed, left, teller):
        with pytest.raises(problems.NotYourCall):
            calls.answer(call=call, actor=person, solved="solved", level="satisfied")


def test_who_was_head_while_it_was_handled_does_not_ask_as_a_worker(office: Office) -> None:
    other, before = office.make("worker", "k-other"), office.make("head", "k-before")
    system = office.make("admin", "k-admin", Organisation.objects.get(code="K0"))
    acts.change_account(
        actor=system, staff=before, name="k-before", telephone="", role="worker", organisation=office.community
    )
    office.close(12)
    assert set(drawn(office).calls.values_list("caller", flat=True)) == {other.pk}


def test_the_ledger_names_nobody_whom_a_call_asks_and_the_resident_reads_it_afterwards(office: Office) -> None:
    other = office.make("worker", "k-other")
    office.close(12)
    call = drawn(office).calls.filter(state="waiting")[0]
    assert client_of(other).get(reverse("callbacks:call", args=[call.pk])).status_code == 200
    line = LedgerEntry.objects.get(code="callbacks.looked")
    household, person = call.household, call.household.people.get()
    known = json.dumps([line.detail, line.subject_id, line.fields])
    assert str(household.pk) not in known and str(person.pk) not in known and household.head_name not in known
    assert short_key(household.pk) not in known and short_key(person.pk) not in known
    for reader in (office.head, office.handler):
        page = client_of(reader).get(reverse("office:ledger"), {"about": household.head_name}).content.decode()
        assert "打开了一件要回访的事" not in page.split("<tbody")[-1]
    assert line.pk not in disclosure.lines_about(person.pk, household.pk).values_list("pk", flat=True)
    assert call.pk not in ledger_kinds.apart_of(person.pk, household.pk), "not while it is being asked"
    say(call)
    assert call.pk in ledger_kinds.apart_of(person.pk, household.pk)


@pytest.mark.parametrize("because, state", [("died", "gone"), ("moved", "gone"), ("refused", "no_answer")])
def test_who_is_heard_to_be_gone_or_unwilling_is_replaced_at_once(office: Office, because: str, state: str) -> None:
    office.make("worker", "k-other")
    office.close(40)
    sample = drawn(office)
    call = sample.calls.filter(state="waiting").order_by("place")[0]
    page = client_of(call.caller).post(reverse("callbacks:give-up", args=[call.pk]), {"because": because})
    assert page.status_code == 302
    call.refresh_from_db()
    sample.refresh_from_db()
    assert (call.state, call.because) == (state, because) and not call.attempts.exists()
    assert results.progress(sample)["waiting"] == sample.quotas[""] and results.reasons(sample) == {because: 1}
    assert agrees(sample)
    title = {"died": "去世 1", "moved": "搬走 1", "refused": "不愿意答 1"}[because]
    assert title in client_of(office.head).get(reverse("callbacks:round", args=[sample.pk])).content.decode()


def test_who_the_register_says_is_gone_since_is_not_rung_and_replaced_by_night(office: Office) -> None:
    office.make("worker", "k-other")
    office.close(40)
    sample = drawn(office)
    first, second = sample.calls.filter(state="waiting").order_by("place")[:2]
    Household.objects.filter(pk__in=[first.household_id, second.household_id]).update(state="left")
    assert "不用再打电话" in client_of(first.caller).get(reverse("callbacks:call", args=[first.pk])).content.decode()
    calls.give_up(call=first, actor=first.caller)
    assert calls.release_gone() == 1 and calls.release_gone() == 0
    sample.refresh_from_db()
    told = results.progress(sample)
    assert (told["gone"], told["waiting"]) == (2, sample.quotas[""]) and agrees(sample)


def test_a_draw_moved_by_a_day_or_by_another_figure_is_a_second_draw_and_both_are_printed(office: Office) -> None:
    office.make("worker", "k-other")
    made = office.close(30)
    today = clock.today()
    first = framed(office)
    for moved in (
        {"start": today - timedelta(days=91)},
        {"start": today - timedelta(days=1)},
        {"figure": "needs.heard"},
    ):
        with pytest.raises(problems.DrawnAlready) as refused:
            framed(office, **moved)
        assert str(first.start) in refused.value.in_full()
        assert Sample.objects.count() == 1
    Case.objects.filter(pk__in=[case.pk for case in made[:16]]).update(closed_at=None)
    with pytest.raises(problems.DrawnAlready):
        framed(office, start=today - timedelta(days=50))
    second = framed(office, figure="needs.heard", because="头一回漏念了摘要")
    assert second.redraw_of == first
    client = client_of(office.head)
    assert "头一回漏念了摘要" in client.get(reverse("callbacks:round", args=[first.pk])).content.decode()
    assert "看第一次" in client.get(reverse("callbacks:round", args=[second.pk])).content.decode()
    about = results.about_of(second)
    assert (about["redraw_of"], about["redraw_because"]) == (first.commitment, "头一回漏念了摘要")
    office.close(31, compound="新院", start=100)
    other = framed(office, start=today - timedelta(days=40))
    assert other.redraw_of is None, "half of them are other matters"


def test_a_household_is_asked_once_over_all_rounds_figures_and_matters(office: Office) -> None:
    """Two matters of one household stand once in a frame; a second round finds it asked, whatever about."""
    office.make("worker", "k-other")
    made = office.close(30)
    for case in made[:10]:
        need = Need.objects.create(
            community=office.community,
            household=case.need.household,
            kind="repair",
            words="又不亮",
            handling="mine",
            origin="visit",
            heard_at=clock.now(),
            heard_by=office.handler,
            received_at=clock.now(),
        )
        again = cases.open_case(need=need, owner=office.handler, actor=office.handler)
        cases.close_case(case=again, actor=office.handler, sentence="又修好了")
    sample = framed(office)
    assert (len(sample.frame), sample.left_out) == (30, {rounds.SAME_HOME: 10})
    other = framed(office, figure="needs.heard", because="两轮一起")
    rounds.draw_round(sample=sample, actor=office.head, public="4 2 6")
    drawn_late = rounds.draw_round(sample=other, actor=office.head, public="1 1 1")
    homes = list(Call.objects.filter(state="waiting").values_list("household", flat=True))
    assert len(homes) == len(set(homes)), "one household, one call, over both rounds"
    assert set(results.reasons(drawn_late)) <= {"recent"} and agrees(drawn_late)


def test_a_person_who_moved_house_is_not_asked_again_at_the_new_door(office: Office) -> None:
    office.make("worker", "k-other")
    made = office.close(30)
    people = list(Person.objects.order_by("name"))
    Need.objects.update(person=None)
    for person in people:
        Need.objects.filter(household=person.household).update(person=person)
    sample = drawn(office)
    told_all(sample, 30)
    asked = sample.calls.count()
    for person in people:
        home = Household.objects.create(
            community=office.community, dwelling=person.household.dwelling, head_name="新户"
        )
        Need.objects.filter(person=person).update(household=home)
        Person.objects.filter(pk=person.pk).update(household=home)
    today = clock.today()
    frame = rounds.frame_of(community=office.community, figure=CLOSED, start=today - timedelta(days=90), end=today)
    assert frame.left_out[rounds.RECENT] == asked and len(frame.subjects) == len(made) - asked


def test_a_house_above_has_its_records_asked_about_by_the_calendar(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kind of record that no house here knows: the checks, the answer and the opening again go through the join."""
    office.make("worker", "k-other")
    home, opened = office.close(1)[0].need.household, []
    work = uuid.uuid4()
    subject = Subject(work, work, home, None, frozenset({office.handler.pk}), "修楼道灯", {})
    kind = Askable(
        "works.work",
        lambda keys: [subject] if work in set(keys) else [],
        lambda community, after, until: [work] if community == office.community else [],
        lambda key, actor, words: opened.append((key, words)),
    )
    monkeypatch.setitem(asking._askable, "works.work", kind)
    assert calls.ask_by_calendar() == 1
    call = Call.objects.get(of_type="works.work")
    assert call.caller == office.staff["k-other"]
    assert "修楼道灯" in client_of(call.caller).get(reverse("callbacks:call", args=[call.pk])).content.decode()
    say(call, "half", words="三楼还是黑")
    assert [(key, "三楼还是黑" in words) for key, words in opened] == [(work, True)]
    assert calls.ask_by_calendar() == 0
