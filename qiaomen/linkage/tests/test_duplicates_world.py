"""On an invented register the search finds who stands twice, and calls nobody the same who is not."""

from collections import Counter

import pytest

from benchmarks.worlds.duplicates import DUPLICATES, Town, make_town
from benchmarks.worlds.names import common_chars
from benchmarks.worlds.slips import SHARES
from qiaomen.kernel.idcheck import check_id_no
from qiaomen.linkage.duplicates import Candidate, find_pairs
from qiaomen.linkage.tests.test_arrays import plain_pairs
from qiaomen.linkage.weights import WEIGHTS


@pytest.fixture(scope="module")
def town() -> Town:
    return make_town(6000, 5)


def people_of(town: Town) -> list[Candidate]:
    rows = zip(town.records, town.sounds, strict=True)
    return [Candidate(str(place), record.name, sounds, *record[1:]) for place, (record, sounds) in enumerate(rows)]


def test_columns_find_in_a_town_what_the_plain_rules_find(town: Town) -> None:
    people = people_of(town)
    assert find_pairs(people) == plain_pairs(people, WEIGHTS)
    assert find_pairs(people[::-1]) == find_pairs(people)


def test_who_stands_twice_is_found_and_nobody_else_is_called_the_same(town: Town) -> None:
    found = {tuple(sorted((int(pair.left), int(pair.right)))): pair.band for pair in find_pairs(people_of(town))}
    assert len(found.keys() & town.truth.keys()) >= 0.98 * len(town.truth)
    assert {pair for pair, band in found.items() if band == "same"} <= town.truth.keys()


def test_the_same_seed_is_the_same_town(town: Town) -> None:
    assert make_town(6000, 5) == town != make_town(6000, 6)


def test_a_town_holds_what_it_says(town: Town) -> None:
    assert len(town.records) == 6000 and len(town.truth) == int(6000 * DUPLICATES)
    assert len({place for pair in town.truth for place in pair}) == 2 * len(town.truth)
    kinds = Counter(town.truth.values())
    assert sum(SHARES.values()) == pytest.approx(1)
    assert all(abs(kinds[kind] / len(town.truth) - share) < 0.06 for kind, share in SHARES.items())


def test_every_second_record_differs_as_its_error_says(town: Town) -> None:
    for (left, right), kind in town.truth.items():
        first, two = town.records[left], town.records[right]
        if kind.startswith("name"):
            assert first.name != two.name
        if kind.startswith("birth"):
            assert first.birth is None or first.birth != two.birth
        if kind == "id-slip" and first.id_no and two.id_no:
            assert {check_id_no(number).ok for number in (first.id_no, two.id_no)} != {True}
        if kind == "name-longer-or-shorter":
            assert abs(len(first.name) - len(two.name)) == 1


def test_homophones_are_sorted_by_sound() -> None:
    assert {"明", "铭", "鸣"} <= set(common_chars()["ming"]) and "明" not in common_chars()["liang"]
