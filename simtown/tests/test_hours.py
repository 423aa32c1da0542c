"""The demo is the same at every hour of every kind of day, and goes on wherever it was killed."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, transaction

from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import LedgerEntry, Organisation
from qiaomen.visits.models import Round, Visit
from simtown import play as county
from simtown import progress
from simtown.play import OLD, play
from simtown.steps import BEGAN, Steps
from simtown.tests.tiny import TINY, tiny  # noqa: F401

DAYS = {
    "an ordinary Tuesday": date(2026, 11, 24),
    "a Sunday": date(2026, 11, 29),
    "National Day": date(2026, 10, 1),
    "a Saturday that is worked": date(2026, 10, 10),
    "29 February": date(2028, 2, 29),
    "31 December": date(2026, 12, 31),
}
TUESDAY = DAYS["an ordinary Tuesday"]
KILLS = 20 if os.environ.get("QM_PROVE") == "1" else 6


def at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60), clock.SHANGHAI)


def counts() -> dict[str, int]:
    """How many rows every table of the product holds."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def walks() -> Counter[tuple[date, str, str]]:
    """Which doors were knocked at on which day with which outcome."""
    return Counter(
        (moment.astimezone(clock.SHANGHAI).date(), label, outcome)
        for moment, label, outcome in Visit.objects.values_list("happened_at", "dwelling__door_label", "outcome")
    )


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS)
def test_at_every_tenth_minute_of_a_day_todays_round_has_the_same_doors(day: date, tiny: str) -> None:  # noqa: F811
    with clock.at(at(day, 0)):
        play(only=tiny)
    dealt = Round.objects.get(community__code="SGX-T1", day=day)
    doors = dealt.doors.count()
    assert doors >= 3
    Round.objects.filter(pk=dealt.pk).delete()
    for minute in range(0, 24 * 60, 10):
        point = transaction.savepoint()
        with clock.at(at(day, minute)):
            county.plan_today(tiny)
        assert Round.objects.get(community__code="SGX-T1", day=day).doors.count() == doors, minute
        transaction.savepoint_rollback(point)


@pytest.mark.django_db
@pytest.mark.parametrize("minute", [0, 8 * 60 + 31, 17 * 60 + 55, 23 * 60 + 59])
def test_the_whole_county_is_the_same_whatever_the_hour(minute: int, tiny: str) -> None:  # noqa: F811
    with clock.at(at(TUESDAY, minute)):
        play(only=tiny)
    community = Organisation.objects.get(code="SGX-T1")
    assert Round.objects.get(community=community, day=TUESDAY).doors.count() == county.DOORS[tiny]
    assert Round.objects.filter(community=community, day__lt=TUESDAY).count() == 4
    assert ledger.verify(community).ok
    assert LedgerEntry.objects.filter(community=community, at__gt=at(TUESDAY, max(minute, 9 * 60))).count() == 0


class Killed(Exception):
    """Stands for the power that goes."""


@pytest.fixture
def kill_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let the process die when it writes the ledger for the n-th time from now."""
    real, left = {name: getattr(ledger, name) for name in ("record", "record_many")}, [0]

    def dying(name: str) -> Callable[..., object]:
        def write(*words: object, **more: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            return real[name](*words, **more)

        return write

    for name in real:
        monkeypatch.setattr(ledger, name, dying(name))

    def arm(number: int) -> None:
        left[0] = number

    return arm


@pytest.fixture
def unbroken(tiny: str, kill_at: Callable[[int], None]) -> Iterator[tuple[dict[str, int], Counter[object], int]]:  # noqa: F811
    """What a county holds that nobody disturbed, and how often it wrote the ledger; taken back again."""
    point = transaction.savepoint()
    written = [0]
    real = LedgerEntry.objects.count()
    with clock.at(at(TUESDAY, 600)):
        play(only=tiny)
    written[0] = LedgerEntry.objects.count() - real
    found = counts(), walks(), written[0]
    transaction.savepoint_rollback(point)
    yield found


@pytest.mark.once
@pytest.mark.django_db
def test_killed_at_many_points_it_goes_on_to_the_same_county(
    tiny: str,  # noqa: F811
    unbroken: tuple[dict[str, int], Counter[object], int],
    kill_at: Callable[[int], None],
) -> None:
    whole, walked, written = unbroken
    fell = 0
    for number in range(KILLS):
        point = transaction.savepoint()
        kill_at(1 + number * number * written // (KILLS * KILLS * 2))
        for moment in (at(TUESDAY, 600), at(TUESDAY, 1439)):
            try:
                with clock.at(moment):
                    play(only=tiny)
            except Killed:
                fell += 1
        assert counts() == whole and walks() == walked, number
        assert ledger.verify(Organisation.objects.get(code="SGX-T1")).ok
        transaction.savepoint_rollback(point)
    assert fell == KILLS


@pytest.mark.django_db
def test_gone_on_with_on_another_day_the_weeks_stay_and_that_day_has_its_round(
    tiny: str,  # noqa: F811
    kill_at: Callable[[int], None],
) -> None:
    kill_at(30)
    with clock.at(at(TUESDAY, 1439)), pytest.raises(Killed):
        play(only=tiny)
    later = TUESDAY + timedelta(days=5)
    with clock.at(at(later, 1)):
        play(only=tiny)
        play(only=tiny)
    days = set(Round.objects.filter(community__code="SGX-T1", day__gte=TUESDAY).values_list("day", flat=True))
    assert days == {TUESDAY, later}


@pytest.mark.django_db
def test_an_older_county_or_half_of_one_is_left_alone_and_offered_anew(
    tiny: str,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    county.make_offices()  # as an older simtown left it: no marks
    before = counts()
    play(only=tiny)
    assert counts() == before and capsys.readouterr().out == f"· {OLD}\n"
    Organisation.objects.filter(code="SGX").update(code="SGX-OLD")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO simtown_steps (name, kept) VALUES (%s, %s)", [BEGAN, "1 2026-01-01"])
    play(only=tiny)
    assert counts() == before and capsys.readouterr().out == f"· {OLD}\n" and BEGAN in Steps()
    assert OLD.count("。") == 1 and "--remake" in OLD


@pytest.mark.django_db
def test_while_it_is_made_the_page_can_tell_how_far_it_is(tiny: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    told: list[dict[str, tuple[int, int]]] = []
    monkeypatch.setattr(progress, "tell", told.append)
    with clock.at(at(TUESDAY, 600)):
        play(only=tiny)
    seen = [one["试灯社区"][0] for one in told if one]
    assert seen == sorted(seen) and len(seen) > 5 and not told[-1]


def test_what_goes_wrong_is_one_sentence_and_the_story_is_in_the_log(tmp_path: Path) -> None:
    (tmp_path / "qiaomen.sqlite3").write_bytes(b"no database " * 100)
    env = {"QM_DATA": str(tmp_path), "PATH": "", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-m", "simtown"], env=env, capture_output=True, cwd=Path(__file__).parents[2]
    )
    words = done.stderr.decode()
    assert done.returncode == 1 and words.startswith("✗ 演示县没有造完") and words.count("\n") == 1
    assert "Traceback" not in words and "Traceback" in (tmp_path / "simtown.log").read_text(encoding="utf-8")
