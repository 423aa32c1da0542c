"""One poisoned item fails nobody else's hand-in: it waits in quarantine, and so do no more of one phone than fit."""

import uuid
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.phone.actions import badges, devices, inbox
from qiaomen.phone.actions.arriving.apply_submission import OpenedItem
from qiaomen.phone.actions.group_commit import Turns, _Waiting
from qiaomen.phone.models import Submission
from qiaomen.phone.rules.badge import code_at
from qiaomen.phone.selectors import submissions
from qiaomen.phone.tests.conftest import Phone
from qiaomen.register.models import Dwelling
from qiaomen.visits.models import Visit


@pytest.mark.parametrize(
    "poison",
    [
        {"note": "半个字 \ud800"},
        {"note": "没有这个字 \x00"},
        {"happened_at": "0001-01-01T00:00:00+14:00"},
        {"happened_at": "9999-12-31T23:59:59-14:00"},
        {"round_id": str(uuid.UUID(int=7))},
        {"base_version": 10**400},
        {"base_version": "9" * 400},
        {"needs": [{"id": str(uuid.uuid4()), "kind": "repair", "words": "\udfff", "handling": "office"}]},
        {"detail": {"checks": {"\ud800": 1}}},
        {"corrects": str(uuid.UUID(int=7))},
    ],
)
def test_a_poisoned_item_is_put_aside_and_its_neighbours_are_stored(
    phone: Phone, door: Dwelling, poison: dict[str, Any]
) -> None:
    before, after = phone.say(door), phone.say(door)
    bad = phone.say(door, **poison)
    states = phone.states(phone.seal(before), phone.seal(bad), phone.seal(after))
    assert states[0] == states[2] == "stored" and states[1] in {"stored", "quarantined"}
    if "happened_at" in poison:  # of the others what is understood is kept (test_keeps_its_word.py)
        assert states[1] == "quarantined" and Submission.objects.get(pk=bad["op_id"]).code == "phone.not-understood"
    assert Visit.objects.filter(pk__in=[before["op_id"], after["op_id"]]).count() == 2


def test_any_fault_in_taking_an_item_stays_with_the_item(
    phone: Phone, door: Dwelling, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [phone.say(door) for _ in range(3)]
    take = inbox.apply_submissions

    def fail_for_one(community: Organisation, told: list[OpenedItem]) -> Any:
        if any(str(one.op_id) == items[1]["op_id"] for one in told):
            raise ZeroDivisionError
        return take(community, told)

    monkeypatch.setattr(inbox, "apply_submissions", fail_for_one)
    assert phone.states(*map(phone.seal, items)) == ["stored", "quarantined", "stored"]


def test_a_full_disk_is_no_fault_of_an_item(phone: Phone, door: Dwelling, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(inbox, "apply_submissions", fail)
    assert phone.send(phone.seal(phone.say(door))).status_code == 503
    assert not Submission.objects.exists()


def test_what_waits_together_is_of_one_community() -> None:
    served: list[list[str]] = []
    turns: Turns[str] = Turns(served.append, 3, lambda thing: thing[0])
    for thing in ("b1", "a2", "b2", "a3", "a4"):
        turns._line.append(_Waiting([thing]))
    turns.serve(["a1"])
    assert served == [["b1", "b2"], ["a2", "a3", "a4"], ["a1"]], "at most three, of one kind, in order"


def test_junk_of_a_phone_out_of_service_ends_somewhere(
    phone: Phone, worker: Staff, monkeypatch: pytest.MonkeyPatch, door: Dwelling
) -> None:
    monkeypatch.setattr(submissions, "MOST_ASIDE", 3)
    devices.revoke_device(device=Submission._meta.get_field("device").related_model.objects.get(), actor=worker)
    for _ in range(3):
        assert phone.states({"op_id": str(uuid.uuid4()), "ct": "x"}) == ["quarantined"]
    answer = phone.send({"op_id": str(uuid.uuid4()), "ct": "x"})
    assert answer.status_code == 429 and answer.json()["code"] == "phone.quarantine-full"
    assert Submission.objects.count() == 3
    monkeypatch.setattr(submissions, "MOST_ASIDE", 99)
    monkeypatch.setattr(submissions, "MOST_ASIDE_CHARACTERS", 50)
    assert phone.send({"op_id": str(uuid.uuid4()), "ct": "x"}).status_code == 429, "nor more characters"


def test_a_guesser_behind_a_shared_address_stops_no_other_badge(
    phone: Phone, worker: Staff, community: Organisation
) -> None:
    badge, other = phone.pack["badge"], devices.badge_of(devices.enrol_device(staff=worker, label="另一部")[0])
    good = code_at(badge["secret"], clock.now().timestamp())
    for _ in range(badges.WRONG_TRIES):
        Client().get("/who/", {"n": other.number, "c": "000000"}, REMOTE_ADDR="203.0.113.7")
    assert Client().get("/who/", {"n": other.number, "c": "000000"}, REMOTE_ADDR="203.0.113.7").status_code == 429
    page = Client().get("/who/", {"n": badge["number"], "c": good}, REMOTE_ADDR="203.0.113.7")
    assert page.status_code == 200 and "姚静" in page.content.decode()


def test_a_badge_guessed_from_many_addresses_is_stopped(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(badges, "WRONG_IN_ALL", 5)
    asked = {"n": phone.pack["badge"]["number"], "c": "000000"}
    answers = [Client().get("/who/", asked, REMOTE_ADDR=f"203.0.113.{n}").status_code for n in range(6)]
    assert answers == [200] * 5 + [429]
