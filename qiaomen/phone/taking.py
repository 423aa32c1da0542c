"""What an opened submission becomes: a visit with its needs, a finding on the stairs, or a correction. All or none."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qiaomen.cases.actions import receive_need
from qiaomen.cases.models import Case
from qiaomen.kernel import clock
from qiaomen.needs.models import Need
from qiaomen.office import ledger
from qiaomen.office.models import Organisation, Staff
from qiaomen.phone import problems, versions
from qiaomen.phone.models import Correction, Finding, VisitDetail
from qiaomen.phone.rules.submission import CorrectionSaid, FindingSaid, PhotoSaid, Said, VisitSaid
from qiaomen.register import packs
from qiaomen.register.models import Dwelling, Entrance, Household, Person
from qiaomen.register.told import known_of, note_facts
from qiaomen.visits import actions as visits
from qiaomen.visits.models import Round, Visit


@dataclass(frozen=True)
class Taken:
    """What a submission became, and the photos it announced."""

    visit: Visit | None = None
    finding: Finding | None = None
    photos: tuple[PhotoSaid, ...] = ()


def take(op_id: uuid.UUID, community: Organisation, staff: Staff, said: Said, happened_at: datetime) -> Taken:
    """Write what was said under its key; a second time writes nothing. Raises the Problems of quarantine."""
    if isinstance(said, FindingSaid):
        return Taken(finding=_finding(op_id, community, staff, said, happened_at))
    if isinstance(said, CorrectionSaid):
        return Taken(visit=_correct(op_id, community, staff, said, happened_at))
    return Taken(visit=_visit(op_id, community, staff, said, happened_at), photos=said.photos)


def _round(community: Organisation, key: uuid.UUID | None) -> Round | None:
    return Round.objects.filter(pk=key, community=community).first() if key else None


def _visit(op_id: uuid.UUID, community: Organisation, staff: Staff, said: VisitSaid, happened_at: datetime) -> Visit:
    dwelling = Dwelling.objects.filter(pk=said.dwelling_id, community=community).first()
    if dwelling is None or Visit.objects.filter(pk=op_id).exclude(community=community).exists():
        raise problems.UnknownDoor()
    named = Household.objects.filter(pk=said.household_id, community=community) if said.household_id else None
    household = (named.first() if named else None) or dwelling.households.filter(state="living").first()
    if said.needs and household is None:
        raise problems.UnknownDoor()
    visit, new = visits.record_visit(
        visit_id=op_id, dwelling=dwelling, household=household, staff=staff, outcome=said.outcome, note=said.note,
        happened_at=happened_at, origin="phone", round=_round(community, said.round_id),
    )  # fmt: skip
    people = {one.pk: one for one in household.people.all()} if household else {}
    for need in said.needs:
        receive_need(
            need_id=need.id, household=household, kind=need.kind, words=need.words, handling=need.handling,
            origin="visit", heard_at=happened_at, heard_by=staff, visit=visit,
            person=people.get(need.person) if need.person else None, mandated=need.mandated,
        )  # fmt: skip
    if new:
        _keep_detail(visit, said)
        _tell(visit, people, said)
        versions.compare(visit)
    return visit


def _keep_detail(visit: Visit, said: VisitSaid) -> None:
    detail = said.detail
    if detail.check or detail.talks or detail.seen:
        seen = [str(key) for key in detail.seen]
        kept: dict[str, Any] = {"check": detail.check, "talks": list(detail.talks), "seen": seen}
        VisitDetail.objects.create(visit=visit, said=json.dumps(kept, ensure_ascii=False))


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
            versions.hold_fact(visit, person, one.code, one.value)


def _finding(
    op_id: uuid.UUID, community: Organisation, staff: Staff, said: FindingSaid, happened_at: datetime
) -> Finding:
    entrance = Entrance.objects.filter(pk=said.entrance_id, community=community).first()
    if entrance is None or Finding.objects.filter(pk=op_id).exclude(community=community).exists():
        raise problems.UnknownDoor()
    finding, new = Finding.objects.get_or_create(
        pk=op_id,
        defaults={
            "community": community, "entrance": entrance, "floor": said.floor, "kind": said.kind, "words": said.words,
            "handling": said.handling, "staff": staff, "happened_at": happened_at, "received_at": clock.now(),
            "round": _round(community, said.round_id),
        },
    )  # fmt: skip
    if new:
        ledger.record(community=community, actor=staff, code="phone.found", subject=finding, detail={"kind": said.kind})
    return finding


def _correct(
    op_id: uuid.UUID, community: Organisation, staff: Staff, said: CorrectionSaid, happened_at: datetime
) -> Visit:
    """Put a visit right: the row shows what holds, the correction keeps what stood, both with the reason."""
    visit = Visit.objects.select_for_update().filter(pk=said.corrects, community=community).first()
    if visit is None:
        raise problems.VisitToCome()
    if visit.staff_id != staff.pk:
        raise problems.NotTheirs()
    if Correction.objects.filter(pk=op_id).exists():
        return visit
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, value in (("outcome", said.outcome), ("note", said.note)):
        if value is not None and value != getattr(visit, name):
            before[name], after[name] = getattr(visit, name), value
            setattr(visit, name, value)
    visit.save(update_fields=["outcome", "note"])
    for key, person in said.persons.items():
        need = Need.objects.filter(pk=key, visit=visit).first()
        whom = Person.objects.filter(pk=person, household=visit.household_id).first()
        if need is None or whom is None:
            raise problems.NotUnderstood()
        before[f"need.{key}"], after[f"need.{key}"] = str(need.person_id or ""), str(whom.pk)
        need.person = whom
        need.save(update_fields=["person"])
    Correction.objects.create(
        pk=op_id, community=community, visit=visit, staff=staff, reason=said.reason, made_at=happened_at,
        received_at=clock.now(), before=json.dumps(before, ensure_ascii=False),
        after=json.dumps(after, ensure_ascii=False),
    )  # fmt: skip
    fields = sorted({name.split(".")[0] for name in after})
    ledger.record(community=community, actor=staff, code="phone.corrected", subject=visit, fields=fields)
    return visit


def needs_of(visits: list[uuid.UUID]) -> dict[uuid.UUID, list[dict[str, Any]]]:
    """Return per visit what became of its needs: kind, handling, who holds it and until when."""
    found: dict[uuid.UUID, list[dict[str, Any]]] = {}
    needs = list(Need.objects.filter(visit__in=visits).order_by("heard_at", "pk"))
    cases = {case.need_id: case for case in Case.objects.filter(need__in=needs).select_related("owner")}
    for need in needs:
        case = cases.get(need.pk)
        line = {
            "id": str(need.pk),
            "kind": need.kind,
            "handling": need.handling,
            "holder": case.owner.name if case else "",
            "due_on": case.due_on.isoformat() if case else "",
        }
        if need.visit_id:
            found.setdefault(need.visit_id, []).append(line)
    return found
