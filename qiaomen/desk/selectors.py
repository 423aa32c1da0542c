"""今天: one inbox by the clock, put together from what the houses say, none named; and what a hit of a search says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.kernel.lines import (
    NICE,
    PROMISE_DUE,
    PROMISE_LATE,
    Act,
    Line,
    Name,
    Ref,
    act_by_code,
    act_of,
    by_household,
    lines_held,
    lines_of,
    names_of,
    news_of,
)
from qiaomen.kernel.timing import add_working_days
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Household, Person

SOON_DAYS = 2
"""Working days before its last day somebody's own matter is on the page; until then it is only counted."""
MOST_ROWS, MOST_NEWS = 60, 12
KINDS = ("late", "silent", "unheard", "promised", "other")
"""Source: stories.md T4 15 (late, silent, unheard and promised matters), and what waits for a decision."""


@dataclass(frozen=True)
class Row:
    """A row of the inbox: where, what, since or until when, and its one act."""

    line: Line
    kind: str
    name: Name | None
    text: str
    when: str
    act: Act | None
    target: str
    undo: str

    @property
    def posts(self) -> bool:
        """Say whether the act is done from the row."""
        return self.act is not None and not self.act.opens and bool(self.target)


def kind_of(line: Line, today: date) -> str:
    """Return which of the KINDS a line is; the second part of its code says silent and unheard."""
    said = line.code.partition(".")[2]
    if line.weight == PROMISE_LATE or (line.due_on is not None and line.due_on < today):
        return "late"
    if said in ("silent", "unheard"):
        return said
    return "promised" if line.weight == PROMISE_DUE else "other"


def _is_mine(line: Line, viewer: Staff) -> bool:
    """Say whether a line is for this reader: the head sees the office's work, others their own and the common."""
    if line.owner is None or viewer.role == "head":
        return line.owner is not None
    kind, key = line.owner
    return key == viewer.pk if kind == Staff.record_type else viewer.role != "volunteer"


def _by_day(line: Line) -> tuple[Any, ...]:
    """Order by the last day, else the first; then by weight and key, so that no name of a worker decides anything.

    What is late without a day stands first: hours agreed with a household and broken, then no backup at all.
    """
    undated = date.min if line.weight == PROMISE_LATE else date.max
    return line.due_on or line.since or undated, -line.weight, not line.promised, line.code, line.subject[1].int


def _can_wait(line: Line, soon: date) -> bool:
    """Say whether somebody's own matter is due later than soon; the office's (a request with its term) is shown."""
    own = line.owner is not None and line.owner[0] == Staff.record_type
    return own and line.due_on is not None and line.due_on > soon


def inbox(viewer: Staff, community: Organisation, today: date, only: str = "") -> dict[str, Any]:
    """Return the rows by the clock, how many there are of each kind, and how many promises are due later.

    `only`: one of KINDS; anything else shows all. Queries: those of the houses, and one for the names.
    """
    mine = sorted((line for line in lines_held(community, viewer, today) if _is_mine(line, viewer)), key=_by_day)
    soon = add_working_days(today, SOON_DAYS)
    kinds = [(line, kind_of(line, today)) for line in mine]
    now = [(line, kind) for line, kind in kinds if kind == "silent" or not _can_wait(line, soon)]
    shown = [(line, kind) for line, kind in now if only not in KINDS or kind == only]
    names = names_of(_homes(line for line, _kind in shown[:MOST_ROWS]), viewer)
    titles = {
        "late": _("逾期"),
        "silent": _("没有动静"),
        "unheard": _("没有人接"),
        "promised": _("答应了快到期"),
        "other": _("等您处理"),
    }
    counts = {kind: sum(1 for _line, of in now if of == kind) for kind in KINDS}
    return {
        "rows": [_row(line, kind, names, viewer, today) for line, kind in shown[:MOST_ROWS]],
        "kinds": [
            {"code": kind, "title": titles[kind], "count": counts[kind], "active": kind == only} for kind in KINDS
        ],
        "only": only if only in KINDS else "",
        "all": len(now),
        "more": max(0, len(shown) - MOST_ROWS),
        "later": len(kinds) - len(now),
    }


