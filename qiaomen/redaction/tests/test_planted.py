"""The short form of the benchmark: every carrier with every disguise, the clean notices, and the judge's own eyes."""

from random import Random

import pytest

from benchmarks.bench_publication import alarms, release_all
from benchmarks.worlds import notices, planted
from benchmarks.worlds.planted_judge import is_in

REGISTER = planted.registered(1, 3000)


@pytest.mark.parametrize("carrier", planted.CARRIERS)
def test_no_planted_fact_goes_out_in_any_dress(carrier: str) -> None:
    out, counted = release_all(seed=7, count=75, register=REGISTER, carriers=[carrier])
    assert counted.total() == 75
    assert {kind for kind, _fact in out} <= {"other_name"}
    assert len(out) <= 0.05 * max(20, counted["other_name"])


def test_clean_notices_hardly_alarm() -> None:
    random = Random(11)
    characters, found = alarms([notices.notice(random) for _ in range(150)], REGISTER)
    assert len(found) <= characters / 2000, found


def test_the_judge_sees_through_every_disguise() -> None:
    for dress in planted.DISGUISES.values():
        assert is_in("13912345678", f"电话{dress('13912345678')}。")
    assert is_in("王建国", "王 建\n国") and not is_in("王建国", "王建设国")
