"""Before a row makes a person: may they stand in the register already, or twice in the same list? Advice only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qiaomen.imports.rules.reading.roster import Table
from qiaomen.imports.selectors.register_snapshot import KnownPerson, RegisterSnapshot
from qiaomen.linkage.arrays import pairs_between
from qiaomen.linkage.columns import Columns
from qiaomen.linkage.sounds import sounds_of
from qiaomen.linkage.weights import say_evidence, weights_for
from qiaomen.office.fields import open_value
from qiaomen.register.models import Person
from qiaomen.register.rules.addresses import Address


@dataclass(frozen=True)
class Doubt:
    """A row that looks like somebody. `band`: same or ask. `other`: the person, or the earlier row of the list."""

    place: int
    band: str
    other: KnownPerson | int
    why: tuple[str, ...]


Spots = Sequence[tuple[Table, int]]
"""Rows by their table and their place in it."""


def find_doubles(standing: RegisterSnapshot, rows: Spots) -> tuple[list[Doubt], int]:
    """Compare rows that would make people with the register and among themselves, as the queue of duplicates does.

    Return for each row its surest double, in the order of the rows, and how many rows resemble too many others to
    be compared with each.
    """
    people = [one for one in standing.people if one.state != "merged"]
    found = pairs_between(_of_rows(rows), _of_people(standing, people), weights_for(len(rows) + len(people)))
    best: dict[int, Doubt] = {}
    for pair, (left, right) in enumerate(zip(found.left.tolist(), found.right.tolist(), strict=True)):
        place, other = (right, left) if right < len(rows) else (left, people[right - len(rows)])
        if place not in best:
            band = "same" if found.same[pair] else "ask"
            best[place] = Doubt(place, band, other, tuple(say_evidence(found.evidence(pair))))
    return [best[place] for place in sorted(best)], len(found.crowded)


def _door(address: Address | None) -> str:
    return "/".join(address) if address else ""


def _of_people(standing: RegisterSnapshot, people: Sequence[KnownPerson]) -> Columns:
    """The register as columns; its numbers are opened for this, and shown to nobody."""
    opened = Person.objects.filter(community=standing.community).values_list("pk", "id_no", "phone") if people else []
    numbers = {pk: (open_value(id_no, pk), open_value(phone, pk)) for pk, id_no, phone in opened}
    return Columns.of(
        name=[one.name for one in people], sounds=[one.sounds for one in people], sex=[one.sex for one in people],
        birth=[one.birth_date for one in people], id_no=[numbers[one.pk][0] for one in people],
        phone=[numbers[one.pk][1] for one in people], household=[str(one.household) for one in people],
        door=[_door(standing.address(one)) for one in people],
    )  # fmt: skip


def _of_rows(rows: Spots) -> Columns:
    def column(code: str) -> list[Any]:
        return [table.values[code][place] for table, place in rows]

    def numbers(code: str) -> list[Any]:
        return ["" if place in table.hushed else table.values[code][place] for table, place in rows]

    names = column("name")
    return Columns.of(
        name=names, sounds=[sounds_of(name)[0] for name in names], sex=column("sex"), birth=column("birth_date"),
        id_no=numbers("id_no"), phone=numbers("phone"), household=[table.keys[place] for table, place in rows],
        door=[_door(table.addresses[place]) for table, place in rows],
    )  # fmt: skip
