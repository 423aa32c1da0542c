"""Records that may be one person, two by two, and whom a newcomer may already be."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from qiaomen.kernel.masking import mask_id_no, mask_phone
from qiaomen.linkage.duplicates import Candidate, Pair, closest, find_pairs
from qiaomen.linkage.weights import weights_for
from qiaomen.office.fields import Blind
from qiaomen.office.ledger.names import field_title
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Change, DistinctPair, DuplicateSearch, Person
from qiaomen.register.selectors.minors import is_sealed, shown_name

CHUNK = 100
AT_ONCE = 20
"""Pairs shown at once: each shows two people side by side, with their days of birth."""
FILLED = ("former_name", "nickname", "sex", "birth_date", "id_no", "phone", "work_place")
"""What a merge takes over when the record that stays does not know it."""
CHOSEN = ("name", *FILLED)
"""Fields of which somebody chooses the value where both records know one and they differ."""
BANDS = ("same", "ask")


def _candidate(person: Person) -> Candidate:
    dwelling = person.household.dwelling
    return Candidate(
        key=str(person.pk),
        name=person.name,
        sounds=person.name_pinyin,
        sex=person.sex,
        birth=person.birth_date,
        id_no=person.id_no,
        phone=person.phone,
        household=str(person.household_id),
        door=f"{dwelling.entrance.building.compound_id}/{dwelling.door_label}" if dwelling else "",
    )


def _standing(community: Organisation) -> Any:
    people = Person.objects.filter(community=community).recorded()
    return people.select_related("household__dwelling__entrance__building")


def find_duplicates(community: Organisation) -> list[Pair]:
    """Return every pair of records that may be one person, the surest first: two seconds for 13,160 people."""
    people = list(_standing(community))
    return find_pairs([_candidate(person) for person in people], weights_for(len(people)))


def newest_change() -> int:
    """Return how far the register is; 0 when nothing was ever done."""
    return Change.objects.aggregate(newest=Max("id"))["newest"] or 0


def last_search(community: Organisation) -> dict[str, Any] | None:
    """Return when duplicates were last looked for, and whether the register has moved on since; None: never."""
    found = DuplicateSearch.objects.filter(community=community).first()
    if found is None:
        return None
    return {"made_at": found.made_at, "moved_on": found.last_change != newest_change()}


@dataclass(frozen=True)
class Wish:
    """Which pairs somebody wants to see: of a band, with somebody of a name or of a compound; `page` counts from 0."""

    band: str = ""
    words: str = ""
    compound: UUID | None = None
    page: int = 0

    def takes(self, pair: Pair, sides: Sequence[Person]) -> bool:
        """Say whether a pair is wanted."""
        if self.band and pair.band != self.band:
            return False
        if self.words and not any(self.words in side.name for side in sides):
            return False
        homes = [side.household.dwelling.entrance.building.compound_id for side in sides if side.household.dwelling]
        return self.compound is None or self.compound in homes


def queue_of(
    community: Organisation, staff: Staff, limit: int = AT_ONCE, wish: Wish | None = None
) -> list[dict[str, Any]]:
    """Return the pairs of the last search that nobody has decided yet, each with both records and why they look
    alike: a page of `limit`, and one more where there is a next page.
    """
    wish, undecided = wish or Wish(), _undecided(community)
    first, shown = wish.page * limit, list[tuple[Pair, dict[str, Person]]]()
    for start in range(0, len(undecided), CHUNK):
        some = undecided[start : start + CHUNK]
        keys = {key for pair in some for key in (pair.left, pair.right)}
        people = {str(person.pk): person for person in _standing(community).filter(pk__in=keys)}
        still = [pair for pair in some if pair.left in people and pair.right in people]  # neither merged nor gone
        shown += [(pair, people) for pair in still if wish.takes(pair, (people[pair.left], people[pair.right]))]
        if len(shown) > first + limit:
            break
    return [_shown(pair, people, staff) for pair, people in shown[first : first + limit + 1]]


def _undecided(community: Organisation) -> list[Pair]:
    """Return the pairs of the last search nobody has told apart; some may be merged or gone."""
    last = DuplicateSearch.objects.filter(community=community).first()
    found = [_unpacked(row) for row in json.loads(last.pairs)] if last else []
    distinct = DistinctPair.objects.filter(community=community).values_list("left", "right")
    apart = {frozenset(map(str, pair)) for pair in distinct}
    return [pair for pair in found if {pair.left, pair.right} not in apart]


def undecided_count(community: Organisation) -> int:
    """Return how many pairs wait for somebody's word: both records stand, and nobody has told them apart."""
    pairs = _undecided(community)
    keys = {key for pair in pairs for key in (pair.left, pair.right)}
    standing = set(map(str, Person.objects.filter(pk__in=keys).recorded().values_list("pk", flat=True)))
    return sum(1 for pair in pairs if {pair.left, pair.right} <= standing)


def _unpacked(row: list[Any]) -> Pair:
    left, right, band, bits, evidence = row
    return Pair(left, right, band, bits, tuple((code, weight) for code, weight in evidence))


def _shown(pair: Pair, people: dict[str, Person], staff: Staff) -> dict[str, Any]:
    sides = sorted((people[pair.left], people[pair.right]), key=lambda person: (-_known(person), str(person.pk)))
    shown = [
        {
            "person": side,
            "name": shown_name(side, staff),
            "sealed": is_sealed(side, staff),
            "id_no": mask_id_no(side.id_no, beside_birthday=side.birth_date is not None),
            "phone": mask_phone(side.phone),
        }
        for side in sides
    ]
    return {"pair": pair, "sides": shown, "why": pair.sentences()}


def side_by_side(left: Person, right: Person, staff: Staff) -> list[dict[str, Any]]:
    """Return the fields of two records beside one another: whether they differ, whether only one knows it."""
    rows = []
    for name in CHOSEN:
        values = [getattr(side, name) for side in (left, right)]
        if any(values):
            shown = [_value(name, side, staff) for side in (left, right)]
            differ = all(values) and values[0] != values[1]
            rows.append({"name": name, "title": field_title(name), "shown": shown, "differ": differ})
    return rows


def _value(name: str, person: Person, staff: Staff) -> str:
    value = getattr(person, name)
    if not value:
        return "—"
    if name == "name":
        return shown_name(person, staff)
    if is_sealed(person, staff):
        return "**"
    if name == "id_no":
        return str(mask_id_no(value, beside_birthday=person.birth_date is not None))
    if name == "phone":
        return str(mask_phone(value))
    if name == "sex":
        return _("男") if value == "male" else _("女")
    return f"{value:%Y-%m-%d}" if name == "birth_date" else str(value)


def _known(person: Person) -> int:
    return sum(1 for name in FILLED if getattr(person, name))


def look_alikes(community: Organisation, candidate: Candidate) -> list[Person]:
    """Return whom a person about to be entered may already be: the warning before a second record."""
    match = Q(name=candidate.name) | Q(name_pinyin=candidate.sounds)
    if candidate.id_no:
        match |= Q(id_no_bi=Blind(community.pk, candidate.id_no))
    if candidate.phone:
        match |= Q(phone_bi=Blind(community.pk, candidate.phone))
    if candidate.birth:
        match |= Q(birth_date=candidate.birth)
    found = {str(person.pk): person for person in _standing(community).filter(match)[:500]}
    names = Counter(_standing(community).values_list("name", flat=True))
    return [
        found[pair.left if pair.left in found else pair.right]
        for pair in closest(candidate, map(_candidate, found.values()), names, weights_for(names.total()))
    ]
