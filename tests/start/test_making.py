"""While the demo is being made, every page of the desk says which communities are still to come."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.desk.making import NAME, communities_being_made
from qiaomen.office.models import Staff
from qiaomen.register.tests.conftest import community, worker  # noqa: F401
from scripts.site import MAKING
from simtown import progress

WAITING = {"锦瑟社区": (5, 17), "新桥社区": (0, 14)}


@pytest.fixture
def demo(settings: Any, tmp_path: Path) -> Path:
    settings.DEMO, settings.DATA = True, tmp_path
    return tmp_path / NAME


def test_one_file_is_written_read_and_taken_away(demo: Path) -> None:
    assert progress.NAME == NAME == MAKING
    progress.tell(WAITING)
    assert [(one.name, one.done, one.all) for one in communities_being_made()] == [
        (name, *count) for name, count in WAITING.items()
    ]
    progress.tell({})
    assert communities_being_made() == [] and not list(demo.parent.iterdir())


def test_half_a_file_or_a_site_that_is_no_demo_says_nothing(demo: Path, settings: Any) -> None:
    demo.write_text('{"锦瑟', encoding="utf-8")
    assert communities_being_made() == []
    demo.write_text(json.dumps(WAITING), encoding="utf-8")
    settings.DEMO = False
    assert communities_being_made() == []


@pytest.mark.django_db
def test_the_sign_in_page_and_today_say_what_is_to_come(demo: Path, worker: Staff, client: Client) -> None:  # noqa: F811
    progress.tell(WAITING)
    words = "锦瑟社区（17 步做了 5 步）、新桥社区（14 步做了 0 步）"
    assert words in client.get(reverse("office:login")).content.decode()
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    assert words in client.get(reverse("desk:today")).content.decode()
    progress.tell({})
    assert "还在造" not in client.get(reverse("desk:today")).content.decode()
