"""A community of a few homes, made in a second: what is true of it hour by hour is true of the large ones."""

from collections.abc import Iterator

import pytest

from simtown import offices, play, weeks
from simtown.offices import TeamPlan
from simtown.world.people import PLANS, Plan

TINY = "T"


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A community T of twenty homes with one team and short weeks, beside the others' offices."""
    monkeypatch.setitem(PLANS, TINY, Plan("SGX-T1", "试灯社区", 20, 52, ("试灯院",)))
    monkeypatch.setitem(offices.TEAMS, TINY, (TeamPlan("敲门一组", ("zhuren-t",)),))
    monkeypatch.setitem(play.DOORS, TINY, 6)
    monkeypatch.setattr(offices, "STAFF", [*offices.STAFF, ("zhuren-t", "殷主任", "head", "SGX-T1")])
    monkeypatch.setattr(weeks, "TRIES", 60)
    monkeypatch.setattr(weeks, "WEEKS", 2)
    yield TINY
