"""The lot is fair and can be checked; the range holds the truth; nothing is said on few answers."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from math import comb
from pathlib import Path
from random import Random
from typing import Any

import pytest

from qiaomen.callbacks.rules import asking, draw
from qiaomen.callbacks.rules.draw import Ticket
from qiaomen.callbacks.rules.ranges import LEAST, range_of, ranges, size_for
from qiaomen.callbacks.rules.result import Counted, of_strata, sentences
from qiaomen.kernel.clock import SHANGHAI

pytestmark = pytest.mark.once
LONG = os.environ.get("QM_PROVE") == "1"
SCRIPT = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "verify_draw.py"


def test_ten_thousand_draws_are_uniform_within_each_stratum() -> None:
    """Chi-square of how often each of the tickets is drawn; the seeds are fixed, so it cannot fail by chance."""
    random = Random(5)
    frame = [Ticket(f"a{n}", "一网格") for n in range(20)] + [Ticket(f"b{n}", "二网格") for n in range(30)]
    quotas, met = draw.shares({"一网格": 20, "二网格": 30}, 10), Counter[str]()
    for _draw in range(10_000):
        order = draw.order_of(frame, draw.seed_of(f"{random.getrandbits(128):x}", "4 2 6"))
        for stratum, number in quotas.items():
            met.update(order[stratum][:number])
    for stratum, size, number in (("一网格", 20, 4), ("二网格", 30, 6)):
        expected = 10_000 * number / size
        counts = [met[ticket.mark] for ticket in frame if ticket.stratum == stratum]
        chi = sum((count - expected) ** 2 for count in counts) / (expected * (1 - number / size))
        chi *= (size - 1) / size  # drawn without replacement: sum of the counts is fixed
        assert chi < {20: 36.2, 30: 49.6}[size], (stratum, chi)  # 1 % of chi-square with size - 1 degrees


def coverage(population: int, sample: int) -> tuple[int, int]:
    """Return the worst share of draws whose range holds the truth, as a fraction of all samples."""
    found, everything, worst = ranges(population, sample), comb(population, sample), comb(population, sample)
    for true in range(population + 1):
        first = next(k for k in range(sample + 1) if found[k][1] >= true)
        last = next(k for k in range(sample, -1, -1) if found[k][0] <= true)
        held = everything - sum(
            comb(true, k) * comb(population - true, sample - k) for k in (*range(first), *range(last + 1, sample + 1))
        )
        worst = min(worst, held)
    return worst, everything


def pairs() -> list[tuple[int, int]]:
    """Every population up to 300 with some samples of it; with QM_PROVE every sample."""
    if LONG:
        return [(size, n) for size in range(LEAST, 301) for n in range(LEAST, size + 1)]
    return [
        (size, n)
        for size in range(LEAST, 301, 3)
        for n in {LEAST, max(LEAST, size // 3), max(LEAST, (size * 7919) % size or size)}
    ]


def test_the_range_holds_the_truth_in_95_of_100_draws_for_every_size() -> None:
    """Counted out with integers: for each true number the samples whose range holds it."""
    for population, sample in pairs():
        worst, everything = coverage(population, sample)
        assert worst * 20 >= everything * 19, (population, sample)


def test_the_range_is_the_two_tests_turned_round() -> None:
    """Against the definition, written out: each bound is the last number that is not rarer than 2.5 %."""
    random = Random(3)
    for _try in range(60):
        population = random.randint(10, 120)
        sample = random.randint(1, population)
        yes = random.randint(0, sample)

        def at_least(true: int, k: int, population: int = population, sample: int = sample) -> bool:
            ways = sum(comb(true, i) * comb(population - true, sample - i) for i in range(k, sample + 1))
            return ways * 40 > comb(population, sample)

        low = next(true for true in range(population + 1) if at_least(true, yes))
        high = population - next(true for true in range(population + 1) if at_least(true, sample - yes))
        assert range_of(population, sample, yes) == (low, high)


def clopper_pearson(sample: int, yes: int) -> tuple[float, float]:
    """Return the range of an endless group, by halving."""

    def tail(p: float, k: int) -> float:
        return sum(comb(sample, i) * p**i * (1 - p) ** (sample - i) for i in range(k, sample + 1))

    def solve(k: int) -> float:
        low, high = 0.0, 1.0
        for _step in range(50):
            middle = (low + high) / 2
            low, high = (middle, high) if tail(middle, k) < 0.025 else (low, middle)
        return low

    return (solve(yes) if yes else 0.0), 1 - (solve(sample - yes) if yes < sample else 0.0)


def test_it_is_narrower_than_the_range_of_an_endless_group() -> None:
    """Of 120 matters 41 answers: mean widths over all results, as shares of the whole."""
    own = sum(high - low for low, high in ranges(120, 41)) / 42 / 120
    other = sum(high - low for low, high in (clopper_pearson(41, k) for k in range(42))) / 42
    assert (round(own, 3), round(other, 3)) == (OWN_WIDTH, CLOPPER_WIDTH)


OWN_WIDTH, CLOPPER_WIDTH = 0.204, 0.255


def test_in_words_as_the_office_says_it() -> None:
    told = sentences(Counted("", 120, 60, 41, 35), "满意")
    low, high = range_of(120, 41, 35)
    assert told[0] == f"41 人里 35 人满意：全部 120 件里估计 {low}–{high} 件"
    assert "还有 19 件没有答复" in told[1] and "都算没有满意" in told[1]
    assert sentences(Counted("", 6, 6, 6, 5), "满意") == ["只有 6 个答复，太少，不算百分比"]
    assert sentences(Counted("", 12, 12, 12, 5), "满意") == ["都问到了：全部 12 件里 5 件满意"]
    assert not any("%" in text or "％" in text for text in told)


def test_strata_have_one_range_each_and_no_total() -> None:
    told = of_strata([Counted("一网格", 60, 20, 20, 18), Counted("二网格", 60, 6, 6, 6)], "满意")
    assert [stratum for stratum, _lines in told] == ["一网格", "二网格"]
    assert "太少" in told[1][1][0] and "60 件里估计" in told[0][1][0]


def test_the_silent_are_counted_both_ways_and_the_range_lies_between() -> None:
    counted = Counted("", 200, 80, 50, 40)
    assert counted.span is not None
    assert counted.if_silent_no[0] <= counted.span[0] and counted.span[1] <= counted.if_silent_yes[1]


def test_the_size_follows_from_the_wished_range() -> None:
    for population in (8, 12, 60, 120, 300):
        size = size_for(population, population // 4)
        assert min(10, population) <= size <= population
        assert max(high - low for low, high in ranges(population, size)) <= population // 4
    assert size_for(120, 0) == 120


def test_shares_add_up_and_nobody_gets_more_than_there_are() -> None:
    random = Random(9)
    for _try in range(200):
        sizes = {f"s{n}": random.randint(1, 40) for n in range(random.randint(1, 6))}
        wanted = random.randint(1, sum(sizes.values()) + 5)
        given = draw.shares(sizes, wanted)
        assert sum(given.values()) == min(wanted, sum(sizes.values()))
        assert all(given[name] <= sizes[name] for name in sizes)


def drawn(out: int = 0) -> dict[str, Any]:
    """Make a draw as the page of a round hands it out; `out`: so many of the first part could not be reached."""
    frame = [Ticket(draw.ticket_mark("salt", str(n)), "一网格" if n % 3 else "二网格") for n in range(40)]
    quotas = draw.shares(dict(Counter(ticket.stratum for ticket in frame)), 12)
    about = {"figure": "cases.closed", "start": "2026-09-01", "end": "2026-11-30"}
    frame_hash = draw.hash_of_frame(frame, quotas, about)
    seed = draw.seed_of("secret", " 3 5 1 ")
    order = draw.order_of(frame, seed)
    sizes = {stratum: quotas[stratum] + (out if stratum == "一网格" else 0) for stratum in order}
    marks = {stratum: marks[: sizes[stratum]] for stratum, marks in order.items()}
    replaced = [["一网格", mark, "no_answer"] for mark in marks["一网格"][:out]]
    return {
        "about": about,
        "commitment": draw.commitment_of("secret", frame_hash),
        "secret": "secret",
        "public": "3 5 1",
        "seed": seed,
        "frame": [[mark, stratum] for stratum, mark in sorted((ticket.stratum, ticket.mark) for ticket in frame)],
        "frame_hash": frame_hash,
        "quotas": quotas,
        "drawn": marks,
        "replaced": replaced,
        "end_hash": draw.hash_of_end(seed, marks, replaced),
    }


def checked(told: Any, folder: Path, *printed: str) -> tuple[int, str]:
    file = folder / "draw.json"
    file.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    done = subprocess.run([sys.executable, "-I", str(SCRIPT), str(file), *printed], capture_output=True, text=True)
    return done.returncode, done.stdout


@pytest.mark.parametrize("out", [0, 3])
def test_a_stranger_s_script_agrees_with_a_draw(tmp_path: Path, out: int) -> None:
    told = drawn(out)
    code, said = checked(told, tmp_path)
    assert code == 0 and said.startswith("as drawn: commitment, frame, seed and everybody drawn match\n")
    assert told["commitment"] in said, "what is to be compared by eye"
    assert checked(told, tmp_path, told["commitment"], told["end_hash"])[0] == 0


def tampered() -> dict[str, Callable[[dict[str, Any]], Any]]:
    """Return what can be done to a file, by name."""

    def swap(told: dict[str, Any]) -> None:
        left = [mark for mark, part in told["frame"] if part == "一网格" and mark not in told["drawn"]["一网格"]]
        told["drawn"]["一网格"][0] = left[0]

    def stand_in(told: dict[str, Any]) -> str:
        order = draw.order_of([Ticket(mark, part) for mark, part in told["frame"]], told["seed"])["一网格"]
        return order[len(told["drawn"]["一网格"])]

    def more(told: dict[str, Any]) -> None:
        told["drawn"]["一网格"].append(stand_in(told))

    def excuse(told: dict[str, Any]) -> None:
        more(told)
        told["replaced"].append(["一网格", told["drawn"]["一网格"][-2], "moved"])

    return {
        "another secret": lambda told: told.update(secret="another"),
        "another public value": lambda told: told.update(public="6 6 6"),
        "a ticket dropped": lambda told: told["frame"].pop(),
        "a ticket added": lambda told: told["frame"].append(["f" * 64, "一网格"]),
        "tickets in another order": lambda told: told["frame"].reverse(),
        "a ticket replaced": lambda told: told["frame"][0].__setitem__(0, "0" * 64),
        "a ticket in another part": lambda told: told["frame"][-1].__setitem__(1, "一网格"),
        "more of a part": lambda told: told["quotas"].update({"一网格": told["quotas"]["一网格"] + 1}),
        "other days": lambda told: told["about"].update(start="2026-09-02"),
        "somebody drawn dropped": lambda told: told["drawn"]["一网格"].pop(),
        "somebody drawn swapped": swap,
        "those drawn in another order": lambda told: told["drawn"]["一网格"].reverse(),
        "one more drawn": more,
        "one more drawn, with an excuse": excuse,
        "an excuse dropped": lambda told: told["replaced"].pop(),
        "excuses in another order": lambda told: told["replaced"].reverse(),
        "another reason": lambda told: told["replaced"][0].__setitem__(2, "died"),
        "a reason nobody knows": lambda told: told["replaced"][0].__setitem__(2, "rude"),
        "a part nobody was in": lambda told: told["drawn"].update({"三网格": ["0" * 64]}),
        "no end": lambda told: told.pop("end_hash"),
    }


@pytest.mark.parametrize("fault", tampered())
def test_a_tampered_draw_is_refused_by_the_script(tmp_path: Path, fault: str) -> None:
    told = drawn(out=2)
    tampered()[fault](told)
    code, said = checked(told, tmp_path)
    assert code == 1 and "NOT AS DRAWN" in said


def written_anew(frame: list[list[str]], secret: str, replaced: list[list[str]]) -> dict[str, Any]:
    """Return a file in which everything fits together again, as whoever keeps the secret can write it."""
    told = drawn(out=2)
    tickets = [Ticket(mark, part) for mark, part in frame]
    frame_hash = draw.hash_of_frame(tickets, told["quotas"], told["about"])
    seed = draw.seed_of(secret, told["public"])
    out = {mark for _part, mark, _because in replaced}
    marks: dict[str, list[str]] = {part: [] for part in told["quotas"]}
    for part, order in draw.order_of(tickets, seed).items():
        for mark in order:
            if sum(one not in out for one in marks[part]) < told["quotas"][part]:
                marks[part].append(mark)
    told |= {"frame": sorted(frame, key=lambda row: row[::-1]), "secret": secret, "seed": seed, "drawn": marks}
    told |= {"frame_hash": frame_hash, "commitment": draw.commitment_of(secret, frame_hash), "replaced": replaced}
    return told | {"end_hash": draw.hash_of_end(seed, marks, replaced)}


@pytest.mark.parametrize("how", ["dropped", "added", "replaced", "secret", "excused"])
def test_a_file_written_anew_is_refused_by_what_was_printed(tmp_path: Path, how: str) -> None:
    """The file fits together, for whoever has the secret can write all of it; the line that was printed does not."""
    told = drawn(out=2)
    frame, replaced = [list(row) for row in told["frame"]], told["replaced"]
    if how == "secret":
        replaced = []
    elif how == "dropped":
        frame = [row for row in frame if row[0] != told["drawn"]["二网格"][0]]
    elif how == "added":
        frame.append(["e" * 64, "二网格"])
    elif how == "replaced":
        frame[0][0] = "e" * 64
    elif how == "excused":
        replaced = [*replaced, ["一网格", told["drawn"]["一网格"][-1], "moved"]]
    again = written_anew(frame, "chosen" if how == "secret" else "secret", replaced)
    assert checked(again, tmp_path)[0] == 0, "by itself it fits"
    code, said = checked(again, tmp_path, told["commitment"], told["end_hash"])
    assert code == 1 and "that was printed" in said


def test_frames_are_the_same_list_when_they_share_more_than_half_of_the_shorter() -> None:
    assert draw.same_list(range(10), range(1, 11)) and draw.same_list(range(100), range(5))
    assert not draw.same_list(range(10), range(5, 30)) and not draw.same_list([], range(3))


def test_three_tries_at_one_hour_are_not_enough() -> None:
    morning = datetime(2026, 12, 1, 9, tzinfo=SHANGHAI)
    assert not asking.is_tried_out([morning + timedelta(days=n) for n in range(5)])
    assert not asking.is_tried_out([morning, morning + timedelta(hours=10)])
    assert asking.is_tried_out([morning, morning + timedelta(hours=10), morning + timedelta(days=1)])
