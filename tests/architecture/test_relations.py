"""The relation column of the permission table is true: `community` and `own` are tried with a stranger's records.

Every route that takes a key is called with the key of every record of another community (`community`), or of a
colleague
(`own`): 404, whatever the record is (that each role is let in or kept out is test_permissions.py). What a page or a
list shows holds no word of the
other community. That the same records are found by their own head keeps the walk honest.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse
from django.urls.converters import UUIDConverter

from qiaomen.kernel import clock
from qiaomen.office.access import OPEN, Permission, permission_table
from qiaomen.office.models import Organisation, Staff
from qiaomen.sheets.models import Export
from tests.architecture.invented import Invented
from tests.architecture.test_permissions import Visitor, routes

MARK = "外社"
OF_COLLEAGUE = {"sheets.savedview", "sheets.export", "office.signin", "callbacks.call"}
"""Kinds of record that one person owns; others belong to the community that both work in."""


LONG = os.environ.get("QM_PROVE") == "1"
FEW = 3
NEAR = {"register.person", "register.household", "register.dwelling", "office.staff"}
REFUSED = {403, 404, 409, 410}
"""Both see in a list that the export is there; its file and its password are for who asked."""


def with_key() -> list[tuple[Permission, str]]:
    """Return the lines of the table, for people signed in, whose route takes the key of a record: (line, method)."""
    keyed = {name for name, pattern in routes().items() if _keys_in(pattern)}
    return [
        (line, method)
        for (name, method), line in sorted(permission_table().items())
        if name in keyed and not line.roles & OPEN
    ]


def _keys_in(pattern: URLPattern) -> list[str]:
    return [name for name, converter in pattern.pattern.converters.items() if isinstance(converter, UUIDConverter)]


def address(name: str, key: Any) -> str:
    """Return the address of a route with this key in every place for one."""
    converters = routes()[name].pattern.converters
    words = {"kind": "born", "of": "person", "code": "visits.doors_knocked", "link": "zz", "number": 1}
    return reverse(name, kwargs={part: key if part in _keys_in(routes()[name]) else words[part] for part in converters})


def _staff(name: str, role: str, community: Organisation) -> Staff:
    return Staff.objects.create_user(name, None, name=name, role=role, organisation=community)


@pytest.fixture(autouse=True)
def sessions_in_memory(settings: Any) -> None:
    """What a call did is taken back; the session must not be."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"


@pytest.fixture
def theirs(db: None) -> Invented:
    """Another community with a row of every kind."""
    community = Organisation.objects.create(kind="community", name=f"{MARK}区", code="OTHER")
    return Invented(community, _staff(f"{MARK}主任", "head", community), MARK)


@pytest.fixture
def here(db: None) -> Organisation:
    return Organisation.objects.create(kind="community", name="锦瑟社区", code="HERE")


def answers(visitor: Visitor, method: str, name: str, keys: dict[str, Any]) -> dict[str, int]:
    """Return the status for every key; whatever a call did is taken back."""
    told = {}
    for kind, key in keys.items():
        with transaction.atomic():
            told[kind] = visitor.status(method, address(name, key))
            transaction.set_rollback(True)
    return told


def reach(visitor: Visitor, method: str, name: str, owned: Invented) -> Iterator[int]:
    """Yield the status for one key after the other, those of records of the route's own house first."""
    keys, house = owned.keys(), f"{name.split(':')[0]}."
    for kind in sorted(keys, key=lambda kind: (not kind.startswith(house), not kind.startswith("register."), kind)):
        yield from answers(visitor, method, name, {kind: keys[kind]}).values()


def test_every_relation_says_something() -> None:
    """`any` is for what is public, a record's key needs `community` or `own`, a phone's things are its own."""
    for line in permission_table().values():
        assert (line.relation == "any") == ("public" in line.roles), line
        assert line.relation == "own" or "device" not in line.roles, line


def asked_of(route: str, keys: dict[str, Any]) -> dict[str, Any]:
    """Return the keys a route is tried with: some of records of its own house, of people and households, some of the
    rest, other ones for each route; `start.py prove` tries every one.
    """
    house = route.partition(":")[0]
    far = [kind for kind in sorted(keys) if kind.partition(".")[0] != house and kind not in NEAR]
    near = [kind for kind in sorted(keys) if kind not in far]
    if LONG:
        return keys
    some = Random(route).sample(far, min(FEW, len(far))) + Random(route).sample(near, min(2 * FEW, len(near)))
    return {kind: key for kind, key in keys.items() if kind in some}


