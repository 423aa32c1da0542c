"""What a commit would do with each row of the tables: nothing is written here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from qiaomen.imports.rules.reading.roster import Table
from qiaomen.imports.rules.records import RecordRow, Verdict
from qiaomen.imports.selectors.lookalikes import Doubt, find_doubles
from qiaomen.imports.selectors.meaning.understanding import (
    LEFT_OUT,
    NEW,
    OUT,
    Answers,
    Asked,
    Understood,
    understand_tables,
)
from qiaomen.imports.selectors.plan_known import Changing, Refusal, missing_people, plan_known
from qiaomen.imports.selectors.plan_lists import FactChange, plan_facts, plan_visits
from qiaomen.imports.selectors.preview.veils import kept_name, without_numbers
from qiaomen.imports.selectors.read_tables import kind_of
from qiaomen.imports.selectors.register_snapshot import KnownPerson, RegisterSnapshot
from qiaomen.office.models import Organisation
from qiaomen.register.rules.addresses import Address
from qiaomen.register.rules.register_row import RegisterRow
from qiaomen.register.selectors.minors import is_child_born

TWICE = "“{sheet}”第 {row} 行已经是这个人，请合成一行"


@dataclass
class ImportPlan:
    """What a commit would do, row by row."""

    create: list[tuple[Table, int]] = field(default_factory=list)
    change: list[Changing] = field(default_factory=list)
    told: list[FactChange] = field(default_factory=list)
    visits: list[tuple[RecordRow, Verdict]] = field(default_factory=list)
    same: int = 0
    held: list[Changing] = field(default_factory=list)
    alike: list[tuple[Table, int]] = field(default_factory=list)
    understood: Understood = field(default_factory=Understood)
    missing: list[KnownPerson] = field(default_factory=list)
    reject: list[Refusal] = field(default_factory=list)
    doubts: list[tuple[RegisterRow, Doubt, RegisterRow | None]] = field(default_factory=list)
    apart: list[tuple[tuple[Table, int], KnownPerson]] = field(default_factory=list)
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


def make_plan(
    community: Organisation,
    tables: Sequence[Table],
    answers: Answers,
    today: date,
    compounds: Sequence[str] = (),
    recorded: bool = False,
) -> ImportPlan:
    """Compare the rows of all tables with the register.

    `compounds`: names on record, or that are to be made; `recorded`: any stands on record.
    """
    standing, plan = RegisterSnapshot(community), ImportPlan()
    plan.homes = standing.homes
    rosters = [table for table in tables if kind_of(table.kind).people == "make"]
    _plan_rosters(plan, standing, rosters, answers, (compounds, recorded))
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


def _plan_rosters(
    plan: ImportPlan,
    standing: RegisterSnapshot,
    tables: Sequence[Table],
    answers: Answers,
    places: tuple[Sequence[str], bool],
) -> None:
    """Let identity say whom each row means; then what changes, and who is new."""
    if not tables:
        return
    found = plan.understood = understand_tables(standing, tables, answers, *places)
    plan.reject += [Refusal(table, place, reasons) for (table, place), reasons in found.refused]
    plan.reject += [
        Refusal(*one.place, _with_soft(one), True, one.people, one.homes, one.because) for one in found.asked
    ]
    known = plan_known(standing, found, answers)
    plan.reject += known.gone
    people = {str(one.pk): one for one in standing.people}
    for (table, place), key, _home in found.same:
        plan.guess_at(people[key], table.values["id_no"][place] or table.values["phone"][place])
    plan.apart += [(place, people[key]) for place, keys in found.apart for key in keys]
    plan.change, plan.held, plan.alike, plan.same = known.change, known.held, known.alike, len(known.alike)
    _look_for_doubles(plan, standing, found.create, answers)
    plan.missing = missing_people(standing, found)


def _with_soft(asked: Asked) -> list[str]:
    """Return why a row is asked about, and which of its fields could not be read."""
    table, place = asked.place
    softs = [f"“{table.title(soft.field) or soft.field}”{soft.why}" for soft in table.soft.get(place, ())]
    return [asked.reason, *(words for words in softs if words not in asked.reason)]


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
    _leave_out(plan, answers)


def _leave_out(plan: ImportPlan, answers: Answers) -> None:
    """Take out the new rows that a person leaves out."""
    out = [spot for spot in plan.create if answers.rows.get(spot[0].spot(spot[1])) == OUT] if answers.rows else []
    if out:
        gone = {(id(table), place) for table, place in out}
        plan.create = [spot for spot in plan.create if (id(spot[0]), spot[1]) not in gone]
        plan.reject += [Refusal(table, place, [LEFT_OUT]) for table, place in out]


def _comes_in(
    plan: ImportPlan, standing: RegisterSnapshot, fresh: list[tuple[Table, int]], doubt: Doubt, answers: Answers
) -> bool:  # fmt: skip
    """Keep a row that looks like somebody on record out until a person says who it is; return whether it comes in.

    A row that only resembles another row of the list comes in unless it is left out.
    """
    table, spot = fresh[doubt.place]
    row = table.row(spot)
    earlier = _row_of(fresh[doubt.other]) if isinstance(doubt.other, int) else None
    said = answers.rows.get((row.sheet, row.row_no), "")
    left_out, asked = said == OUT, doubt.band == "same" or isinstance(doubt.other, KnownPerson)
    if not asked:
        plan.doubts.append((row, doubt, earlier))
    if left_out or (asked and not answers.all_apart and said != NEW):
        reason = LEFT_OUT if left_out else _may_be(standing, doubt, earlier)
        people = (str(doubt.other.pk),) if isinstance(doubt.other, KnownPerson) else ()
        plan.reject.append(Refusal(table, spot, [reason], asked=not left_out, people=people))
        return False
    if isinstance(doubt.other, KnownPerson):
        plan.apart.append((fresh[doubt.place], doubt.other))
    return True


def _row_of(spot: tuple[Table, int]) -> RegisterRow:
    return spot[0].row(spot[1])


def _may_be(standing: RegisterSnapshot, doubt: Doubt, earlier: RegisterRow | None) -> str:
    if earlier is not None:
        why = "、".join(doubt.why[:3])
        return f"可能和“{earlier.sheet}”第 {earlier.row_no} 行是同一个人（{why}），请核对"
    assert isinstance(doubt.other, KnownPerson)
    why = "、".join(["", *without_numbers(doubt.why)[:3]])
    name = kept_name(doubt.other.name, doubt.other.birth_date)
    return f"可能就是已登记的 {name}（{standing.label(doubt.other) or '没有门牌'}{why}），请核对"


def addresses_of(plan: ImportPlan) -> Iterable[Address]:
    """Yield the doors the plan needs."""
    yield from (address for table, place in plan.create if (address := table.addresses[place]))
    for one in plan.change:
        if "address" in one.changes:
            yield one.changes["address"]
        elif "household" in one.changes and one.row.address:
            yield one.row.address
