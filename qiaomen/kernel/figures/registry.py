"""Which figures and rates there are."""

from qiaomen.kernel.figures.figure import Figure
from qiaomen.kernel.figures.rates import Rate

_figures: dict[str, Figure] = {}
_rates: dict[str, Rate] = {}


def register(*figures: Figure) -> None:
    """Make figures known by code; a code used twice is a mistake."""
    for figure in figures:
        if figure.code in _figures:
            raise ValueError(f"figure {figure.code} is registered twice")
        _figures[figure.code] = figure


def get(code: str) -> Figure:
    """Return the figure with this code. Raises KeyError."""
    return _figures[code]


def all_figures() -> list[Figure]:
    """Return all figures in the order of their codes."""
    return [_figures[code] for code in sorted(_figures)]


def register_rates(*rates: Rate) -> None:
    """Make rates known by code; their figures may be registered later."""
    for rate in rates:
        if rate.code in _rates:
            raise ValueError(f"rate {rate.code} is registered twice")
        _rates[rate.code] = rate


def all_rates() -> list[Rate]:
    """Return all rates in the order of their codes."""
    return [_rates[code] for code in sorted(_rates)]
