"""Whoever is shown on a page, a print, a file or a screen of the grid finds it on their own page "谁看过" (D1).

Every person carries a name nobody else has; every route is called by every role as an attacker or a colleague would;
each name in an answer must stand in the lines about that person, written by that very request.
"""

import html
import uuid
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from qiaomen.cases.actions import receive_need
from qiaomen.kernel import clock
from qiaomen.office import disclosure
from qiaomen.office.models import Staff
from qiaomen.register.actions.search_index import reindex
from qiaomen.register.models import Household, Person
from qiaomen.rights import actions as rights
from tests.proof.machine import LONG
from tests.proof.test_non_interference import Call, calls, town  # noqa: F401  the community of the walk

FIRST, SECOND = "鸢鹭鸥鹤鹂鹊雁燕莺鹃", "芷蘅薇蓼荇蒲苇荻萱蕙"


@pytest.fixture
def people(town: dict[str, Any]) -> dict[str, Person]:  # noqa: F811
    """Give everybody a name of three characters that stands nowhere else."""
    found = {}
    for number, person in enumerate(Person.objects.order_by("pk")):
        person.name = f"檀{FIRST[number // 10]}{SECOND[number % 10]}"
        person.save(update_fields=["name"])
        found[person.name] = person
        if person.is_head:
            Household.objects.filter(pk=person.household_id).update(head_name=person.name)
    reindex(town["community"])
    return found


def named_by(client: Client, staff: Staff, call: Call, people: dict[str, Person]) -> tuple[list[str], list[str]]:
    """Make one request, take it back; return the names in its answer, and those that no line of it is about."""
    typed = call.typed()
    with transaction.atomic():
        if call.method == "GET":
            answer = client.get(call.path, call.told or {})
        elif call.as_json:
            answer = client.post(call.path, call.told, "application/json")
        else:
            answer = client.post(call.path, call.told or {})
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        text = html.unescape(body.decode("utf-8", "replace"))
        named = [name for name in people if name in text and name not in typed]
        missed = [name for name in named if not _is_told(people[name], staff)]
        transaction.set_rollback(True)
    return named, missed


def _is_told(person: Person, staff: Staff) -> bool:
    return disclosure.lines_about(person.pk, person.household_id).filter(actor=staff).exists()


def _some(found: list[Call]) -> list[Call]:
    """Return the calls of a short run: two of each route and method, and what is typed into the search and the grid."""
    chosen: dict[tuple[str, str], list[Call]] = {}
    for call in found:
        chosen.setdefault((call.route, call.method), []).append(call)
    return [call for some in chosen.values() for call in (some if LONG else some[:2])]


def test_each_one_shown_stands_in_who_looked(town: dict[str, Any], people: dict[str, Person]) -> None:  # noqa: F811
    """Yesterday the search, the window, the paper sheet, the list of what is due and half the groups said nothing."""
    home, heard = Household.objects.get(pk=town["home"].pk), clock.now()
    words = {"need_id": uuid.uuid4(), "kind": "repair", "words": "灯不亮", "handling": "office", "origin": "window"}
    receive_need(household=home, heard_at=heard, heard_by=town["worker"], **words)
    person = Person.objects.get(pk=town["person"].pk)
    rights.receive(person=person, kind="see", words="想看看", actor=town["head"])
    search = Call("desk:search", "GET", reverse("desk:search"), {"q": person.name[:2]})
    found = [*_some(calls(town, (person.name, "没有这个人"))), search]
    wrong, answered = [], 0
    for role in ("head", "worker", "volunteer", *(("supervisor", "auditor") if LONG else ())):
        client, staff = Client(raise_request_exception=False), Staff.objects.get(login_name=f"W1-{role}")
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        for call in found:
            named, missed = named_by(client, staff, call, people)
            answered += bool(named)
            if missed:
                wrong.append(f"{role} {call.method} {call.route} {call.path[:60]} {str(call.told)[:50]}: {len(missed)}")
    assert not wrong, "\n".join(sorted(set(wrong)))
    assert answered > 40, "a walk that meets nobody proves nothing"
