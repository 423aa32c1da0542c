"""How one person comes to stand in a register twice: each error by name, and how often it happens."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from benchmarks.worlds.names import char, common_chars
from qiaomen.linkage.sounds import sounds_of


class Record(NamedTuple):
    """One row of a register; "" or None is not known."""

    name: str
    sex: str
    birth: date | None
    id_no: str
    phone: str
    household: str
    door: str


SHARES = {
    "moved": 0.16,
    "no-id": 0.14,
    "no-phone": 0.08,
    "id-slip": 0.12,
    "name-homophone": 0.08,
    "name-longer-or-shorter": 0.05,
    "name-wrong-character": 0.07,
    "birth-swapped": 0.04,
    "birth-one-step": 0.05,
    "birth-one-digit": 0.04,
    "birth-lunar": 0.04,
    "no-birth": 0.05,
    "several": 0.08,
}
"""Error -> its share of the duplicates. "several" is two, three or four different ones (60, 30, 10 %) of the others.

Half of those with nothing but a wrong name or a wrong birth have no identity number either: they were written down at
the door; with the number they would be found by it alone. Every other duplicate that has not moved stands in the same
household as the first record, the rest in a second one
behind the same door.
"""

_ALONE = [kind for kind in SHARES if kind != "several"]


def slip(random: Random, one: Record, elsewhere: Record) -> tuple[Record, str]:
    """Return the second record of a person and the kind of error; `elsewhere` is where somebody else lives."""
    kind = random.choices(list(SHARES), list(SHARES.values()))[0]
    kinds = [kind]
    if kind == "several":
        kinds = random.sample(_ALONE, random.choices([2, 3, 4], [60, 30, 10])[0])
    second = one if random.random() < 0.5 else one._replace(household=f"{one.household}+")
    for error in kinds:
        second = moved(random, second, elsewhere) if error == "moved" else ERRORS[error](random, second)
    if kind.startswith(("name", "birth")) and random.random() < 0.5:
        second = no_id(random, second)
    return second, kind


def moved(random: Random, one: Record, elsewhere: Record) -> Record:
    """Live behind another door, where others live too, with another phone."""
    return one._replace(household=f"{elsewhere.household}+", door=elsewhere.door, phone=a_phone(random))


def a_phone(random: Random) -> str:
    """Return a mobile number."""
    return f"1{random.choice('3589')}9{random.randrange(10**8):08d}"


def no_id(random: Random, one: Record) -> Record:
    """Nobody wrote the identity number down."""
    return one._replace(id_no="")


def no_phone(random: Random, one: Record) -> Record:
    """Nobody wrote the phone down."""
    return one._replace(phone="")


def no_birth(random: Random, one: Record) -> Record:
    """Nobody wrote the birth down, nor the number that tells it in half of the cases."""
    return one._replace(birth=None, id_no=one.id_no if random.random() < 0.5 else "")


def id_slip(random: Random, one: Record) -> Record:
    """One digit of the number is wrong, or two neighbours changed places (every third)."""
    text = one.id_no
    if not text:
        return one
    at = random.randrange(len(text) - 1)
    if random.random() < 1 / 3 and text[at] != text[at + 1]:
        return one._replace(id_no=text[:at] + text[at + 1] + text[at] + text[at + 2 :])
    return one._replace(id_no=text[:at] + another_digit(random, text[at]) + text[at + 1 :])


def another_digit(random: Random, digit: str) -> str:
    """Return a digit that is not this one."""
    return random.choice([other for other in "0123456789" if other != digit])


def name_homophone(random: Random, one: Record) -> Record:
    """A character that sounds the same, as the keyboard offers it."""
    at = random.randrange(1, max(2, len(one.name)))
    offered = common_chars().get(sounds_of(f"王{one.name[at : at + 1]}")[0][4:], "")
    names = [one.name[:at] + other + one.name[at + 1 :] for other in offered]
    names = [name for name in names if name != one.name and sounds_of(name) == sounds_of(one.name)]
    return one._replace(name=random.choice(names)) if names else name_wrong(random, one)


def name_wrong(random: Random, one: Record) -> Record:
    """One character is another one."""
    at = random.randrange(1, max(2, len(one.name)))
    return one._replace(name=one.name[:at] + _another_char(random, one.name[at : at + 1]) + one.name[at + 1 :])


def _another_char(random: Random, old: str) -> str:
    return next(new for new in iter(lambda: char(random), "") if new != old)


def name_length(random: Random, one: Record) -> Record:
    """One character too many, or one too few where at least two remain."""
    at = random.randrange(1, len(one.name) + 1)
    if len(one.name) > 2 and random.random() < 0.5:
        at = min(at, len(one.name) - 1)
        return one._replace(name=one.name[:at] + one.name[at + 1 :])
    return one._replace(name=one.name[:at] + char(random) + one.name[at:])


def birth_swapped(random: Random, one: Record) -> Record:
    """Day and month changed places where that makes a date; else a step off."""
    birth = one.birth
    if birth is None or birth.day > 12 or birth.day == birth.month:
        return birth_step(random, one)
    return one._replace(birth=birth.replace(month=birth.day, day=birth.month))


def birth_step(random: Random, one: Record) -> Record:
    """The year (every other), the month or the day is one off."""
    return _written_again(random, one, _a_step)


def birth_digit(random: Random, one: Record) -> Record:
    """One digit of the date is another; the century stays."""
    return _written_again(random, one, _a_digit)


def _a_step(random: Random, year: int, month: int, day: int) -> tuple[int, int, int]:
    step, which = random.choice([-1, 1]), random.choice("yymd")
    return year + step * (which == "y"), month + step * (which == "m"), day + step * (which == "d")


def _a_digit(random: Random, year: int, month: int, day: int) -> tuple[int, int, int]:
    text, at = f"{year:04d}{month:02d}{day:02d}", random.randrange(2, 8)
    text = text[:at] + another_digit(random, text[at]) + text[at + 1 :]
    return int(text[:4]), int(text[4:6]), int(text[6:])


def _written_again(random: Random, one: Record, how: Callable[..., tuple[int, int, int]]) -> Record:
    """Try until a date of the calendar comes out."""
    while one.birth is not None:
        year, month, day = how(random, one.birth.year, one.birth.month, one.birth.day)
        if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]:
            return one._replace(birth=date(year, month, day))
    return one


def birth_lunar(random: Random, one: Record) -> Record:
    """The lunar date written as a solar one: three to seven weeks early."""
    return one._replace(birth=one.birth and one.birth - timedelta(days=random.randint(18, 51)))


ERRORS: dict[str, Callable[[Random, Record], Record]] = {
    "no-id": no_id,
    "no-phone": no_phone,
    "id-slip": id_slip,
    "name-homophone": name_homophone,
    "name-longer-or-shorter": name_length,
    "name-wrong-character": name_wrong,
    "birth-swapped": birth_swapped,
    "birth-one-step": birth_step,
    "birth-one-digit": birth_digit,
    "birth-lunar": birth_lunar,
    "no-birth": no_birth,
}
"""Error -> the function that makes it; moving needs somewhere to move to and is called by itself."""
