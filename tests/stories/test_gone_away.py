"""Work of who has gone already: it is still handed over, and a night asks nothing of who noted it."""

# ruff: noqa: F811  fixtures come by their names

import uuid
from datetime import timedelta
from random import Random

import pytest
from django.urls import reverse

from qiaomen.cases import actions as cases
from qiaomen.kernel import clock
from qiaomen.office import problems
from qiaomen.office.accounts import acts as accounts
from qiaomen.office.handover import acts
from qiaomen.office.models import Device, Handover, LedgerEntry, Organisation, Staff
from qiaomen.office.tests.cast import client_of
from qiaomen.register.models import Household
from qiaomen.visits.models import Leave
from tests.stories.test_handover import at, hold_case, hold_owed, hold_phone, homes, left_with, staff  # noqa: F401


def test_an_account_that_was_closed_first_still_hands_over(staff: dict[str, Staff], homes: list[Household]) -> None:
    leaver, head = staff["leaver"], staff["head"]
    hold_owed(Random(9), homes[1], leaver)
    client, address = client_of(head), reverse("office:handover", args=[leaver.pk])
    assert "手里还有 1 件事" in client.get(reverse("office:account-close", args=[leaver.pk])).content.decode()
    accounts.close_account(actor=head, staff=leaver, reason="走得急")
    assert address in client.get(reverse("office:account", args=[leaver.pk])).content.decode()
    assert address in client.get(reverse("office:duties")).content.decode()
    page = client.get(address).content.decode()
    assert "户1" in page and "只是请假几天" not in page
    client.post(address, {"all-needs.tell": str(staff["second"].pk)})
    assert left_with(leaver)["owed"] == 0 and left_with(staff["second"])["owed"] == 1
    assert address not in client.get(reverse("office:duties")).content.decode()
    answer = client.post(reverse("office:take-back", args=[Handover.objects.get().pk]))
    assert answer.status_code == 409 and "已经不在这里上班" in answer.content.decode()
    assert left_with(leaver)["owed"] == 0, "nothing comes back to nobody"
    accounts.reopen_account(actor=head, staff=leaver, reason="回来了")
    client.post(reverse("office:take-back", args=[Handover.objects.get().pk]))
    assert left_with(leaver)["owed"] == 1


def test_nobody_moves_away_with_work_in_their_hands(
    staff: dict[str, Staff], homes: list[Household], community: Organisation
) -> None:
    leaver, head = staff["leaver"], staff["head"]
    hold_owed(Random(9), homes[1], leaver)
    hold_phone(Random(1), homes[1], leaver)
    county = Organisation.objects.create(kind="county", name="拾光县", code="R0")
    admin = Staff.objects.create_user("a-r", None, name="管理员", role="admin", organisation=county)
    values = {"actor": admin, "staff": leaver, "name": leaver.name, "telephone": "", "reason": "调岗"}
    Organisation.objects.filter(pk=community.pk).update(parent=county)
    for role, place in (("supervisor", county), ("volunteer", community)):
        with pytest.raises(problems.HoldsWork):
            accounts.change_account(role=role, organisation=place, **values)
    leaver.refresh_from_db()
    assert leaver.role == "worker" and Device.objects.get().revoked_at is None
    acts.hand_over(
        staff=leaver, to={"needs.tell": staff["second"], "phone.carry": staff["second"]}, single={}, actor=head
    )
    accounts.change_account(role="supervisor", organisation=county, **values)
    address = reverse("office:handover", args=[leaver.pk])
    assert client_of(head).get(address).status_code == 200, "what was handed over stands on its page"
    stranger = Organisation.objects.create(kind="community", name="新桥社区", code="R2", parent=county)
    other = Staff.objects.create_user("h-s", None, name="别的主任", role="head", organisation=stranger)
    assert client_of(other).get(address).status_code == 404


def test_the_night_asks_nothing_of_who_noted_it_or_moved(
    staff: dict[str, Staff], homes: list[Household], community: Organisation
) -> None:
    leaver, second, today = staff["leaver"], staff["second"], clock.today()
    fourth = Staff.objects.create_user("w4-r", None, name="四网格", role="worker", organisation=community)
    county = Organisation.objects.create(kind="county", name="拾光县", code="R0")
    other = Organisation.objects.create(kind="community", name="新桥社区", code="R2", parent=county)
    hold_owed(Random(9), homes[1], leaver)
    hold_case(Random(5), homes[0], leaver)
    before, tomorrow = left_with(leaver), today + timedelta(days=1)
    days = {"from_date": tomorrow, "to_date": tomorrow, "actor": staff["head"]}
    acts.note_away(staff=fourth, stand_in=staff["third"], **days)
    acts.note_away(staff=leaver, stand_in=second, **days)
    Staff.objects.filter(pk=fourth.pk).update(organisation=county, role="supervisor")
    Staff.objects.filter(pk=staff["head"].pk).update(organisation=other, role="volunteer")
    with clock.at(at(tomorrow, 1)):
        assert acts.keep_current() == (2, 0)
        assert left_with(leaver)["owed"] == left_with(leaver)["matters"] == 0
        assert set(Leave.objects.values_list("community", flat=True)) == {community.pk}
    with clock.at(at(tomorrow + timedelta(days=1), 1)):
        assert acts.keep_current() == (0, 2)
        assert left_with(leaver) == before and not Leave.objects.exists()
    lines = LedgerEntry.objects.filter(code__in=["office.handover-begun", "office.handed-back", "visits.leave-noted"])
    assert {(line.actor, line.community) for line in lines} == {(None, community)}


