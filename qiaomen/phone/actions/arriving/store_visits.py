"""The visits of one handing-in become rows together: what they share is read once, what they make is written at
once.
"""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from qiaomen.calls.actions import sweeps
from qiaomen.calls.selectors.sweeps import DECLINED
from qiaomen.cases.actions import receive_needs
from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.needs.models import Need
from qiaomen.office.bulk_insert import insert_new
from qiaomen.office.models import Organisation, Staff
from qiaomen.phone import problems
from qiaomen.phone.actions.arriving.to_check import HeldBack, held_hour, held_need
from qiaomen.phone.actions.arriving.told_answers import note_answer
from qiaomen.phone.models import Epoch, Pack
from qiaomen.phone.rules.allowed import SLACK, Allowed, PackTaken, allowed_at, read_pack
from qiaomen.phone.rules.submission import Detail, VisitSaid
from qiaomen.register.models import Dwelling, Household, Person
from qiaomen.register.selectors import packs
from qiaomen.register.selectors.facts import known_of
from qiaomen.visits.actions import due, visits
from qiaomen.visits.actions.brought import conflicts
from qiaomen.visits.models import Round, Visit, VisitDetail
from qiaomen.visits.rules.due import may_be_agreed


@dataclass(frozen=True)
class OpenedVisit:
    """One visit as a phone told it, under its key, by whom, with the time that holds; `looked_at`: by the office."""

    op_id: uuid.UUID
    staff: Staff
    said: VisitSaid
    happened_at: datetime
    looked_at: bool = False


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
        self.allowed = _allowed(community, told)

    def home_of(self, one: OpenedVisit) -> Household | None:
        """Return the household a visit names while it stands, else the first that lives behind its door.

        One that is not of this door and did not stand there in the pack is not believed.
        """
        said = one.said
        named = self.homes.get(said.household_id) if said.household_id else None
        if named is not None and not self.is_of_door(one, named):
            named = None
        if named is not None and named.state == "living":
            return named
        return self.living.get(said.dwelling_id) or named

    def is_of_door(self, one: OpenedVisit, home: Household) -> bool:
        """Say whether a household lives behind the door of a visit, or did when the pack was taken."""
        return home.dwelling_id == one.said.dwelling_id or home.pk == self.allowed[one.op_id].household

    def person_of(self, one: OpenedVisit, key: uuid.UUID | None) -> Person | None:
        """Return somebody a visit names who is of its door: in the pack, wherever they moved since, or in the
        register.
        """
        whom = self.people.get(key) if key else None
        if whom is None or whom.pk in self.allowed[one.op_id].people:
            return whom
        home = self.home_of(one)
        return whom if home is not None and whom.household_id == home.pk else None

    def home_of_need(self, one: OpenedVisit, person: uuid.UUID | None) -> Household | None:
        """Return where a need belongs: with its person, who may have moved out of the home since the list was taken."""
        whom = self.person_of(one, person)
        return whom.household if whom and whom.household else self.home_of(one)


def _allowed(community: Organisation, told: Sequence[OpenedVisit]) -> dict[uuid.UUID, Allowed]:
    """Return per visit what the packs its person took let it bring; a visit outside them has no entry.

    What a person looked at, and what happened before this database was restored, whose packs may be lost, is recorded
    as a door outside the list is: without answers.
    """
    people, moments = {one.staff.pk for one in told}, [one.happened_at for one in told]
    if not told:
        return {}
    rows = Pack.objects.filter(
        staff__in=people, community=community, made_at__lte=max(moments) + SLACK, expires_at__gte=min(moments) - SLACK
    )
    packs: dict[uuid.UUID, list[PackTaken]] = {}
    for row in rows.order_by("made_at"):
        packs.setdefault(row.staff_id, []).append(read_pack(row.made_at, row.expires_at, row.contents))
    found = {}
    restored_at: datetime | None = None
    for one in told:
        allowed = allowed_at(packs.get(one.staff.pk, ()), one.said.dwelling_id, one.happened_at)
        if allowed is None and not one.looked_at:
            restored_at = restored_at or _restored_at()
            if one.happened_at >= restored_at:
                continue
        found[one.op_id] = allowed or Allowed()
    return found


def _restored_at() -> datetime:
    """Return when the last restore began a new epoch; the beginning of time where none did."""
    epochs = Epoch.objects.order_by("-made_at")[:2]
    return epochs[0].made_at if len(epochs) == 2 else datetime.min.replace(tzinfo=clock.SHANGHAI)


def _people_named(said: VisitSaid) -> set[uuid.UUID]:
    return {one.person for one in said.answers} | {need.person for need in said.needs if need.person}


