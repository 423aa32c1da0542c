"""A call that was written down wrong is put right or taken back, and all that followed from it with it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.calls import problems
from qiaomen.calls.actions import calls, put_right
from qiaomen.calls.models import Call
from qiaomen.calls.selectors.call_lists import call_list
from qiaomen.calls.selectors.pages import going_alone
from qiaomen.calls.tests.ringing import TEN, ring
from qiaomen.kernel import clock, figures
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.register.models import Household
from qiaomen.visits.actions import due, visits
from qiaomen.visits.models import Visit, VisitRequest
from qiaomen.visits.tests.street import TODAY

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def ten() -> Iterator[None]:
    with clock.at(TEN):
        yield


def in_list(home: Household) -> bool:
    due.keep_current(home.community)
    return home.pk in {one.home for one in call_list(home.community, TODAY).asked}


def test_a_call_that_was_none_is_taken_back_and_what_it_did_with_it(
    community: Organisation, elder: Household, worker: Staff, head: Staff, client: Client
) -> None:
    assert in_list(elder)
    call = ring(elder, worker, "worry")
    assert not in_list(elder) and going_alone(community, TODAY) and Visit.objects.filter(outcome="by_phone").exists()
    client.force_login(head, backend=BACKEND)
    where = reverse("calls:take-back", args=[call.pk])
    asks = client.post(where).content.decode()
    assert "算作的走访一起撤销" in asks and Call.objects.exists()
    assert client.post(where, {"reason": "按错了一行"}).status_code == 302
    assert in_list(elder) and not going_alone(community, TODAY) and not Call.objects.exists()
    assert not Visit.objects.filter(outcome="by_phone").exists() and calls.tries_in_vain(elder) == 0
    entry = LedgerEntry.objects.get(code="calls.taken-back")
    assert (entry.actor, entry.reason) == (head, "按错了一行")
    assert client.post(where, {"reason": "再来"}).status_code == 409
    period = {"community": community, "start": TODAY, "end": TODAY}
    assert figures.get("calls.made").count(as_at=clock.now() + timedelta(hours=1), **period) == 0


def test_a_wrong_row_is_put_right_and_what_holds_follows_from_it(
    community: Organisation, elder: Household, worker: Staff, mate: Staff, client: Client
) -> None:
    call = ring(elder, worker, "declined")
    client.force_login(worker, backend=BACKEND)
    page = client.get(reverse("calls:household", args=[elder.pk])).content.decode()
    where = reverse("calls:correct", args=[call.pk])
    assert where in page and where in client.get(reverse("calls:list")).content.decode()
    sent = {"way": "phone", "outcome": "worry", "note": "说腿疼", "reason": ""}
    assert "请写一句为什么更正" in client.post(where, sent).content.decode()
    assert client.post(where, {**sent, "reason": "按错了一行"}).status_code == 302
    stands = Call.objects.get()
    assert (stands.outcome, stands.note, stands.staff, stands.happened_at) == (
        "worry",
        "说腿疼",
        worker,
        call.happened_at,
    )
    assert Call.everything.count() == 2 and going_alone(community, TODAY)
    assert Visit.objects.get(outcome="by_phone").happened_at == call.happened_at
    assert LedgerEntry.objects.get(code="calls.corrected").reason == "按错了一行"
    assert client.get(where).status_code == 409
    put_right.correct_call(call=stands, outcome="well", way="phone", note="说腿疼", reason="听错了", actor=worker)
    due.keep_current(community)
    assert not going_alone(community, TODAY), "nobody has to go there any more"
    other = Staff.objects.create_user("m-o", None, name="别人", role="worker", organisation=community)
    with pytest.raises(problems.CallNotYours):
        put_right.take_back_call(call=Call.objects.get(), reason="不对", actor=other)
    with pytest.raises(problems.WhyMissing):
        put_right.take_back_call(call=Call.objects.get(), reason=" ", actor=worker)


def test_who_was_searched_for_is_searched_again_when_the_call_that_ended_it_is_taken_back(
    elder: Household, worker: Staff
) -> None:
    def is_searched() -> bool:
        return VisitRequest.objects.filter(kind="unreached", open=True).exists()

    tries = []
    for hours in range(3):
        with clock.at(TEN + timedelta(hours=hours)):
            tries.append(ring(elder, worker, "no_answer"))
    assert is_searched()
    with clock.at(TEN + timedelta(hours=5)):
        reached = ring(elder, worker, "well")
        assert not is_searched()
        put_right.take_back_call(call=reached, reason="打的是别家", actor=worker)
        assert is_searched() and calls.tries_in_vain(elder) == 3
        put_right.take_back_call(call=tries[1], reason="没有打", actor=worker)
        assert not is_searched(), "two calls in vain ask for nobody"


def test_the_visit_and_its_call_are_one_thing(elder: Household, worker: Staff) -> None:
    call = ring(elder, worker, "well")
    assert call.visit is not None
    visits.take_back_at_desk(visit=call.visit, actor=worker)
    assert not Call.objects.exists() and in_list(elder)
