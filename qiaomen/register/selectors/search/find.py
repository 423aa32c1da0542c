"""The one search box: whatever is known of a person or a door finds them, while it is being typed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.kernel.lines import Label
from qiaomen.kernel.masking import mask_name, mask_phone
from qiaomen.kernel.sensitivity import Field
from qiaomen.linkage.sounds import split_surname
from qiaomen.office.fields import Blind
from qiaomen.office.models import Organisation
from qiaomen.register.models import Compound, Person, SearchEntry
from qiaomen.register.rules.doors.labels import DoorParts, door_label
from qiaomen.register.rules.search.facts import Fact
from qiaomen.register.rules.search.query import Query, Word, is_complete
from qiaomen.register.rules.search.readings import Reading, Vocabulary, readings
from qiaomen.register.rules.search.tokens import fold_compound, fold_name, tokens_of
from qiaomen.register.selectors.fields import SEX_WORDS, field_of, say_age_group
from qiaomen.register.selectors.household_page import STATE_WORDS
from qiaomen.register.selectors.minors import is_child
from qiaomen.register.selectors.search.by_facts import by_facts
from qiaomen.register.selectors.search.known import DOOR, blind_tail, known_of
from qiaomen.register.selectors.search.store import SPARE, keys_of

MOST = 20_000
"""No question reads further than this."""
MOST_FOUND = 200
"""So many hits are counted; of more it is said that there are more."""


@dataclass(frozen=True)
class Hit:
    """One answer of the search box. `sounds_alike`: another name that sounds the same (同音); `near`: a name or a sound
    that nearly fits; `told`: what being found here tells of the person, as the gate knows it.
    """

    kind: str
    id: str
    title: str
    subtitle: str
    url: str
    sounds_alike: bool = False
    near: bool = False
    told: tuple[Field, ...] = ()
    household: str = ""


@dataclass(frozen=True)
class Found:
    """A page of hits. `total` of them are known; `more`: there are more than were counted."""

    hits: list[Hit]
    total: int
    more: bool = False


def search(
    *,
    community: Organisation,
    text: str,
    limit: int = 20,
    may_see_child: bool = False,
    today: date | None = None,
    numbers: bool = False,
) -> list[Hit]:
    """Return the first page of what `find` finds."""
    sight = Sight(may_see_child, today or clock.today(), numbers)
    return find(community=community, text=text, sight=sight, size=limit).hits


def find(
    *,
    community: Organisation,
    text: str,
    sight: "Sight",
    size: int = 20,
    page: int = 1,
    labels: Sequence[Label] = (),
) -> Found:
    """Return people of one community for whatever is known: name part, sound, initials, last four of a telephone, door,
    age, group, whose child or wife somebody is.

    A whole number finds somebody only with `numbers`: the gate has let it through (register.actions.looks).

    All words must match. Exact hits come first, then names that sound alike (of several words: only when nobody fits
    exactly), then those that nearly fit. People under fourteen are found by surname, door and numbers alone, and shown
    as 张**, unless the sight sees children.
    """
    known = Vocabulary(
        tuple(Compound.objects.filter(community=community).values_list("name", flat=True)),
        tuple(label.title for label in labels),
    )
    named = {label.title: label for label in labels}
    most = max(MOST_FOUND, size * page + 1)
    found: dict[UUID, _Match] = {}
    more = False
    for reading in readings(text, lambda tail: blind_tail(community.pk, tail), known, sight.today.year):
        if len(found) >= most or (reading.is_near and len(found) >= size):
            break
        if not all(sight.may_ask(field) for fact in reading.facts for field in _told(fact, named)):
            continue
        counted = [fact for fact in reading.facts if fact.kind == "label" or not fact.is_light]
        told = tuple(dict.fromkeys(field for fact in counted for field in _told(fact, named)))
        room = most - len(found)
        matches, rest = _people(community, reading, room, sight, set(found), named)
        more |= rest
        found |= {person: _Match(alike, reading.is_near, told) for person, alike in matches}
    return _page(found, size, page, sight, more)


@dataclass(frozen=True)
class _Match:
    """How somebody was found."""

    alike: bool
    near: bool
    told: tuple[Field, ...]


def _told(fact: Fact, named: Mapping[str, Label]) -> list[Field]:
    """Return what being found by a fact tells of a person."""
    if fact.kind == "label":
        return [named[fact.value].field] if named[fact.value].field else []
    return [field_of(fact.tells)] if fact.tells else []


def _page(found: Mapping[UUID, _Match], size: int, page: int, sight: "Sight", more: bool) -> Found:
    """Return the hits of one page; only their telephones are opened."""
    keys = list(found)[(page - 1) * size : page * size]
    hits = [_hit(person, found[person.pk], sight) for person in _load(keys, SHOWN)]
    return Found(hits, len(found), more)


@dataclass(frozen=True)
class Sight:
    """Whose names may be seen, and what may be asked about. `reads`: by a role that may read more than a door list."""

    may_see_child: bool
    today: date
    numbers: bool = False
    reads: bool = True

    def hides(self, person: Person) -> bool:
        """Say whether this is a child whose given name is not shown."""
        return not self.may_see_child and is_child(person, self.today)

    def may_ask(self, field: Field) -> bool:
        """Say whether somebody may be found by what a field holds."""
        return self.reads or not field.counts


def _people(
    community: Organisation, reading: Reading, limit: int, rule: Sight, seen: set[UUID], named: Mapping[str, Label]
) -> tuple[list[tuple[UUID, bool]], bool]:
    """Return at most `limit` people with whether they only sound alike, and whether there may be more; reads on while
    too few of those read fit.
    """
    query = reading.words
    if not rule.numbers and any(word.number for word in query):
        return [], False
    numbered = _by_numbers(community, query)
    if numbered == []:
        return [], False
    if reading.facts:
        keys = by_facts(community, reading, limit + SPARE, rule.today, named, children=rule.may_see_child)
        fits = _fitting(query, [key for key in keys if key not in seen], rule)
        return fits[:limit], len(keys) > limit
    size, found = limit, list[tuple[UUID, bool]]()
    looked: set[UUID] = set(seen)
    while True:
        keys, more = keys_of(community, query, size, numbered)
        fresh = [key for key in keys if key not in looked]
        looked |= set(fresh)
        found += _fitting(query, fresh, rule)
        if len(found) >= limit or not more or size >= MOST:
            return sorted(found, key=lambda item: item[1])[:limit], more or len(found) > limit
        size *= 4


def _fitting(query: Query, keys: list[UUID], rule: Sight) -> list[tuple[UUID, bool]]:
    """Return those of these people whom a second look does not take away, with whether they only sound alike."""
    people = list(_load(keys, COMPARED))
    hidden = [person.pk for person in people if rule.hides(person)]
    tails: dict[UUID, str] = {}
    if hidden and any(probe.token[0] == "#" for word in query for probe in word.probes):
        rows = SearchEntry.objects.filter(person__in=hidden, token__startswith="#")
        tails = dict(rows.values_list("person_id", "token"))
    found = []
    for person in people:
        alike = _fits(query, person, rule, tails.get(person.pk, ""))
        if alike is not None:
            found.append((person.pk, alike))
    return found


def _by_numbers(community: Organisation, query: Query) -> list[UUID] | None:
    """Return who has the whole numbers asked for; None when none was. A half typed one is nobody's."""
    wanted: set[UUID] | None = None
    for word in query:
        if word.number:
            mark = Blind(community.pk, word.text)
            people = Person.objects.filter(Q(id_no_bi=mark) | Q(phone_bi=mark), community=community)
            keys = set(people.recorded().values_list("pk", flat=True)) if is_complete(word.text) else set()
            wanted = keys if wanted is None else wanted & keys
    return None if wanted is None else sorted(wanted)


