"""Signing in, being locked out, and the ledger page."""

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.office.models import LedgerEntry, Organisation, Staff

pytestmark = pytest.mark.django_db
PASSWORD = "qiaomen-test"


@pytest.fixture
def head() -> Staff:
    community = Organisation.objects.create(kind="community", name="锦瑟社区", code="S1")
    return Staff.objects.create_user("zhuren-s", PASSWORD, name="主任", role="head", organisation=community)


def sign_in(client: Client, name: str, password: str, follow: str = "") -> int:
    values = {"login_name": name, "password": password, "next": follow}
    return client.post(reverse("office:login"), values).status_code


def test_signing_in_leaves_a_line_and_a_new_session(client: Client, head: Staff) -> None:
    client.get(reverse("office:login"))
    assert sign_in(client, "zhuren-s", PASSWORD) == 302
    assert LedgerEntry.objects.get(code="office.logged-in").actor == head


def test_an_unknown_name_and_a_wrong_password_look_alike(client: Client, head: Staff) -> None:
    answers = [
        client.post(reverse("office:login"), {"login_name": name, "password": "wrong-password"}).context["form"].errors
        for name in ("zhuren-s", "nobody")
    ]
    assert answers[0] == answers[1]


def test_ten_wrong_tries_lock_and_the_right_password_does_not_help(client: Client, head: Staff) -> None:
    for _ in range(10):
        sign_in(client, "zhuren-s", "wrong-password")
    assert sign_in(client, "zhuren-s", PASSWORD) == 429


def test_next_never_leaves_the_site(client: Client, head: Staff) -> None:
    response = client.post(
        reverse("office:login"), {"login_name": "zhuren-s", "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert response.headers["Location"].startswith("/")


def test_the_ledger_page_verifies_and_names_a_broken_line(client: Client, head: Staff, guard_off: None) -> None:
    sign_in(client, "zhuren-s", PASSWORD)
    assert "链完整" in client.post(reverse("office:ledger-verify")).content.decode()
    LedgerEntry.objects.filter(seq=1).update(code="office.logged-out")
    assert "第 1 行起不可信" in client.post(reverse("office:ledger-verify")).content.decode()


def test_english_is_one_press_away(client: Client) -> None:
    client.post(reverse("office:language"), {"language": "en", "next": "/login/"})
    assert "Sign in" in client.get(reverse("office:login")).content.decode()
