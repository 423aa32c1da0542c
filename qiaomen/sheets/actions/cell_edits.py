"""Cells of the grid are edited: planned first, then written as one act, which is taken back and done again at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.kernel import clock
from qiaomen.kernel.idcheck import check_id_no
from qiaomen.office import disclosure, ledger
from qiaomen.office.access import may_see_child
from qiaomen.office.fields import Blind
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.actions import acts, household_events, person_facts
from qiaomen.register.models import Act, Household, Person, ToldFact, who_is_recorded
from qiaomen.register.selectors.minors import is_sealed
from qiaomen.sheets.problems import CellsNotUnderstood, TooManyCells
from qiaomen.sheets.rules import grid_cells as cells
from qiaomen.sheets.selectors import grid
from qiaomen.sheets.selectors.columns import Column, View, columns_of

MOST_CELLS = 2000
REASON = "台账修改"
FAULTS = {
    "bool": _lazy("请写“是”或“否”；不知道的留空。"),
    "choice": _lazy("只能是：{choices}。"),
    "int": _lazy("请写一个整数。"),
    "date": _lazy("这个日期看不懂，请写成 1950-3-5 或 1950年3月5日。"),
    "birth": _lazy("出生日期晚于今天。"),
    "phone": _lazy("电话看不懂，应是一个完整的号码，像 13800138000 或 0917-7962345。"),
    "required": _lazy("姓名不能空着。"),
    "long": _lazy("太长了，最多 {longest} 个字。"),
    "id": _lazy("身份证号的位数、出生日期或校验位对不上，请对照证件。"),
    "id-taken": _lazy("这个身份证号已经登记在另一个人名下，请先核对。"),
    "id-birth": _lazy("出生日期和性别由身份证号决定，与同时改的身份证号对不上。"),
    "locked": _lazy("这一列不能在台账里改。"),
    "child": _lazy("儿童的资料只有主任和指定的人能改。"),
    "gone": _lazy("这一行已经不在登记里，请刷新。"),
    "fact": _lazy("这一项不收这样的内容。"),
}


@dataclass(frozen=True)
class Cell:
    """One cell as the page sends it: which, what was typed, and the mark of what stood there when it was loaded."""

    row: UUID
    column: str
    text: str
    base: str


@dataclass
class Planned:
    """One cell that would change."""

    cell: Cell
    row: grid.Row
    column: Column
    value: Any
    who: str
    before: str
    after: str


@dataclass
class EditPlan:
    """What a block of cells would do: what changes, what cannot be taken, what somebody else changed meanwhile."""

    changes: list[Planned] = field(default_factory=list)
    faults: list[dict[str, str]] = field(default_factory=list)
    conflicts: list[dict[str, str]] = field(default_factory=list)
    same: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return what the page shows before anything is written."""
        shown = [
            {
                "row": str(one.row.pk),
                "column": one.column.code,
                "who": one.who,
                "title": str(one.column.title),
                "before": one.before,
                "after": one.after,
            }
            for one in self.changes
        ]
        return {"changes": shown, "faults": self.faults, "conflicts": self.conflicts, "same": self.same}


def read_cells(told_cells: Any) -> list[Cell]:
    """Read the cells a page sends; the last word for a cell counts. Raises NotUnderstood, TooManyCells."""
    if not isinstance(told_cells, list):
        raise CellsNotUnderstood()
    if len(told_cells) > MOST_CELLS:
        raise TooManyCells(count=len(told_cells), most=MOST_CELLS)
    found: dict[tuple[UUID, str], Cell] = {}
    for one in told_cells:
        try:
            row, column = UUID(str(one["row"])), str(one["column"])
            found[row, column] = Cell(row, column, cells.tidy(str(one["text"])), str(one.get("base", "")))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise CellsNotUnderstood() from error
    return list(found.values())


