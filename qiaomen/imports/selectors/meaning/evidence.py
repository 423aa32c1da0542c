"""What the rows of a list and the register give as evidence to the one place that decides whom a row means."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from qiaomen.imports.rules.reading.roster import Table
from qiaomen.imports.rules.reading.sheet_rows import PART
from qiaomen.imports.selectors.register_snapshot import RegisterSnapshot, marks_of
from qiaomen.register.rules.addresses import Address
from qiaomen.register.rules.doors.grammar import DoorKey
from qiaomen.register.rules.identity.facts import KnownHousehold, KnownPerson, OnRecord, Ref, RowEvidence

Place = tuple[Table, int]
"""A row by its table and its place in it."""

NOWHERE = "?"
"""Stands for the compound of a door whose table does not say which it is."""

UNREAD = "!"
"""Stands for the compound of a door that could not be read, in a table where nothing but the door tells households."""

STATES = {"living": "here", "away": "away", "left": "left", "died": "died"}


@dataclass
class Evidence:
    """The rows of all rosters of an upload, and how each is found again by what names it."""

    rows: list[RowEvidence] = field(default_factory=list)
    places: dict[Ref, Place] = field(default_factory=dict)


def ref_of(table: Table, place: int) -> Ref:
    """Return what names a row for the decision: tables that stand side by side are read one by one."""
    stream = table.streams[place]
    sheet = f"{table.sheet}\x1f{stream}" if stream else table.sheet
    return sheet, table.row_nos[place] * PART + table.parts[place]


class DoorBook:
    """Every door written or on record: a door written without its entrance is the only one with that room."""

    def __init__(self, doors: Iterable[DoorKey]) -> None:
        self._entrances: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for door in doors:
            self._entrances[door.compound, door.building, door.room].add(door.entrance)

    def settle(self, door: DoorKey) -> tuple[DoorKey, bool]:
        """Return the door with its entrance, and whether it is sure: two entrances with that room have to be asked."""
        told = self._entrances[door.compound, door.building, door.room] - {""}
        if door.entrance or not told:
            return door, True
        return (door._replace(entrance=next(iter(told))), True) if len(told) == 1 else (door, False)


def tells_households(table: Table) -> bool:
    """Say whether a table tells by more than doors who belongs together."""
    values = table.values
    return any(any(values[code]) for code in ("relation", "head_name", "household_no"))


def written_door(table: Table, place: int, told: bool) -> DoorKey | None:
    """Return the door of a row; one that lacks nothing but its compound stands `NOWHERE`.

    `told`: what cannot be read is left open, since order, number or head say where the row belongs; else it must not
    fall to the household above.
    """
    address = table.addresses[place]
    if address is not None:
        return DoorKey(*address)
    door = table.doors[place]
    if door is not None and door.problem == "no-compound" and door.room:
        return DoorKey(NOWHERE, door.building, door.entrance, door.room)
    if door is not None and door.problem not in ("", "blank") and not told:
        text = next((soft.text for soft in table.soft.get(place, ()) if soft.field == "address"), "")
        return DoorKey(UNREAD, "", "", text)
    return None


def _written(table: Table) -> list[DoorKey | None]:
    told = tells_households(table)
    return [written_door(table, place, told) for place in range(len(table))]


def gather(standing: RegisterSnapshot, tables: Sequence[Table]) -> Evidence:
    """Return the evidence of all rows that can come in; doors without an entrance are settled on the way."""
    found = Evidence()
    known = [DoorKey(*home.address) for home in standing.homes.values() if home.address] if standing.people else []
    written = {id(table): _written(table) for table in tables}
    book = DoorBook([*known, *(door for doors in written.values() for door in doors if door)])
    for table in tables:
        _settle(table, written[id(table)], book)
        _add(found, standing, table, written[id(table)])
    return found


def _settle(table: Table, doors: list[DoorKey | None], book: DoorBook) -> None:
    for place, door in enumerate(doors):
        if door is None or door.entrance:
            continue
        settled, sure = book.settle(door)
        if not sure:
            table.refuse(place, f"{door.building}号楼不止一个单元有 {door.room} 室，请补上单元")
        elif settled != door:
            doors[place] = settled
            if settled.compound not in (NOWHERE, UNREAD):
                table.addresses[place] = Address(*settled)


def _add(found: Evidence, standing: RegisterSnapshot, table: Table, doors: list[DoorKey | None]) -> None:
    values = table.values
    keys, phones = values["id_no"], [frozenset(numbers) for numbers in values["phones"]]
    if standing.people:
        keys = marks_of(standing.community, "id_no", values["id_no"])
        first = marks_of(standing.community, "phone", values["phone"])
        phones = [frozenset({mark}) if mark else frozenset() for mark in first]
    for place in range(len(table)):
        if place in table.reasons:
            continue
        ref = ref_of(table, place)
        found.places[ref] = (table, place)
        found.rows.append(
            RowEvidence(
                ref,
                values["name"][place],
                keys[place],
                values["id_birth"][place],
                values["told_birth"][place],
                values["birth_year"][place],
                values["sex"][place],
                phones[place],
                values["relation"][place],
                values["told_head"][place],
                values["household_no"][place],
                values["head_name"][place],
                doors[place],
                values["former_name"][place],
            )
        )


def on_record(standing: RegisterSnapshot) -> OnRecord:
    """Return who stands in the register as the decision takes it; a record merged into another is nobody's."""
    if not standing.people:
        return OnRecord()
    persons = tuple(
        KnownPerson(
            str(one.pk),
            one.name,
            str(one.household),
            one.id_mark,
            one.birth_date,
            one.sex,
            frozenset({one.phone_mark}) if one.phone_mark else frozenset(),
            one.relation,
            one.is_head,
            STATES.get(one.state, "here"),
            frozenset({one.former_name}) if one.former_name else frozenset(),
        )
        for one in standing.people
        if one.state != "merged"
    )
    households = tuple(
        KnownHousehold(str(pk), DoorKey(*home.address) if home.address else None, home.number, home.head)
        for pk, home in standing.homes.items()
    )
    return OnRecord(persons, households)


def unknown_compounds(doors: Iterable[DoorKey | None], known: Iterable[str], recorded: bool) -> dict[str, list[str]]:
    """Return the compounds that are not known, each with the names it may be a slip of.

    Where no compound is on record at all, only a name one character off a far more frequent one is asked about.
    """
    counts = Counter(door.compound for door in doors if door is not None and door.compound not in (NOWHERE, UNREAD))
    known = set(known)
    names = known | set(counts)
    found = {}
    for name, count in counts.items():
        near = [other for other in names if other != name and _one_off(name, other)]
        often = [other for other in near if other in known or counts[other] >= 5 * count]
        if name not in known and (recorded or often):
            found[name] = often
    return found


def _one_off(one: str, other: str) -> bool:
    return len(one) == len(other) > 2 and sum(a != b for a, b in zip(one, other, strict=True)) == 1