def test_one_absence_that_cannot_be_kept_holds_up_no_other(
    staff: dict[str, Staff], homes: list[Household], monkeypatch: pytest.MonkeyPatch
) -> None:
    leaver, second, third, today = staff["leaver"], staff["second"], staff["third"], clock.today()
    hold_owed(Random(9), homes[1], leaver)
    tomorrow, head = today + timedelta(days=1), staff["head"]
    acts.note_away(staff=third, stand_in=second, from_date=today, to_date=today, actor=head)
    acts.note_away(staff=leaver, stand_in=head, from_date=tomorrow, to_date=tomorrow, actor=head)
    broken, back = third.pk, acts._back[0]

    def fails_for_third(handover: Handover, actor: Staff | None) -> None:
        if handover.staff_id == broken:
            raise RuntimeError("broken")
        back(handover, actor)

    monkeypatch.setattr(acts, "_back", [fails_for_third])
    with clock.at(at(tomorrow, 1)):
        with pytest.raises(acts.NotAllKept):
            acts.keep_current()
        assert left_with(leaver)["owed"] == 0, "the other began"
        assert Handover.objects.get(staff=third).ended_at is None, "and is tried again"


def test_work_of_who_comes_back_no_more_stays_with_the_stand_in_and_the_head_is_told(
    staff: dict[str, Staff], homes: list[Household]
) -> None:
    leaver, second, head, today = staff["leaver"], staff["second"], staff["head"], clock.today()
    hold_owed(Random(9), homes[1], leaver)
    made = acts.note_away(staff=leaver, stand_in=second, from_date=today, to_date=today, actor=head)
    accounts.close_account(actor=head, staff=leaver, reason="辞职")
    with pytest.raises(problems.GoneAway):
        acts.take_back(handover=made, actor=head)
    with clock.at(at(today + timedelta(days=1), 1)):
        assert acts.keep_current() == (0, 1) and acts.keep_current() == (0, 0)
        assert left_with(second)["owed"] == 1 and left_with(leaver)["owed"] == 0
        assert (
            "网格员已经不在岗，代班到期，事情留在二网格手里"
            in client_of(head).get(reverse("desk:today")).content.decode()
        )


def test_a_stand_in_who_is_gone_gets_nothing_and_the_head_is_told(
    staff: dict[str, Staff], homes: list[Household]
) -> None:
    leaver, second, head, tomorrow = staff["leaver"], staff["second"], staff["head"], clock.today() + timedelta(days=1)
    hold_owed(Random(9), homes[1], leaver)
    acts.note_away(staff=leaver, stand_in=second, from_date=tomorrow, to_date=tomorrow, actor=head)
    accounts.close_account(actor=head, staff=second, reason="辞职")
    with clock.at(at(tomorrow)):
        acts.keep_current()
        assert left_with(leaver)["owed"] == 1
        assert "代班的二网格也已经不在岗" in client_of(head).get(reverse("desk:today")).content.decode()


def test_the_page_shows_no_sealed_words_and_writes_whom_it_names(
    staff: dict[str, Staff], homes: list[Household]
) -> None:
    leaver, head = staff["leaver"], staff["head"]
    for home in homes[:2]:
        cases.receive_need(
            need_id=uuid.uuid4(),
            household=home,
            kind="health",
            words="话",
            handling="mine",
            origin="window",
            heard_at=clock.now(),
            heard_by=leaver,
            owner=leaver,
        )
    address = reverse("office:handover", args=[leaver.pk])
    client = client_of(head)
    page = client.get(address).content.decode()
    assert "户0" in page and page.count("一件要保密的事") >= 2 and "看病" not in page
    assert "看病" not in client.post(address, {}).content.decode(), "nor does a refusal name it"
    line = LedgerEntry.objects.get(code="office.names-shown", actor=head, detail__page="office:handover")
    assert {home.pk.hex[:16] for home in homes[:2]} == set(line.detail["shown"])