def plan_cells(
    *, community: Organisation, view: View, staff: Staff, wanted: Sequence[Cell], lock: bool = False
) -> EditPlan:
    """Compare cells with what stands; nothing is written. `lock` holds the rows until the transaction ends.

    A cell whose stored value is sealed is never "the same": it will be written, whatever stands there.
    """
    known, plan, sight = columns_of(view.of), EditPlan(), disclosure.Sight(staff)
    columns = [known[code] for code in dict.fromkeys(cell.column for cell in wanted) if code in known]
    kind: Any = Household if view.of == "household" else Person
    mine = kind.objects.filter(community=community, pk__in={cell.row for cell in wanted})
    mine = mine.filter(who_is_recorded()).select_for_update() if lock else mine.filter(who_is_recorded())
    found = grid.fetch(view.of, list(mine.values_list("pk", flat=True)), columns, staff)
    rows = {row.pk: row for row in found.rows}
    taken = _ids_taken(community, wanted)
    for cell in wanted:
        row, column = rows.get(cell.row), known.get(cell.column)
        fault = _shut(row, column, staff)
        if fault or row is None or column is None:
            plan.faults.append(_fault(cell, fault, column, grid.cell_name(row, staff) if row else ""))
            continue
        try:
            value = read_value(column, cell.text)
            _free(column, value, row, taken)
        except cells.Unreadable as error:
            plan.faults.append(_fault(cell, error.word, column, grid.cell_name(row, staff)))
            continue
        after, now = _kept(column, value), grid.mark(found, row, column)
        if sight.compares(column.field) and after == grid.raw(row, column, found.told.get(row.pk, {})):
            plan.same += 1
        elif cell.base != now:
            theirs = grid.cell_text(found, row, column, staff)
            names = {"who": grid.cell_name(row, staff), "title": str(column.title)}
            plan.conflicts.append({**_place(cell), **names, "mine": cell.text, "theirs": theirs, "base": now})
        else:
            shown = grid.say(column, after, clock.today())
            shown = grid.veil(column, shown) if column.sealed else shown
            before = grid.cell_text(found, row, column, staff)
            plan.changes.append(Planned(cell, row, column, value, grid.cell_name(row, staff), before, shown))
    _agree(plan)
    return plan


def let_compare(*, community: Organisation, view: View, staff: Staff, wanted: Sequence[Cell], dry: bool) -> None:
    """Let what somebody typed for sealed cells be held against the register, as looks on those people.

    A written cell is an act and no look, but for an identity number: the answer says that it is somebody's already, so
    that each number counts beside the person. Raises TooManyLooks.
    """
    known = columns_of(view.of)
    asked = [cell for cell in wanted if cell.column in known and (dry or cell.column == "id_no")]
    sealed = [cell for cell in asked if known[cell.column].sealed]
    people = Person.objects.filter(community=community, pk__in={cell.row for cell in sealed})
    disclosure.compare(
        viewer=staff,
        community=community,
        code="sheets.cells-compared",
        people=people.values_list("pk", flat=True),
        fields=[known[cell.column].field for cell in sealed],
        typed=[check_id_no(cell.text).normalised for cell in sealed if cell.column == "id_no"],
    )


def _place(cell: Cell) -> dict[str, str]:
    return {"row": str(cell.row), "column": cell.column}


def _fault(cell: Cell, word: str, column: Column | None, who: str) -> dict[str, str]:
    choices = "、".join(str(title) for title in column.choices.values()) if column else ""
    what = str(FAULTS[word]).format(choices=choices, longest=column.longest if column else "")
    return {**_place(cell), "text": cell.text, "what": what, "who": who, "title": str(column.title) if column else ""}


def _shut(row: grid.Row | None, column: Column | None, staff: Staff) -> str:
    """Return the word for why a cell cannot be edited by this person; "" when it can."""
    if row is None:
        return "gone"
    if column is None or not column.edits:
        return "locked"
    child = isinstance(row, Person) and is_sealed(row, staff)
    return "child" if child or (column.of_child and not may_see_child(staff)) else ""


