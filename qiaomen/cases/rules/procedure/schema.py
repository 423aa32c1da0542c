"""What a procedure is: steps with who takes them and when, clocks by named parameters, how it ends, what is owed.

A procedure is data (packs/*/procedures/*.yaml). Amounts and days never stand in it: they are parameters, which have a
source and somebody who confirmed them here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

WHO = ("owner", "office", "resident", "street", "county", "court", "body")
"""Who takes a step: the case's owner, anybody of the office, the resident, and authorities outside, whose step is only
recorded here: they decide.
"""
INSIDE = ("owner", "office", "resident")
PAUSES = ("papers", "posting", "resident", "body")
"""What a clock can stand still for: papers to be completed (补正), a posting (公示), the resident, a body outside."""
RECORDED = ("number", "result", "sentence")
"""What the record of a step must say besides its day."""
BASES = ("opened",)
LETTER = "letter"
"""The step that is taken by referring the matter to a body, with the resident's word, and in no other way."""


@dataclass(frozen=True)
class Limit:
    """A clock of a procedure; every amount is the code of a parameter.

    `since`: opened, or the step whose day it counts from; empty: from the steps this one waits for. `until`: the step
    that ends it; `urgent`: the amount of a matter that is urgent; `paused_by`: which pauses stop it.
    """

    unit: str
    amount: str
    source: str
    since: str = ""
    until: str = ""
    urgent: str = ""
    extended_to: str = ""
    moves: bool = False
    paused_by: tuple[str, ...] = ()

    def parameters(self) -> Iterator[str]:
        """Return the codes of its parameters."""
        yield from filter(None, (self.amount, self.urgent, self.extended_to))


@dataclass(frozen=True)
class Tells:
    """A sentence the resident is owed, over which channel, and by when (None: within two working days)."""

    sentence: str
    channel: str = "telephone"
    limit: Limit | None = None


@dataclass(frozen=True)
class Result:
    """One way a step can come out; `redo`: the step that has to be taken again, with all that rested on it."""

    code: str
    title: str
    redo: str = ""
    tells: Tells | None = None


@dataclass(frozen=True)
class Ref:
    """A step that has to be done, with one of `results` where that matters."""

    step: str
    results: frozenset[str] = frozenset()


Condition = tuple[tuple[Ref, ...], ...]
"""All of the parts; of each part at least one."""


@dataclass(frozen=True)
class Step:
    """One step. `optional`: it may be taken and holds nothing up. `lasts`: what it begins goes on for so long (公示)."""

    code: str
    title: str
    stage: str
    who: str
    source: str
    after: Condition = ()
    limit: Limit | None = None
    lasts: Limit | None = None
    asks: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()
    tells: Tells | None = None
    optional: bool = False
    says: str = ""

    @property
    def is_outside(self) -> bool:
        """Whether somebody outside takes it, and it is only recorded here."""
        return self.who not in INSIDE

    def result(self, code: str) -> Result | None:
        """Return one of its results by code."""
        return next((found for found in self.results if found.code == code), None)


@dataclass(frozen=True)
class Ending:
    """One way the matter ends. `ends`: the outcome of kernel/lines; `must_say`: what the resident has to be told."""

    code: str
    title: str
    ends: str
    after: Condition = ()
    must_say: str = ""
    channel: str = "telephone"
    limit: Limit | None = None
    source: str = ""


@dataclass(frozen=True)
class Material:
    """A paper the matter needs: from the resident, or held or asked for by the office and then never asked of them."""

    code: str
    title: str
    of: str
    source: str


@dataclass(frozen=True)
class Amount:
    """An amount that is printed or said: the code of its parameter, and what it is called."""

    title: str
    parameter: str


@dataclass(frozen=True)
class Procedure:
    """A procedure in one version. `kinds`: of which needs it is offered first; `sealed`: who is in it is for its owner
    and the head only (人民调解).
    """

    code: str
    title: str
    version: int
    source: str
    limit: Limit
    steps: tuple[Step, ...]
    endings: tuple[Ending, ...]
    kinds: tuple[str, ...] = ()
    sealed: bool = False
    materials: tuple[Material, ...] = ()
    amounts: tuple[Amount, ...] = ()
    line: int = field(default=1, compare=False)

    def step(self, code: str) -> Step | None:
        """Return a step by its code."""
        return next((found for found in self.steps if found.code == code), None)

    def ending(self, code: str) -> Ending | None:
        """Return an ending by its code."""
        return next((found for found in self.endings if found.code == code), None)

    def limits(self) -> Iterator[Limit]:
        """Return every clock that stands in it."""
        yield self.limit
        for step in self.steps:
            yield from filter(None, (step.limit, step.lasts))
            told = [step.tells, *(result.tells for result in step.results)]
            yield from (tells.limit for tells in told if tells and tells.limit)
        yield from (ending.limit for ending in self.endings if ending.limit)

    def parameters(self) -> frozenset[str]:
        """Return the codes of all parameters it names."""
        return frozenset(code for limit in self.limits() for code in limit.parameters()) | {
            amount.parameter for amount in self.amounts
        }
