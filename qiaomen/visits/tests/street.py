"""Two staircases and who lives there, for tests of rounds."""

import uuid
from datetime import date, datetime, timedelta

from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import (
    Building,
    Compound,
    Dwelling,
    Entrance,
    Family,
    FamilyMember,
    Household,
    Person,
    Registration,
    Residence,
)
from qiaomen.visits.actions import due, visits
from qiaomen.visits.actions.weeks import promise
from qiaomen.visits.models import Round
from qiaomen.visits.selectors.facts import tiers

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=clock.SHANGHAI)
TODAY = NOON.date()
FEW = 300
"""Tries of the planner: enough for a handful of doors."""


def person(home: Household, door: Dwelling, name: str, born: date) -> Person:
    elder = Person.objects.create(community=home.community, household=home, name=name, birth_date=born, is_head=True)
    Registration.objects.create(person=elder, household=home)
    Residence.objects.create(person=elder, dwelling=door)
    FamilyMember.objects.create(person=elder, family=Family.objects.create(community=home.community))
    return elder


def build_stairs(community: Organisation) -> list[Dwelling]:
    """Two staircases of twelve doors; behind the first three of each lives somebody of eighty-five alone."""
    building = Building.objects.create(
        community=community, compound=Compound.objects.create(community=community, name="幸福苑"), name="3", order=3
    )
    made = []
    for stairs in (1, 2):
        entrance = Entrance.objects.create(community=community, building=building, name=str(stairs), order=stairs)
        for n in range(12):
            door = Dwelling.objects.create(
                community=community,
                entrance=entrance,
                floor=n // 2 + 1,
                room=f"{n // 2 + 1}0{n % 2 + 1}",
                door_label=f"3-{stairs}-{n // 2 + 1}0{n % 2 + 1}",
                walk_order=stairs * 100 + n,
            )
            home = Household.objects.create(community=community, dwelling=door, head_name=f"王{stairs}{n}")
            person(home, door, home.head_name, date(1941 if n < 3 else 1985, 1, 1))
            made.append(door)
    return made


def visit(door: Dwelling, staff: Staff, outcome: str, days: int = 0, made: Round | None = None) -> None:
    visits.record_visit(
        visit_id=uuid.uuid4(),
        dwelling=door,
        household=door.households.first(),
        staff=staff,
        outcome=outcome,
        happened_at=clock.now() - timedelta(days=days),
        origin="desk",
        round=made,
    )


def promise_ideal(community: Organisation, actor: Staff) -> None:
    """Promise what the tiers would like, from today on."""
    due.keep_current(community)
    terms = {code: {"days": tier.every_days, "door_days": tier.knocks_every} for code, tier in tiers().items()}
    promise.make_promise(community=community, terms=terms, from_date=clock.today(), actor=actor)


def labels(made: Round) -> list[str]:
    return list(made.doors.order_by("position").values_list("dwelling__door_label", flat=True))
