"""Records that may be one person, two by two, and whom a newcomer may already be."""

from collections import Counter
from typing import Any

from django.db.models import Q

from qiaomen.kernel.masking import mask_id_no, mask_phone
from qiaomen.linkage.duplicates import Candidate, Pair, closest, find_pairs
from qiaomen.linkage.weights import weights_for
from qiaomen.office.fields import Blind
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import DistinctPair, Person
from qiaomen.register.selectors.minors import is_sealed, shown_name

AT_ONCE = 20
"""Pairs shown at once: each shows two people side by side, with their days of birth."""
FILLED = ("former_name", "nickname", "sex", "birth_date", "id_no", "phone", "work_place")
"""What a merge takes over when the record that stays does not know it."""


def _candidate(person: Person) -> Candidate:
    dwelling = person.household.dwelling
    return Candidate(
        key=str(person.pk), name=person.name, sounds=person.name_pinyin, sex=person.sex, birth=person.birth_date,
        id_no=person.id_no, phone=person.phone, household=str(person.household_id),
        door=f"{dwelling.entrance.building.compound_id}/{dwelling.door_label}" if dwelling else "",
    )  # fmt: skip


def _standing(community: Organisation) -> Any:
    people = Person.objects.filter(community=community).exclude(state="merged")
    return people.select_related("household__dwelling__entrance__building")


def queue_of(community: Organisation, staff: Staff, limit: int = AT_ONCE) -> list[dict[str, Any]]:
    """Return the pairs nobody has decided yet, the surest first, each with both records and why they look alike."""
    people = {str(person.pk): person for person in _standing(community)}
    told = set(DistinctPair.objects.filter(community=community).values_list("left", "right"))
    apart = {frozenset(map(str, pair)) for pair in told}
    found = find_pairs([_candidate(one) for one in people.values()], weights_for(len(people)))
    pairs = [pair for pair in found if {pair.left, pair.right} not in apart]
    return [_shown(pair, people, staff) for pair in pairs[:limit]]


def _shown(pair: Pair, people: dict[str, Person], staff: Staff) -> dict[str, Any]:
    sides = sorted((people[pair.left], people[pair.right]), key=lambda one: (-_known(one), str(one.pk)))
    shown = [
        {
            "person": one, "name": shown_name(one, staff), "sealed": is_sealed(one, staff),
            "id_no": mask_id_no(one.id_no, beside_birthday=one.birth_date is not None), "phone": mask_phone(one.phone),
        }
        for one in sides
    ]  # fmt: skip
    return {"pair": pair, "sides": shown, "why": pair.sentences()}


def _known(person: Person) -> int:
    return sum(1 for name in FILLED if getattr(person, name))


def look_alikes(community: Organisation, one: Candidate) -> list[Person]:
    """Return whom a person about to be entered may already be: the warning before a second record."""
    match = Q(name=one.name) | Q(name_pinyin=one.sounds)
    if one.id_no:
        match |= Q(id_no_bi=Blind(community.pk, one.id_no))
    if one.phone:
        match |= Q(phone_bi=Blind(community.pk, one.phone))
    if one.birth:
        match |= Q(birth_date=one.birth)
    found = {str(person.pk): person for person in _standing(community).filter(match)[:500]}
    names = Counter(_standing(community).values_list("name", flat=True))
    return [
        found[pair.left if pair.left in found else pair.right]
        for pair in closest(one, map(_candidate, found.values()), names, weights_for(names.total()))
    ]
