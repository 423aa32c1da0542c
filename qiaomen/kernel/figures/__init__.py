"""Figures: numbers that open onto their list, what they may be compared with, and what of them the public may read."""

from qiaomen.kernel.figures.figure import Breakdown, Distinct, Earlier, Figure, Flow, Middle, Numbers, moments_of
from qiaomen.kernel.figures.frozen import Difference, Frozen, compare, freeze
from qiaomen.kernel.figures.periods import Period, comparable, week_of
from qiaomen.kernel.figures.rates import Excluded, Rate, Ratio
from qiaomen.kernel.figures.registry import all_figures, all_rates, get, register, register_rates

__all__ = [
    "Breakdown",
    "Difference",
    "Distinct",
    "Earlier",
    "Excluded",
    "Figure",
    "Flow",
    "Frozen",
    "Middle",
    "Numbers",
    "Period",
    "Rate",
    "Ratio",
    "all_figures",
    "all_rates",
    "comparable",
    "compare",
    "freeze",
    "get",
    "moments_of",
    "register",
    "register_rates",
    "week_of",
]
