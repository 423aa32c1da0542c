"""How houses join: what each has to say of a household or a person, what is done about it, and what ends it.

A page shows what the houses declare in their `lines.py` and names none of them. Source: loop.md, section 1.
"""

from qiaomen.kernel.lines.acts import Act, act_of, can_be_reassigned, reassign, register_act
from qiaomen.kernel.lines.line import (
    ANSWER_OWED,
    ASK,
    DUE,
    FACT_MISSING,
    MATTER,
    NEWS,
    NICE,
    PROMISE_DUE,
    PROMISE_LATE,
    SAID,
    SEAT,
    WISH,
    Line,
    Ref,
    Told,
)
from qiaomen.kernel.lines.links import FOR_ALL, Link, links_of, register_links
from qiaomen.kernel.lines.outcomes import Outcome, all_outcomes, outcome_of, register_outcome
from qiaomen.kernel.lines.residents import Holding, erase, held_of, register_resident
from qiaomen.kernel.lines.said import (
    MOST_SAID,
    asked_at_door,
    by_aspect,
    by_household,
    guard_lines,
    lines_held,
    lines_of,
    register_held,
    register_lines,
    said_at_door,
)
from qiaomen.kernel.lines.timeline import MOST_MOMENTS, Moment, register_timeline, timeline_of

__all__ = [
    "ANSWER_OWED",
    "ASK",
    "DUE",
    "FACT_MISSING",
    "FOR_ALL",
    "MATTER",
    "MOST_MOMENTS",
    "MOST_SAID",
    "NEWS",
    "NICE",
    "PROMISE_DUE",
    "PROMISE_LATE",
    "SAID",
    "SEAT",
    "WISH",
    "Act",
    "Holding",
    "Line",
    "Link",
    "Moment",
    "Outcome",
    "Ref",
    "Told",
    "act_of",
    "all_outcomes",
    "asked_at_door",
    "by_aspect",
    "by_household",
    "can_be_reassigned",
    "erase",
    "guard_lines",
    "held_of",
    "lines_held",
    "lines_of",
    "links_of",
    "outcome_of",
    "reassign",
    "register_act",
    "register_held",
    "register_lines",
    "register_links",
    "register_outcome",
    "register_resident",
    "register_timeline",
    "said_at_door",
    "timeline_of",
]
