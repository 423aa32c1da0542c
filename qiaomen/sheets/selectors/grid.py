"""The rows behind the grid: who is asked for, in which order, one page at a time, each cell as this person may
see it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from typing import Any

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from qiaomen.groups.models import Membership
from qiaomen.kernel import ages, clock, sealing
from qiaomen.kernel.masking import HIDDEN, mask, mask_name
from qiaomen.kernel.sensitivity import Field, counting
from qiaomen.office.access import may_see_child
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Household, Person, ToldFact, open_on
from qiaomen.register.selectors import packs
from qiaomen.register.selectors.fields import field_of, say_age_group
from qiaomen.register.selectors.minors import is_sealed, sealed_after
from qiaomen.sheets.problems import CellsNotUnderstood
from qiaomen.sheets.rules import grid_cells
from qiaomen.sheets.selectors.columns import TOLD, Column, View, columns_of, shown_first, views
from qiaomen.sheets.selectors.filters import TAIL, anywhere, holding, matches, number_of

PAGE = 100
Row = Person | Household


@dataclass(frozen=True)
class Fetched:
    """Rows with what is told of them by column, how many people a household has, and whose head is a sealed child.

    `seals`: by row and column what is stored of a sealed value, unopened: it changes with every writing, the same
    value included, and tells nothing.
    """

    rows: list[Row]
    told: dict[Any, dict[str, str]]
    seals: dict[Any, dict[str, str]]
    counts: dict[Any, int]
    sealed_heads: frozenset[Any]


@dataclass(frozen=True)
class Question:
    """What a grid asks: a view, the columns shown, filters by column, words anywhere, an order."""

    view: View
    columns: tuple[Column, ...]
    filters: dict[str, str] = field(default_factory=dict)
    text: str = ""
    sort: str = ""

    def as_dict(self, sealed: bool = True) -> dict[str, Any]:
        """Return what JSON can keep; without `sealed`, the numbers somebody looked for are left out."""
        known = columns_of(self.view.of)
        kept = {code: text for code, text in self.filters.items() if sealed or not known[code].sealed}
        shown = [column.code for column in self.columns]
        return {"view": self.view.code, "columns": shown, "filters": kept, "text": self.text, "sort": self.sort}

    @property
    def numbers(self) -> list[str]:
        """The whole numbers somebody looks for: to be let through the gate before anything is asked."""
        known = columns_of(self.view.of)
        numbered = [text for code, text in self.filters.items() if known[code].kind in ("id_no", "phone")]
        return [text for text in map(number_of, numbered) if len(text) > TAIL]

    @property
    def fields(self) -> list[Field]:
        """What an answer tells of each row: the columns shown, the view, and what it is filtered by."""
        known = columns_of(self.view.of)
        asked = [known[code].field for code, text in self.filters.items() if not _is_light(known[code], text)]
        return [*(column.field for column in self.columns), *self.view.fields, *asked]


def _is_light(column: Column, text: str) -> bool:
    """Say whether a filter asks for no more than an age group: whole years, or how old somebody is about."""
    if column.code == "birth_date":
        try:
            return grid_cells.read_day_span(text).whole_years
        except grid_cells.Unreadable:
            return True
    return column.kind in ("age", "band")


@dataclass(frozen=True)
class Page:
    """One page of the grid: where it stands, and the keys of its rows; `show_rows` reads them, once they may be
    shown.
    """

    keys: list[Any]
    total: int
    number: int
    pages: int


def read_question(told: Mapping[str, Any], staff: Staff) -> Question:
    """Read what a page, a saved view or an export asks. What this person may not see is left out. Raises
    NotUnderstood.
    """
    view = views().get(str(told.get("view") or "residents"))
    wanted, filters = told.get("columns") or [], told.get("filters") or {}
    if view is None or not isinstance(wanted, list) or not isinstance(filters, dict):
        raise CellsNotUnderstood()
    known = {
        code: column for code, column in columns_of(view.of).items() if may_see_child(staff) or not column.of_child
    }
    codes = [code for code in dict.fromkeys(str(code) for code in wanted) if code in known]
    shown = tuple(known[code] for code in codes) or tuple(c for c in shown_first(view) if c.code in known)
    kept = {code: str(text).strip()[:80] for code, text in filters.items() if code in known and str(text).strip()}
    sort = str(told.get("sort") or "")
    if sort.lstrip("-") not in known or not _sorts(known[sort.lstrip("-")], shown):
        sort = ""
    return Question(view, shown, kept, str(told.get("text") or "").strip()[:80], sort)


def _sorts(column: Column, shown: Sequence[Column]) -> bool:
    """What tells more than an age group orders rows only where it is shown, and so counted."""
    return bool(column.sort) and (column in shown or not counting([column.field]))


def rows_of(community: Organisation, question: Question, staff: Staff) -> QuerySet[Any]:
    """Return the rows a question asks for, unordered. Raises BadFilter."""
    today, view = clock.today(), question.view
    if view.of == "household":
        found: QuerySet[Any] = Household.objects.filter(community=community, state="living")
    else:
        found = Person.objects.filter(community=community).counted()
    if view.from_age:
        age = packs.parameters(today)[view.from_age].value or 0
        found = found.filter(birth_date__lte=ages.years_before(today, age))
    for code, value in view.holds:
        found = found.filter(pk__in=holding(community, code, packs.facts()[code].write(value)))
    if view.group:
        members = Membership.objects.filter(open_on(today), group__community=community, group__code=view.group)
        found = found.filter(pk__in=members.values("person"))
    known = columns_of(view.of)
    unseen = Q() if may_see_child(staff) else ~Q(birth_date__gt=sealed_after(today))
    if view.holds or view.group or any(known[code].fact is not None for code in question.filters):
        found = found.filter(unseen)  # that it is in such a list would tell of a sealed child, behind which door
    for code, text in question.filters.items():
        found = found.filter(matches(community, view, known[code], text, unseen, today))
    if question.text:
        found = found.filter(anywhere(community, view, question.text, unseen))
    return found


def ordered(found: QuerySet[Any], question: Question) -> QuerySet[Any]:
    """Put rows in the asked order; without one, along the doors and the head of each household first."""
    known = columns_of(question.view.of)
    column = known[question.sort.lstrip("-") or "door"]
    way = "-" if question.sort.startswith("-") else ""
    last = ("pk",) if question.view.of == "household" else ("household_id", "-is_head", "birth_date", "pk")
    return found.order_by(*(way + path for path in column.sort), *last)


def page_of(community: Organisation, question: Question, staff: Staff, number: int = 1, size: int = PAGE) -> Page:
    """Return one page: only its keys, in their order. Raises BadFilter."""
    found = rows_of(community, question, staff)
    total = found.count()
    pages = max(1, -(-total // size))
    number = min(max(1, number), pages)
    keys = list(ordered(found, question).values_list("pk", flat=True)[(number - 1) * size : number * size])
    return Page(keys, total, number, pages)


def people_of(of: str, keys: Sequence[Any]) -> list[Any]:
    """Return whom rows tell of: themselves, or everybody in the households."""
    if of == "person":
        return list(keys)
    return list(Person.objects.filter(household__in=keys).counted().values_list("pk", flat=True))


def fetch(of: str, keys: Sequence[Any], columns: Iterable[Column], staff: Staff) -> Fetched:
    """Return rows in the order of their keys, with everything their cells need."""
    columns, home = list(columns), "dwelling"
    kind: Any = Household if of == "household" else Person
    found = kind.objects.filter(pk__in=keys).select_related(home if of == "household" else f"household__{home}")
    numbers = [column.path for column in columns if column.kind in ("id_no", "phone")]
    found = found.annotate(**{f"seal_of_{path}": Cast(path, TextField()) for path in numbers})
    by_key = {row.pk: row for row in found}
    rows = [by_key[key] for key in keys if key in by_key]
    told: dict[Any, dict[str, str]] = {}
    seals: dict[Any, dict[str, str]] = {
        row.pk: {path: getattr(row, f"seal_of_{path}") for path in numbers} for row in rows
    }
    codes = [column.fact.code for column in columns if column.fact is not None]
    if codes:
        facts = ToldFact.objects.filter(person__in=keys, code__in=codes, to_date=None)
        for one in facts.annotate(seal=Cast("value", TextField())):
            told.setdefault(one.person_id, {})[TOLD + one.code] = one.value
            seals[one.person_id][TOLD + one.code] = one.seal
    counts: dict[Any, int] = {}
    if any(column.kind == "count" for column in columns):
        people = Person.objects.filter(household__in=keys).counted().order_by()
        counts = dict(people.values_list("household").annotate(people=Count("pk")))
    heads: frozenset[Any] = frozenset()
    if not may_see_child(staff) and any(column.code == "head_name" for column in columns):
        homes = [_home_key(row) for row in rows]
        children = Person.objects.filter(household__in=homes, is_head=True, birth_date__gt=sealed_after(clock.today()))
        heads = frozenset(children.values_list("household_id", flat=True))
    return Fetched(rows, told, seals, counts, heads)


def has_sealed_head(row: Row, staff: Staff) -> bool:
    """Say whether the head of a row's household is a child this person may not see."""
    head = Column("head_name", "")
    return bool(fetch("household" if isinstance(row, Household) else "person", [row.pk], [head], staff).sealed_heads)


