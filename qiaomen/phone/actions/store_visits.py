"""The visits of one handing-in become rows together: what they share is read once, what they make is written at
once.
"""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q

from qiaomen.cases.actions import receive_needs
from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.needs.models import Need
from qiaomen.office.bulk_insert import insert_new
from qiaomen.office.models import Organisation, Staff
from qiaomen.phone import problems
from qiaomen.phone.rules.submission import Detail, VisitSaid
from qiaomen.register.actions.person_facts import note_facts
from qiaomen.register.models import Dwelling, Household, Person
from qiaomen.register.selectors import packs
from qiaomen.register.selectors.facts import known_of
from qiaomen.visits.actions import conflicts, due, visits
from qiaomen.visits.models import Round, Visit, VisitDetail


@dataclass(frozen=True)
class OpenedVisit:
    """One visit as a phone told it, under its key, by whom, with the time that holds."""

    op_id: uuid.UUID
    staff: Staff
    said: VisitSaid
    happened_at: datetime


class HeldBack(NamedTuple):
    """A part of a visit that could not become what it says: what it was to be, why not, and its words as JSON."""

    kind: str
    why: str
    text: str


@dataclass(frozen=True)
class StoredVisit:
    """A visit that stands, and the parts of it that wait for a person."""

    visit: Visit
    held: tuple[HeldBack, ...] = ()


class Register:
    """What the register knows of the doors and homes that some visits name; of this community only."""

    def __init__(self, community: Organisation, told: Sequence[OpenedVisit]) -> None:
        """Read it, in a statement each for doors, homes, rounds and people, and only where somebody asks for them."""
        said = [one.said for one in told]
        mine = Q(community=community)
        self.doors = {one.pk: one for one in Dwelling.objects.filter(mine, pk__in={one.dwelling_id for one in said})}
        named = Q(pk__in={one.household_id for one in said if one.household_id})
        living = Q(dwelling__in=list(self.doors), state="living")
        self.homes = {one.pk: one for one in Household.objects.filter(mine & (named | living)).order_by("-pk")}
        for row in (*self.doors.values(), *self.homes.values()):
            row.community = community  # they are its own: nobody asks for it again
        self.living = {home.dwelling_id: home for home in self.homes.values() if home.state == "living"}
        rounds = {one.round_id for one in said if one.round_id}
        self.rounds = {one.pk: one for one in Round.objects.filter(mine, pk__in=rounds)} if rounds else {}
        named_people = {key for one in said for key in _people_named(one)}
        people = Person.objects.filter(mine, pk__in=named_people).select_related("household")
        self.people = {person.pk: person for person in people} if named_people else {}

    def home_of(self, said: VisitSaid) -> Household | None:
        """Return the household a visit names while it stands, else the first that lives behind its door."""
        named = self.homes.get(said.household_id) if said.household_id else None
        if named is not None and named.state == "living":
            return named
        return self.living.get(said.dwelling_id) or named

    def home_of_need(self, said: VisitSaid, person: uuid.UUID | None) -> Household | None:
        """Return where a need belongs: with its person, who may have moved out of the home since the list was taken."""
        whom = self.people.get(person) if person else None
        return whom.household if whom and whom.household else self.home_of(said)


def _people_named(said: VisitSaid) -> set[uuid.UUID]:
    return {one.person for one in said.answers} | {need.person for need in said.needs if need.person}


def store_visits(community: Organisation, told: Sequence[OpenedVisit]) -> list[StoredVisit | Problem]:
    """Write visits (each key once) with their needs, answers and details; a key that is there writes nothing anew.

    Returns in the same order what each became, with the parts that wait for a person, or why its door refuses it.
    Raises
    the other Problems of quarantine, when something is written already: then all has to be taken back.
    """
    register = Register(community, told)
    good = [one for one in told if _stands(register, one.said)]
    kept, new = visits.record_visits([_row(community, register, one) for one in good])
    good = [one for one in good if one.op_id in kept]
    _hear(community, register, good, kept)
    held = {one.op_id: _held_needs(register, one.said) for one in good}
    fresh = [one for one in good if one.op_id in new]
    insert_new([row for one in fresh if (row := _detail(kept[one.op_id], one.said.detail))])
    for one in fresh:
        held[one.op_id] += _tell(kept[one.op_id], register.people, one.said)
        held[one.op_id] += _agree(register.home_of(one.said), one)
    conflicts.compare([kept[one.op_id] for one in fresh])
    return [
        StoredVisit(kept[one.op_id], tuple(held[one.op_id])) if one.op_id in kept else problems.UnknownDoor()
        for one in told
    ]


