"""The visits of one handing-in become rows together: what they share is read once, what they make is written at once."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
from qiaomen.visits.actions import conflicts, visits
from qiaomen.visits.models import Round, Visit, VisitDetail


@dataclass(frozen=True)
class OpenedVisit:
    """One visit as a phone told it, under its key, by whom, with the time that holds."""

    op_id: uuid.UUID
    staff: Staff
    said: VisitSaid
    happened_at: datetime


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
        asked = {home.pk for one in said if _names_people(one) and (home := self.home_of(one))}
        self.people: dict[uuid.UUID | None, dict[uuid.UUID, Person]] = {}
        for person in Person.objects.filter(household__in=asked) if asked else ():
            self.people.setdefault(person.household_id, {})[person.pk] = person

    def home_of(self, said: VisitSaid) -> Household | None:
        """Return the household a visit names, else the first that lives behind its door."""
        named = self.homes.get(said.household_id) if said.household_id else None
        return named or self.living.get(said.dwelling_id)

    def people_of(self, said: VisitSaid) -> dict[uuid.UUID, Person]:
        """Return the people of the home of a visit that names people."""
        home = self.home_of(said)
        return self.people.get(home.pk, {}) if home else {}


def _names_people(said: VisitSaid) -> bool:
    return bool(said.answers) or any(need.person for need in said.needs)


def store_visits(community: Organisation, told: Sequence[OpenedVisit]) -> list[Visit | Problem]:
    """Write visits (each key once) with their needs, answers and details; a key that is there writes nothing anew.

    Returns in the same order what each became, or why its door refuses it. Raises the other Problems of quarantine,
    when something is written already: then all has to be taken back.
    """
    register = Register(community, told)
    good = [one for one in told if _stands(register, one.said)]
    kept, new = visits.record_visits([_row(community, register, one) for one in good])
    good = [one for one in good if one.op_id in kept]
    _hear(community, register, good, kept)
    fresh = [one for one in good if one.op_id in new]
    insert_new([row for one in fresh if (row := _detail(kept[one.op_id], one.said.detail))])
    for one in fresh:
        _tell(kept[one.op_id], register.people_of(one.said), one.said)
    conflicts.compare([kept[one.op_id] for one in fresh])
    return [kept[one.op_id] if one.op_id in kept else problems.UnknownDoor() for one in told]


def _stands(register: Register, said: VisitSaid) -> bool:
    return said.dwelling_id in register.doors and not (said.needs and register.home_of(said) is None)


def _row(community: Organisation, register: Register, one: OpenedVisit) -> Visit:
    said = one.said
    return Visit(
        id=one.op_id, community=community, dwelling=register.doors[said.dwelling_id], household=register.home_of(said),
        round=register.rounds.get(said.round_id) if said.round_id else None, staff=one.staff, outcome=said.outcome,
        happened_at=one.happened_at, note=said.note, origin="phone",
    )  # fmt: skip


def _hear(
    community: Organisation, register: Register, told: Sequence[OpenedVisit], kept: dict[uuid.UUID, Visit]
) -> None:
    needs: dict[uuid.UUID, Need] = {}
    for one in told:
        people = register.people_of(one.said)
        for need in one.said.needs:
            row = Need(
                id=need.id, community=community, household=register.home_of(one.said), visit=kept[one.op_id],
                kind=need.kind, words=need.words, handling=need.handling, origin="visit", heard_at=one.happened_at,
                heard_by=one.staff, mandated=need.mandated, person=people.get(need.person) if need.person else None,
            )  # fmt: skip
            needs.setdefault(need.id, row)
    if needs and len(receive_needs(list(needs.values()))) < len(needs):
        raise problems.NotUnderstood()  # the key of a need is taken in another community


def _detail(visit: Visit, detail: Detail) -> VisitDetail | None:
    if not (detail.check or detail.talks or detail.seen):
        return None
    seen = [str(key) for key in detail.seen]
    kept: dict[str, Any] = {"check": detail.check, "talks": list(detail.talks), "seen": seen}
    return VisitDetail(visit=visit, said=json.dumps(kept, ensure_ascii=False))


def _tell(visit: Visit, people: dict[uuid.UUID, Person], said: VisitSaid) -> None:
    """Note what was answered; where the register says otherwise by now both wait for a person."""
    known, day = packs.facts(), visit.happened_at.astimezone(clock.SHANGHAI).date()
    for one in said.answers:
        person, fact = people.get(one.person), known.get(one.code)
        if person is None or fact is None or fact.origin != "told":
            raise problems.NotUnderstood()
        try:
            value = fact.read(one.value)
        except (KeyError, ValueError) as error:
            raise problems.NotUnderstood() from error
        standing = known_of(person).get(one.code)
        if standing is None:
            note_facts(person=person, told={one.code: value}, on_date=min(day, clock.today()), actor=visit.staff)
        elif standing != value:
            conflicts.hold_fact(visit, person, one.code, one.value)