def _home_key(row: Row) -> Any:
    return row.household_id if isinstance(row, Person) else row.pk


def raw(row: Row, column: Column, told: Mapping[str, str]) -> Any:
    """Return what stands in a cell, as it is kept."""
    if column.fact is not None:
        return told.get(column.code, "")
    value: Any = row
    for name in column.path.split("__") if column.path else ():
        value = getattr(value, name) if value is not None else None
    return "" if value is None else value


def say(column: Column, value: Any, today: date) -> str:
    """Return a kept value in words, in clear."""
    if column.fact is not None and value != "":
        value = column.fact.read(value)
    if value == "":
        return ""
    if column.kind == "age":
        return str(ages.age_on(value, today))
    if column.kind == "band":
        return say_age_group(value, today)
    if column.kind == "date":
        return grid_cells.say_day(value)
    if column.kind == "bool":
        return _("是") if value else _("否")
    return str(column.choices.get(value, value))


def veil(column: Column, text: str, *, beside_birthday: bool = False) -> str:
    """Return what of a sealed cell is shown to everybody who may see the row."""
    return mask(field_of(column.code).sensitivity, text, beside_birthday=beside_birthday)


def door_of(row: Row) -> str:
    """Return the door of a person or a household, as every page shows it."""
    household = row.household if isinstance(row, Person) else row
    home = household.dwelling
    return home.door_label if home else ""


