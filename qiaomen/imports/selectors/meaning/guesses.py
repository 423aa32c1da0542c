"""Rows that try many numbers on one person: their numbers are not held against the register, so that a list of guesses
learns nothing. What a row tells otherwise counts as ever. Source: docs/decisions/0025-the-gate.md, The import.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from qiaomen.imports.selectors.meaning.evidence import Evidence
from qiaomen.register.rules.identity.facts import KnownPerson, OnRecord, Ref, RowEvidence, doors_agree

MOST_OF_A_DAY, ROWS_TO_ONE = 20, 200
"""Identity numbers of one region and one birth day that a list may hold, and rows for which it may hold one more.

Of 60,000 people ten are born on the fullest day; a number whose birth day is known is one of a thousand.
"""


def hush_guesses(evidence: Evidence, record: OnRecord) -> frozenset[Ref]:
    """Take from the evidence the numbers that are too many for who they are tried on; return the rows to ask about.

    Which rows these are follows from the list, and from names, doors and birth days on record, never from a number.
    """
    if not record.persons:
        return frozenset()
    by_name: dict[str, list[RowEvidence]] = defaultdict(list)
    for row in evidence.rows:
        for name in {row.name, row.former_name} & record.by_name.keys():
            by_name[name].append(row)
    asked = _many_of_a_day(evidence) | {ref for rows in by_name.values() for ref in _many_of_a_name(rows, record)}
    quiet = {ref for name, rows in by_name.items() for ref in _many_phones(rows, record.by_name[name], record)}
    _hush(evidence, asked, quiet | asked)
    return frozenset(asked)


def _hush(evidence: Evidence, without_id: set[Ref], without_phone: set[Ref]) -> None:
    for place, row in enumerate(evidence.rows):
        if row.ref in without_id:
            row = replace(row, id_key="")
        if row.ref in without_phone:
            row = replace(row, phones=frozenset())
            table, spot = evidence.places[row.ref]
            table.hushed.add(spot)
        evidence.rows[place] = row


def _many_of_a_day(evidence: Evidence) -> set[Ref]:
    """Return the rows whose identity numbers differ in nothing but order and check digit from too many others."""
    alike: dict[str, dict[str, list[Ref]]] = defaultdict(lambda: defaultdict(list))
    for row in evidence.rows:
        table, place = evidence.places[row.ref]
        number = table.values["id_no"][place]
        if number and row.id_birth:
            alike[number[:14]][number].append(row.ref)
    most = max(MOST_OF_A_DAY, len(evidence.rows) // ROWS_TO_ONE)
    return {ref for numbers in alike.values() if len(numbers) > most for refs in numbers.values() for ref in refs}


def _many_of_a_name(rows: Iterable[RowEvidence], record: OnRecord) -> set[Ref]:
    """Return the rows of one name and birth day that give it more identity numbers than there are such people."""
    born: dict[tuple[str, date], list[RowEvidence]] = defaultdict(list)
    for row in rows:
        if row.id_key and row.id_birth:
            born[row.name, row.id_birth].append(row)
    found = set[Ref]()
    for (name, birth), alike in born.items():
        known = sum(person.birth == birth for person in record.by_name.get(name, ()))
        if len({row.id_key for row in alike}) > max(1, known):
            found |= {row.ref for row in alike}
    return found


def _many_phones(rows: Iterable[RowEvidence], people: list[KnownPerson], record: OnRecord) -> set[Ref]:
    """Return the rows whose telephones are not compared: more than there are people of that name.

    Rows at the door or of the birth day of such a person go before others.
    """
    told = [row for row in rows if row.phones]
    near = [row for row in told if any(_is_near(row, person, record) for person in people)]
    if len({row.phones for row in near}) > len(people):
        return {row.ref for row in told}
    if len({row.phones for row in told}) > len(people):
        return {row.ref for row in told} - {row.ref for row in near}
    return set()


def _is_near(row: RowEvidence, person: KnownPerson, record: OnRecord) -> bool:
    known = record.homes.get(person.household)
    door = doors_agree(row.door, known.door) if known else None
    return door is not False or (row.born is not None and row.born == person.birth)
