"""A written day is read one way or not at all."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiaomen.kernel.ages import years_before
from qiaomen.kernel.days import DayHint, read_day
from qiaomen.kernel.lunar import leap_month_of, solar_day

TODAY = date(2026, 11, 29)
MARCH_8 = date(1956, 3, 8)

SURE = {
    "1956.3.8": MARCH_8,
    "1956-03-08": MARCH_8,
    "1956/3/8": MARCH_8,
    "1956年3月8日": MARCH_8,
    "1956年03月08": MARCH_8,
    "1956年3月8号": MARCH_8,
    "19560308": MARCH_8,
    19560308: MARCH_8,
    "19560308.0": MARCH_8,
    "560308": MARCH_8,
    560308.0: MARCH_8,
    "56.3.8": MARCH_8,
    "56年3月8日": MARCH_8,
    "'56.3.8": MARCH_8,
    "56/3/8": MARCH_8,
    "1956-03-08 00:00:00": MARCH_8,
    "1956/3/8 0:00": MARCH_8,
    "1956-03-08T00:00:00": MARCH_8,
    "1956-03-07T16:00:00Z": MARCH_8,
    "1956-03-08T00:00:00+08:00": MARCH_8,
    "1956年3月8日上午8时30分": MARCH_8,
    "1956年3月8日 星期四": MARCH_8,
    "1956年3月8日生": MARCH_8,
    "出生：1956.3.8": MARCH_8,
    "１９５６年３月８日": MARCH_8,
    "1956，3，8": MARCH_8,
    "1956、3、8": MARCH_8,
    "1956 3 8": MARCH_8,
    "1956—3—8": MARCH_8,
    "1956\\3\\8": MARCH_8,
    "1956.3.8.": MARCH_8,
    "一九五六年三月八日": MARCH_8,
    "壹玖伍陆年叁月捌日": MARCH_8,
    "五六年三月八日": MARCH_8,
    "民国四十五年三月八日": MARCH_8,
    "民国45年3月8日": MARCH_8,
    "民国45.3.8": MARCH_8,
    "公历1956年3月8日": MARCH_8,
    "8-Mar-56": MARCH_8,
    "8-Mar-1956": MARCH_8,
    "Mar 8, 1956": MARCH_8,
    "20522": MARCH_8,
    20522: MARCH_8,
    20522.5: MARCH_8,
    "20522.0": MARCH_8,
    MARCH_8: MARCH_8,
    datetime(1956, 3, 8, 10, 30): MARCH_8,
    "25/12/1956": date(1956, 12, 25),
    "12/25/1956": date(1956, 12, 25),
    "03/03/1956": date(1956, 3, 3),
    "1950/3/10:00": date(1950, 3, 1),
    "1950/12/30:00:00": date(1950, 12, 3),
    "1950-03-0100:00:00": date(1950, 3, 1),
    "05-06-12": date(2005, 6, 12),
    "50-3-15": date(1950, 3, 15),
    "民国三十九年三月五日": date(1950, 3, 5),
    "一九五六年十一月二十一日": date(1956, 11, 21),
    "二〇〇一年十月十日": date(2001, 10, 10),
    "1950年三月廿三": date(1950, 5, 9),
    "农历1950年三月初五": date(1950, 4, 21),
    "一九五六年三月初八": date(1956, 4, 18),
    "1956年腊月三十": date(1957, 1, 30),
    "1956年正月初一": date(1956, 2, 12),
    "阴历56年三月初八": date(1956, 4, 18),
    "1952年闰五月十二": date(1952, 7, 3),
    "1956-3-8(农历)": date(1956, 4, 18),
}

UNSURE = {
    "03/04/1956": "ambiguous",
    "3/8/56": "ambiguous",
    "05/06/12": "ambiguous",
    "16-3-8": "ambiguous",
    "200108": "ambiguous",
    "1950/3/110:00": "ambiguous",
    "1956.1": "ambiguous",
    1956.1: "ambiguous",
    "农历1952年五月十二": "ambiguous",
    "公历1950年三月廿三": "ambiguous",
    "1950年闰五月十二": "no-such-day",
    "1956-02-30": "no-such-day",
    60: "no-such-day",
    "1956-13-01": "no-such-day",
    "2126-03-15": "future",
    "2026-11-30": "future",
    "1850-01-01": "too-old",
    "0056-03-08": "too-old",
    "3月8日": "no-year",
    "3-8": "no-year",
    "1956-**-**": "masked",
    "1956****": "masked",
    "约1956年": "approximate",
    "1956年3月上旬": "approximate",
    "1956.3.8至1957.1.1": "two-days",
    "": "blank",
    None: "blank",
    "无": "blank",
    "/": "blank",
    "0": "blank",
    0: "blank",
    "不详": "blank",
    "0000-00-00": "blank",
    "昨天": "unreadable",
    "幸福苑3号楼": "unreadable",
    float("nan"): "unreadable",
    float("inf"): "unreadable",
    -5: "unreadable",
    True: "unreadable",
}

PART = {
    "1956年3月": (1956, 3),
    "1956-03": (1956, 3),
    "1956.3": (1956, 3),
    "1956.10": (1956, 10),
    "195603": (1956, 3),
    195603: (1956, 3),
    "199912": (1999, 12),
    "56年3月": (1956, 3),
    "1956-3-0": (1956, 3),
    "19560300": (1956, 3),
    "1956": (1956, None),
    1956: (1956, None),
    "1956年": (1956, None),
    "一九五六年": (1956, None),
    "1956-00-00": (1956, None),
    "民国元年": (1912, None),
    "五六年": (1956, None),
}


@pytest.mark.parametrize(("written", "day"), SURE.items())
def test_a_day_that_can_be_read_one_way_is_read(written: object, day: date) -> None:
    reading = read_day(written, today=TODAY)
    assert (reading.day, reading.precision, reading.problem) == (day, "day", "")


@pytest.mark.parametrize(("written", "problem"), UNSURE.items())
def test_a_day_that_is_not_sure_stays_unknown_with_its_reason(written: object, problem: str) -> None:
    reading = read_day(written, today=TODAY)
    assert (reading.day, reading.problem) == (None, problem) and reading.explanation


@pytest.mark.parametrize(("written", "known"), PART.items())
def test_a_month_is_not_made_its_first_day(written: object, known: tuple[int, int | None]) -> None:
    reading = read_day(written, today=TODAY)
    assert (reading.day, reading.year, reading.month, reading.problem) == (None, *known, "")
    assert reading.precision == ("month" if known[1] else "year")


@pytest.mark.parametrize(
    ("written", "hint", "day"),
    [
        ("16-3-8", DayHint(age=10), date(2016, 3, 8)),
        ("16-3-8", DayHint(age=105), date(1916, 3, 8)),
        ("16-3-8", DayHint(birth=date(2016, 3, 9)), date(2016, 3, 8)),
        ("03/04/1956", DayHint(birth=date(1956, 4, 3)), date(1956, 4, 3)),
        ("05-06-12", DayHint(birth=date(1905, 6, 12)), date(1905, 6, 12)),
        ("农历1952年五月十二", DayHint(birth=date(1952, 7, 3)), date(1952, 7, 3)),
    ],
)
def test_a_hint_chooses_between_readings(written: str, hint: DayHint, day: date) -> None:
    reading = read_day(written, today=TODAY, hint=hint)
    assert reading.day == day and reading.explanation


def test_a_hint_never_makes_a_day() -> None:
    birth = DayHint(birth=MARCH_8, age=70)
    assert read_day("不详", today=TODAY, hint=birth).day is None
    assert read_day("1956年3月", today=TODAY, hint=birth).day is None
    assert read_day("03/04/1956", today=TODAY, hint=birth).day is None


def test_a_book_of_1904_counts_otherwise() -> None:
    assert read_day(20522 - 1462, today=TODAY, book_1904=True).day == MARCH_8
    assert read_day(20522 - 1462, today=TODAY).day == date(1952, 3, 7)


def test_other_days_than_births_may_lie_ahead() -> None:
    assert read_day("2031-03-01", today=TODAY, oldest=20, ahead=10).day == date(2031, 3, 1)
    assert read_day("2041-03-01", today=TODAY, oldest=20, ahead=10).problem == "future"
    assert read_day("26-9-1", today=TODAY, oldest=20).day == date(2026, 9, 1)


def test_the_same_text_reads_otherwise_on_another_day() -> None:
    assert read_day("2026-11-29", today=date(2026, 11, 28)).problem == "future"
    assert read_day("2026-11-29", today=TODAY).day == TODAY


BIRTHS = st.dates(years_before(TODAY, 110), TODAY)
SHAPES = (
    "{y}-{m:02}-{d:02}",
    "{y}.{m}.{d}",
    "{y}/{m}/{d}",
    "{y}年{m}月{d}日",
    "{y}{m:02}{d:02}",
    "{y}年{m:02}月{d:02}号",
    "{y}/{m}/{d} 0:00",
    "{y}-{m:02}-{d:02} 00:00:00",
    " {y}.{m:02}.{d:02} ",
    "民国{n}年{m}月{d}日",
)


@given(BIRTHS, st.sampled_from(SHAPES))
def test_every_shape_gives_its_day_back(day: date, shape: str) -> None:
    if "n" in shape and day.year < 1912:
        return
    written = shape.format(y=day.year, m=day.month, d=day.day, n=day.year - 1911)
    assert read_day(written, today=TODAY).day == day


@given(BIRTHS)
def test_a_day_number_of_excel_gives_its_day_back(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    if serial > 2200:
        assert read_day(serial, today=TODAY).day == day


@given(BIRTHS, st.integers(0, 1))
def test_a_short_year_is_never_read_wrongly(day: date, slash: int) -> None:
    sign = "-/"[slash]
    reading = read_day(f"{day.year % 100:02}{sign}{day.month}{sign}{day.day}", today=TODAY)
    assert reading.day in (day, None) or day.year < 1917


@given(st.integers(1900, 2025), st.integers(1, 12), st.integers(1, 30))
def test_a_lunar_day_is_that_of_the_library_or_unknown(year: int, month: int, day: int) -> None:
    reading = read_day(f"农历{year}年{month}月{day}日", today=TODAY)
    expected = solar_day(year, month, day, False)
    if leap_month_of(year) == month:
        expected = (
            None if expected and solar_day(year, month, day, True) else expected or solar_day(year, month, day, True)
        )
    assert reading.day == (expected if expected is None or expected <= TODAY else None)


@given(st.one_of(st.text(max_size=70), st.floats(), st.integers()))
def test_no_cell_breaks_the_grammar(cell: object) -> None:
    reading = read_day(cell, today=TODAY)
    assert (reading.day is None) or years_before(TODAY, 130) <= reading.day <= TODAY
    assert reading.day is not None or reading.problem or reading.year


@pytest.mark.parametrize("number", [19560308.0, 560308.0, 20522.0, 20522.75])
def test_a_cell_that_came_as_a_number_is_read_like_its_text(number: float) -> None:
    assert read_day(number, today=TODAY).day == MARCH_8
