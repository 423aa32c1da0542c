"""The cast of the register, two staircases and a team."""

from datetime import timedelta

import pytest

from qiaomen.calls.tests.ringing import TEN, give_number, home_of
from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.office.tests.cast import community, head, worker  # noqa: F401  fixtures
from qiaomen.register.models import Dwelling, Household
from qiaomen.visits.actions import due
from qiaomen.visits.tests.conftest import doors, mate, team  # noqa: F401  fixtures
from qiaomen.visits.tests.street import visit


@pytest.fixture
def elder(doors: list[Dwelling], worker: Staff) -> Household:  # noqa: F811
    """Somebody of eighty-five alone, at the door six days ago, with a number."""
    give_number(home_of(doors[0]))
    with clock.at(TEN - timedelta(days=6)):
        visit(doors[0], worker, "met")
    due.keep_current(doors[0].community)
    Organisation.objects.update(telephone="029-12345678")
    doors[0].community.refresh_from_db()
    return home_of(doors[0])
