"""The invented town has exactly the people it says, and no real number."""

import os
from datetime import date

import pytest

from qiaomen.kernel.idcheck import check_id_no
from qiaomen.office import ledger
from qiaomen.office.models import Organisation
from qiaomen.register.models import Household, Person
from simtown.play import play
from simtown.world.people import AREA_CODE, PLANS, make_households
from simtown.world.roster import DAMAGED_ROWS, write_roster

TODAY = date(2026, 9, 1)


@pytest.mark.parametrize("letter", "ABC")
def test_totals_are_exact_and_every_number_is_invented(letter: str) -> None:
    plan = PLANS[letter]
    town = make_households(plan, 1, TODAY)
    people = [person for household in town for person in household.people]
    assert (len(town), len(people)) == (plan.households, plan.persons)
    assert len({person.id_no for person in people}) == len(people)
    assert all(check_id_no(p.id_no).ok and p.id_no.startswith(AREA_CODE) for p in people)
    assert len({(h.compound, h.building, h.entrance, h.room) for h in town}) == len(town)


def test_the_relocated_community_counts_as_published() -> None:
    town = make_households(PLANS["B"], 1, TODAY)
    lifted = [household for household in town if household.lifted_out]
    assert (len(lifted), sum(len(h.people) for h in lifted)) == (812, 2933)
    assert (len({h.origin_town for h in town}), len({(h.origin_town, h.origin_village) for h in town})) == (7, 66)


def test_the_same_seed_makes_the_same_town() -> None:
    assert make_households(PLANS["C"], 7, TODAY) == make_households(PLANS["C"], 7, TODAY)
    assert make_households(PLANS["C"], 7, TODAY) != make_households(PLANS["C"], 8, TODAY)
    assert write_roster(PLANS["C"], make_households(PLANS["C"], 7, TODAY))[:2] == b"PK"


@pytest.mark.once
@pytest.mark.django_db
def test_the_messy_roster_comes_in_to_the_person() -> None:
    letters = "AC" if os.environ.get("QM_PROVE") == "1" else "C"
    play(only=letters)
    for letter in letters:
        plan, community = PLANS[letter], Organisation.objects.get(code=PLANS[letter].code)
        mine = Person.objects.filter(community=community)
        assert Household.objects.filter(community=community).count() == plan.households
        assert mine.count() == plan.persons and mine.filter(is_head=True).count() == plan.households
        assert ledger.verify(community).ok
    assert DAMAGED_ROWS == 12
    play(only="C")
    assert Organisation.objects.filter(kind="county").count() == 1
