"""D2: 10,000 random edits of the ledger by somebody who has the database and no key; each is found at its first line."""

from typing import Any

import pytest

from qiaomen.office.tests.conftest import guard_off as guard_off
from qiaomen.office.tests.edits import make_town, try_edits
from tests.proof.machine import dice, size, tell


@pytest.mark.proof
def test_every_edit_is_found_at_its_line(db: None, guard_off: None, django_capture_on_commit_callbacks: Any) -> None:
    homes = make_town(lambda: django_capture_on_commit_callbacks(execute=True))
    times = size(300, 10_000)
    missed = try_edits(dice("ledger edits"), homes, times)
    tell("D2 edits of the ledger", edits=times, found=times - len(missed), missed=len(missed))
    assert missed == []
