"""No number that is held back can be worked out: attacked with an integer solver over every table that went out."""

import os
from collections.abc import Iterable
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

import pytest

from qiaomen.kernel.figures import Flow, suppression
from qiaomen.kernel.figures.release import Counted, Known, Place, read_together
from qiaomen.kernel.figures.suppression import Cells, Reading, Sum, protect
from qiaomen.kernel.tests.attacker import Attack

pytestmark = pytest.mark.once
MONDAY = date(2026, 11, 2)
WEEK = timedelta(days=6)
WHOLES = {"spot": "heard", "walked": "heard", "brought": "heard"}
PARTS_OF = {"walked": ("origin", ("visit",)), "brought": ("origin", ("window", "telephone"))}
KNOWN = Known(
    WHOLES,
    momentary=frozenset({"open"}),
    splits={"heard": (("walked", "brought"),)},
    parts_of=PARTS_OF,
    flows={"open": Flow(into=("heard",), but=("spot",), out=("closed",))},
)
POPULATIONS, WEEKS = (1_000, 4) if os.environ.get("QM_PROVE") else (50, 2)


class Matter(NamedTuple):
    """One record of an invented community. `known`: on which day it had come in; `closed`: when it was done."""

    key: str
    day: date
    known: date
    origin: str
    compound: str
    spot: bool
    closed: date


def people(random: Random) -> list[Matter]:
    """Return weeks of matters: many or few, spread evenly or not, some of them late."""
    many = int(10 ** random.uniform(1.5, 3.7))
    origins = random.choices(["visit", "window", "telephone"], [random.random() ** 2 for _ in range(3)], k=many)
    places = random.choices(["a", "b", "c"], [random.random() ** 2 for _ in range(3)], k=many)
    on_the_spot, slow = random.random(), random.choice([3, 9, 40])
    found = []
    for at in range(many):
        day = MONDAY + timedelta(days=random.randrange(7 * WEEKS + 2))
        late = random.randrange(12) if random.random() < 0.1 else 0
        spot = random.random() < on_the_spot
        shut = day + timedelta(days=random.randrange(slow))
        found.append(Matter(str(at), day, day + timedelta(days=late), origins[at], places[at], spot, shut))
    return found


def cells(matters: Iterable[Matter], start: date, end: date, as_at: date) -> dict[tuple[str, str, str], list[Matter]]:
    """Return every number of some days: figure, breakdown, part. What is open is as at the last of the days."""
    known = [matter for matter in matters if matter.known <= as_at]
    found = [matter for matter in known if start <= matter.day <= end]
    cases = [matter for matter in known if not matter.spot and matter.day <= end]
    by_code = {
        "heard": found,
        "spot": [matter for matter in found if matter.spot],
        "walked": [matter for matter in found if matter.origin == "visit"],
        "brought": [matter for matter in found if matter.origin != "visit"],
        "closed": [matter for matter in cases if start <= matter.closed <= end],
        "open": [matter for matter in cases if matter.closed > end],
    }
    numbers = {(code, "", ""): some for code, some in by_code.items()}
    for code in ("heard", "spot"):
        for part in "abc":
            numbers[code, "compound", part] = [matter for matter in by_code[code] if matter.compound == part]
    for part in ("visit", "window", "telephone"):
        numbers["heard", "origin", part] = [matter for matter in found if matter.origin == part]
    return numbers


def tables(matters: Iterable[Matter], start: date, end: date, as_at: date, release: int, who: str) -> list[Counted]:
    """Return what is told together: a bulletin tells figures and parts, the county reads every figure and no part."""
    return [
        Counted(Place(*name, start, end, release), frozenset(matter.key for matter in inside))
        for name, inside in cells(matters, start, end, as_at).items()
        if (name[1] == "" if who == "county" else name[0] not in ("walked", "brought"))
    ]


def lived(random: Random) -> tuple[list[Counted], dict[Place, Reading]]:
    """Publish some weeks, one of them again when more had come in, and the month; the county reads finished weeks.

    Each beside all before it; the county looks before a bulletin goes out, or after it, or both.
    """
    matters = people(random)
    weeks = [(MONDAY + timedelta(days=7 * at), MONDAY + timedelta(days=7 * at) + WEEK) for at in range(WEEKS)]
    dates = [(start, end, end, "public") for start, end in weeks]
    dates.insert(random.randrange(2, WEEKS + 1), (*weeks[1], MONDAY + timedelta(days=40), "public"))
    for start, end in weeks:
        dates.insert(random.randrange(len(dates) + 1), (start, end, end, "county"))
    last = MONDAY + timedelta(days=random.choice([30, 45]))
    dates.append((MONDAY, MONDAY + timedelta(days=7 * WEEKS + 1), last, "public"))
    out: list[Counted] = []
    for release, (start, end, as_at, who) in enumerate(dates):
        fresh = tables(matters, start, end, as_at, release, who)
        read = read_together([*out, *fresh], KNOWN)
        out += [Counted(number.place, number.keys, read[number.place]) for number in fresh]
    return out, {number.place: number.read for number in out if number.read is not None}