@pytest.mark.once
@pytest.mark.django_db
def test_a_stranger_finds_no_record_of_another_community(theirs: Invented, here: Organisation) -> None:
    wrong = []
    visitors = {role: Visitor(_staff(f"h-{role}", role, here)) for role in ("admin", "head", "worker", "volunteer")}
    for line, method in with_key():
        role = sorted(line.roles & set(visitors))[-1]
        told = answers(visitors[role], method, line.route, asked_of(line.route, theirs.keys()))
        wrong += [f"{role} {method} {line.route} {kind}: {status}" for kind, status in told.items() if status != 404]
    assert not wrong, "\n".join(wrong[:40])


@pytest.mark.django_db
def test_what_one_person_owns_is_not_a_colleagues(here: Organisation) -> None:
    owner, colleague = _staff("o", "worker", here), Visitor(_staff("c", "worker", here))
    mine = {kind: key for kind, key in Invented(here, owner, "本社").keys().items() if kind in OF_COLLEAGUE}
    third = _staff("t", "worker", here)
    Export.objects.update(state="approved", decided_by=third, expires_at=clock.now() + timedelta(hours=1))
    own = [(line, method) for line, method in with_key() if line.relation == "own"]
    told = {
        f"{line.route} {kind}": status
        for line, method in own
        for kind, status in answers(colleague, method, line.route, mine).items()
    }
    assert own and len(mine) == len(OF_COLLEAGUE)
    assert {name: status for name, status in told.items() if status not in REFUSED} == {}


@pytest.mark.once
@pytest.mark.django_db
def test_the_same_records_are_there_for_their_own_people(theirs: Invented) -> None:
    """Without this, a walk that finds nothing could be one that asks for nothing."""
    visitors = {role: Visitor(_staff(f"t-{role}", role, theirs.community)) for role in ("worker", "volunteer", "admin")}
    visitors["head"] = Visitor(theirs.staff)
    empty = []
    for line, method in with_key():
        if f"{method} {line.route}" in NOT_REACHED and not LONG:
            continue
        visitor = visitors[min(line.roles & set(visitors) - {"admin"}, default="admin")]
        if not any(status != 404 for status in reach(visitor, method, line.route, theirs)):
            empty.append(f"{method} {line.route}")
    assert set(empty) == (NOT_REACHED if LONG else set()), set(empty) ^ NOT_REACHED


NOT_REACHED = {
    "GET callbacks:call",
    "POST callbacks:call",
    "POST callbacks:attempt",
    "POST callbacks:give-up",
    "GET callbacks:slip",
    "GET office:badge-photo",
    "GET office:photo-copy",
    "GET office:photo-original",
    "GET publications:picture",
    "GET visits:photo",
    "GET visits:voice",
    "POST office:campaign-decide",
    "POST office:campaign-mark",
    "POST register:undo-place",
    "POST groups:decide",
    "GET register:merge",
    "POST groups:choose",
    "POST register:merge",
    "POST register:tell-apart",
    "POST register:undo",
    "POST sheets:redo",
    "POST sheets:undo",
    "POST visits:record",
}
"""Routes that need a second key in the form, a file, another person or an act that really changed something: tried in
their own houses.
"""


@pytest.mark.django_db
def test_no_page_shows_a_word_of_another_community(theirs: Invented, here: Organisation) -> None:
    """Lists, counts and pages without a key: every role that may read them, with a full community next door."""
    wrong = []
    for role in ("head", "worker", "volunteer", "auditor", "supervisor", "admin"):
        client = Client(raise_request_exception=False)
        client.force_login(_staff(f"r-{role}", role, here), backend="django.contrib.auth.backends.ModelBackend")
        for (name, method), line in sorted(permission_table().items()):
            if method != "GET" or role not in line.roles or routes()[name].pattern.converters:
                continue
            answer = client.get(reverse(name), {"q": MARK})
            body = b"".join(answer) if answer.streaming else answer.content
            if MARK in body.decode(errors="ignore").replace(f"“{MARK}”", "").replace(f'="{MARK}"', ""):
                wrong.append(f"{role} {name}")
    assert not wrong
