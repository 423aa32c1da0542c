"""What every test stands on."""

import pytest
from hypothesis import settings

settings.register_profile("qiaomen", deadline=None)  # a slow machine is no bug; the whole run has a limit of its own
settings.load_profile("qiaomen")


@pytest.fixture(autouse=True)
def plans_made_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round in a test has to be good by the rules, not the best: the planner searches a twentieth of a second."""
    monkeypatch.setattr("qiaomen.visits.actions.round_plan.SECONDS", 0.05)
