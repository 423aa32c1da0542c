"""Stories at the office's door: somebody sprays, somebody left a desk alone, a monitor asks with HEAD."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.office.sign_in import MOST_NAMES
from qiaomen.office.sign_in.idle import IDLE, LONGEST

SPRAYER, COLLEAGUE = "203.0.113.7", "203.0.113.8"


@pytest.fixture
def head(db: None) -> Staff:
    community = Organisation.objects.create(kind="community", name="锦瑟社区", code="P1")
    return Staff.objects.create_user("lu", "a-good-long-one", name="陆主任", role="head", organisation=community)


def sign_in(client: Client, name: str, password: str, address: str) -> int:
    form = {"login_name": name, "password": password}
    return client.post(reverse("office:login"), form, REMOTE_ADDR=address).status_code


def spray(names: int) -> list[int]:
    return [sign_in(Client(), f"name-{number}", "Summer2026!", SPRAYER) for number in range(names)]


def test_a_password_tried_on_120_names_is_braked_and_no_name_is_locked(head: Staff) -> None:
    statuses = spray(119)
    assert statuses == [200] * MOST_NAMES + [429] * (119 - MOST_NAMES)
    assert sign_in(Client(), "lu", "a-good-long-one", SPRAYER) == 429, (
        "from there nobody unknown signs in, right or wrong"
    )
    assert sign_in(Client(), "lu", "a-good-long-one", COLLEAGUE) == 302, "elsewhere no name is locked"


def test_the_refusal_says_what_to_do_on_the_desk_and_to_the_phone(head: Staff) -> None:
    spray(MOST_NAMES)
    form = {"login_name": "lu", "password": "a-good-long-one"}
    page = Client().post(reverse("office:login"), form, REMOTE_ADDR=SPRAYER)
    assert "没有锁任何人的账号" in page.content.decode()
    answer = Client().post(reverse("phone:enrol"), form, "application/json", REMOTE_ADDR=SPRAYER)
    assert answer.status_code == 429 and answer.json()["code"] == "office.too-many-names"


def test_whose_browser_signed_in_before_signs_in_beside_a_sprayer(head: Staff) -> None:
    known = Client()
    assert sign_in(known, "lu", "a-good-long-one", SPRAYER) == 302
    known.post(reverse("office:logout"))
    spray(MOST_NAMES)
    assert sign_in(known, "lu", "a-good-long-one", SPRAYER) == 302
    assert sign_in(known, "somebody-else", "a-good-long-one", SPRAYER) == 429, "for that person only"


def test_a_quarter_of_an_hour_later_the_address_is_free(head: Staff) -> None:
    spray(MOST_NAMES)
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert sign_in(Client(), "lu", "a-good-long-one", SPRAYER) == 302


def test_a_note_of_a_browser_cannot_be_made_up(head: Staff) -> None:
    spray(MOST_NAMES)
    forged = Client()
    forged.cookies["known"] = f"{head.pk}:1xAbCd:made-up"
    assert sign_in(forged, "lu", "a-good-long-one", SPRAYER) == 429


def signed_in(head: Staff) -> tuple[Client, Any]:
    client = Client()
    client.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    start = clock.now()
    with clock.at(start):
        assert client.get(reverse("desk:today")).status_code == 200
    return client, start


def test_a_desk_left_alone_signs_out_and_says_why(head: Staff) -> None:
    client, start = signed_in(head)
    with clock.at(start + IDLE + timedelta(seconds=1)):
        answer = client.get(reverse("desk:today"))
        assert answer.status_code == 302 and answer["Location"] == "/login/?next=/desk/&idle=1"
        assert "半小时没有操作" in client.get(answer["Location"]).content.decode()
    with clock.at(start + timedelta(minutes=1)):
        assert client.get(reverse("desk:today")).status_code == 302, "the session is gone, not asleep"


def test_a_copied_cookie_dies_with_the_session(head: Staff) -> None:
    client, start = signed_in(head)
    thief = Client()
    thief.cookies.update(client.cookies)
    with clock.at(start + IDLE + timedelta(seconds=1)):
        client.get(reverse("desk:today"))
    with clock.at(start + timedelta(minutes=1)):
        assert thief.get(reverse("desk:today")).status_code == 302


def test_work_keeps_a_session_until_the_end_of_the_day(head: Staff) -> None:
    client, start = signed_in(head)
    moment = start
    while (moment := moment + IDLE) <= start + LONGEST:
        with clock.at(moment):
            assert client.get(reverse("desk:today")).status_code == 200, moment - start
    with clock.at(start + LONGEST + timedelta(minutes=1)):
        assert client.get(reverse("desk:today")).status_code == 302


def test_what_was_filled_in_too_long_is_refused_in_words(head: Staff) -> None:
    client, start = signed_in(head)
    with clock.at(start + IDLE + timedelta(seconds=1)):
        answer = client.post(reverse("office:ledger-verify"))
    assert answer.status_code == 401 and "半小时没有操作" in answer.content.decode()


@pytest.mark.parametrize("path", ["/", "/login/", "/desk/", "/register/household/", "/who/"])
def test_head_answers_as_get_without_content(head: Staff, path: str) -> None:
    client, _start = signed_in(head)
    get, asked = client.get(path), client.head(path)
    assert asked.status_code == get.status_code and asked.content == b""
    assert asked.headers.get("Content-Type") == get.headers.get("Content-Type")
