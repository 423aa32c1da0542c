"""Rows of rosters about people on record: what changes, what a hand has set since and keeps, and who is missing."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from qiaomen.imports.rules.reading.cell_values import Soft
from qiaomen.imports.rules.reading.roster import Table
from qiaomen.imports.selectors.meaning.understanding import NOT_THEIRS, Answers, Understood
from qiaomen.imports.selectors.register_snapshot import GONE, KnownPerson, RegisterSnapshot, marks_of
from qiaomen.office.fields import open_value
from qiaomen.register.models import Change, Residence
from qiaomen.register.rules.addresses import Address
from qiaomen.register.rules.register_row import RegisterRow

PLAIN = ("former_name", "nickname", "relation", "sex", "birth_date")
CHUNK = 500
STATUS_WORDS = {"died": "已故", "left": "已迁出", "away": "不住在这里"}


@dataclass(frozen=True)
class Refusal:
    """A row that stays out. `asked`: it comes in once a person says who it is: one of `people`, of `homes`, or new."""

    table: Table
    place: int
    reasons: list[str]
    asked: bool = False
    people: tuple[str, ...] = ()
    homes: tuple[str, ...] = ()
    because: str = ""


@dataclass(frozen=True)
class Changing:
    """A row of a roster that changes what is known of a person; an Address stands under "address".

    `kept`: what the list would change but was set by hand since the last list, and stays until a person says otherwise;
    `taken`: of `changes`, what was kept so until a person said otherwise.
    """

    row: RegisterRow
    one: KnownPerson
    changes: dict[str, Any]
    kept: dict[str, Any] = field(default_factory=dict)
    taken: dict[str, Any] = field(default_factory=dict)


@dataclass
class Known:
    """The rows about people on record: changed, kept as a hand has set it, the same, and out because they are gone."""

    change: list[Changing] = field(default_factory=list)
    held: list[Changing] = field(default_factory=list)
    alike: list[tuple[Table, int]] = field(default_factory=list)
    gone: list[Refusal] = field(default_factory=list)


def plan_known(standing: RegisterSnapshot, found: Understood, answers: Answers) -> Known:
    """Sort the rows about people on record."""
    plan = Known()
    by_key = {str(one.pk): one for one in standing.people}
    marks = _marks(standing, [place for place, _, _ in found.same])
    changing: list[tuple[Table, int, KnownPerson, dict[str, Any]]] = []
    for (table, place), key, home in found.same:
        one = by_key[key]
        if one.state in GONE and not _still(one, table, place):
            reason = f"{one.name}{GONE[one.state]}，请先核对，再在户的页面上办迁入或更正"
            plan.gone.append(Refusal(table, place, [reason]))
            continue
        _note_status(one, table, place)
        changes = _changes(standing, one, table, place, marks[id(table)], home)
        changing.append((table, place, one, changes))
    by_hand = _set_by_hand([one for _, _, one, changes in changing if changes])
    for person in _moved_by_hand(standing, [one for _, _, one, changes in changing if "address" in changes]):
        by_hand.setdefault(person, set()).add("address")
    for table, place, one, changes in changing:
        set_by_hand = {code for code in changes if code in by_hand.get(one.pk, ())}
        take = {code for code in set_by_hand if (*table.spot(place), code) in answers.take}
        kept = {code: changes.pop(code) for code in list(changes) if code in set_by_hand - take}
        if changes:
            taken = {code: value for code, value in changes.items() if code in take}
            plan.change.append(Changing(table.row(place), one, changes, kept, taken))
        else:
            plan.alike.append((table, place))
            if kept:
                plan.held.append(Changing(table.row(place), one, {}, kept))
    return plan


def _still(one: KnownPerson, table: Table, place: int) -> bool:
    """A row that says itself what the register says: somebody away is listed as away."""
    return one.state == "away" and table.values["status"][place] == "away"


def _note_status(one: KnownPerson, table: Table, place: int) -> None:
    """What a list says of a death or a move is for a person to record, with its day."""
    status = table.values["status"][place]
    if status in STATUS_WORDS and status != one.state:
        words = f"名册写的是{STATUS_WORDS[status]}，登记里还住在这里：请在户的页面上办，要写日期"
        table.soften(place, Soft("status", STATUS_WORDS[status], words))


def _marks(standing: RegisterSnapshot, places: Sequence[tuple[Table, int]]) -> dict[int, tuple[list[str], list[str]]]:
    tables = {id(table): table for table, _ in places}
    return {
        key: (
            marks_of(standing.community, "id_no", table.values["id_no"]),
            marks_of(standing.community, "phone", table.values["phone"]),
        )
        for key, table in tables.items()
    }


def _changes(
    standing: RegisterSnapshot,
    one: KnownPerson,
    table: Table,
    place: int,
    marks: tuple[list[str], list[str]],
    home: str | None,
) -> dict[str, Any]:
    """Return what a row changes: only what it tells, and never the name by itself."""
    values, changes = table.values, dict[str, Any]()
    for code in PLAIN:
        value = values[code][place]
        if value not in ("", None) and value != getattr(one, code):
            changes[code] = value
    if values["name"][place] not in ("", one.name, one.former_name):
        changes["name"] = values["name"][place]
    told = values["told_head"][place]
    said = told if told is not None else (values["is_head"][place] if values["head_name"][place] else None)
    if said is not None and said != one.is_head:
        changes["is_head"] = said
    for code, column in zip(("id_no", "phone"), marks, strict=True):
        if column[place] and column[place] != getattr(one, f"{code.split('_')[0]}_mark"):
            changes[code] = values[code][place]
    if code_is_other_phone(one, table, place, marks[1]):
        changes.pop("phone", None)
    _place_changes(standing, one, table.addresses[place], home, changes)
    return changes


def code_is_other_phone(one: KnownPerson, table: Table, place: int, marks: list[str]) -> bool:
    """A cell with several telephones changes nothing when one of them is known."""
    return len(table.values["phones"][place]) > 1 and bool(one.phone_mark) and marks[place] != one.phone_mark


def _place_changes(
    standing: RegisterSnapshot, one: KnownPerson, address: Address | None, home: str | None, changes: dict[str, Any]
) -> None:
    """The door changes with its household; another household is a move of its own."""
    if home is not None and home != str(one.household):
        changes["household"] = UUID(home)
    if address is None:
        return
    known = standing.address(one)
    if known is not None and known[:2] == address[:2] and known.room == address.room and not (known[2] and address[2]):
        return
    if address != known:
        changes["address"] = address


def _set_by_hand(people: Sequence[KnownPerson]) -> dict[UUID, set[str]]:
    """Return which columns of people were set by something else than a list after the last list that touched them."""
    return _columns_by_hand([one.pk for one in people])


def _columns_by_hand(keys: Sequence[UUID]) -> dict[UUID, set[str]]:
    """Return which columns of rows were changed last by something else than a list."""
    found: dict[UUID, dict[str, str]] = defaultdict(dict)
    for start in range(0, len(keys), CHUNK):
        rows = Change.objects.filter(row__in=keys[start : start + CHUNK], act__undone_at=None).order_by("id")
        for row, act, kind, before, after in rows.values_list("row", "act_id", "act__kind", "before", "after"):
            for column in json.loads(open_value(after, act, row) or "{}") if before else ():
                found[row][column.removesuffix("_id")] = kind
    return {row: {code for code, kind in columns.items() if kind != "import"} for row, columns in found.items()}


def _moved_by_hand(standing: RegisterSnapshot, people: Sequence[KnownPerson]) -> set[UUID]:
    """Return whose door was set by hand since the last list that moved them: that of their household, or their own.

    Whoever lives behind the door of their household moves with it, however they came to it.
    """
    homes = _columns_by_hand(sorted({one.household for one in people}))
    found = {one.pk for one in people if "dwelling" in homes.get(one.household, ())}
    doors = {one.pk: standing.homes[one.household].dwelling for one in people if one.pk not in found}
    keys = list(doors)
    for start in range(0, len(keys), CHUNK):
        stays = Residence.objects.filter(person__in=keys[start : start + CHUNK], to_date=None)
        apart = {
            pk: person for pk, person, door in stays.values_list("pk", "person", "dwelling") if door != doors[person]
        }
        made = Change.objects.filter(row__in=apart, act__undone_at=None).exclude(act__kind="import")
        found |= {apart[row] for row, before in made.values_list("row", "before") if not before}
    return found


def missing_people(standing: RegisterSnapshot, found: Understood) -> list[KnownPerson]:
    """Return who lives in the buildings the list covers and stands in none of its rows, nor among those asked about.

    Whom a number alone found is missing all the same: else the list would tell who that is.
    """
    if not standing.people:
        return []
    covered = {(home.group.door.compound, home.group.door.building) for home in found.homes if home.group.door}
    spoken = {key for _, key, _ in found.same} | {
        key for one in found.asked if one.because not in NOT_THEIRS for key in one.people
    }
    return [
        one
        for one in standing.people
        if one.state == "living"
        and str(one.pk) not in spoken
        and (address := standing.address(one)) is not None
        and address[:2] in covered
    ]