def _ids_taken(community: Organisation, wanted: Sequence[Cell]) -> dict[str, set[UUID]]:
    """Return whose the identity numbers are that somebody typed: those on record, and those typed for two people."""
    typed = {cell.row: check_id_no(cell.text).normalised for cell in wanted if cell.column == "id_no" and cell.text}
    taken: dict[str, set[UUID]] = {}
    for row, number in typed.items():
        taken.setdefault(number, set()).add(row)
    standing = Person.objects.filter(
        community=community, id_no_bi__in=[Blind(community.pk, text) for text in taken]
    ).recorded()
    for person in standing:
        taken.setdefault(person.id_no, set()).add(person.pk)
    return taken


def _free(column: Column, value: Any, row: grid.Row, taken: dict[str, set[UUID]]) -> None:
    if column.kind == "id_no" and value and taken.get(value, set()) - {row.pk}:
        raise cells.Unreadable("id-taken")


def read_value(column: Column, text: str) -> Any:
    """Return what a typed text means in a column; an emptied cell is "" or None, as the column keeps it.

    Raises Unreadable.
    """
    if not text:
        if column.required:
            raise cells.Unreadable("required")
        return None if column.kind in ("date", "bool", "int") or column.edits == "told" else ""
    if len(text) > column.longest:
        raise cells.Unreadable("long")
    if column.kind == "id_no":
        check = check_id_no(text)
        if not check.ok:
            raise cells.Unreadable("id")
        return check.normalised
    if column.kind == "phone":
        return cells.read_phone(text)
    if column.kind == "date":
        return (cells.read_birth if column.code == "birth_date" else cells.read_day)(text, clock.today())
    if column.kind == "bool":
        return cells.read_bool(text)
    if column.kind == "int":
        return cells.read_int(text)
    if column.code == "sex":
        return cells.read_sex(text)
    if column.kind == "code":
        return cells.read_choice(text, {code: str(title) for code, title in column.choices.items()})
    return text


def _kept(column: Column, value: Any) -> Any:
    """Return a value as `grid.raw` gives it."""
    if column.fact is not None:
        return "" if value is None else column.fact.write(value)
    return "" if value is None else value


def _agree(plan: EditPlan) -> None:
    """An identity number says when somebody was born: a birth date or sex typed beside it must say the same."""
    numbers = {one.row.pk: check_id_no(one.value) for one in plan.changes if one.column.kind == "id_no" and one.value}
    says = {"birth_date": "birth", "sex": "sex"}
    for one in list(plan.changes):
        check = numbers.get(one.row.pk)
        if check and one.column.code in says and getattr(check, says[one.column.code]) != one.value:
            plan.changes.remove(one)
            plan.faults.append(_fault(one.cell, "id-birth", one.column, one.who))


@transaction.atomic
def write_cells(
    *, community: Organisation, view: View, staff: Staff, wanted: Sequence[Cell]
) -> tuple[EditPlan, Act | None]:
    """Write a block of cells as one act, or nothing: a fault or a conflict anywhere leaves everything as it stands."""
    plan = plan_cells(community=community, view=view, staff=staff, wanted=wanted, lock=True)
    if plan.faults or plan.conflicts or not plan.changes:
        return plan, None
    rows = {one.row.pk: one.row for one in plan.changes}
    kind = "corrected" if len(rows) == 1 else "grid"
    act = acts.begin(community=community, actor=staff, kind=kind, on_date=clock.today(), reason=REASON)
    for key, row in rows.items():
        mine = [one for one in plan.changes if one.row.pk == key and one.column.edits != "told"]
        new, sealed = {one.column.path: one.value for one in mine}, [one for one in mine if one.column.sealed]
        if new and isinstance(row, Person):
            household_events.put_right(act, row, household_events.completed(new))
            acts.restate(act, row, [one.column.path for one in sealed])
        elif new:
            acts.change(act, row, **new)
    _write_told(act, [one for one in plan.changes if one.column.fact is not None])
    households = _households(rows.values())
    household_events.settle_households(act, *households)
    _note(act, plan, households)
    return plan, act


