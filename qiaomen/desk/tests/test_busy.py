"""A database in another's hands for too long is told in words, not as a fault of the system."""

from typing import Any

import pytest
from django.db import OperationalError
from django.urls import reverse

from qiaomen.kernel.lines import said
from qiaomen.office.models import Staff
from qiaomen.office.tests.cast import client_of


def test_a_database_held_by_a_large_import_is_told_in_words(worker: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(*_args: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setitem(said.LINES_HELD, "invented", held)
    answer = client_of(worker).get(reverse("desk:today"))
    page = answer.content.decode()
    assert answer.status_code == 503 and "系统正忙" in page and "请过半分钟再试" in page
