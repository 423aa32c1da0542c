"""No page of the menu asks the database more than thirty times, in a community that has lived some weeks."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from qiaomen.kernel.menu import all_entries
from qiaomen.office.access import permission_table
from qiaomen.office.models import Staff
from simtown.play import play
from simtown.tests.tiny import TINY, tiny  # noqa: F401  a fixture

MOST = 30
MORE = {"desk:today": 52, "bulletins:figures": 40}
"""The first screen is put together from what every house says of today: nine houses, each with a fixed number of
questions (0046-one-inbox-one-handover.md), the last for papers in our drawers. The page of figures asks each of them
once, 28 today, and never more with more records. A new question is a new line here with its reason."""
LOGINS = {"head": "zhuren-t", "volunteer": "xiaodui", "supervisor": "xianji", "auditor": "shenji", "admin": "guanli"}


def asked_by(staff: Staff, address: str) -> tuple[int, int]:
    """Return the status of a page and how often it asks, once what is deduced for the day stands."""
    client, asked = Client(), [0]
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    client.get(address)

    def count(execute: Any, *question: Any) -> Any:
        asked[0] += 1
        return execute(*question)

    with connection.execute_wrapper(count):
        answer = client.get(address)
    return answer.status_code, asked[0]


@pytest.mark.once
@pytest.mark.django_db
def test_no_page_of_the_menu_asks_more_than_thirty_times(tiny: str) -> None:  # noqa: F811
    play(only=TINY)
    found: dict[tuple[str, str], int] = {}
    for role, login in LOGINS.items():
        staff = Staff.objects.get(login_name=login)
        for entry in all_entries():
            line = permission_table()[entry.route, "GET"]
            if role not in line.roles:
                continue
            status, asked = asked_by(staff, reverse(entry.route))
            assert status == 200, (role, entry.route, status)
            found[role, entry.route] = asked
    over = {key: asked for key, asked in found.items() if asked > MORE.get(key[1], MOST)}
    assert not over and len(found) > 25
    least = {route: max(asked for (_role, of), asked in found.items() if of == route) for route in MORE}
    assert all(least[route] > MOST for route in MORE), f"take it from the list: {least}"
