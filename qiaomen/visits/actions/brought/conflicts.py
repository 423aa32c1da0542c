"""Two accounts of one thing: found when they arrive, shown side by side, settled by a person, never by arrival
order.
"""

import json
from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Staff
from qiaomen.register.actions.person_facts import note_facts
from qiaomen.register.models import Person
from qiaomen.register.selectors import packs
from qiaomen.visits.models import Conflict, Visit, VisitDetail
from qiaomen.visits.rules.brought.conflicts import differences


def _day_of(moment: datetime) -> tuple[datetime, datetime]:
    start = datetime.combine(moment.astimezone(clock.SHANGHAI).date(), time(), clock.SHANGHAI)
    return start, start + timedelta(days=1)


class Beside(NamedTuple):
    """What has to be known of a visit to compare it; its sealed note is not opened for that."""

    pk: UUID
    dwelling: UUID
    staff: UUID
    outcome: str
    happened_at: datetime


def _same_days(visits: Sequence[Visit]) -> dict[UUID, list[Beside]]:
    """Return per visit those of colleagues to the same door on the same day; of those among `visits` only the ones
    before it.
    """
    days = {visit.pk: _day_of(visit.happened_at) for visit in visits}
    doors: dict[tuple[datetime, datetime], set[UUID]] = {}
    for visit in visits:
        doors.setdefault(days[visit.pk], set()).add(visit.dwelling_id)
    wanted = Q()
    for day, there in doors.items():
        wanted |= Q(dwelling__in=there, happened_at__range=day)
    others = Visit.objects.filter(wanted).order_by("happened_at")
    if len(people := {visit.staff_id for visit in visits}) == 1:
        others = others.exclude(staff__in=people)
    standing: dict[UUID, list[Beside]] = {}
    for row in others.values_list("pk", "dwelling", "staff", "outcome", "happened_at"):
        other = Beside(*row)
        standing.setdefault(other.dwelling, []).append(other)
    places = {visit.pk: place for place, visit in enumerate(visits)}
    found = {}
    for place, visit in enumerate(visits):
        start, end = days[visit.pk]
        found[visit.pk] = [
            other
            for other in standing.get(visit.dwelling_id, [])
            if other.staff != visit.staff_id and start <= other.happened_at <= end and places.get(other.pk, -1) < place
        ]
    return found


def compare(visits: Sequence[Visit]) -> None:
    """Note where new visits contradict those of colleagues on the same day; all stay as they are."""
    beside = _same_days(visits) if visits else {}
    said = _details({visit.pk for visit in visits if beside[visit.pk]})
    said |= _details(
        {other.pk for key in said for other in beside[key]} - said.keys()
    )  # alone a sheet is no contradiction
    for visit in visits:
        mine = {"outcome": visit.outcome, **said.get(visit.pk, {})}
        for other in beside[visit.pk]:
            fields = differences({"outcome": other.outcome, **said.get(other.pk, {})}, mine)
            if fields:
                Conflict.objects.get_or_create(
                    first_id=other.pk,
                    second=visit,
                    person=None,
                    code="",
                    defaults={"community": visit.community, "fields": fields, "found_at": clock.now()},
                )


def _details(keys: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    return {detail.pk: json.loads(detail.said) for detail in VisitDetail.objects.filter(pk__in=keys)} if keys else {}


def hold_fact(visit: Visit, person: Person, code: str, value: str) -> None:
    """Keep an answer that contradicts what the register says by now; it changes nothing until a person chooses it."""
    Conflict.objects.get_or_create(
        second=visit,
        person=person,
        code=code,
        defaults={"community": visit.community, "fields": [code], "told": value, "found_at": clock.now()},
    )


@transaction.atomic
def settle(*, pair: Conflict, choice: str, actor: Staff) -> None:
    """A person says which holds: first, second or both. Both visits stay; an answer chosen goes into the register."""
    locked = Conflict.objects.select_for_update().get(pk=pair.pk)
    if locked.settled_at is not None:
        return
    if choice == "second" and locked.person is not None:
        value = packs.facts()[locked.code].read(locked.told)
        note_facts(person=locked.person, facts={locked.code: value}, on_date=clock.today(), actor=actor)
    locked.choice, locked.settled_at, locked.settled_by = choice, clock.now(), actor
    locked.save(update_fields=["choice", "settled_at", "settled_by"])
    ledger.record(
        community=locked.community,
        actor=actor,
        code="visits.conflict-settled",
        subject=locked.second,
        fields=list(locked.fields),
        detail={"choice": choice},
    )
