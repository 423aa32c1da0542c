"""The short form of the benchmark: every carrier with every disguise, the clean notices, and the judge's own eyes."""

from collections import Counter
from random import Random

import pytest

from benchmarks.bench_publication import alarms, release_all
from benchmarks.worlds import notices, planted
from benchmarks.worlds.planted_judge import is_in
from qiaomen.redaction.examine import examine
from qiaomen.redaction.findings import suggested
from qiaomen.redaction.known_names import Registered
from qiaomen.redaction.parts import Part
from qiaomen.redaction.passing import Passing
from qiaomen.redaction.publish import publish

REGISTER = planted.registered(1, 3000)
WHOLE = 13_160
"""People of the largest community of the demo county."""


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


@pytest.mark.once
def test_of_a_whole_register_no_canary_and_no_name_gets_out() -> None:
    """The register is the dictionary: 500 canaries in every carrier and dress, and a list of everybody on it."""
    whole = planted.registered(20, WHOLE)
    out, counted = release_all(seed=20, count=500, register=whole)
    assert counted.total() == 500 and {kind for kind, _fact in out} <= {"other_name"}
    listed = "\n".join(f"居民{name}来电。" for name in whole)
    names, part = Registered(whole), Part("名单", listed)
    new = publish([part], suggested(examine([part], names, Passing())), names, Passing())[0]
    left = Counter(new.content.decode().split("\n")) & Counter(listed.split("\n"))
    assert len(whole) == WHOLE and not left
