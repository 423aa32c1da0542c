"""Before a row makes a person: may they stand in the register already, or twice in the same list? Advice only."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from uuid import UUID

from qiaomen.register.models import DistinctPair, Person
from qiaomen.register.rules.duplicates import Candidate, Pair, compare
from qiaomen.register.rules.duplicates_arrays import CROWDED
from qiaomen.register.rules.duplicates_weights import weights_for
from qiaomen.register.rules.roster import Table
from qiaomen.register.rules.sound import sounds_of
from qiaomen.register.standing import One, Standing, marks_of

MOST_PAIRS = 60_000
"""Pairs weighed one by one before a preview, about half a second; the largest blocks are passed over beyond it."""


@dataclass(frozen=True)
class Doubt:
    """A row that looks like somebody. `band`: same or ask. `other`: the person, or the earlier row of the list."""

    place: int
    band: str
    other: One | int
    why: tuple[str, ...]


Spots = Sequence[tuple[Table, int]]
"""Rows by their table and their place in it."""


def find_doubles(standing: Standing, rows: Spots) -> tuple[list[Doubt], bool]:
    """Compare rows that would make people with the register and among themselves, by the blocks and weights of the
    duplicates; return for each row its surest double, and whether all pairs were weighed."""
    people = [one for one in standing.people if one.state != "merged"]
    names = [one.name for one in people] + [table.values["name"][place] for table, place in rows]
    met, complete = _meetings(_keys(standing, people, rows, names), len(people))
    if not met:
        return [], complete
    shown = _candidates(standing, people, rows, {place for pair in met for place in pair})
    pairs = _weigh([(shown[left], shown[right]) for left, right in met], Counter(names))
    best: dict[int, Doubt] = {}
    for pair in sorted(pairs, key=lambda pair: (-pair.bits, pair.left, pair.right)):
        left, right = sorted((int(pair.left), int(pair.right)))
        place = right - len(people)
        other: One | int = people[left] if left < len(people) else left - len(people)
        best.setdefault(place, Doubt(place, pair.band, other, tuple(pair.sentences())))
    return sorted(best.values(), key=lambda doubt: doubt.place), complete


def _weigh(pairs: Iterable[tuple[Candidate, Candidate]], names: Counter[str]) -> list[Pair]:
    """The seam to the rules: whoever weighs pairs faster takes this place."""
    weights = weights_for(names.total())
    return [found for a, b in pairs if (found := compare(a, b, names, weights))]


def _keys(standing: Standing, people: list[One], rows: Spots, names: list[str]) -> Iterator[list[Any]]:
    """Yield block after block: the key of each person, then of each row; None where there is none.

    The numbers of the register stay sealed: telephones meet by their marks. A row with a known number is no new person.
    """
    births = [one.birth_date for one in people] + [table.values["birth_date"][place] for table, place in rows]
    doors = [standing.address(one) for one in people] + [table.addresses[place] for table, place in rows]
    fresh = [table.values["phone"][place] for table, place in rows]
    phones = [one.phone_mark for one in people] + (marks_of(standing.community, "phone", fresh) if people else fresh)
    by_birth, by_phone = Counter(births), Counter(phones)
    sounds = [
        sounds_of(name)[0] if (birth and by_birth[birth] > 1) or (phone and by_phone[phone] > 1) else ""
        for name, birth, phone in zip(names, births, phones, strict=True)
    ]
    yield _joined(names, births)
    yield _joined(sounds, births)
    yield _joined(births, doors)
    # A birth date whose day and month changed places can only be one that could be swapped.
    yield [
        (name, birth.year, min(birth.month, birth.day), max(birth.month, birth.day))
        if birth and birth.day < 13
        else None
        for name, birth in zip(names, births, strict=True)
    ]
    yield _joined(phones, sounds)
    yield _joined(phones, births)
    yield _joined(names, doors)


def _joined(left: list[Any], right: list[Any]) -> list[Any]:
    return [(one, other) if one and other else None for one, other in zip(left, right, strict=True)]


def _meetings(blocks: Iterable[list[Any]], standing: int) -> tuple[list[tuple[int, int]], bool]:
    """Return the pairs of places that share a block, at least one of them a row, and whether no block was too large."""
    groups: list[list[int]] = []
    for keys in blocks:
        twice = {key for key, count in Counter(keys).items() if count > 1 and key is not None}
        members: dict[Any, list[int]] = defaultdict(list)
        for place, key in enumerate(keys):
            if key in twice:
                members[key].append(place)
        groups += [group for group in members.values() if group[-1] >= standing]
    met, complete = set[tuple[int, int]](), True
    for group in sorted(groups, key=len):
        if len(group) > CROWDED or len(met) + len(group) * (len(group) - 1) // 2 > MOST_PAIRS:
            complete = False
            continue
        met |= {(left, right) for left, right in combinations(group, 2) if right >= standing}
    return sorted(met), complete


def _candidates(standing: Standing, people: list[One], rows: Spots, wanted: set[int]) -> dict[int, Candidate]:
    """Return what is known of each place; of the register only the people who share a block are opened."""
    asked = [people[place].pk for place in wanted if place < len(people)]
    opened: dict[UUID, tuple[str, str]] = {}
    for start in range(0, len(asked), 500):
        some = Person.objects.filter(pk__in=asked[start : start + 500])
        opened |= {pk: (number, phone) for pk, number, phone in some.values_list("pk", "id_no", "phone")}
    found = {}
    for place in wanted:
        if place < len(people):
            one = people[place]
            address, (id_no, phone) = standing.address(one), opened[one.pk]
            found[place] = Candidate(
                key=str(place), name=one.name, sounds=one.sounds, sex=one.sex, birth=one.birth_date, id_no=id_no,
                phone=phone, household=str(one.household), door="/".join(address) if address else "",
            )  # fmt: skip
            continue
        table, spot = rows[place - len(people)]
        row = table.row(spot)
        values = row.values
        found[place] = Candidate(
            key=str(place), name=values["name"], sounds=sounds_of(values["name"])[0], sex=values["sex"],
            birth=values["birth_date"], id_no=values["id_no"], phone=values["phone"], household=row.household_key,
            door="/".join(row.address) if row.address else "",
        )  # fmt: skip
    return found


def keep_apart(pairs: Iterable[tuple[Person, Person]], **said: Any) -> None:
    """Note that a person has found these to be two people: the queue of duplicates does not ask again."""
    made = []
    for pair in pairs:
        left, right = sorted(pair, key=lambda one: str(one.pk))
        made.append(DistinctPair(community=left.community, left=left, right=right, **said))
    DistinctPair.objects.bulk_create(made, ignore_conflicts=True)
