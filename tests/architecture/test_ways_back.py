"""No act without a way back: every POST route says how it is undone, or asks before, or changes nothing.

The list is ways_back.txt. What the words promise is tried: a way back is a POST route that the same people may call,
and a route that asks does nothing before it was answered.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

from qiaomen.office.access import permission_table
from qiaomen.office.fields import SealedField
from qiaomen.office.models import Organisation, Staff
from tests.architecture.invented import Invented
from tests.architecture.test_relations import address

LIST = Path(__file__).with_name("ways_back.txt")
WORDS = {"back", "asks", "form", "harmless", "phone"}
NARROWER = {
    ("visits:cancel", "visits:plan"),
    ("visits:plan", "visits:cancel"),
    ("groups:decide", "groups:end"),
    ("rights:ask", "rights:answer"),
    ("phone:enrol", "phone:revoke"),
    ("imports:undo", "imports:list"),
    ("calls:sweeps", "calls:end-sweep"),
}
"""A way back that not everybody has who has the way there: the head does it for them."""
SENT: dict[str, dict[str, str]] = {
    "phone:settle": {"choice": "first"},
    "sheets:export-decide": {"answer": "approve"},
    "office:campaign-decide": {"state": "refused"},
}
UNTOUCHED = {"LedgerEntry", "LedgerHead", "SignIn", "Session"}
"""What a mere look may write."""


def ways() -> dict[str, list[str]]:
    lines = (line.split("#")[0].split() for line in LIST.read_text(encoding="utf-8").splitlines())
    return {words[0]: words[1:] for words in lines if words}


def posts() -> dict[str, frozenset[str]]:
    return {route: line.roles for (route, method), line in permission_table().items() if method == "POST"}


def test_every_post_route_says_how_it_is_taken_back_and_no_line_is_left_over() -> None:
    assert set(ways()) == set(posts())
    assert all(words[0] in WORDS and (words[0] == "back") == (len(words) == 2) for words in ways().values())


def test_a_way_back_is_a_post_route_the_same_people_may_call() -> None:
    wrong = []
    for route, words in ways().items():
        if words[0] != "back":
            continue
        there, back = posts()[route], posts().get(words[1])
        if back is None or (not there <= back and (route, words[1]) not in NARROWER):
            wrong.append(f"{route}: {words[1]}")
    assert not wrong


@pytest.fixture
def owned(db: None, settings: Any) -> Invented:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    community = Organisation.objects.create(kind="community", name="锦瑟社区", code="HERE")
    head = Staff.objects.create_user("head", "a-good-long-one", name="主任", role="head", organisation=community)
    return Invented(community, head, "本社")


def counts() -> dict[str, list[Any]]:
    """Return every row of ours in its plain columns, but for what a look writes."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list(*_plain(model)))
        for model in apps.get_models()
        if model.__module__.startswith("qiaomen.") and model.__name__ not in UNTOUCHED
    }


def _plain(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if not isinstance(field, SealedField)]


def asked(owned: Invented) -> Iterator[tuple[str, str]]:
    """Yield (route, page) of what answers 200 to an act that was not confirmed, once for each route that asks."""
    client = Client(raise_request_exception=False)
    client.force_login(owned.staff, backend="django.contrib.auth.backends.ModelBackend")
    colleague = Staff.objects.create_user("colleague", None, name="同事", role="worker", organisation=owned.community)
    keys = {"office.colleague": colleague.pk, **owned.keys()}
    for route, words in ways().items():
        if words[0] != "asks":
            continue
        near = sorted(keys, key=lambda kind: kind.split(".")[0] != route.split(":")[0])
        for kind in near:
            with transaction.atomic():
                answer = client.post(address(route, keys[kind]), SENT.get(route, {}))
                same = answer.status_code == 200 and counts()
                transaction.set_rollback(True)
            if answer.status_code == 200:
                yield route, answer.content.decode()
                assert same == counts(), route
                break


@pytest.mark.once
def test_a_route_that_asks_does_nothing_before_it_is_answered(owned: Invented) -> None:
    found = dict(asked(owned))
    missing = {route for route, words in ways().items() if words[0] == "asks"} - set(found)
    assert not missing, f"no record of the invented community was asked about at {missing}"
    silent = [route for route, page in found.items() if "返回" not in page and "先不" not in page]
    assert not silent, "a page that asks has a way out"
