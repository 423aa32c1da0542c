"""Daily tasks run once a turn, one that fails keeps no other back and is tried again, the head is told."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.office import nightly
from qiaomen.office.models import NightlyRun, Organisation, Staff

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=clock.SHANGHAI)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Two tasks of our own in place of the houses'; the first fails while "broken" stands in what it returns."""
    told: list[str] = []
    monkeypatch.setattr(nightly, "_tasks", {})

    @nightly.task("t.evening", "傍晚")
    def evening() -> str:
        if "broken" in told:
            raise RuntimeError("王小明 的一行读不了")
        told.append("evening")
        return "做了 1 件"

    @nightly.task("t.midnight", "半夜", hour=nightly.AFTER_MIDNIGHT)
    def midnight() -> str:
        told.append("midnight")
        return ""

    yield told


def at(hours: float) -> list[str]:
    with clock.at(NOON + timedelta(hours=hours)):
        return [run.code for run in nightly.run_due()]


def test_each_turn_is_taken_once(ran: list[str]) -> None:
    assert at(0) == ["t.evening", "t.midnight"] and at(0.1) == [] and at(6.9) == []
    assert at(7) == ["t.evening"] and at(12.1) == [] and at(12.2) == ["t.midnight"]
    assert at(30) == [] and at(31) == ["t.evening"]
    assert ran == ["evening", "midnight", "evening", "midnight", "evening"]


def test_what_fails_is_tried_again_and_the_head_is_told_without_names(ran: list[str], client: Client) -> None:
    ran.append("broken")
    assert at(0) == ["t.evening", "t.midnight"] and at(0.5) == []
    run = NightlyRun.objects.get(code="t.evening")
    assert run.failed and run.outcome == "RuntimeError" and [one.code for one in nightly.failed()] == ["t.evening"]
    community = Organisation.objects.create(kind="community", name="锦瑟社区", code="T1")
    head = Staff.objects.create_user("z-t", "qiaomen-test", name="主任", role="head", organisation=community)
    client.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    assert "每天自动做的“傍晚”上一次没有做成" in client.get(reverse("desk:today")).content.decode()
    ran.remove("broken")
    assert at(1) == ["t.evening"] and not nightly.failed()


def test_another_process_is_waited_for_until_it_must_be_dead(ran: list[str]) -> None:
    NightlyRun.objects.create(code="t.evening", begun_at=NOON)
    assert at(1) == ["t.midnight"] and at(2.1) == ["t.evening"]


def test_the_command_runs_the_tasks_of_the_houses(capsys: Any) -> None:
    call_command("nightly")
    out = capsys.readouterr().out
    assert {"imports.retain", "groups.refresh"} <= set(NightlyRun.objects.values_list("code", flat=True))
    assert out.count("做好了") == len(nightly.tasks()) and "没有做成" not in out


def test_a_code_is_used_once(ran: list[str]) -> None:
    with pytest.raises(ValueError, match=r"t\.evening"):
        nightly.task("t.evening", "")(lambda: "")


def test_the_heads_of_the_night_are_signed_before_the_backup_takes_them() -> None:
    codes = [one.code for one in nightly.tasks()]
    assert codes.index("office.ledger-heads") < codes.index("office.backup")
