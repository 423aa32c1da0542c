"""How houses join: what each has to say of a household or a person, what is done about it, and what ends it.

A page shows what the houses declare in their `lines.py` and names none of them. Source: loop.md, section 1.
"""

from qiaomen.kernel.lines.acts import Act, act_by_code, act_of, can_be_reassigned, reassign, register_act
from qiaomen.kernel.lines.line import (
    ANSWER_OWED,
    FACT_MISSING,
    NICE,
    PROMISE_DUE,
    PROMISE_LATE,
    SEAT,
    Line,
    Ref,
)
from qiaomen.kernel.lines.links import FOR_ALL, Link, links_of, register_links
from qiaomen.kernel.lines.outcomes import Outcome, outcome_of, register_outcome
from qiaomen.kernel.lines.residents import Holding, erase, held_of, register_resident
from qiaomen.kernel.lines.said import (
    asked_at_door,
    by_household,
    guard_lines,
    lines_held,
    lines_of,
    register_held,
    register_lines,
    said_at_door,
)
from qiaomen.kernel.lines.today import (
    Name,
    News,
    Part,
    names_of,
    news_of,
    parts_of,
    register_names,
    register_news,
    register_part,
)

__all__ = [
    "ANSWER_OWED",
    "FACT_MISSING",
    "FOR_ALL",
    "NICE",
    "PROMISE_DUE",
    "PROMISE_LATE",
    "SEAT",
    "Act",
    "Holding",
    "Line",
    "Link",
    "Name",
    "News",
    "Outcome",
    "Part",
    "Ref",
    "act_by_code",
    "act_of",
    "asked_at_door",
    "by_household",
    "can_be_reassigned",
    "erase",
    "guard_lines",
    "held_of",
    "lines_held",
    "lines_of",
    "links_of",
    "names_of",
    "news_of",
    "outcome_of",
    "parts_of",
    "reassign",
    "register_act",
    "register_held",
    "register_lines",
    "register_links",
    "register_names",
    "register_news",
    "register_outcome",
    "register_part",
    "register_resident",
    "said_at_door",
]
