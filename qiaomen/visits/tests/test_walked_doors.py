"""How many doors of a round were walked is one number wherever it stands."""

from collections.abc import Iterator

import pytest

from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.office.shared import campaigns
from qiaomen.register.models import Dwelling
from qiaomen.visits import today
from qiaomen.visits.actions import visits
from qiaomen.visits.models import Round, Team, Visit
from qiaomen.visits.selectors import round_pages
from qiaomen.visits.tests.street import FEW, NOON, TODAY, visit


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.at(NOON):
        yield


def walked(community: Organisation, viewer: Staff, made: Round) -> list[object]:
    """Return the number as the rounds, the day, 今天 and the page of a campaign say it."""
    listed = round_pages.rounds_of(community)
    part = today.rounds_today(viewer, community, TODAY)
    assert part is not None
    carried: list[campaigns.Carried] = today._carried(community, [made.pk])
    return [row.door_done for row in (*listed, part["walk"])] + [carried[0].text]  # type: ignore[attr-defined]


def test_a_visit_taken_back_is_not_walked_anywhere(
    community: Organisation, team: Team, worker: Staff, doors: list[Dwelling]
) -> None:
    made = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    first, second = (row.dwelling for row in made.doors.order_by("position")[:2])
    for door in (first, first, second):
        visit(door, worker, "met", made=made)
    assert walked(community, worker, made) == [2, 2, "敲门一组，走了 2 户"]
    visits.take_back(visit=Visit.objects.get(dwelling=second), actor=worker)
    assert walked(community, worker, made) == [1, 1, "敲门一组，走了 1 户"]
    for row in Visit.objects.all():
        visits.take_back(visit=row, actor=worker)
    assert walked(community, worker, made) == [0, 0, "敲门一组，走了 0 户"]
