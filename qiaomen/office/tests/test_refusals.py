"""What was tried and refused stands in the ledger: wrong passwords, lock-outs, pages that are not one's own."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.office import ledger
from qiaomen.office.models import LedgerEntry, Organisation, Staff

pytestmark = pytest.mark.django_db
PASSWORD = "qiaomen-test"


@pytest.fixture
def county() -> Organisation:
    return Organisation.objects.create(kind="county", name="拾光县", code="R0")


@pytest.fixture
def worker(county: Organisation) -> Staff:
    community = Organisation.objects.create(kind="community", name="锦瑟社区", code="R1", parent=county)
    return Staff.objects.create_user("wangge-r", PASSWORD, name="网格员", role="worker", organisation=community)


def sign_in(client: Client, name: str, password: str, address: str = "10.0.0.7") -> int:
    values = {"login_name": name, "password": password}
    return client.post(reverse("office:login"), values, REMOTE_ADDR=address).status_code


def lines(home: Any) -> list[str]:
    return list(LedgerEntry.objects.filter(community=home).order_by("seq").values_list("code", flat=True))


def test_each_wrong_password_is_one_line_and_then_the_lock(client: Client, worker: Staff) -> None:
    for _ in range(9):
        sign_in(client, "wangge-r", "wrong-password")
    assert lines(worker.organisation) == ["office.login-failed"] * 9
    assert sign_in(client, "wangge-r", "wrong-password") == 429 == sign_in(client, "wangge-r", PASSWORD)
    assert lines(worker.organisation) == ["office.login-failed"] * 9 + ["office.locked-out"] * 2
    line = LedgerEntry.objects.filter(community=worker.organisation).latest("seq")
    assert (line.subject_id, line.actor_id, line.detail) == (str(worker.pk), None, {"address": "10.0.0.7"})


def test_names_nobody_has_are_told_to_the_county_and_fill_no_disk(
    client: Client, county: Organisation, worker: Staff
) -> None:
    for number in range(7):
        sign_in(client, f"nobody-{number}", "wrong-password", address=f"10.0.0.{number % 2}")
    found = LedgerEntry.objects.filter(community=county)
    assert [one.detail for one in found.order_by("seq")] == [{"address": "10.0.0.0"}, {"address": "10.0.0.1"}]
    assert "nobody" not in str(list(found.values())) and ledger.verify(county).ok


def test_a_page_of_another_role_and_a_record_of_another_community(client: Client, worker: Staff) -> None:
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    stranger = uuid4()
    assert client.get(reverse("office:ledger")).status_code == 403
    assert client.get(reverse("register:household", args=[stranger])).status_code == 404
    found = LedgerEntry.objects.filter(code="office.refused").order_by("seq")
    assert [one.detail for one in found] == [
        {"route": "office:ledger", "status": 403},
        {"route": "register:household", "status": 404, "key": str(stranger)},
    ]
    assert {one.actor_name for one in found} == {"网格员"}


def test_reading_the_ledger_is_a_line_once_an_hour(client: Client, worker: Staff) -> None:
    head = Staff.objects.create_user("zhuren-r", None, name="主任", role="head", organisation=worker.organisation)
    client.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    pages = [client.get(reverse("office:ledger")).content.decode() for _ in range(3)]
    assert lines(worker.organisation).count("office.ledger-read") == 1 and "查看了操作台账" in pages[0]


def test_the_head_sees_the_head_of_the_ledger_and_how_the_backup_stands(
    client: Client, worker: Staff, settings: Any, tmp_path: Any
) -> None:
    settings.BACKUP_DIR, settings.DATA = tmp_path / "backups", tmp_path
    head = Staff.objects.create_user("zhuren-r", None, name="主任", role="head", organisation=worker.organisation)
    client.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    client.get(reverse("office:ledger"))
    page = client.get(reverse("desk:today")).content.decode()
    line = LedgerEntry.objects.filter(community=worker.organisation).latest("seq")
    assert line.hash in page and "R1 1" in page and "要先做恢复卡" in page
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("desk:today")).content.decode()
    assert line.hash not in page and "恢复卡" not in page
