"""What a round says in words that hold: counts, an exact range, and what would be if the silent spoke."""

from collections.abc import Sequence
from dataclasses import dataclass

from qiaomen.callbacks.rules.ranges import LEAST, range_of
from qiaomen.kernel.texts import later as _
from qiaomen.kernel.texts import say

RANGE = _("{n} 人里 {k} 人{what}：全部 {all} 件里估计 {low}–{high} 件")
FEW = _("只有 {n} 个答复，太少，不算百分比")
SILENT = _("还有 {m} 件没有答复：都算没有{what}是 {low}–{high} 件，都算{what}是 {low2}–{high2} 件")
EVERYBODY = _("都问到了：全部 {all} 件里 {k} 件{what}")


@dataclass(frozen=True)
class Counted:
    """One stratum's answers to one question: of `population` records `asked` were drawn, `answered` said yes or no.

    Drawn records that said nothing, said 不了解, moved away or died are asked and not answered.
    """

    stratum: str
    population: int
    asked: int
    answered: int
    yes: int

    @property
    def is_few(self) -> bool:
        """Say whether the answers are too few for anything about the whole."""
        return self.answered < LEAST

    @property
    def silent(self) -> int:
        """How many drawn records have no answer."""
        return self.asked - self.answered

    @property
    def span(self) -> tuple[int, int] | None:
        """The exact range as if the silent were like the others; None when there are too few answers."""
        return None if self.is_few else range_of(self.population, self.answered, self.yes)

    @property
    def if_silent_no(self) -> tuple[int, int]:
        """The range if all the silent said no."""
        return range_of(self.population, self.asked, self.yes)

    @property
    def if_silent_yes(self) -> tuple[int, int]:
        """The range if all the silent said yes."""
        return range_of(self.population, self.asked, self.yes + self.silent)


def sentences(counted: Counted, what: str) -> list[str]:
    """Return what may be said of one stratum; `what`: 满意, 说解决了. Never a percentage, below ten no range."""
    if counted.is_few:
        return [say(FEW, n=counted.answered)]
    if counted.answered == counted.population:
        return [say(EVERYBODY, all=counted.population, k=counted.yes, what=what)]
    low, high = counted.span or (0, counted.population)
    told = [
        say(RANGE, n=counted.answered, k=counted.yes, what=what, all=counted.population, low=low, high=high),
    ]
    if counted.silent:
        (low, high), (low2, high2) = counted.if_silent_no, counted.if_silent_yes
        told.append(say(SILENT, m=counted.silent, what=what, low=low, high=high, low2=low2, high2=high2))
    return told


def of_strata(found: Sequence[Counted], what: str) -> list[tuple[str, list[str]]]:
    """Return each stratum with its sentences: one range each, and no total that nobody drew."""
    return [(counted.stratum, sentences(counted, what)) for counted in found]
