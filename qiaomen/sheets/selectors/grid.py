"""The rows behind the grid: who is asked for, in which order, one page at a time, each cell as this person may see it."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import blake2b
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from qiaomen.kernel import ages, clock, sealing
from qiaomen.kernel.masking import mask_id_no, mask_name, mask_phone
from qiaomen.office.access import may_see_child
from qiaomen.office.fields import Blind
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Dwelling, Household, Person, SearchEntry, ToldFact
from qiaomen.register.rules.tokens import LAST
from qiaomen.register.selectors import packs
from qiaomen.register.selectors.minors import is_sealed, sealed_after
from qiaomen.sheets.problems import BadFilter, CellsNotUnderstood
from qiaomen.sheets.rules import grid_cells
from qiaomen.sheets.selectors.columns import TOLD, Column, View, columns_of, shown_first, views

HIDDEN = "＊＊＊"
PAGE = 100
Row = Person | Household


@dataclass(frozen=True)
class Fetched:
    """Rows with what is told of them by column, how many people a household has, and whose head is a sealed child."""

    rows: list[Row]
    told: dict[Any, dict[str, str]]
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


@dataclass(frozen=True)
class Page:
    """One page of the grid."""

    rows: list[dict[str, Any]]
    total: int
    number: int
    pages: int


def read_question(told: Mapping[str, Any], staff: Staff) -> Question:
    """Read what a page, a saved view or an export asks. What this person may not see is left out. Raises NotUnderstood."""
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
    if sort.lstrip("-") not in known or not known[sort.lstrip("-")].sort:
        sort = ""
    return Question(view, shown, kept, str(told.get("text") or "").strip()[:80], sort)


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
        found = found.filter(pk__in=_holding(community, code, packs.facts()[code].write(value)))
    known = columns_of(view.of)
    unseen = Q() if may_see_child(staff) else ~Q(birth_date__gt=sealed_after(today))
    for code, text in question.filters.items():
        found = found.filter(_matches(community, view, known[code], text, unseen, today))
    if question.text:
        found = found.filter(_anywhere(community, view, question.text, unseen))
    return found


def _told_values(community: Organisation, code: str) -> list[tuple[Any, str]]:
    """Return of whom a fact is known, and the value: no index tells it, so each is opened and none is kept.

    Measured: 13,160 values are opened in 0.06 s of processor time; a cache across requests would outlive an erasure.
    """
    rows = ToldFact.objects.filter(person__community=community, code=code, to_date=None)
    return list(rows.values_list("person_id", "value"))


def _holding(community: Organisation, code: str, text: str) -> list[Any]:
    return [person for person, value in _told_values(community, code) if value == text]


def _matches(community: Organisation, view: View, column: Column, text: str, unseen: Q, today: date) -> Q:
    """Return the condition of one filter. A sealed child is not found by what is not shown of it. Raises BadFilter."""
    try:
        if column.kind in ("id_no", "phone"):
            return Q(**{f"{column.path}_bi": Blind(community.pk, grid_cells.narrow(text).upper())}) & unseen
        if not column.filterable or column.kind == "count":
            raise grid_cells.Unreadable("filter")
        if column.fact is not None:
            return _told_matches(community, column, text)
        if column.kind == "age":
            return _within(column.path, grid_cells.births_of_ages(grid_cells.read_int_span(text), today))
        if text == _("空") or text in grid_cells.EMPTY or text in grid_cells.FILLED:
            blank = Q(**{f"{column.path}__isnull": True}) if column.kind in ("date", "bool") else Q(**{column.path: ""})
            return ~blank if text in grid_cells.FILLED else blank
        if column.kind == "date":
            span = grid_cells.read_day_span(text)
            return _within(column.path, span) & (Q() if span.whole_years else unseen)
        if column.kind == "code":
            return Q(
                **{column.path: grid_cells.read_choice(text, {code: str(t) for code, t in column.choices.items()})}
            )
        if column.kind == "bool":
            return Q(**{column.path: grid_cells.read_bool(text)})
    except grid_cells.Unreadable as error:
        raise BadFilter(column=column.title, text=text) from error
    if column.kind == "door":
        return _door(community, view, text)
    if column.code == "name":
        return _by_name(community, text) & unseen
    return Q(**{f"{column.path}__contains": text})


def _within(path: str, span: grid_cells.Span) -> Q:
    found = Q(**{f"{path}__isnull": False})
    if span.low is not None:
        found &= Q(**{f"{path}__gte": span.low})
    return found & Q(**{f"{path}__lte": span.high}) if span.high is not None else found


def _by_name(community: Organisation, text: str) -> Q:
    """Match a part of a name, or how its sound begins: in full or by initials, in any reading."""
    low = grid_cells.narrow(text).lower()
    if low.isascii() and low.isalpha():
        sounds = SearchEntry.objects.filter(community=community, token__gte=f"^{low}", token__lt=f"^{low}{LAST}")
        return Q(pk__in=sounds.values("person"))
    return Q(name__contains=text)


def _door(community: Organisation, view: View, text: str) -> Q:
    """Match a compound and a door label by what somebody writes of them: 幸福苑 3-2-501, 3号楼2单元, 501.

    The doors are found first: matching them beside 60,000 people takes three times as long.
    """
    doors = Dwelling.objects.filter(community=community)
    for word in text.replace("，", " ").split():
        for sign in ("号楼", "栋", "幢", "单元", "#"):
            word = word.replace(sign, "-")
        word = word.rstrip("室号户")
        label = Q(door_label__startswith=word) if word.endswith("-") else Q(door_label__contains=word)
        doors = doors.filter(label | Q(entrance__building__compound__name__contains=word))
    homes = Household.objects.filter(dwelling__in=doors.values("pk"))
    return Q(pk__in=homes.values("pk")) if view.of == "household" else Q(household__in=homes.values("pk"))


def _told_matches(community: Organisation, column: Column, text: str) -> Q:
    """Match a told fact that is not sensitive. Raises Unreadable."""
    assert column.fact is not None
    code = column.fact.code
    if text == _("空") or text in grid_cells.EMPTY or text in grid_cells.FILLED:
        known = Q(pk__in=ToldFact.objects.filter(code=code, to_date=None).values("person"))
        return known if text in grid_cells.FILLED else ~known
    if column.kind == "text":
        return Q(pk__in=[person for person, value in _told_values(community, code) if text in value])
    if column.kind == "bool":
        wanted = str(grid_cells.read_bool(text)).lower()
    elif column.kind == "code":
        wanted = grid_cells.read_choice(text, column.choices)
    else:
        wanted = str(grid_cells.read_int(text) if column.kind == "int" else grid_cells.read_day(text, clock.today()))
    return Q(pk__in=_holding(community, code, wanted))


def _anywhere(community: Organisation, view: View, text: str, unseen: Q) -> Q:
    """Match words in the search box of the grid: a name, its sounds, a door."""
    name = (
        Q(head_name__contains=text) | Q(household_no=text)
        if view.of == "household"
        else _by_name(community, text) & unseen
    )
    return name | _door(community, view, text) if re.search(r"[\d楼院区苑]", text) or len(text) > 3 else name


def ordered(found: QuerySet[Any], question: Question) -> QuerySet[Any]:
    """Put rows in the asked order; without one, along the doors and the head of each household first."""
    known = columns_of(question.view.of)
    column = known[question.sort.lstrip("-") or "door"]
    way = "-" if question.sort.startswith("-") else ""
    last = ("pk",) if question.view.of == "household" else ("household_id", "-is_head", "birth_date", "pk")
    return found.order_by(*(way + path for path in column.sort), *last)


def page_of(community: Organisation, question: Question, staff: Staff, number: int = 1, size: int = PAGE) -> Page:
    """Return one page: only its keys are put in order, the rows themselves are read afterwards. Raises BadFilter."""
    found = rows_of(community, question, staff)
    total = found.count()
    pages = max(1, -(-total // size))
    number = min(max(1, number), pages)
    keys = list(ordered(found, question).values_list("pk", flat=True)[(number - 1) * size : number * size])
    return Page(show_rows(question, staff, keys), total, number, pages)


def fetch(of: str, keys: Sequence[Any], columns: Iterable[Column], staff: Staff) -> Fetched:
    """Return rows in the order of their keys, with everything their cells need."""
    columns, home = list(columns), "dwelling__entrance__building__compound"
    kind: Any = Household if of == "household" else Person
    found = kind.objects.filter(pk__in=keys).select_related(home if of == "household" else f"household__{home}")
    by_key = {row.pk: row for row in found}
    rows = [by_key[key] for key in keys if key in by_key]
    told: dict[Any, dict[str, str]] = {}
    codes = [column.fact.code for column in columns if column.fact is not None]
    if codes:
        for one in ToldFact.objects.filter(person__in=keys, code__in=codes, to_date=None):
            told.setdefault(one.person_id, {})[TOLD + one.code] = one.value
    counts: dict[Any, int] = {}
    if any(column.kind == "count" for column in columns):
        people = Person.objects.filter(household__in=keys).counted().order_by()
        counts = dict(people.values_list("household").annotate(people=Count("pk")))
    heads: frozenset[Any] = frozenset()
    if not may_see_child(staff) and any(column.code == "head_name" for column in columns):
        homes = [_home_key(row) for row in rows]
        children = Person.objects.filter(household__in=homes, is_head=True, birth_date__gt=sealed_after(clock.today()))
        heads = frozenset(children.values_list("household_id", flat=True))
    return Fetched(rows, told, counts, heads)


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
    if column.kind == "date":
        return grid_cells.say_day(value)
    if column.kind == "bool":
        return _("是") if value else _("否")
    return str(column.choices.get(value, value))


def veil(column: Column, text: str) -> str:
    """Return what of a sealed cell is shown to everybody who may see the row."""
    if column.kind == "id_no":
        return mask_id_no(text)
    if column.kind == "phone":
        return mask_phone(text)
    return HIDDEN if text else ""


def door_of(row: Row) -> str:
    """Return compound and door of a person or a household."""
    household = row.household if isinstance(row, Person) else row
    home = household.dwelling
    return f"{home.entrance.building.compound.name} {home.door_label}" if home else ""


def cell_text(found: Fetched, row: Row, column: Column, staff: Staff, clear: bool = False) -> str:
    """Return a cell as this person may see it; `clear` shows what is sealed, but never a child to a stranger."""
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
        if column.sealed or column.code == "age":
            return HIDDEN if text else ""
    return veil(column, text) if column.sealed and not clear else text


def cell_name(row: Row, staff: Staff) -> str:
    """Return whose row it is, as this person may see it."""
    if isinstance(row, Person):
        return mask_name(row.name) if is_sealed(row, staff) else row.name
    return row.head_name


def mark(row: Row, column: Column, value: Any) -> str:
    """Return a keyed mark of what stands in one cell: equal marks, nobody has changed it; it tells nothing else."""
    key = sealing.blind("marks of cells", "register.grid").encode()
    text = f"{row.pk}|{column.code}|{value}"
    return blake2b(text.encode(), key=key, digest_size=6).hexdigest()


def show_rows(question: Question, staff: Staff, keys: Sequence[Any]) -> list[dict[str, Any]]:
    """Return rows as the grid's script takes them: the cells by column, a mark for each cell that may be edited."""
    found, shown = fetch(question.view.of, keys, question.columns, staff), []
    for row in found.rows:
        child = isinstance(row, Person) and is_sealed(row, staff)
        texts = {column.code: cell_text(found, row, column, staff) for column in question.columns}
        edits = [] if child else [column for column in question.columns if column.edits]
        told = found.told.get(row.pk, {})
        marks = {column.code: mark(row, column, raw(row, column, told)) for column in edits}
        shown.append({"id": str(row.pk), "locked": child, "marks": marks, **texts})
    return shown


def question_of(saved: str, staff: Staff) -> Question:
    """Read a question that was kept as JSON. Raises NotUnderstood."""
    try:
        told = json.loads(saved)
    except ValueError as error:
        raise CellsNotUnderstood() from error
    return read_question(told, staff)


def with_columns(question: Question, codes: Iterable[str]) -> Question:
    """Return the question with other columns."""
    known = columns_of(question.view.of)
    return replace(question, columns=tuple(known[code] for code in codes if code in known))
