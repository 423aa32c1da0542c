"""Every form of the office, sent empty: all faults on top, each a link to its field, the same words beside it."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from qiaomen.office.access import permission_table
from qiaomen.office.models import Organisation, Staff
from tests.architecture.invented import Invented
from tests.architecture.test_form_words import GENERIC
from tests.architecture.test_permissions import routes
from tests.architecture.test_relations import address

FAULTS = re.compile(r'data-testid="faults".*?<ul[^>]*>(.*?)</ul>', re.S)
LINK = re.compile(r'<a href="#([^"]+)">(.*?)</a>', re.S)
AT_LEAST = {
    "cases:close",
    "cases:hear",
    "cases:owner",
    "cases:step",
    "groups:define",
    "groups:new",
    "imports:list",
    "office:account",
    "office:account-close",
    "office:account-code",
    "office:account-new",
    "office:account-reopen",
    "office:login",
    "office:password",
    "register:correct",
    "register:life",
    "register:tell",
    "rights:answer",
    "rights:ask",
    "visits:make-team",
    "visits:note-leave",
    "visits:pause",
    "visits:set-times",
}
"""Pages whose form asks for something: the walk must have found each."""


@pytest.fixture
def owned(db: None, settings: Any) -> Invented:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"  # what a call did is taken back, the session not
    community = Organisation.objects.create(kind="community", name="锦瑟社区", code="HERE")
    head = Staff.objects.create_user("head", "a-good-long-one", name="主任", role="head", organisation=community)
    return Invented(community, head, "本社")


def pages(owned: Invented) -> Iterator[tuple[str, str]]:
    """Yield (route, page) for what answers an empty form with a page of its own."""
    client = Client(raise_request_exception=False)
    client.force_login(owned.staff, backend="django.contrib.auth.backends.ModelBackend")
    colleague = Staff.objects.create_user(
        "colleague", None, name="同事", role="worker", organisation=owned.community, is_active=True
    )
    keys = {"office.colleague": colleague.pk, **owned.keys()}
    for (route, method), line in sorted(permission_table().items()):
        if method != "POST" or route == "office:logout" or not {"head", "public"} & line.roles:
            continue
        near = sorted(keys, key=lambda kind: (kind.split(".")[0] != route.split(":")[0], kind not in COMMON))
        for kind in near if routes()[route].pattern.converters else near[:1]:
            with transaction.atomic():
                sender = Client() if route == "office:login" else client
                answer = sender.post(address(route, keys[kind]), {"csrfmiddlewaretoken": "as a browser sends"})
                transaction.set_rollback(True)
            if answer.status_code == 200 and "text/html" in answer.headers.get("Content-Type", ""):
                yield route, answer.content.decode()
            if answer.status_code not in (403, 404):
                break


COMMON = ("register.household", "register.person")


@pytest.mark.once
def test_every_empty_form_names_all_faults_on_top_and_beside_the_field(owned: Invented) -> None:
    wrong, found = [], set()
    for route, page in pages(owned):
        wrong += [f"{route} says {word}" for word in GENERIC[:5] if word in page]
        summary = FAULTS.search(page)
        if summary is None:
            continue
        found.add(route)
        if "<title>出错：" not in page:
            wrong.append(f"{route} has a title that says nothing")
        for target, words in LINK.findall(summary[1]):
            if f'id="{target}"' not in page:
                wrong.append(f"{route}: nothing to go to at #{target}")
            if unescape(page).count(unescape(words).strip()) < 2:
                wrong.append(f"{route}: {words} does not stand beside its field")
    assert not wrong, "\n".join(sorted(set(wrong))[:40])
    assert found >= AT_LEAST, AT_LEAST - found
