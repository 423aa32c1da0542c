"""What Django refuses before a view has read it is told in words: a page to a worker, JSON to a phone."""

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.office.models import Staff
from qiaomen.office.tests.cast import client_of
from qiaomen.phone.actions import devices

pytestmark = pytest.mark.django_db
MANY = "&".join(f"op_id={n}" for n in range(1_001))


def test_too_many_fields_of_an_address_are_told_on_a_page(worker: Staff) -> None:
    answer = client_of(worker).get(f"{reverse('desk:search')}?{MANY}")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "没有看懂发来的内容" in page and "没有任何内容被改动" in page and "请返回上一页" in page


def test_too_many_fields_of_a_form_are_told_on_a_page(worker: Staff) -> None:
    answer = client_of(worker).post(reverse("office:language"), {str(n): "1" for n in range(1_001)})
    assert answer.status_code == 400 and "没有看懂发来的内容" in answer.content.decode()


def test_a_stranger_is_told_on_the_publics_page() -> None:
    answer = Client().post(reverse("office:login"), {str(n): "1" for n in range(1_001)})
    assert answer.status_code == 400 and "没有看懂发来的内容" in answer.content.decode()


def test_a_phone_is_told_in_its_own_form(worker: Staff) -> None:
    _device, token = devices.enrol_device(staff=worker, label="")
    answer = Client().get(f"/api/phone/inbox?{MANY}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 400 and answer["Content-Type"] == "application/json"
    assert answer.json()["code"] == "office.not-understood"
