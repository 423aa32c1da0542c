"""What is done about a line: its one act, how it is taken back, and how the line goes to somebody else.

A page that shows lines calls the act by its code and never knows which house it calls.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qiaomen.kernel.lines.line import Line

Reassign = Callable[[Line, Any, Any], None]


@dataclass(frozen=True)
class Act:
    """The one act of a kind of line.

    `route`: the name of a route that takes the key of the line's subject; `opens`: it is a page that shows more (GET),
    else it is done from the row (POST). `undo`: the route that takes it back (POST, the same key); empty: it cannot be,
    and the page says so before. `allowed`: whether this viewer may do it. `reassign`: `(line, to, actor)` gives the
    line to a colleague; None: nobody holds such lines by name. `title`: what such lines are called in a handover;
    `lent`: they go to a stand-in for some days and come back, where a phone or a place in a team stays with its holder.
    """

    code: str
    label: Any
    route: str
    opens: bool = False
    undo: str = ""
    allowed: Callable[[Any], bool] = lambda viewer: True
    reassign: Reassign | None = None
    title: Any = ""
    lent: bool = True


ACTS: dict[str, Act] = {}


def register_act(act: Act) -> None:
    """Make an act known by its code. Raises ValueError for a code used twice."""
    if act.code in ACTS:
        raise ValueError(f"act {act.code} is registered twice")
    ACTS[act.code] = act


def act_by_code(code: str) -> Act:
    """Return the act with this code. Raises KeyError."""
    return ACTS[code]


def act_of(line: Line, viewer: Any) -> Act | None:
    """Return what this viewer can do about a line, None when that is nothing. Raises KeyError for an unknown code."""
    if not line.act:
        return None
    act = ACTS[line.act]
    return act if act.allowed(viewer) else None


def can_be_reassigned(line: Line) -> bool:
    """Say whether a line can go to somebody else: every line a person holds by name has to."""
    return bool(line.act) and ACTS[line.act].reassign is not None


def reassign(line: Line, *, to: Any, actor: Any) -> None:
    """Give a line to a colleague. Raises ValueError for a line nobody holds by name."""
    give = ACTS[line.act].reassign if line.act else None
    if give is None:
        raise ValueError(f"{line.code} is held by nobody by name")
    give(line, to, actor)
