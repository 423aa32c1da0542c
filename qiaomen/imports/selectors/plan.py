"""What a commit would do with each row of the tables: nothing is written here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from qiaomen.imports.rules.records import RecordRow, Verdict
from qiaomen.imports.rules.roster import Table
from qiaomen.imports.selectors.lookalikes import Doubt, find_doubles
from qiaomen.imports.selectors.plan_lists import FactChange, plan_facts, plan_visits
from qiaomen.imports.selectors.read_tables import kind_of
from qiaomen.imports.selectors.register_snapshot import GONE, KnownPerson, RegisterSnapshot, marks_of
from qiaomen.office.models import Organisation
from qiaomen.register.rules.addresses import Address
from qiaomen.register.rules.register_row import RegisterRow
from qiaomen.register.selectors.minors import is_child_born

Spot = tuple[str, int]
"""A sheet and a row of it: how a person's answer names a row."""

MANY = "同一个身份证号在这份名册里出现了不止一次"
TWICE = "“{sheet}”第 {row} 行已经是这个人，请合成一行"
LEFT_OUT = "您选择了先不导入这一行"


@dataclass(frozen=True)
class Refusal:
    """A row that stays out. `asked`: it comes in once a person says that it is somebody else."""

    table: Table
    place: int
    reasons: list[str]
    asked: bool = False


@dataclass(frozen=True)
class Changing:
    """A row of a roster that changes what is known of a person; an Address stands under "address"."""

    row: RegisterRow
    one: KnownPerson
    changes: dict[str, Any]


