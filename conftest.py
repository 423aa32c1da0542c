"""What every test stands on."""

import os
from datetime import datetime

import pytest
from hypothesis import settings

from qiaomen.kernel import clock

settings.register_profile("qiaomen", deadline=None)  # a slow machine is no bug; the whole run has a limit of its own
settings.load_profile("qiaomen")

ORDINARY = "2026-12-01T10:00"
"""When every test begins, whatever the machine's day: a Tuesday morning. `start.py test --at` sets another, in
QM_AT.
"""


def set_clock() -> None:
    """Begin at the test's moment, in this process and in every one it starts; time runs on from there."""
    moment = datetime.fromisoformat(os.environ.get("QM_AT") or ORDINARY).replace(tzinfo=clock.SHANGHAI)
    os.environ["QM_CLOCK"] = repr(clock.start_from(moment))


def pytest_configure() -> None:
    """Test modules that read the day while they are imported read the test's."""
    set_clock()


@pytest.fixture(autouse=True)
def own_day() -> None:
    """A test brings its own day: each begins at the same moment, so that none lives through another's midnight."""
    set_clock()


@pytest.fixture(autouse=True)
def plans_made_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round in a test has to be good by the rules, not the best: the planner computes a twentieth of a second."""
    monkeypatch.setattr("qiaomen.visits.actions.round_plan.CPU_SECONDS", 0.05)