PLACE = (
    "household__dwelling__room",
    "household__dwelling__entrance__name",
    "household__dwelling__entrance__building__name",
    f"{DOOR}__name",
)
COMPARED = (
    "community",
    "household",
    "name",
    "former_name",
    "nickname",
    "birth_date",
    "is_head",
    "household__dwelling",
    *PLACE,
)
"""The columns a second look needs; no telephone is opened for it."""
SHOWN = ("household", "name", "relation", "sex", "birth_date", "phone", "state", *PLACE)
"""The columns a hit needs: half the work of the answer is making objects of rows."""


def _load(keys: list[UUID], columns: tuple[str, ...]) -> Iterator[Person]:
    """Yield people in the order of their keys; identity numbers are never opened."""
    people = Person.objects.filter(pk__in=keys).select_related(DOOR).only(*columns).in_bulk() if keys else {}
    yield from (people[key] for key in keys if key in people)


def _fits(query: Query, person: Person, rule: Sight, tail: str) -> bool | None:
    """Return whether a person only sounds like the query; None when a second look shows that they do not fit.

    `tail`: the token of a hidden child's telephone.
    """
    names = [fold_name(name) for name in (person.name, person.former_name, person.nickname) if name]
    alike, compound = False, ""
    if rule.hides(person):
        names = [split_surname(names[0])[0]] if names else []
        known = replace(known_of(person, phone=""), name=names[0] if names else "", former_name="", nickname="")
        tokens = {**tokens_of(known, str), tail: 0}
        if not all(word.number or word.covers(tokens) for word in query):
            return None
        compound = known.compound
    for word in query:
        if word.name and not word.spelt(names):
            compound = compound or _compound_of(person)
            alike = alike or not _in_compound(word, compound)
    return alike


def _compound_of(person: Person) -> str:
    door: Any = person.household.dwelling
    return str(door.entrance.building.compound.name) if door else ""


def _in_compound(word: Word, compound: str) -> bool:
    token = "%" + fold_compound(compound) if compound else ""
    return any(probe.token[0] == "%" and probe.covers(token) for probe in word.probes)


def _hit(person: Person, match: _Match, rule: Sight) -> Hit:
    door: Any = person.household.dwelling
    where = _("没有住址")
    if door:
        building = door.entrance.building
        place = DoorParts(building.compound.name, building.name, door.entrance.name, door.room)
        where = door_label(place, named=True)  # in a list of strangers the compound helps, were it the only one
    who = (SEX_WORDS.get(person.sex, ""), say_age_group(person.birth_date, rule.today), person.relation)
    parts = (where, *map(str, who), mask_phone(person.phone), str(STATE_WORDS.get(person.state, "")))
    name = mask_name(person.name) if rule.hides(person) else person.name
    url = reverse("register:household", args=[person.household_id])
    subtitle = " · ".join(part for part in parts if part)
    home = str(person.household_id)
    return Hit("person", str(person.pk), name, subtitle, url, match.alike, match.near, match.told, home)
