"""An account is no second person for who made it; who keeps accounts is told of them, of the own place only."""

# ruff: noqa: F811  fixtures come by their names

import uuid
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.office import disclosure, labels
from qiaomen.office.access import check_second
from qiaomen.office.accounts import acts, people
from qiaomen.office.models import Device, Label, LedgerEntry, Organisation, Staff
from qiaomen.office.problems import NotASecondPerson, TooManyLooks
from qiaomen.office.shared import campaigns
from qiaomen.office.tests.cast import client_of
from qiaomen.office.tests.test_accounts import (  # noqa: F401
    GOOD,
    admin,
    community,
    county,
    grid,
    head,
    other,
    worker,
)

pytestmark = pytest.mark.django_db


def _opened(keeper: Staff, name: str, role: str, place: Organisation) -> Staff:
    return acts.open_account(actor=keeper, login_name=name, name=name, role=role, organisation=place)[0]


def test_an_account_is_no_second_person_for_who_opened_it(admin: Staff, head: Staff, grid: Organisation) -> None:
    made = _opened(head, "nobody1", "head", head.organisation)
    again = _opened(made, "nobody2", "worker", grid)
    for invented in (made, again):
        with pytest.raises(NotASecondPerson):
            check_second(invented, head)
    check_second(head, made)
    check_second(again, Staff.objects.create_user("qian", GOOD, name="钱", role="worker", organisation=grid))
    acts.give_code(actor=admin, staff=made, reason="忘了")
    made.refresh_from_db()
    with pytest.raises(NotASecondPerson):
        check_second(made, head)
    real = _opened(admin, "sun", "head", head.organisation)
    check_second(real, head)


def test_an_account_is_no_second_person_for_who_gave_its_last_code(admin: Staff, head: Staff, worker: Staff) -> None:
    for give in (acts.give_code, acts.reopen_account):
        give(actor=head, staff=worker, reason="忘了")  # type: ignore[operator]
        worker.refresh_from_db()
        with pytest.raises(NotASecondPerson):
            check_second(worker, head)
        acts.give_code(actor=admin, staff=worker, reason="忘了")
        worker.refresh_from_db()
        check_second(worker, head)


def test_no_brake_campaign_or_label_by_an_account_of_ones_own(head: Staff, settings: Any) -> None:
    settings.LOOKS_PER_HOUR = 1
    home, made = head.organisation, _opened(head, "nobody1", "head", head.organisation)
    asked = campaigns.ask_campaign(
        community=home, purpose="flood", from_date=clock.today(), to_date=clock.today(), actor=head
    )
    label = Label.objects.create(
        community=home, kind="x", title="x", purpose="x", plan="{}", asked_by=head, asked_at=clock.now()
    )
    with pytest.raises(TooManyLooks):
        disclosure.look(
            community=home, actor=head, code="register.household-opened", people=[uuid.uuid4(), uuid.uuid4()]
        )
    with pytest.raises(NotASecondPerson):
        campaigns.decide_campaign(campaign=asked, state="agreed", actor=made)
    with pytest.raises(NotASecondPerson):
        labels.decide(label=label, approve=True, actor=made)
    client = client_of(made)
    Staff.objects.filter(pk=made.pk).update(code_until=None)
    answer = client.post(reverse("office:lift-brake", args=[head.pk]), {"sure": "1"})
    assert answer.status_code == 403 and "要另一位同意" in answer.content.decode()
    campaigns.decide_campaign(campaign=asked, state="refused", actor=made)
    assert not LedgerEntry.objects.filter(code="office.brake-lifted").exists()


def test_the_head_and_the_county_are_told_of_every_account_and_code(admin: Staff, head: Staff, worker: Staff) -> None:
    _opened(head, "nobody1", "head", head.organisation)
    acts.give_code(actor=head, staff=worker, reason="忘了")
    for reader in (head, admin):
        page = client_of(reader).get(reverse("desk:today")).content.decode()
        assert "陆主任给nobody1开了账号" in page and "陆主任给了王网格新的一次性密码" in page


def test_a_town_reads_its_own_ledgers_and_brakes(county: Organisation, other: Organisation, settings: Any) -> None:
    settings.LOOKS_PER_HOUR = 1
    town = Organisation.objects.create(kind="town", name="锦瑟镇", code="A9", parent=county)
    home = Organisation.objects.create(kind="community", name="镇上社区", code="A8", parent=town)
    auditor = Staff.objects.create_user("shen", GOOD, name="镇审计", role="auditor", organisation=town)
    keeper = Staff.objects.create_user("zhen", GOOD, name="镇管理", role="admin", organisation=town)
    for place, name in ((home, "自己的人"), (other, "别处的人")):
        staff = Staff.objects.create_user(f"w{place.code}", GOOD, name=name, role="worker", organisation=place)
        with pytest.raises(TooManyLooks):
            disclosure.look(
                community=place, actor=staff, code="register.household-opened", people=[uuid.uuid4(), uuid.uuid4()]
            )
    client, page = client_of(auditor), reverse("office:ledger")
    assert client.get(page).context["community"] == home
    shown = client.get(page, {"community": home.code})
    assert shown.status_code == 200 and other.name not in shown.content.decode()
    assert client.get(page, {"community": other.code}).status_code == 404
    assert client.post(reverse("office:ledger-verify"), {"community": other.code}).status_code == 404
    assert not LedgerEntry.objects.filter(community=other, actor=auditor, code="office.ledger-verified").exists()
    told = client_of(keeper).get(reverse("desk:today")).content.decode()
    assert "自己的人" in told and "别处的人" not in told


def test_unused_means_the_same_on_the_list_and_on_today(admin: Staff, head: Staff, grid: Organisation) -> None:
    start = clock.now()
    for hours in (-1, 1):
        edge = datetime.combine(clock.today() - timedelta(days=people.UNUSED_DAYS), time.min, clock.SHANGHAI)
        name = {-1: "前一天用过", 1: "当天用过"}[hours]
        staff = Staff.objects.create_user(f"e{hours}", GOOD, name=name, role="worker", organisation=grid)
        Staff.objects.filter(pk=staff.pk).update(last_login=edge + timedelta(hours=hours))
    phone = Staff.objects.create_user("shouji", GOOD, name="只用手机", role="volunteer", organisation=grid)
    Device.objects.create(staff=phone, token_sha256="a", created_at=start, last_seen_at=start)
    acts.open_account(actor=head, login_name="xin9", name="码还没用", role="worker", organisation=grid)
    keeper = client_of(admin)
    listed = keeper.get(reverse("office:accounts"), {"state": "unused"}).context["rows"]
    found = people.rows_of(list(people.accounts_of(admin)))
    told = [part["context"] for part in keeper.get(reverse("desk:today")).context["parts"]["top"]]
    idle = next(context["idle"] for context in told if "idle" in context)
    unused = {row.staff.pk for row in found if row.is_unused}
    assert {row.staff.pk for row in listed} == {row.staff.pk for row in idle} == unused
    names = {row.staff.name for row in idle}
    assert "前一天用过" in names and not names & {"当天用过", "只用手机", "码还没用"}