def cell_text(
    found: Fetched, row: Row, column: Column, staff: Staff, clear: bool = False, beside_birthday: bool = True
) -> str:
    """Return a cell as this person may see it; `clear` shows what is sealed, but never a child to a stranger.

    `beside_birthday`: the same page shows the day of birth, so that of an identity number nothing is left to show.
    """
    today = clock.today()
    if column.kind == "door":
        return door_of(row)
    if column.kind == "count":
        return str(found.counts.get(row.pk, 0))
    text = say(column, raw(row, column, found.told.get(row.pk, {})), today)
    if column.code == "head_name" and _home_key(row) in found.sealed_heads:
        return mask_name(text)
    if isinstance(row, Person) and is_sealed(row, staff):
        if column.code == "birth_date" and row.birth_date:
            return _("{year}年").format(year=row.birth_date.year)
        if column.code == "name":
            return mask_name(row.name)
        if column.fact is not None:
            return ""  # nor that there is something to tell
        if column.sealed or column.code == "age":
            return HIDDEN if text else ""
    return veil(column, text, beside_birthday=beside_birthday) if column.sealed and not clear else text


def shows_birthday(columns: Iterable[Column]) -> bool:
    """Say whether the day of birth is among the columns."""
    return any(column.field.sensitivity == "birth" for column in columns)


def cell_name(row: Row, staff: Staff) -> str:
    """Return whose row it is, as this person may see it."""
    if isinstance(row, Person):
        return mask_name(row.name) if is_sealed(row, staff) else row.name
    return row.head_name


def mark(found: Fetched, row: Row, column: Column) -> str:
    """Return a keyed mark of what stands in one cell: equal marks, nobody has written it meanwhile; it tells nothing
    else.

    Of a sealed cell it is the mark of the seal, so that writing a guess does not tell whether it was right.
    """
    key = sealing.blind("marks of cells", "register.grid").encode()
    place = column.code if column.fact is not None else column.path
    seals = found.seals.get(row.pk, {})
    value = seals.get(place, "") if column.sealed else raw(row, column, found.told.get(row.pk, {}))
    text = f"{row.pk}|{column.code}|{value}"
    return blake2b(text.encode(), key=key, digest_size=6).hexdigest()


def show_rows(question: Question, staff: Staff, keys: Sequence[Any]) -> list[dict[str, Any]]:
    """Return rows as the grid's script takes them: the cells by column, a mark for each cell that may be edited."""
    found, shown = fetch(question.view.of, keys, question.columns, staff), list[dict[str, Any]]()
    birthday = shows_birthday(question.columns)
    for row in found.rows:
        child = isinstance(row, Person) and is_sealed(row, staff)
        texts = {
            column.code: cell_text(found, row, column, staff, beside_birthday=birthday) for column in question.columns
        }
        edits = [] if child else [column for column in question.columns if column.edits]
        marks = {column.code: mark(found, row, column) for column in edits}
        shown.append({"id": str(row.pk), "locked": child, "marks": marks, **texts})
    return shown
