"""No page answers 500, whatever stands in an address or a form: every parameter a view reads is tried with junk.

What a view reads is found by watching it: the names it asks its query and its form for, beginning with none.
"""

import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.urls.converters import IntConverter, UUIDConverter
from django.utils.datastructures import MultiValueDict

from qiaomen.office.access import permission_table
from qiaomen.office.models import Organisation, Staff
from tests.architecture.test_permissions import routes
from tests.proof import town

SHARP = ("0001-01-01", "9" * 30)
"""Tried in each parameter alone, too: one that is refused hides what the next would do."""
JUNK = (*SHARP, "\x00", "\ud800", str(uuid.UUID(int=7)), "[" * 2000, "", "9999-12-31", "1e999")
"""Tried in all parameters of a page at once; every run tries the sharp ones and one more, another for each page."""


@contextmanager
def watched() -> Iterator[set[str]]:
    """Collect the names that views ask a query or a form for."""
    names: set[str] = set()
    item, many = MultiValueDict.__getitem__, MultiValueDict.getlist

    def get_item(self: Any, key: Any) -> Any:
        names.add(str(key))
        return item(self, key)

    def get_list(self: Any, key: Any, default: Any = None) -> Any:
        names.add(str(key))
        return many(self, key, default)

    patch = pytest.MonkeyPatch()
    patch.setattr(MultiValueDict, "__getitem__", get_item)
    patch.setattr(MultiValueDict, "getlist", get_list)
    try:
        yield names
    finally:
        patch.undo()


@pytest.fixture
def inhabited(db: None) -> dict[str, Staff]:
    """A community with doors, people, a round and phones; the head, a worker and the county."""
    town.make(2)
    county = Organisation.objects.create(kind="county", name="拾光县", code="P0")
    return {
        "head": Staff.objects.get(login_name="p-head"),
        "worker": Staff.objects.get(login_name="p-0"),
        "auditor": Staff.objects.create_user("p-auditor", None, name="审计", role="auditor", organisation=county),
    }


def text_of(value: str) -> str:
    """Percent-encode as a hostile sender does: a lone surrogate as its three bytes."""
    return "".join(f"%{byte:02X}" for byte in value.encode("utf-8", "surrogatepass"))


def addresses(name: str, pattern: Any) -> list[str]:
    """Return addresses of a route: with keys of records that exist in its house, and one of nothing."""
    converters = {key: type(kind) for key, kind in pattern.pattern.converters.items()}
    if not converters:
        return [reverse(name)]
    house = name.partition(":")[0]
    known = {uuid.UUID(int=7)}
    for model in apps.get_models():
        if model._meta.app_label in {house, "register"} and isinstance(
            pk := model.objects.values_list("pk", flat=True).first(), uuid.UUID
        ):
            known.add(pk)
    made = []
    for key in sorted(known, key=str):
        values = {
            part: key if kind is UUIDConverter else 10**18 if kind is IntConverter else "P1"
            for part, kind in converters.items()
        }
        made.append(reverse(name, kwargs=values))
        if UUIDConverter not in converters.values():
            break
    return made


def ask(client: Client, method: str, path: str, told: dict[str, str]) -> int:
    words = "&".join(f"{text_of(name)}={text_of(value)}" for name, value in told.items())
    if method == "GET":
        return int(client.get(f"{path}?{words}").status_code)
    return int(client.post(path, words, "application/x-www-form-urlencoded").status_code)


def living(client: Client, method: str, paths: list[str]) -> list[str]:
    """Return one address of a record that answers, and else the first: what is behind a 404 is no further."""
    for path in paths:
        if ask(client, method, path, {}) != 404:
            return [path]
    return paths[:1]


def try_route(client: Client, method: str, name: str, path: str, *, alone: bool) -> tuple[int, list[str]]:
    """Try a page with junk in the parameters it reads; returns how many requests and which answered 5xx."""
    wrong, known, tried = [], {"next", "csrfmiddlewaretoken"}, 0

    def attempt(told: dict[str, str]) -> set[str]:
        nonlocal tried
        tried += 1
        with watched() as names:
            status = ask(client, method, path, told)
        if status >= 500:
            wrong.append(f"{method} {path} {json.dumps(told)[:90]}: {status}")
        return names - known

    new = attempt({})
    while new:
        some = sorted(new)
        known |= new
        new = set()
        for junk in JUNK if alone else (*SHARP, Random(name).choice(JUNK[len(SHARP) :])):
            new |= attempt(dict.fromkeys(some, junk))
        for part in some if alone else ():
            for junk in SHARP:
                new |= attempt({part: junk})
    return tried, wrong


LONG = os.environ.get("QM_PROVE") == "1"
"""Every run tries the head's pages with some junk in all parameters at once; `start.py prove` tries three roles,
all of it, and each parameter alone, too.
"""


@pytest.mark.parametrize("role", ["head", "worker", "auditor"] if LONG else ["head"])
def test_no_parameter_makes_a_page_answer_500(inhabited: dict[str, Staff], role: str) -> None:
    client, wrong, count = Client(raise_request_exception=False), [], 0
    client.force_login(inhabited[role], backend="django.contrib.auth.backends.ModelBackend")
    skipped = {"office:logout"}
    for name, pattern in routes().items():
        for method in ("GET", "POST"):
            permission = permission_table().get((name, method))
            if permission is None or name in skipped or not permission.roles & {role, "public"}:
                continue
            for path in living(client, method, addresses(name, pattern)):
                tried, found = try_route(client, method, name, path, alone=LONG)
                count += tried
                wrong += found
    assert not wrong, f"{len(wrong)} of {count}:\n" + "\n".join(wrong[:60])


@pytest.mark.once
def test_the_keys_of_another_community_make_no_page_answer_500(inhabited: dict[str, Staff]) -> None:
    elsewhere = Organisation.objects.create(kind="community", name="别处社区", code="P9")
    stranger = Staff.objects.create_user("p-stranger", None, name="别处", role="head", organisation=elsewhere)
    client, wrong = Client(raise_request_exception=False), []
    person = str(apps.get_model("register", "Person").objects.values_list("pk", flat=True).first())
    client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")
    for name, pattern in routes().items():
        for method in ("GET", "POST"):
            permission = permission_table().get((name, method))
            if permission is None or name == "office:logout" or not permission.roles & {"head"}:
                continue
            paths = addresses(name, pattern)
            for path in paths if LONG else Random(name).sample(paths, min(4, len(paths))):
                with watched() as names:
                    status = ask(client, method, path, {})
                status = max(status, ask(client, method, path, dict.fromkeys(sorted(names), person)))
                wrong += [f"{method} {path}: {status}"] if status >= 500 else []
    assert not wrong, "\n".join(wrong)