def _stands(register: Register, said: VisitSaid) -> bool:
    return said.dwelling_id in register.doors


def _held_needs(register: Register, said: VisitSaid) -> list[HeldBack]:
    """Return the parts that were not understood, and the needs of a door where no household is known."""
    held = [HeldBack(part.kind, "not-understood", part.text) for part in said.held]
    for need in said.needs:
        if register.home_of_need(said, need.person) is None:
            words = {"kind": need.kind, "words": need.words, "handling": need.handling}
            held.append(HeldBack("need", "no-household", json.dumps(words, ensure_ascii=False)))
    return held


def _agree(home: Household | None, one: OpenedVisit) -> list[HeldBack]:
    """What was agreed at the door is asked of the plan: a visit on that day within these hours. Returns it where no
    plan can keep it any more, for a person.
    """
    agreed = one.said.agreed
    if agreed is None:
        return []
    if home is None or agreed.day < clock.today():
        words = {"day": agreed.day.isoformat(), "from": f"{agreed.start:%H:%M}"}
        words |= {"to": f"{agreed.end:%H:%M}"} if agreed.end else {}
        return [HeldBack("agreed", "too-late" if home else "no-home-to-visit", json.dumps(words, ensure_ascii=False))]
    hours = (agreed.start, agreed.end)
    due.request_visit(household=home, key=f"agreed/{one.op_id}", kind="agreed", due_on=agreed.day, hours=hours)
    return []


def _row(community: Organisation, register: Register, one: OpenedVisit) -> Visit:
    said = one.said
    return Visit(
        id=one.op_id,
        community=community,
        dwelling=register.doors[said.dwelling_id],
        household=register.home_of(said),
        round=register.rounds.get(said.round_id) if said.round_id else None,
        staff=one.staff,
        outcome=said.outcome,
        happened_at=one.happened_at,
        note=said.note,
        origin="phone",
    )


def _hear(
    community: Organisation, register: Register, told: Sequence[OpenedVisit], kept: dict[uuid.UUID, Visit]
) -> None:
    needs: dict[uuid.UUID, Need] = {}
    for one in told:
        for need in one.said.needs:
            home = register.home_of_need(one.said, need.person)
            if home is None:
                continue  # it is held, with its words
            row = Need(
                id=need.id,
                community=community,
                household=home,
                visit=kept[one.op_id],
                kind=need.kind,
                words=need.words,
                handling=need.handling,
                origin="visit",
                heard_at=one.happened_at,
                heard_by=one.staff,
                mandated=need.mandated,
                person=register.people.get(need.person) if need.person else None,
            )
            needs.setdefault(need.id, row)
    promised = {need.id: need.promised for one in told for need in one.said.needs if need.promised}
    if needs and len(receive_needs(list(needs.values()), promised=promised)) < len(needs):
        raise problems.NotUnderstood()  # the key of a need is taken in another community


def _detail(visit: Visit, detail: Detail) -> VisitDetail | None:
    if not (detail.check or detail.talks or detail.seen):
        return None
    seen = [str(key) for key in detail.seen]
    kept: dict[str, Any] = {"check": detail.check, "talks": list(detail.talks), "seen": seen}
    return VisitDetail(visit=visit, said=json.dumps(kept, ensure_ascii=False))


def _tell(visit: Visit, people: dict[uuid.UUID, Person], said: VisitSaid) -> list[HeldBack]:
    """Note what was answered, of people wherever they live now; where the register says otherwise both wait for a
    person.

    Returns the answers that cannot be noted.
    """
    held = []
    known, day = packs.facts(), visit.happened_at.astimezone(clock.SHANGHAI).date()
    for one in said.answers:
        person, fact = people.get(one.person), known.get(one.code)
        try:
            if person is None or fact is None or fact.origin != "told":
                raise KeyError(one.code)
            value = fact.read(one.value)
        except (KeyError, ValueError):
            words = {"code": one.code, "value": one.value, "person": str(one.person)}
            held.append(HeldBack("answer", "not-noted", json.dumps(words, ensure_ascii=False)))
            continue
        standing = known_of(person).get(one.code)
        if standing is None:
            note_facts(person=person, facts={one.code: value}, on_date=min(day, clock.today()), actor=visit.staff)
        elif standing != value:
            conflicts.hold_fact(visit, person, one.code, one.value)
    return held
