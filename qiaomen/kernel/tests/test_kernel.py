"""The pure words keep their promises."""

import base64
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiaomen.kernel import clock, idcheck, masking, sealing, timing
from qiaomen.kernel.tests.random_keys import without_random_keys

MASTER = "k1:" + "11" * 32


@pytest.fixture(autouse=True)
def put_back_keys() -> object:
    keys, suite = dict(sealing._keys), sealing._suite
    yield
    sealing.configure(",".join(f"{k}:{v.hex()}" for k, v in keys.items()), suite)


@pytest.mark.parametrize("suite", ["aes", "sm4"])
def test_a_sealed_value_opens_only_in_its_own_column(suite: str) -> None:
    sealing.configure(MASTER, suite)
    stored = sealing.seal("骉龘·买买提", "register.person.name")
    assert sealing.unseal(stored, "register.person.name") == "骉龘·买买提"
    with pytest.raises(sealing.CannotUnseal):
        sealing.unseal(stored, "register.person.phone")


def test_old_values_open_after_a_new_key_came() -> None:
    sealing.configure(MASTER)
    stored, index = sealing.seal("x", "a"), sealing.blind("x", "a")
    sealing.configure("k2:" + "22" * 32 + "," + MASTER)
    assert sealing.unseal(stored, "a") == "x" and sealing.seal("x", "a").startswith("v1.aes.k2.")
    assert sealing.blind("x", "a") == index


@given(st.text(), st.integers(0, 200))
def test_a_changed_byte_never_opens(text: str, place: int) -> None:
    head, _, body = sealing.seal(text, "a").rpartition(".")
    raw = bytearray(base64.urlsafe_b64decode(body))
    raw[place % len(raw)] ^= 1
    with pytest.raises(sealing.CannotUnseal):
        sealing.unseal(head + "." + base64.urlsafe_b64encode(raw).decode(), "a")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("11010519491231002X", ""),
        ("440524188001010014", ""),
        (" 11010519491231002x ", ""),
        ("11010519491231002X", ""),
        ("110105194912310021", "check-digit"),
        ("11010519491331002X", "birth"),
        ("1101051949123100", "length"),
        ("11010519491231O02X", "characters"),
    ],
)
def test_id_numbers(text: str, reason: str) -> None:
    assert idcheck.check_id_no(text).reason == reason


@given(st.integers(0, 10**17 - 1), st.integers(0, 16), st.integers(0, 9))
def test_one_wrong_digit_never_passes(number: int, place: int, digit: int) -> None:
    first = f"{number:017d}"
    good = first + idcheck.check_digit(first)
    changed = good[:place] + str(digit) + good[place + 1 :]
    assert changed == good or idcheck.check_digit(changed[:17]) != changed[17]


def test_masks_never_show_the_middle() -> None:
    assert masking.mask_id_no("990101195001011234") == "99" + "*" * 16, "of its end nothing: it is the check digit's"
    assert masking.mask_id_no("990101195001011234", beside_birthday=True) == "*" * 18 and masking.mask_id_no("") == ""
    assert masking.mask_phone("13900001234") == "139****1234"
    assert masking.mask_name("买买提·艾力") == "买**" and masking.mask_phone("1234") == "****"


def test_working_days_over_national_day_2026_with_make_up_days() -> None:
    # 国办发明电〔2025〕: 2026-10-01 to 10-07 off, 09-20 and 10-10 worked.
    assert timing.is_working_day(date(2026, 10, 10)) and not timing.is_working_day(date(2026, 10, 5))
    assert timing.add_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert timing.working_days_between(date(2026, 9, 30), date(2026, 10, 10)) == 3


@given(st.dates(date(2004, 1, 1), date(2027, 12, 31)), st.integers(0, 40))
def test_adding_and_counting_working_days_agree(start: date, n: int) -> None:
    assert timing.working_days_between(start, timing.add_working_days(start, n)) == n


def test_time_is_an_argument() -> None:
    moment = datetime(2026, 3, 5, 9, 0, tzinfo=clock.SHANGHAI)
    with clock.at(moment):
        assert clock.now() == moment and clock.today() == date(2026, 3, 5)
    with pytest.raises(ValueError), clock.at(datetime(2026, 3, 5)):
        pass


def test_a_text_without_random_keys_keeps_what_a_person_reads() -> None:
    token = "Zm9v" * 11
    text = f'{{"id": "19481948-1948-1948-1948-194819481948", "key": "{token}=", "id_no": "990101194803040011"}}'
    assert without_random_keys(text) == '{"id": "", "key": "", "id_no": "990101194803040011"}'
