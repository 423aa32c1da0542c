"""A community with thirty closed cases of one worker, two colleagues who had no hand in them, and the county."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest

from qiaomen.cases import actions as cases
from qiaomen.cases.models import Case
from qiaomen.kernel import clock, figures
from qiaomen.kernel.figures import Figure
from qiaomen.needs.models import Need
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Building, Compound, Dwelling, Entrance, Household, Person

CLOSED = "test.closed"


def closed(*, community: Any, start: date, end: date, as_at: datetime) -> Any:
    return Case.objects.filter(community=community, closed_at__isnull=False)


@dataclass
class Office:
    """One small office. `handler` closed every case."""

    community: Organisation
    head: Staff
    handler: Staff
    staff: dict[str, Staff]

    def make(self, role: str, login: str, home: Organisation | None = None) -> Staff:
        made = Staff.objects.create_user(login, None, name=login, role=role, organisation=home or self.community)
        self.staff[login] = made
        return made

    def close(self, count: int, compound: str = "幸福苑", start: int = 0) -> list[Case]:
        place = Compound.objects.get_or_create(community=self.community, name=compound)[0]
        building = Building.objects.create(community=self.community, compound=place, name=f"{start + 1}")
        entrance = Entrance.objects.create(community=self.community, building=building, name="1")
        made = []
        for number in range(start, start + count):
            door = Dwelling.objects.create(
                community=self.community,
                entrance=entrance,
                floor=1,
                room=f"{number}",
                door_label=f"{start}-1-{number}",
                walk_order=number,
            )
            home = Household.objects.create(community=self.community, dwelling=door, head_name=f"户{number}")
            Person.objects.create(
                community=self.community, household=home, name=f"户{number}", is_head=True, phone="13900001234"
            )
            need = Need.objects.create(
                community=self.community,
                household=home,
                kind="repair",
                words="灯不亮",
                handling="mine",
                origin="visit",
                heard_at=clock.now(),
                heard_by=self.handler,
                received_at=clock.now(),
            )
            case = cases.open_case(need=need, owner=self.handler, actor=self.handler)
            cases.close_case(case=case, actor=self.handler, sentence="修好了")
            made.append(Case.objects.get(pk=case.pk))
        return made


@pytest.fixture
def office(db: None) -> Office:
    county = Organisation.objects.create(kind="county", name="拾光县", code="K0")
    town = Organisation.objects.create(kind="town", name="柳湾镇", code="K1", parent=county)
    community = Organisation.objects.create(kind="community", name="锦瑟社区", code="K2", parent=town)
    made = Office(community, None, None, {})  # type: ignore[arg-type]
    made.head, made.handler = made.make("head", "k-head"), made.make("worker", "k-handler")
    return made


@pytest.fixture(autouse=True)
def figure_of_closed_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the tests a figure whose list is the closed cases, known nowhere else."""
    true_get: Callable[[str], Figure] = figures.get
    made = Figure(CLOSED, "办结", "办结过的事", "件", closed)
    monkeypatch.setattr(figures, "get", lambda code: made if code == CLOSED else true_get(code))
    true_all = figures.all_figures
    monkeypatch.setattr(figures, "all_figures", lambda: [*true_all(), made])