def _households(rows: Iterable[grid.Row]) -> list[Household]:
    found = {home.pk: home for home in (row.household if isinstance(row, Person) else row for row in rows)}
    return list(found.values())


def _write_told(act: Act, changes: Sequence[Planned]) -> None:
    """Note the told facts from today on; an emptied cell ends what was known."""
    new, gone, people = [], [], {}
    for one in changes:
        assert one.column.fact is not None and isinstance(one.row, Person)
        people[one.row.pk] = one.row
        if one.value is None:
            gone.append((one.row, one.column.fact.code))
        else:
            new.append((one.row, one.column.fact.code, one.value))
    person_facts.end_facts(act, gone, clock.today())
    person_facts.record_facts(act, new, clock.today(), anew=True)
    for person in people.values():
        acts.touch(act, person)


def _note(act: Act, plan: EditPlan, households: Sequence[Household]) -> None:
    """Write the ledger: one line for the act, one for each household it concerns."""
    fields = sorted({one.column.code.removeprefix("told:") for one in plan.changes})
    entries: list[dict[str, Any]] = [
        {
            "code": "sheets.grid-written",
            "subject_type": "register.act",
            "subject_id": str(act.pk),
            "fields": fields,
            "reason": REASON,
            "detail": {"cells": len(plan.changes), "households": len(households)},
        }
    ]
    entries += [
        {
            "code": "register.household-changed",
            "subject_type": "register.household",
            "subject_id": str(home.pk),
            "reason": REASON,
            "detail": {"act": str(act.pk), "kind": act.kind},
        }
        for home in households
    ]
    ledger.record_many(community=act.community, actor=act.made_by, entries=entries)


def own_steps(staff: Staff, most: int = 50) -> list[str]:
    """Return the acts this person did in the grid today and has not taken back, the earliest first: for Ctrl+Z."""
    home = staff.community
    mine = Act.objects.filter(made_by=staff, kind__in=("corrected", "grid"), undone_at=None)
    mine = mine.filter(reason_bi=Blind(home.pk if home else "", REASON))
    return [
        str(pk) for pk in mine.filter(on_date=clock.today()).order_by("-made_at").values_list("pk", flat=True)[:most]
    ][::-1]


@transaction.atomic
def take_back(*, act: Act, staff: Staff) -> None:
    """Undo one step of the grid. Raises AlreadyUndone, UndoTooLate, LaterWork."""
    acts.undo(act=act, actor=staff, reason=_("在台账里撤销"))
    _next_version(act)


@transaction.atomic
def do_again(*, act: Act, staff: Staff) -> Act:
    """Redo an undone step of the grid as a new act. Raises NotUndone, LaterWork."""
    again = acts.redo(act=act, actor=staff)
    _next_version(again)
    return again


def _next_version(act: Act) -> None:
    """One more version of each household concerned, so that a late phone is told."""
    homes = act.changes.filter(of_type="register.household").values("row")
    Household.objects.filter(pk__in=homes).update(version=F("version") + 1)


def concerned(act: Act, of: str) -> list[Any]:
    """Return the keys of the rows an act may have changed on screen: its households, or everybody in them."""
    homes = set(act.changes.filter(of_type="register.household").values_list("row", flat=True))
    facts = act.changes.filter(of_type="register.toldfact").values("row")
    homes |= set(ToldFact.objects.filter(pk__in=facts).values_list("person__household", flat=True))
    homes |= set(
        Person.objects.filter(pk__in=act.changes.filter(of_type="register.person").values("row")).values_list(
            "household", flat=True
        )
    )
    return (
        list(homes)
        if of == "household"
        else list(Person.objects.filter(household__in=homes).values_list("pk", flat=True))
    )