def store_visits(community: Organisation, told: Sequence[OpenedVisit]) -> list[StoredVisit | Problem]:
    """Write visits (each key once) with their needs, answers and details; a key that is there writes nothing anew.

    Returns in the same order what each became, with the parts that wait for a person, or why its door refuses it.
    Raises the other Problems of quarantine, when something is written already: then all has to be taken back.
    """
    register = Register(community, told)
    good = [one for one in told if one.said.dwelling_id in register.doors and one.op_id in register.allowed]
    kept, new = visits.record_visits([_row(community, register, one) for one in good])
    good = [one for one in good if one.op_id in kept]
    _hear(community, register, good, kept)
    held = {one.op_id: _held_parts(register, one) for one in good}
    fresh = [one for one in good if one.op_id in new]
    insert_new([row for one in fresh if (row := _detail(kept[one.op_id], one.said.detail))])
    for one in fresh:
        held[one.op_id] += _tell(kept[one.op_id], register, one)
        held[one.op_id] += _agree(register.home_of(one), one)
    conflicts.compare([kept[one.op_id] for one in fresh])
    return [
        StoredVisit(kept[one.op_id], tuple(held[one.op_id])) if one.op_id in kept else _refusal(register, one)
        for one in told
    ]


def _refusal(register: Register, one: OpenedVisit) -> Problem:
    known = one.said.dwelling_id in register.doors and one.op_id not in register.allowed
    return problems.OutsidePack() if known else problems.UnknownDoor()


def _held_parts(register: Register, one: OpenedVisit) -> list[HeldBack]:
    """Return the parts that were not understood, those of another door, and the needs where no household is known."""
    said = one.said
    held = [HeldBack(part.kind, "not-understood", part.text) for part in said.held]
    named = register.homes.get(said.household_id) if said.household_id else None
    if said.household_id and (named is None or not register.is_of_door(one, named)):
        held.append(HeldBack("household", "not-of-door", json.dumps({"household": str(said.household_id)})))
    for need in said.needs:
        if register.home_of_need(one, need.person) is None:
            held.append(held_need(need))
        elif need.person and register.person_of(one, need.person) is None:
            held.append(held_need(need)._replace(kind="whom", why="not-of-door"))
    return held


def _agree(home: Household | None, one: OpenedVisit) -> list[HeldBack]:
    """What was agreed at the door is asked of the plan: a visit on that day within these hours. Returns it where no
    plan can keep it any more, for a person.
    """
    agreed = one.said.agreed
    if agreed is None:
        return []
    if home is not None and home.state != "living":
        home = None  # it is gone, and nobody took its place behind the door
    if why := _why_no_hour(home, agreed.day):
        return [held_hour(agreed.day, agreed.start, agreed.end, why)]
    assert home is not None
    hours = (agreed.start, agreed.end)
    due.request_visit(
        household=home,
        key=due.agreed_key(one.op_id),
        kind="maybe" if agreed.may else "agreed",
        due_on=agreed.day,
        hours=hours,
        agreed_at=one.happened_at,
    )
    return []


def _why_no_hour(home: Household | None, day: date) -> str:
    """Return why no plan can keep a day that was agreed at the door, "" when one can: as at the desk."""
    if home is None:
        return "no-home-to-visit"
    if may_be_agreed(day, clock.today()):
        return ""
    return "too-late" if day < clock.today() else "too-far"


def _row(community: Organisation, register: Register, one: OpenedVisit) -> Visit:
    said = one.said
    return Visit(
        id=one.op_id,
        community=community,
        dwelling=register.doors[said.dwelling_id],
        household=register.home_of(one),
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
            home = register.home_of_need(one, need.person)
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
                person=register.person_of(one, need.person),
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


def _tell(visit: Visit, register: Register, told: OpenedVisit) -> list[HeldBack]:
    """Note what was asked and answered, of people wherever they live now; where the register says otherwise both wait.

    Returns the answers that wait for a person: of what the pack did not ask, and those that cannot be noted.
    """
    held, noted, declined = list[HeldBack](), list[str](), list[str]()
    known, day = packs.facts(), visit.happened_at.astimezone(clock.SHANGHAI).date()
    for place, answer in enumerate(told.said.answers):
        person, fact = register.people.get(answer.person), known.get(answer.code)
        words = {"code": fact.title if fact else answer.code, "value": answer.value, "person_id": str(answer.person)}
        if (answer.person, answer.code) not in register.allowed[told.op_id].asked:
            held.append(HeldBack("answer", "not-asked", json.dumps(words, ensure_ascii=False)))
            continue
        if answer.value == DECLINED:
            declined.append(answer.code)
            continue
        try:
            if person is None or fact is None or fact.origin != "told":
                raise KeyError(answer.code)
            value = fact.read(answer.value)
        except (KeyError, ValueError):
            held.append(HeldBack("answer", "not-noted", json.dumps(words, ensure_ascii=False)))
            continue
        noted.append(answer.code)
        standing = known_of(person).get(answer.code)
        if standing is None:
            note_answer(visit, place, person, answer.code, value, min(day, clock.today()))
        elif standing != value:
            conflicts.hold_fact(visit, person, answer.code, answer.value)
    if visit.household is not None and (noted or declined):
        sweeps.note_asked(
            community=visit.community,
            household=visit.household,
            answered=noted,
            declined=declined,
            actor=visit.staff,
            happened_at=visit.happened_at,
            visit=visit.pk,
        )
    return held
