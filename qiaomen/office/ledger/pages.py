"""The ledger as people read it: narrowed to a person, a door, an act, days; a page at a time, newest first."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict

from qiaomen.kernel import clock, ledger_kinds
from qiaomen.kernel.texts import read_day
from qiaomen.office.disclosure.brake import lines_about, look
from qiaomen.office.ledger.names import Found, field_title, find, name_all
from qiaomen.office.models import LedgerEntry, Organisation, Staff

PER_PAGE = 50
ABOUT_DAYS = 90
"""Who is looked for by name is looked for in so many days unless a day is named: every line of them is read."""
SEARCHED = "office.ledger-searched"
COUNTY = ("supervisor", "auditor", "admin")


@dataclass(frozen=True)
class Wish:
    """What somebody wants to see; empty fields ask for nothing. `about`: what was typed; `key`: whom they meant."""

    actor: UUID | None = None
    code: str = ""
    about: str = ""
    key: UUID | None = None
    since: date | None = None
    until: date | None = None

    @property
    def query(self) -> str:
        """The wish as an address writes it."""
        said = {name: value for name, value in vars(self).items() if value}
        return urlencode({name: str(value) for name, value in said.items()})


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def read_wish(asked: QueryDict) -> Wish:
    """Return what an address asks for; what cannot be read asks for nothing."""
    known = {kind.code for kind in ledger_kinds.all_kinds()}
    code = asked.get("code", "")
    return Wish(
        actor=_key(asked.get("actor", "")),
        code=code if code in known else "",
        about=asked.get("about", "").strip()[:40],
        key=_key(asked.get("key", "")),
        since=read_day(asked.get("since", "")),
        until=read_day(asked.get("until", "")),
    )


@dataclass(frozen=True)
class Page:
    """Lines with their words, whom a text may mean, and the line numbers where the newer and the older pages begin."""

    wish: Wish
    rows: list[dict[str, Any]]
    choices: list[Found]
    meant: Found | None
    newer: int | None
    older: int | None


def page_of(community: Organisation, viewer: Staff, wish: Wish, *, before: int | None, after: int | None) -> Page:
    """Return a page of the ledger. Looking for one person is itself a look. Raises TooManyLooks."""
    choices = find(wish.about, community, viewer)
    meant = next((found for found in choices if found.key == wish.key), choices[0] if len(choices) == 1 else None)
    if wish.about and meant is None:
        return Page(wish, [], choices, None, None, None)
    if meant is not None:
        wish = replace(wish, key=meant.key, since=wish.since or clock.today() - timedelta(days=ABOUT_DAYS))
        look(
            community=community,
            actor=viewer,
            code=SEARCHED,
            people=meant.people,
            subject=community,
            once=True,
            detail={"of": str(meant.key)},
        )
    entries, newer, older = _cut(_narrowed(community, wish, meant), before, after)
    return Page(wish, _rows(entries, viewer), choices, meant, newer, older)


def _narrowed(community: Organisation, wish: Wish, meant: Found | None) -> QuerySet[LedgerEntry]:
    found = LedgerEntry.objects.all()
    if meant is not None:
        first, *others = meant.people or (meant.key,)
        found = lines_about(first, *meant.subjects)
        for person in others:
            found = found | lines_about(person)
    found = found.filter(community=community)
    if wish.actor is not None:
        found = found.filter(actor=wish.actor)
    if wish.code:
        found = found.filter(code=wish.code)
    if wish.since is not None:
        found = found.filter(at__gte=_midnight(wish.since))
    if wish.until is not None:
        found = found.filter(at__lt=_midnight(wish.until + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.SHANGHAI)


def _cut(
    found: QuerySet[LedgerEntry], before: int | None, after: int | None
) -> tuple[list[LedgerEntry], int | None, int | None]:
    """Return one page and where its neighbours begin. By line number: counting a year's lines would take a minute."""
    if after is not None:
        entries = list(found.filter(seq__gt=after).order_by("seq")[: PER_PAGE + 1])
        more_newer, entries = len(entries) > PER_PAGE, entries[:PER_PAGE][::-1]
        return entries, entries[0].seq if entries and more_newer else None, entries[-1].seq if entries else None
    older = found.filter(seq__lt=before) if before is not None else found
    entries = list(older.order_by("-seq")[: PER_PAGE + 1])
    more, entries = len(entries) > PER_PAGE, entries[:PER_PAGE]
    newer = entries[0].seq if entries and before is not None else None
    return entries, newer, entries[-1].seq if entries and more else None


def _rows(entries: list[LedgerEntry], viewer: Staff) -> list[dict[str, Any]]:
    named = name_all(entries, viewer)
    return [
        {
            "entry": entry,
            "sentence": ledger_kinds.get(entry.code).sentence,
            "subject": named.get((entry.subject_type, entry.subject_id)),
            "fields": [field_title(code) for code in entry.fields],
            "people": len(entry.detail.get("people") or entry.detail.get("shown") or ()),
        }
        for entry in entries
    ]


def actors_of(community: Organisation) -> list[Staff]:
    """Return who may have acted in a community: everybody who works or worked there, and the county's people."""
    home = Q(organisation=community) | Q(organisation__parent=community) | Q(role__in=COUNTY)
    return list(Staff.objects.filter(home).order_by("-is_active", "name", "pk"))


def acts() -> list[tuple[str, Any]]:
    """Return every kind of act and look with its sentence, in the order of the sentences."""
    return sorted(((kind.code, kind.sentence) for kind in ledger_kinds.all_kinds()), key=lambda one: str(one[1]))
