"""The cast of the register, and two staircases with a team."""

import pytest

from qiaomen.office.models import Organisation, Staff
from qiaomen.office.tests.cast import community, head, worker  # noqa: F401  fixtures
from qiaomen.register.models import Dwelling
from qiaomen.visits.actions import visits
from qiaomen.visits.models import Team
from qiaomen.visits.tests.street import build_stairs


@pytest.fixture
def mate(community: Organisation) -> Staff:  # noqa: F811
    return Staff.objects.create_user("m-r", None, name="方志远", role="volunteer", organisation=community)


@pytest.fixture
def doors(community: Organisation) -> list[Dwelling]:  # noqa: F811
    return build_stairs(community)


@pytest.fixture
def team(community: Organisation, worker: Staff) -> Team:  # noqa: F811
    made = visits.make_team(community=community, name="敲门一组", members=[worker], actor=worker)
    made.minutes = 90
    made.save(update_fields=["minutes"])
    return made
