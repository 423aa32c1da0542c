"""Where the points and bars of a drawing stand; the page draws them as SVG and prints the same numbers beside it.

A number that is not told leaves a gap: a line that runs through it would tell it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 16, 28


@dataclass(frozen=True)
class Dot:
    """One value: where it stands, its words, and whether they are shown above it."""

    x: float
    y: float
    value: int
    label: str


@dataclass(frozen=True)
class Tick:
    """A mark of an axis."""

    at: float
    label: str


@dataclass(frozen=True)
class Line:
    """A line over time: runs of dots as a path is written, with gaps between; a dot a value, marks of both axes."""

    width: int
    height: int
    runs: tuple[str, ...]
    dots: tuple[Dot, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]


@dataclass(frozen=True)
class Bar:
    """One bar of a breakdown. `wide`: of how many hundredths of the width; None: its number is not told."""

    label: str
    value: int | None
    wide: float | None


def top_of(greatest: int) -> int:
    """Return the end of a scale that holds a number: 1, 2 or 5 times a power of ten, at least 5."""
    step = 1
    while True:
        for times in (1, 2, 5):
            if times * step >= max(greatest, 5):
                return times * step
        step *= 10


def line(labels: Sequence[str], values: Sequence[int | None], *, width: int = WIDTH, height: int = HEIGHT) -> Line:
    """Return a line chart of values in order of time."""
    top = top_of(max((value for value in values if value is not None), default=0))
    across = (width - LEFT - RIGHT) / max(len(values) - 1, 1)
    tall = height - TOP - BOTTOM
    places = [(LEFT + across * at, label, value) for at, (label, value) in enumerate(zip(labels, values, strict=True))]
    dots = tuple(
        Dot(round(x, 1), round(TOP + tall * (1 - value / top), 1), value, label)
        for x, label, value in places
        if value is not None
    )
    every = -(-len(places) // max(1, (width - LEFT - RIGHT) // 56))
    marks = tuple(Tick(round(x, 1), label) for at, (x, label, _value) in enumerate(places) if at % every == 0)
    steps = tuple(Tick(round(TOP + tall * (1 - part / 2), 1), str(round(top * part / 2))) for part in (0, 1, 2))
    return Line(width, height, _runs(places, dots), dots, marks, steps if top % 2 == 0 else (steps[0], steps[2]))


def _runs(places: Sequence[tuple[float, str, int | None]], dots: Sequence[Dot]) -> tuple[str, ...]:
    runs: list[list[str]] = [[]]
    waiting = iter(dots)
    for _x, _label, value in places:
        if value is None:
            runs.append([])
        else:
            dot = next(waiting)
            runs[-1].append(f"{dot.x},{dot.y}")
    return tuple(" L".join(run) for run in runs if len(run) > 1)


def bars(parts: Sequence[tuple[str, int | None]]) -> list[Bar]:
    """Return the bars of a breakdown, in its order."""
    greatest = max((value for _label, value in parts if value is not None), default=0)
    return [
        Bar(label, value, None if value is None else round(100 * value / max(greatest, 1), 1)) for label, value in parts
    ]
