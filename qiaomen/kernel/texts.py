"""Chinese sentences of pure houses: marked where they stand, said in the reader's language when they are shown.

A pure house imports no Django, so it cannot call gettext: it marks its sentences with `later`, and the office says once
at the start how they are said (office/apps.py). Without that, in a script or a test of a pure house, they stay Chinese.
"""

from collections.abc import Callable
from datetime import date

FIRST_DAY, LAST_DAY = date(1800, 1, 1), date(2199, 12, 31)
"""No day outside these is of anybody's life or work: further out a day can neither be added to nor made a moment."""

_say: list[Callable[[str], str]] = []


class Text:
    """A sentence whose `str` is made anew each time, as a lazy translation is."""

    def __init__(self, chinese: str) -> None:
        self.chinese = chinese

    def __str__(self) -> str:
        return _say[0](self.chinese) if _say else self.chinese

    def __repr__(self) -> str:
        return f"Text({self.chinese!r})"


def later(chinese: str) -> Text:
    """Mark a sentence for the catalogue and for the reader's language. Import it as `_`."""
    return Text(chinese)


_ = later


def say_with(translate: Callable[[str], str]) -> None:
    """Name the function that says a Chinese sentence in the reader's language."""
    _say[:] = [translate]


def say(chinese: Text, **details: object) -> str:
    """Return a sentence in the reader's language now, its `{names}` filled from the details."""
    return str(chinese).format(**details)


def read_day(text: str) -> date | None:
    """Read 2026-11-24 as an address or a phone writes it; None for what is no day between the first and the last."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def say_day(day: date) -> str:
    """Return a day without its year, as it is said."""
    return say(_("{month}月{day}日"), month=day.month, day=day.day)