@dataclass
class ImportPlan:
    """What a commit would do, row by row."""

    create: list[tuple[Table, int]] = field(default_factory=list)
    change: list[Changing] = field(default_factory=list)
    told: list[FactChange] = field(default_factory=list)
    visits: list[tuple[RecordRow, Verdict]] = field(default_factory=list)
    same: int = 0
    reject: list[Refusal] = field(default_factory=list)
    doubts: list[tuple[RegisterRow, Doubt, RegisterRow | None]] = field(default_factory=list)
    apart: list[tuple[int, KnownPerson]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    homes: Mapping[Any, Any] = field(default_factory=dict)
    guessed: set[UUID] = field(default_factory=set)
    """Children whose stored number or telephone a row was held against."""

    def guess_at(self, one: KnownPerson, number: str) -> None:
        """Note that a row holds a number against a child, if it has one."""
        if number and is_child_born(one.birth_date):
            self.guessed.add(one.pk)

    def new_rows(self) -> list[RegisterRow]:
        """Return the rows that make people."""
        return [table.row(place) for table, place in self.create]

    @property
    def counts(self) -> dict[str, int]:
        """The row equation: what comes in new, what changes, what is known, what stays out."""
        return {"created": len(self.create) + len(self.visits), "changed": len(self.change) + len(self.told),
                "same": self.same, "rejected": len(self.reject)}  # fmt: skip


@dataclass(frozen=True)
class Answers:
    """What a person said in the preview: rows that are somebody else, and rows to leave out."""

    apart: frozenset[Spot] = frozenset()
    left_out: frozenset[Spot] = frozenset()
    all_apart: bool = False

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Answers":
        """Read what a batch keeps."""
        spots = {name: frozenset((sheet, row) for sheet, row in kept.get(name, [])) for name in ("apart", "left_out")}
        return cls(**spots, all_apart=bool(kept.get("all_apart")))


def make_plan(community: Organisation, tables: Sequence[Table], answers: Answers, today: date) -> ImportPlan:
    """Compare the rows of all tables with the register."""
    standing, plan = RegisterSnapshot(community), ImportPlan()
    plan.homes = standing.homes
    rosters = [table for table in tables if kind_of(table.kind).people == "make"]
    _plan_rosters(plan, standing, rosters, answers)
    for table in tables:
        kind = kind_of(table.kind)
        if kind.people == "make":
            continue
        if kind.writes == "visits":
            visits, same, refused = plan_visits(standing, table, kind)
            plan.visits += visits
        else:
            told, same, refused = plan_facts(standing, table, kind, today)
            plan.told += told
        plan.same += same
        plan.reject += [Refusal(table, place, reasons) for place, reasons in refused]
    _once_each(plan)
    return plan


def _once_each(plan: ImportPlan) -> None:
    """One person is told of once; a later row about them stays out."""
    first: dict[Any, FactChange] = {}
    for telling in plan.told:
        earlier = first.setdefault(telling.one.pk, telling)
        if earlier is not telling:
            said = TWICE.format(sheet=earlier.table.sheet, row=earlier.table.row_nos[earlier.place])
            plan.reject.append(Refusal(telling.table, telling.place, [said]))
    plan.told = list(first.values())


def _plan_rosters(plan: ImportPlan, standing: RegisterSnapshot, tables: Sequence[Table], answers: Answers) -> None:
    """Match by identity number, else by door, name and birth date; who is not found is made.

    A person is met once: a second row about them would try a second number on them.
    """
    seen, fresh, met = set[str](), list[tuple[Table, int]](), dict[Any, tuple[Table, int]]()
    for table in tables:
        values, blank = table.values, [""] * len(table)
        numbers, known = values["id_no"], bool(standing.people)
        ids = marks_of(standing.community, "id_no", numbers) if known else blank
        phones = marks_of(standing.community, "phone", values["phone"]) if known else blank
        for place, number in enumerate(numbers):
            reasons = table.reasons.get(place)
            if number:
                if number in seen:
                    reasons = [*(reasons or ()), MANY]
                seen.add(number)
            if reasons:
                plan.reject.append(Refusal(table, place, reasons))
                continue
            one = _stands(standing, table, place, ids[place]) if known else None
            if one is None:
                fresh.append((table, place))
                continue
            plan.guess_at(one, ids[place] or phones[place])
            if (first := met.setdefault(one.pk, (table, place))) != (table, place):
                said = TWICE.format(sheet=first[0].sheet, row=first[0].row_nos[first[1]])
                plan.reject.append(Refusal(table, place, [said]))
            elif one.state in GONE:
                reason = f"{one.name}{GONE[one.state]}，请先核对，再在户的页面上办迁入或更正"
                plan.reject.append(Refusal(table, place, [reason]))
            elif changes := _changes(standing, one, table, place, ids[place], phones[place]):
                plan.change.append(Changing(table.row(place), one, changes))
            else:
                plan.same += 1
    _look_for_doubles(plan, standing, fresh, answers)


def _stands(standing: RegisterSnapshot, table: Table, place: int, mark: str) -> KnownPerson | None:
    if mark and (one := standing.by_id.get(mark)):
        return one
    address = table.addresses[place]
    key = (address.label if address else "", table.values["name"][place], table.values["birth_date"][place])
    return standing.by_door.get(key)


def _changes(
    standing: RegisterSnapshot, one: KnownPerson, table: Table, place: int, mark: str, phone: str
) -> dict[str, Any]:
    values, changes = table.values, dict[str, Any]()
    for name in ("name", "former_name", "nickname", "relation", "is_head", "sex", "birth_date"):
        value = values[name][place]
        if value not in ("", None) and value != getattr(one, name):
            changes[name] = value
    if mark and mark != one.id_mark:
        changes["id_no"] = values["id_no"][place]
    if phone and phone != one.phone_mark:
        changes["phone"] = values["phone"][place]
    address: Address | None = table.addresses[place]
    if address and address != standing.address(one):
        changes["address"] = address
    return changes


def _look_for_doubles(
    plan: ImportPlan, standing: RegisterSnapshot, fresh: list[tuple[Table, int]], answers: Answers
) -> None:
    """Sort the rows that would make people: surely new, to be asked about, or out until a person says so."""
    doubts, crowded = find_doubles(standing, fresh) if fresh else ([], 0)
    if crowded:
        plan.notes.append(f"相像的行太多：有 {crowded} 行和许多行相同（如同一个电话），没有逐一比对，请另行核对")
    surely_new = 0
    for doubt in doubts:
        plan.create += fresh[surely_new : doubt.place]
        surely_new = doubt.place + 1
        if _comes_in(plan, standing, fresh, doubt, answers):
            plan.create.append(fresh[doubt.place])
    plan.create += fresh[surely_new:]


def _comes_in(
    plan: ImportPlan, standing: RegisterSnapshot, fresh: list[tuple[Table, int]], doubt: Doubt, answers: Answers
) -> bool:  # fmt: skip
    """Keep a row that looks like somebody out, or note what a person is asked; return whether it comes in."""
    table, spot = fresh[doubt.place]
    row = table.row(spot)
    earlier = _row_of(fresh[doubt.other]) if isinstance(doubt.other, int) else None
    where = (row.sheet, row.row_no)
    left_out = where in answers.left_out
    if doubt.band == "ask":
        plan.doubts.append((row, doubt, earlier))
    if left_out or (doubt.band == "same" and not answers.all_apart and where not in answers.apart):
        reason = LEFT_OUT if left_out else _may_be(standing, doubt, earlier)
        plan.reject.append(Refusal(table, spot, [reason], asked=not left_out))
        return False
    if doubt.band == "same" and isinstance(doubt.other, KnownPerson):
        plan.apart.append((len(plan.create), doubt.other))
    return True


def _row_of(spot: tuple[Table, int]) -> RegisterRow:
    return spot[0].row(spot[1])


def _may_be(standing: RegisterSnapshot, doubt: Doubt, earlier: RegisterRow | None) -> str:
    why = "、".join(doubt.why[:3])
    if earlier is not None:
        return f"可能和“{earlier.sheet}”第 {earlier.row_no} 行是同一个人（{why}），请核对"
    assert isinstance(doubt.other, KnownPerson)
    return f"可能就是已登记的 {doubt.other.name}（{standing.label(doubt.other) or '没有门牌'}；{why}），请核对"


def addresses_of(plan: ImportPlan) -> Iterable[Address]:
    """Yield the doors the plan needs."""
    yield from (address for table, place in plan.create if (address := table.addresses[place]))
    yield from (one.changes["address"] for one in plan.change if "address" in one.changes)
