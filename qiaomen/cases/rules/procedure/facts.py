"""What is known of one matter, and what is deduced of it: steps taken and to be taken, days, and sentences owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from qiaomen.cases.rules.procedure.schema import Limit, Step, Tells
from qiaomen.kernel.clock import SHANGHAI


@dataclass(frozen=True)
class Done:
    """A step that was taken: when it happened, how it came out, and which record it has outside. `is_past`: it was
    recorded before the matter was last reopened; it stands, and may be recorded anew.
    """

    step: str
    at: datetime
    result: str = ""
    number: str = ""
    is_past: bool = False

    @property
    def day(self) -> date:
        """The day it happened, in Shanghai."""
        return self.at.astimezone(SHANGHAI).date()


@dataclass(frozen=True)
class Stop:
    """A pause with its kind."""

    kind: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Facts:
    """What is known of one matter. `opened`: when its clock last started; `brought`: materials that are here."""

    opened: datetime
    done: Sequence[Done] = ()
    stops: Sequence[Stop] = ()
    extensions: int = 0
    urgent: bool = False
    brought: frozenset[str] = frozenset()
    promised_on: date | None = None


@dataclass(frozen=True)
class Due:
    """The last day of a limit. `day` None: its parameter has no value here; `is_confirmed`: somebody here confirmed it;
    `may_move`: it runs into a year whose holiday notice is not out.
    """

    day: date | None
    parameter: str
    source: str
    is_confirmed: bool = False
    may_move: bool = False


@dataclass(frozen=True)
class NextStep:
    """A step that can be taken now, or from `not_before` on (what is optional may happen while something lasts);
    `missing`: what its record has to say; `again`: it was taken before the matter was reopened.
    """

    step: Step
    due: Due | None
    not_before: date | None = None
    missing: tuple[str, ...] = ()
    again: bool = False

    @property
    def holds_up(self) -> bool:
        """Whether the matter waits for it."""
        return not self.step.optional and not self.again


@dataclass(frozen=True)
class Owed:
    """A sentence the resident is owed because of a step, and by when."""

    step: str
    tells: Tells
    due: Due | None


@dataclass(frozen=True)
class Whole:
    """The clock of the whole matter. `due` None: it has not started; `used`, `amount`: in its unit; `ended_on`: when
    the step that ends it was taken; `rest_by`: the day for what is left to do where this clock says none.
    """

    limit: Limit
    due: Due | None = None
    started_on: date | None = None
    ended_on: date | None = None
    used: int = 0
    amount: int | None = None
    can_extend: bool = False
    rest_by: date | None = None


@dataclass(frozen=True)
class AmountFound:
    """An amount to print: `value` None where nobody here confirmed it, and then it stays blank."""

    title: str
    value: int | None
    unit: str
    source: str
