"""The judge of readings: the truth itself is exact, and every single slip is found."""

from dataclasses import replace
from functools import cache

import pytest

from benchmarks.worlds.office_judge import FIELDS, ReadHousehold, ReadPerson, Verdict, judge
from benchmarks.worlds.office_tables import OfficeTable, make_tables


@cache
def table() -> OfficeTable:
    return next(table for table in make_tables(1, 40) if not table.questions and len(table.truth) > 5)


def perfect(source: OfficeTable) -> list[ReadHousehold]:
    return [
        ReadHousehold(
            household.door,
            household.head,
            tuple(
                ReadPerson(person.name, **{name: getattr(person, name) for name in FIELDS})
                for person in household.members
            ),
        )
        for household in source.truth
    ]


def test_the_truth_is_exact_in_every_table():
    total = Verdict()
    for source in make_tables(2, 60):
        total.add(judge(source, perfect(source), (), whole_asked=False))
    assert total.wrong == [] and total.lost == []
    assert total.households == total.households_exact > 500
    assert total.people == total.people_exact > 1500


def test_a_household_at_another_door_and_two_put_together_are_wrong():
    homes = perfect(table())
    moved = [replace(homes[0], door=replace(homes[0].door, room="9999")), *homes[1:]]
    joined = [replace(homes[0], members=(*homes[0].members, *homes[1].members)), *homes[2:]]
    assert len(judge(table(), moved, (), whole_asked=False).wrong) == 1
    assert judge(table(), joined, (), whole_asked=False).households_exact == len(homes) - 2


def test_a_total_line_read_as_a_person_is_wrong_and_so_is_one_left_out():
    homes = perfect(table())
    extra = [*homes, ReadHousehold(None, "2户2人", (ReadPerson("2户2人"),))]
    assert [word for word in judge(table(), extra, (), whole_asked=False).wrong if "2户2人" in word]
    assert [word for word in judge(table(), homes[1:], (), whole_asked=False).wrong if "missing" in word]


@pytest.mark.parametrize("name", FIELDS)
def test_one_false_field_is_silently_wrong_unless_it_was_asked(name):
    homes = perfect(table())
    first = homes[0].members[0]
    slip = replace(homes[0], members=(replace(first, **{name: "别的"}), *homes[0].members[1:]))
    assert len(judge(table(), [slip, *homes[1:]], (), whole_asked=False).wrong) == 1
    asked = judge(table(), [slip, *homes[1:]], (first.name,), whole_asked=False)
    assert asked.wrong == [] and asked.asked == 1


def test_a_number_that_the_table_shows_and_the_reader_leaves_open_is_lost_not_wrong():
    homes = perfect(table())
    at = next(
        (home, place)
        for home, household in enumerate(table().truth)
        for place, person in enumerate(household.members)
        if person.document and "document" not in person.blank_ok
    )
    members = list(homes[at[0]].members)
    members[at[1]] = replace(members[at[1]], document=None)
    homes[at[0]] = replace(homes[at[0]], members=tuple(members))
    verdict = judge(table(), homes, (), whole_asked=False)
    assert verdict.wrong == [] and len(verdict.lost) == 1
    assert verdict.people_exact == verdict.people - 1


def test_a_table_that_waits_as_a_whole_is_asked_in_every_row():
    verdict = judge(table(), [], (), whole_asked=True)
    assert (verdict.asked, verdict.wrong, verdict.people_exact) == (len(table().people), [], 0)
