"""Two accounts of one thing: found when they arrive, shown side by side, settled by a person, never by arrival order."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Organisation, Staff
from qiaomen.phone import titles
from qiaomen.phone.models import TwoVersions, VisitDetail
from qiaomen.phone.rules.versions import differences
from qiaomen.register import packs
from qiaomen.register.models import Person
from qiaomen.register.told import known_of, note_facts
from qiaomen.visits.models import Visit
from qiaomen.visits.selectors import outcome_title


def _account(visit: Visit) -> dict[str, Any]:
    detail = VisitDetail.objects.filter(pk=visit.pk).first()
    return {"outcome": visit.outcome, **(json.loads(detail.said) if detail else {})}


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
                TwoVersions.objects.get_or_create(
                    first_id=other.pk, second=visit, person=None, code="",
                    defaults={"community": visit.community, "fields": fields, "found_at": clock.now()},
                )  # fmt: skip


def _details(keys: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    return {one.pk: json.loads(one.said) for one in VisitDetail.objects.filter(pk__in=keys)} if keys else {}


def hold_fact(visit: Visit, person: Person, code: str, value: str) -> None:
    """Keep an answer that contradicts what the register says by now; it changes nothing until a person chooses it."""
    TwoVersions.objects.get_or_create(
        second=visit, person=person, code=code,
        defaults={"community": visit.community, "fields": [code], "told": value, "found_at": clock.now()},
    )  # fmt: skip


def waiting_count(community: Organisation) -> int:
    """Return how many wait for a person."""
    return TwoVersions.objects.filter(community=community, settled_at=None).count()


def waiting(community: Organisation) -> list[dict[str, Any]]:
    """Return what waits, side by side: each line is a title, both sides, and whether they contradict."""
    found = TwoVersions.objects.filter(community=community, settled_at=None).select_related(
        "first__staff", "second__staff", "second__dwelling", "person"
    )
    return [{"pair": pair, **_side_by_side(pair)} for pair in found.order_by("found_at")[:100]]


def _side_by_side(pair: TwoVersions) -> dict[str, Any]:
    if pair.first is None:
        fact = packs.facts()[pair.code]
        stands = known_of(pair.person).get(pair.code) if pair.person else None
        lines = [(fact.title, _value(fact, stands), _value(fact, fact.read(pair.told)), True)]
        return {"left": _("名册里"), "right": _who(pair.second), "lines": lines}
    mine, theirs = _account(pair.first), _account(pair.second)
    lines = [(_("结果"), outcome_title(mine["outcome"]), outcome_title(theirs["outcome"]), "outcome" in pair.fields)]
    for head in dict.fromkeys([*(mine.get("check") or {}), *(theirs.get("check") or {})]):
        both = [titles.check_in_words(side.get("check") or {}, head) for side in (mine, theirs)]
        lines.append((titles.head_title(head), both[0], both[1], f"check.{head}" in pair.fields))
    lines.append((_("记下的话"), pair.first.note or "—", pair.second.note or "—", False))
    return {"left": _who(pair.first), "right": _who(pair.second), "lines": lines}


def _who(visit: Visit) -> str:
    return f"{visit.staff.name} {visit.happened_at.astimezone(clock.SHANGHAI):%H:%M}"


def _value(fact: Any, value: Any) -> str:
    if value is None:
        return _("没有记")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(fact.choices.get(value, value))


@transaction.atomic
def settle(*, pair: TwoVersions, choice: str, actor: Staff) -> None:
    """A person says which holds: first, second or both. Both visits stay; an answer chosen goes into the register."""
    locked = TwoVersions.objects.select_for_update().get(pk=pair.pk)
    if locked.settled_at is not None:
        return
    if choice == "second" and locked.person is not None:
        value = packs.facts()[locked.code].read(locked.told)
        note_facts(person=locked.person, told={locked.code: value}, on_date=clock.today(), actor=actor)
    locked.choice, locked.settled_at, locked.settled_by = choice, clock.now(), actor
    locked.save(update_fields=["choice", "settled_at", "settled_by"])
    ledger.record(community=locked.community, actor=actor, code="phone.versions-settled", subject=locked.second,
                  fields=list(locked.fields), detail={"choice": choice})  # fmt: skip