def system_of(seed: int) -> Attack:
    """Return everything a reader of one community's tables knows, as equations."""
    out, read = lived(Random(seed))
    attack = Attack({number.place: len(number.keys) for number in out}, read)
    attack.reckon(WHOLES, PARTS_OF)
    return attack


def narrow(seed: int) -> tuple[list[str], int, int]:
    """Return what an attacker finds out, how many numbers are read, and how many there are."""
    attack = system_of(seed)
    read = attack.read
    found = [f"{seed}: {known}" for known in attack.found_out()]
    told = sum(reading.value is not None for reading in read.values())
    return found, told, len(read)


def test_no_number_held_back_is_narrower_than_nought_to_nine_over_all_tables_and_dates() -> None:
    told = many = 0
    for seed in range(POPULATIONS):
        found, read, all_of_them = narrow(seed)
        assert not found, found
        told, many = told + read, many + all_of_them
    print(f"{POPULATIONS} populations: {told} of {many} numbers are read")
    assert told > many // 5, "what is held back altogether is safe and useless"


def test_the_attacker_breaks_the_plain_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plain 10-5 rule, without holding back a second number, does not stand: the attack is a real one."""
    monkeypatch.setattr(suppression._Search, "is_safe", lambda *_: True)
    assert sum(bool(narrow(seed)[0]) for seed in range(8)) >= 4


def test_the_attacker_breaks_what_forgets_the_county_s_page_and_what_moves_a_stock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Parts and wholes alone do not do: the same number by two names, and what is open from week to week, tell more."""
    monkeypatch.setattr("qiaomen.kernel.tests.test_suppression.KNOWN", Known(WHOLES, frozenset({"open"})))
    assert sum(bool(narrow(seed)[0]) for seed in range(8)) >= 2


@pytest.mark.parametrize(
    ("parts", "whole"), [((50, 3), 53), ((12, 0, 0), 12), ((9, 9, 40), 58), ((0, 0, 0), 0), ((11, 13), 24)]
)
def test_parts_of_a_whole(parts: tuple[int, ...], whole: int) -> None:
    values = {"w": whole, **{str(at): part for at, part in enumerate(parts)}}
    read = protect(Cells(values, [Sum(("w",), tuple(map(str, range(len(parts)))))]))
    held = [at for at, part in enumerate(parts) if read[str(at)].value is None]
    assert all(at in held for at, part in enumerate(parts) if part < 10)
    assert len(held) != 1, "one alone is the whole without the others"


def week(keys: Iterable[str], release: int, read: Reading | None = None) -> Counted:
    return Counted(Place("heard", "", "", MONDAY, MONDAY + WEEK, release), frozenset(keys), read)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (12, 14, Reading(10, same=True)),  # 10, then 15, would say that one to seven came
        (12, 34, Reading(35)),
        (8, 13, Reading(15)),  # nothing was told of the eight
        (40, 40, Reading(40, same=True)),
    ],
)
def test_a_week_told_again_does_not_say_how_few_came(before: int, after: int, expected: Reading) -> None:
    read = Reading(None) if before < 10 else Reading((before + 2) // 5 * 5)
    old, new = week(map(str, range(before)), 0, read), week(map(str, range(after)), 1)
    assert read_together([old, new], Known({})) == {new.place: expected}


def test_a_month_after_its_weeks_is_not_told_where_few_are_left() -> None:
    out = []
    for at in range(4):
        start = MONDAY + timedelta(days=7 * at)
        keys = frozenset(f"{at}-{number}" for number in range(22))
        out.append(Counted(Place("heard", "", "", start, start + WEEK, at), keys, Reading(20)))
    everything = frozenset(key for number in out for key in number.keys)
    for rest, told in ((7, None), (37, 125)):
        month = Place("heard", "", "", MONDAY, MONDAY + timedelta(days=29), 9)
        keys = everything | {f"rest-{number}" for number in range(rest)}
        assert read_together([*out, Counted(month, keys)], Known({})) == {month: Reading(told)}
