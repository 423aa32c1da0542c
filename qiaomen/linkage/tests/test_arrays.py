"""The search over columns gives the pairs, bands and bits of the plain rules, in any order and however it is cut."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiaomen.kernel.idcheck import check_id_no
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.linkage import arrays, columns
from qiaomen.linkage.arrays import find_pairs_in, pairs_between
from qiaomen.linkage.columns import Columns, Texts, calendar_of, hashes_of, valid_ids
from qiaomen.linkage.duplicates import Candidate, Pair, columns_of, compare, find_pairs
from qiaomen.linkage.sounds import sounds_of
from qiaomen.linkage.weights import FEATURES, WEIGHTS, Weights

VALID, OTHER = id_no(11), id_no(13, "19500102")
IDS = [
    "",
    "",
    VALID,
    VALID,
    OTHER,
    VALID[:16] + ("1" if VALID[16] != "1" else "2") + VALID[17],
    VALID[1::-1] + VALID[2:],
    VALID[:15],
    VALID[:17],
    VALID[:17] + "Ⅹ",
    f"{VALID[:6]} {VALID[6:]}",
    "１" + VALID[1:],
    "1" * 18,
    VALID[:17] + "x",
    "无",
    VALID[:6] + "19500230" + VALID[14:],
    VALID[:6] + "00000000" + VALID[14:],
    "9" * 17 + "\ud800",
]
NAMES = [
    "",
    "张伟",
    "张玮",
    "张伟",
    "伟张",
    "张小伟",
    "单志明",
    "单志铭",
    "单明",
    "单志",
    "王大力",
    "买买提·艾合买提",
    "䶮",
]
DAYS = [
    date(1950, 1, 2),
    date(1950, 2, 1),
    date(1950, 1, 3),
    date(1950, 1, 12),
    date(1951, 1, 2),
    date(1950, 1, 31),
    date(1905, 1, 2),
    date(1950, 2, 12),
    date(1952, 2, 29),
    date(1999, 12, 31),
]
PHONES = ["", "13900001234", "13900001243", "13900001235", "2345678", "139000012345"]


def candidates() -> st.SearchStrategy[Candidate]:
    def made(
        key: int, name: str, sound: bool, sex: str, birth: date | None, number: str, phone: str, home: str, door: str
    ) -> Candidate:
        return Candidate(f"{key:03d}", name, sounds_of(name)[0] if sound else "", sex, birth, number, phone, home, door)

    return st.builds(
        made,
        st.integers(0, 999),
        st.sampled_from(NAMES),
        st.booleans(),
        st.sampled_from(["", "male", "female"]),
        st.sampled_from([None, *DAYS]),
        st.sampled_from(IDS),
        st.sampled_from(PHONES),
        st.sampled_from(["", "h1", "h2"]),
        st.sampled_from(["", "1-101", "1-102", "h1"]),
    )


def towns() -> st.SearchStrategy[list[Candidate]]:
    return st.lists(candidates(), max_size=25, unique_by=lambda candidate: candidate.key)


def plain_blocks(candidate: Candidate) -> Iterator[tuple[str, ...]]:
    """The keys of one record in plain words, to hold the columns to."""
    born, home, sounds = (
        str(candidate.birth or ""),
        candidate.door or candidate.household,
        candidate.sounds or candidate.name,
    )
    if candidate.birth:
        month, day = sorted((candidate.birth.month, candidate.birth.day))
        yield "name-swapped", candidate.name, f"{candidate.birth.year}-{month}-{day}"
    yield "id", candidate.id_no
    yield "sounds-birth", sounds, born
    yield "sounds-phone", sounds, candidate.phone
    yield "sounds-home", sounds, home
    yield "home-birth", home, born
    yield "home-phone", home, candidate.phone
    yield "phone-birth", candidate.phone, born
    yield "name-month-day", candidate.name, born[5:]


def plain_pairs(people: list[Candidate], weights: Weights, crowded: int = 50) -> list[Pair]:
    """Each pair that shares a block, weighed on its own."""
    blocks = defaultdict(list)
    for place, person in enumerate(people):
        for key in plain_blocks(person):
            if all(key):
                blocks[key].append(place)
    met = {pair for block in blocks.values() if len(block) <= crowded for pair in combinations(block, 2)}
    names = Counter(person.name for person in people)
    found = [compare(people[left], people[right], names, weights) for left, right in met]
    return sorted((pair for pair in found if pair), key=lambda pair: (-pair.bits, pair.left, pair.right))


EAGER = replace(WEIGHTS, ask_from=-30.0, same_from=20.0)
"""Shows nearly every pair, so that every level is seen."""


@settings(max_examples=300, deadline=None)
@given(towns(), st.sampled_from([WEIGHTS, EAGER]), st.sampled_from([2, 3, 50]), st.sampled_from([1, 7, 1 << 14]))
def test_columns_find_what_the_plain_rules_find(
    town: list[Candidate], weights: Weights, crowded: int, at_once: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrays, "CROWDED", crowded)
        patch.setattr(arrays, "AT_ONCE", at_once)
        assert find_pairs(town, weights) == plain_pairs(town, weights, crowded)


@settings(max_examples=60, deadline=None)
@given(towns(), st.sampled_from([1, 3]))
def test_records_are_read_alike_in_slabs_of_any_size(town: list[Candidate], slab: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "SLAB", slab)
        found = find_pairs(town, EAGER)
    assert found == find_pairs(town, EAGER)


@settings(max_examples=60, deadline=None)
@given(towns(), st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing(town: list[Candidate], random: Random) -> None:
    mixed = random.sample(town, len(town))
    assert find_pairs(mixed, EAGER) == find_pairs(town, EAGER)


@settings(max_examples=100, deadline=None)
@given(towns(), towns())
def test_new_rows_meet_the_register_and_each_other(new: list[Candidate], standing: list[Candidate]) -> None:
    found = pairs_between(columns_of(new), columns_of(standing), EAGER)
    whole = find_pairs_in(columns_of([*new, *standing]), EAGER)
    seen = whole.left < len(new)
    assert np.array_equal(found.left, whole.left[seen]) and np.array_equal(found.right, whole.right[seen])
    assert np.array_equal(found.bits, whole.bits[seen]) and np.array_equal(found.levels, whole.levels[seen])
    assert not len(new) or (found.left < found.right).all()


@given(st.lists(st.sampled_from(IDS)))
def test_numbers_are_valid_when_the_kernel_says_so(numbers: list[str]) -> None:
    found = valid_ids(Texts.of(numbers), np.arange(len(numbers)))
    assert found.tolist() == [check_id_no(number).ok for number in numbers]


@given(st.lists(st.dates(date(1000, 1, 1), date(2100, 1, 1)), min_size=1))
def test_ordinal_days_are_read_as_dates(days: list[date]) -> None:
    year, month, day = calendar_of(np.array([day.toordinal() for day in days]))
    assert list(map(date, year.tolist(), month.tolist(), day.tolist())) == days


def test_every_level_is_met_so_that_the_comparison_proves_something() -> None:
    random = Random(7)
    town = [
        Candidate(
            str(n),
            name,
            sounds_of(name)[0],
            random.choice(["male", "female", ""]),
            random.choice([None, *DAYS]),
            random.choice(IDS),
            random.choice(PHONES),
            random.choice(["h1", "h2", "h3"]),
            random.choice(["1", "2", ""]),
        )
        for n, name in enumerate(random.choices(NAMES, k=150))
    ]
    found = find_pairs(town, EAGER)
    assert found == plain_pairs(town, EAGER)
    met = {code for pair in found for code, _ in pair.evidence}
    assert met == {level.code for levels in FEATURES.values() for level in levels} - {"name.former-same"}


def test_a_crowded_phone_is_no_hint() -> None:
    crowd = [Candidate(str(n), "", "zhangwei", phone="13900001234") for n in range(arrays.CROWDED + 1)]
    assert not find_pairs(crowd, EAGER) and len(find_pairs(crowd[1:], EAGER)) == 50 * 49 // 2
    assert len(find_pairs_in(columns_of(crowd)).crowded) == len(crowd)
    assert not len(find_pairs_in(columns_of(crowd[1:])).crowded)


def test_nobody_and_one_have_no_pairs() -> None:
    assert find_pairs([]) == [] and find_pairs([Candidate("a", "张伟")]) == []


def test_an_unknown_text_is_zero_and_is_read_back() -> None:
    texts = Texts.stack([Texts.of(["", "张伟", ""]), Texts.of(["䶮", ""]), Texts.of([""])])
    assert [texts.text(row) for row in range(6)] == ["", "张伟", "", "䶮", "", ""]
    assert (texts.hashes == hashes_of(["", "张伟", "", "䶮", "", ""])).all() and not texts.hashes[0]


def test_columns_of_unequal_length_are_refused() -> None:
    columns = {field.name: [""] for field in fields(Columns)} | {"birth": [None, None]}
    del columns["born"]
    with pytest.raises(ValueError, match="unequal"):
        Columns.of(**columns)  # type: ignore[arg-type]
