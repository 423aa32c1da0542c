"""What was recorded at the desk is put right or taken back in its row, with a reason, and nothing is chosen for you."""

import json
import re
import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.register.models import Dwelling
from qiaomen.visits.actions import visits
from qiaomen.visits.models import Correction, DueVisit, Round, Team, Visit, VisitRequest
from qiaomen.visits.problems import VisitTakenBack
from qiaomen.visits.rules.brought.door_code import door_code
from qiaomen.visits.tests.street import FEW, NOON, TODAY, visit


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.at(NOON):
        yield


@pytest.fixture
def made(team: Team, worker: Staff, doors: list[Dwelling]) -> Round:
    return visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)


@pytest.fixture
def desk(client: Client, worker: Staff) -> Client:
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    return client


def row_of(page: str, door: Dwelling) -> str:
    found = re.search(rf'<tr id="door-{door.pk}".*?</tr>', page, re.S)
    assert found is not None
    return found[0]


def test_a_row_of_a_round_has_no_outcome_until_somebody_chose_one(desk: Client, made: Round) -> None:
    page = desk.get(reverse("visits:round", args=[made.pk])).content.decode()
    assert page.count('<option value="">选结果</option>') == made.doors.count() and " selected" not in page
    door = made.doors.first().dwelling  # type: ignore[union-attr]
    sent = {"visit_id": uuid.uuid4(), "door": door.pk, "outcome": "", "note": "送了降压药"}
    answer = desk.post(reverse("visits:record", args=[made.pk]), sent).content.decode()
    assert not Visit.objects.exists()
    assert "请选这扇门的结果" in row_of(answer, door) and "送了降压药" in row_of(answer, door)


def test_what_was_recorded_is_told_and_taken_back_in_its_row(desk: Client, made: Round) -> None:
    door = made.doors.first().dwelling  # type: ignore[union-attr]
    sent = {"visit_id": uuid.uuid4(), "door": door.pk, "outcome": "met", "note": ""}
    where = desk.post(reverse("visits:record", args=[made.pk]), sent).headers["Location"]
    assert where.endswith(f"#door-{door.pk}")
    row = row_of(desk.get(where).content.decode(), door)
    assert "记下了" in row and "撤销" in row and "更正" in row
    seen = Visit.objects.get()
    where = desk.post(reverse("visits:take-back", args=[seen.pk])).headers["Location"]
    row = row_of(desk.get(where).content.decode(), door)
    assert "已撤销" in row and "选结果" in row and not Visit.objects.exists()
    assert DueVisit.objects.filter(dwelling=door, state="open").exists()


def test_a_visit_is_put_right_with_a_reason_and_what_stood_is_kept(
    desk: Client, made: Round, worker: Staff, doors: list[Dwelling]
) -> None:
    visit(doors[0], worker, "no_answer", made=made)
    seen = Visit.objects.get()
    url = reverse("visits:correct", args=[seen.pk])
    assert "请写一句为什么更正" in desk.post(url, {"outcome": "met", "note": ""}).content.decode()
    where = desk.post(url, {"outcome": "met", "note": "在楼下", "reason": "选错了一行"}).headers["Location"]
    assert f"#door-{doors[0].pk}" in where
    kept = Correction.objects.get()
    assert json.loads(kept.before) == {"outcome": "no_answer", "note": ""} and kept.reason == "选错了一行"
    assert Visit.objects.get().outcome == "met" and LedgerEntry.objects.filter(code="visits.corrected").exists()
    desk.post(url, {"outcome": "met", "note": "在楼下", "reason": "再看一遍"})
    assert Correction.objects.count() == 1, "what is as it was changes nothing"


def test_only_who_recorded_it_and_the_head_put_a_visit_right(
    client: Client, mate: Staff, head: Staff, worker: Staff, doors: list[Dwelling]
) -> None:
    visit(doors[0], worker, "met")
    seen = Visit.objects.get()
    for route in ("visits:correct", "visits:take-back"):
        client.force_login(mate, backend="django.contrib.auth.backends.ModelBackend")
        assert client.post(reverse(route, args=[seen.pk]), {}).status_code == 403
    client.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("visits:take-back", args=[seen.pk])).status_code == 302
    other = Organisation.objects.create(kind="community", name="新桥社区", code="OTHER-R")
    stranger = Staff.objects.create_user("stranger-r", None, name="外", role="head", organisation=other)
    visit(doors[0], worker, "met")
    seen = Visit.objects.get()
    client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("visits:take-back", args=[seen.pk])).status_code == 404


def test_a_sheet_says_how_many_it_brought_and_a_door_taken_back_is_keyed_anew(desk: Client, made: Round) -> None:
    door = made.doors.first().dwelling  # type: ignore[union-attr]
    sheet = {"code": [door_code(door.pk)], "outcome": ["met"], "note": [""]}
    where = desk.post(reverse("visits:paper", args=[made.pk]), sheet).headers["Location"]
    assert "纸单记下了 1 户" in desk.get(where).content.decode()
    desk.post(reverse("visits:take-back", args=[Visit.objects.get().pk]))
    for _again in range(2):
        desk.post(reverse("visits:paper", args=[made.pk]), {**sheet, "outcome": ["no_answer"]})
    assert Visit.objects.get().outcome == "no_answer" and Visit.everything.count() == 2


def test_taken_back_twice_is_once_and_a_correction_that_comes_late_is_told_so(
    desk: Client, worker: Staff, doors: list[Dwelling]
) -> None:
    visit(doors[0], worker, "met")
    seen = Visit.objects.get()
    sent = [desk.post(reverse("visits:take-back", args=[seen.pk])) for _twice in range(2)]
    assert [answer.status_code for answer in sent] == [302, 302]
    visits.take_back_at_desk(visit=seen, actor=worker)
    assert LedgerEntry.objects.filter(code="visits.taken-back").count() == 1
    with pytest.raises(VisitTakenBack):
        visits.correct_visit(visit=seen, outcome="no_answer", note="", reason="选错了", actor=worker)
    late = desk.post(reverse("visits:correct", args=[seen.pk]), {"outcome": "met", "reason": "x"})
    assert late.status_code == 409 and "已经撤销" in late.content.decode()


def test_a_volunteer_agrees_no_hours_and_loses_no_word(client: Client, mate: Staff, worker: Staff, made: Round) -> None:
    door = made.doors.exclude(dwelling__households=None).first().dwelling  # type: ignore[union-attr]
    hours = {"day": TODAY.isoformat(), "start": "15:00", "end": ""}
    sent = {"visit_id": uuid.uuid4(), "door": door.pk, "outcome": "no_answer", "note": "改天再来", **hours}
    url = reverse("visits:record", args=[made.pk])
    made.team.members.add(mate)
    client.force_login(mate, backend="django.contrib.auth.backends.ModelBackend")
    row = row_of(client.post(url, sent).content.decode(), door)
    assert "由网格员或者社区主任登记" in row and "改天再来" in row
    agreed = VisitRequest.objects.filter(kind="agreed")
    assert not agreed.exists() and not Visit.objects.exists()
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(url, sent).status_code == 302 and agreed.exists()
