"""A line: one sentence that one house has to say today, with all a page needs to show it and somebody to act on it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from qiaomen.kernel.sensitivity import Field, counting

NICE, FACT_MISSING, SEAT, ANSWER_OWED, PROMISE_DUE, PROMISE_LATE = 0, 10, 20, 30, 40, 50
"""Weights: what a good visitor would say first weighs most. Source: loop.md, section 1."""
DUE, MATTER, SAID, WISH, ASK, NEWS = "due", "matter", "said", "wish", "ask", "news"
"""What a line is for whoever stands before the door: why come, what is open, what was said last, how to come, what to
ask, what is new."""
Ref = tuple[str, UUID]
"""A record by its `record_type` and key: ("office.staff", …), ("visits.team", …)."""


class Told(Protocol):
    """What the gate has to know of anything that is told of residents."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """What of people it tells beyond door and name."""

    @property
    def household(self) -> UUID | None:
        """Whose matter it is."""

    @property
    def people(self) -> tuple[UUID, ...]:
        """Whose facts it tells."""


@dataclass(frozen=True)
class Line:
    """One sentence that one house has to say today about a record.

    `subject`: what it is about, and what its act works on. `household`, `people`: whose matter it is, and whose facts
    it tells; both empty for what is no resident's. `spoken`: the sentence as it is said aloud in a stairwell, empty
    when it is not: no illness, no amount, no child's name. `fields`: what of people the text tells beyond door and
    name. `owner`: who holds it, a member of staff, a team or the organisation; None: nobody has to do anything.
    `since`, `due_on`: from when, and until when it is due. `promised`: it is something we said we would do; its weight
    says whether it is late, due or done. `part`: which part of a page it belongs to; empty: by its weight. `urgent`: it
    cannot wait for an ordinary round. `act`: the code of the one act it offers (acts.py).
    """

    code: str
    subject: Ref
    text: Any
    weight: int = NICE
    due_on: date | None = None
    since: date | None = None
    owner: Ref | None = None
    url: str = ""
    spoken: str = ""
    fields: tuple[Field, ...] = ()
    household: UUID | None = None
    people: tuple[UUID, ...] = ()
    promised: bool = False
    urgent: bool = False
    part: str = ""
    act: str = ""

    @property
    def house(self) -> str:
        """The house that says it."""
        return self.code.partition(".")[0]

    @property
    def aspect(self) -> str:
        """The part of a page it belongs to: a matter where something is owed, a question where a fact is missing."""
        if self.part:
            return self.part
        return NEWS if self.weight == NICE else ASK if self.weight == FACT_MISSING else MATTER

    @property
    def kept(self) -> bool | None:
        """Say whether a promise was kept; None while it still can be, and of what was never promised."""
        if not self.promised or self.weight == PROMISE_DUE:
            return None
        return self.weight != PROMISE_LATE

    @property
    def sealed(self) -> bool:
        """Say whether showing it is a look and stands in the ledger."""
        return bool(counting(self.fields))


def by_weight(line: Line) -> tuple[Any, ...]:
    """Order lines as a good visitor would say them; among equals, what was promised comes first."""
    day = line.due_on or date.max
    return -line.weight, day, not line.promised, line.code, str(line.text), line.subject[1].int


def by_clock(line: Line) -> tuple[Any, ...]:
    """Order lines as they have to be done: by their last day, else by how long they have waited.

    What is late without a day stands first.
    """
    undated = date.min if line.weight == PROMISE_LATE else date.max
    return line.due_on or line.since or undated, *by_weight(line)
