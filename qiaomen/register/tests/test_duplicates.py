"""Two records that are one person are shown; twins, fathers and namesakes are never called the same."""

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from qiaomen.kernel.tests.numbers import id_no
from qiaomen.linkage.duplicates import Candidate, Pair, compare, find_pairs, one_slip
from qiaomen.linkage.sounds import sounds_of

NAMES = Counter({"单志明": 1, "张伟": 60, "仇小兰": 2, "李娜": 50}) + Counter({f"人{n}": 1 for n in range(9000)})


def one(key: str, name: str = "单志明", **more: object) -> Candidate:
    known = {
        "sex": "male",
        "birth": date(1950, 1, 1),
        "id_no": id_no(11),
        "phone": "13900001234",
        "household": "h1",
        "door": "3-2-501",
        **more,
    }
    return Candidate(key, name, sounds_of(name)[0], **known)  # type: ignore[arg-type]


FIRST = one("a")
TYPO = id_no(11)[:16] + str((int(id_no(11)[16]) + 1) % 10) + id_no(11)[17:]


@pytest.mark.parametrize(
    ("second", "band", "code"),
    [
        (one("b", household="h2", door="5-1-101", phone=""), "same", "id.same"),
        (one("b", id_no="", household="h2", door="5-1-101"), "same", "phone.same"),
        (one("b", id_no=TYPO, household="h2", door=""), "same", "id.one-digit-off"),
        (one("b", "单志铭", household="h2", phone=""), "same", "name.sounds-same"),
        (one("b", id_no="", birth=date(1950, 1, 2)), "same", "birth.one-step-off"),
        (one("b", "单明", household="h2"), "same", "name.one-char-added"),
        (one("b", "王大力", sex="", birth=None, phone="", household="", door=""), "ask", "id.same"),
        (one("b", id_no=id_no(13)), "ask", "id.differs"),
    ],
)
def test_what_looks_like_one_person(second: Candidate, band: str, code: str) -> None:
    found = compare(FIRST, second, NAMES)
    assert found is not None and found.band == band and code in dict(found.evidence), found
    assert all(found.sentences()) and compare(second, FIRST, NAMES) == found


TWIN = one("b", "单志亮", id_no=id_no(13), phone="")
FATHER = one("b", "单志", birth=date(1925, 3, 3), id_no=id_no(17, "19250303"))
NAMESAKE = one(
    "b", "张伟", household="h9", door="3-2-502", phone="", id_no=id_no(19, "19710203"), birth=date(1971, 2, 3)
)


@pytest.mark.parametrize(("left", "right"), [(FIRST, TWIN), (FIRST, FATHER), (one("a", "张伟"), NAMESAKE)])
def test_twins_fathers_and_namesakes_are_never_the_same(left: Candidate, right: Candidate) -> None:
    found = compare(left, right, NAMES)
    assert found is None or found.band == "ask"


def test_a_rare_name_says_more_than_a_common_one() -> None:
    def bits(name: str) -> float:
        found = compare(one("a", name, id_no=""), one("b", name, id_no="", household="h2", door=""), NAMES)
        return found.bits if found else 0.0

    assert bits("单志明") > bits("张伟") > 0


def test_nothing_known_is_nothing_said() -> None:
    assert compare(Candidate("a", "张伟"), Candidate("b", "张伟"), NAMES) is None


def test_the_order_of_people_does_not_matter() -> None:
    people = [FIRST, one("b", id_no="", household="h2"), TWIN, replace(NAMESAKE, key="c")]
    found = {tuple(find_pairs(list(order))) for order in permutations(people)}
    assert len(found) == 1 and ("a", "b") in {(p.left, p.right) for p in next(iter(found)) if isinstance(p, Pair)}


def test_a_slip_is_one_character_or_two_neighbours() -> None:
    assert (
        one_slip("abc", "abd") and one_slip("abc", "bac") and not one_slip("abc", "cba") and not one_slip("ab", "abc")
    )