def _homes(lines: Iterable[Line]) -> set[Ref]:
    return {("register.household", line.household) for line in lines if line.household is not None}


def _row(line: Line, kind: str, names: dict[Ref, Name], viewer: Staff, today: date) -> Row:
    act = act_of(line, viewer)
    text = _("一件要保密的事，打开再看") if line.sealed else str(line.text)
    home = ("register.household", line.household) if line.household is not None else None
    return Row(
        line,
        kind,
        names.get(home) if home is not None else None,
        text,
        when_words(line, today),
        act,
        address(act.route, line) if act is not None else "",
        address(act.undo, line) if act is not None and act.undo else "",
    )


def address(route: str, line: Line) -> str:
    """Return the address of a route at a line's record; a route without a key is a page of many."""
    try:
        return reverse(route, args=[line.subject[1]])
    except NoReverseMatch:
        return line.url or reverse(route)


def done_note(code: str, key: str) -> dict[str, str] | None:
    """Return what was just done from a row, and where it is taken back; None for what no house declares."""
    try:
        act = act_by_code(code)
        undo = reverse(act.undo, args=[UUID(key)]) if act.undo else ""
    except (KeyError, ValueError, NoReverseMatch):
        return None
    return {"label": str(act.label), "undo": undo}


def when_words(line: Line, today: date) -> str:
    """Return since or until when, in words: 晚了 3 天, 今天, 12月3日前, 11月30日起."""
    if line.due_on is not None:
        days = (line.due_on - today).days
        if days < 0:
            return _("晚了 {n} 天").format(n=-days)
        if days == 0:
            return _("今天到期")
        return _("还有 {n} 天").format(n=days)
    if line.since is not None:
        days = (today - line.since).days
        return _("今天起") if days <= 0 else _("等了 {n} 天").format(n=days)
    return ""


def since_yesterday(community: Organisation, viewer: Staff, today: date) -> list[dict[str, Any]]:
    """Return what has happened since yesterday morning, the newest first, each with the name of its household."""
    since = datetime.combine(today - timedelta(days=1), time.min, clock.SHANGHAI)
    found = news_of(community, viewer, since, MOST_NEWS)[:MOST_NEWS]
    names = names_of({("register.household", news.household) for news in found if news.household}, viewer)
    return [
        {"news": news, "name": names.get(("register.household", news.household)) if news.household else None}
        for news in found
    ]


def named_on(context: dict[str, Any]) -> set[UUID | None]:
    """Return every household and person a page of 今天 names: in the inbox, in the parts beside it, in the news."""
    named: set[UUID | None] = {row.line.household for row in context.get("inbox", {}).get("rows", ())}
    for item in context["news"]:
        named |= {item["news"].household, *item["news"].people}
    return named.union(*(part["homes"] for column in context["parts"].values() for part in column))


MOST = 8
"""Under so many names: those that are seen without turning the page, for this is asked with every letter typed."""
IS_IN, MOST_GROUPS = ".member", 2
"""How the code of a line ends that says which group a person is in, and how many of them stand at a name."""


def said_of_hits(people: Sequence[str], viewer: Staff) -> dict[str, tuple[Line | None, list[str]]]:
    """Return of each of the first people found the weightiest line of their household, and the groups they are in
    themselves; what would be a look is left out: nobody looks at somebody by typing a name.
    """
    homes = dict(Person.objects.filter(pk__in=people[:MOST]).values_list("pk", "household"))
    households = list(Household.objects.filter(pk__in=homes.values()).select_related("community"))
    plain = [line for line in lines_of(households, viewer, clock.today()) if not line.sealed]
    said = {home: lines[0] for home, lines in by_household([line for line in plain if line.weight > NICE]).items()}
    groups: dict[UUID, list[str]] = {person: [] for person in homes}
    for line in plain:
        if line.code.endswith(IS_IN) and len(line.people) == 1 and line.people[0] in groups:
            groups[line.people[0]].append(str(line.text))
    return {str(person): (said.get(home), groups[person][:MOST_GROUPS]) for person, home in homes.items()}
