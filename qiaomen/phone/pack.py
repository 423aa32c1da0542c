"""What a phone takes down: today's round of its team and nothing more."""

import uuid
from datetime import timedelta
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from qiaomen.cases.models import Case
from qiaomen.cases.rules.timing import UNDER_WAY
from qiaomen.kernel import clock
from qiaomen.kernel.masking import mask_name, mask_phone
from qiaomen.needs.rules.vocabulary import KINDS
from qiaomen.needs.selectors import kind_title
from qiaomen.office.models import Organisation, Staff
from qiaomen.phone.actions import current_epoch, current_key
from qiaomen.register.models import Building, Dwelling, Household, Person
from qiaomen.register.rules.sound import readings_of, split_surname
from qiaomen.visits.models import Round, RoundDoor, Visit
from qiaomen.visits.rules.vocabulary import OUTCOMES
from qiaomen.visits.selectors import doors_for, marks_of, outcome_title, reason_in_words, todays_round

MOST_DOORS = 60
LIFETIME = timedelta(hours=72)


def server_state() -> dict[str, Any]:
    """Return the epoch and the public key phones seal to."""
    key = current_key()
    return {"epoch": str(current_epoch().pk), "seal_key": {"id": key.pk, "public": key.public}}


def make_pack(*, staff: Staff, community: Organisation) -> dict[str, Any]:
    """Return the pack: at most 60 doors, names and telephones masked, no identity numbers, no narrative."""
    now, chosen = clock.now(), todays_round(staff, community)
    doors = _doors_of(chosen, staff) if chosen else []
    return {
        "pack_id": str(uuid.uuid4()),
        "made_at": now.isoformat(),
        "expires_at": (now + LIFETIME).isoformat(),
        **server_state(),
        "community": {"id": str(community.pk), "name": community.name},
        "staff": {"id": str(staff.pk), "name": staff.name},
        "round": {"id": str(chosen.pk), "day": chosen.day.isoformat(), "team": chosen.team.name} if chosen else None,
        "doors": doors,
        "buildings": _buildings_of([door["dwelling_id"] for door in doors], community),
        "outcomes": [{"code": code, "title": outcome_title(code)} for code in OUTCOMES],
        "need_kinds": [{"code": code, "title": kind_title(code), "icon": code} for code in KINDS],
    }


def _doors_of(chosen: Round, staff: Staff) -> list[dict[str, Any]]:
    """The doors of a round in walking order, in a fixed number of queries."""
    found = (
        doors_for(chosen, staff)
        .select_related("dwelling__entrance__building__compound")
        .order_by("position")[:MOST_DOORS]
    )
    doors = list(found)
    keys = [door.dwelling_id for door in doors]
    homes = {
        home.dwelling_id: home
        for home in Household.objects.filter(dwelling__in=keys, state="living")
        .prefetch_related(Prefetch("people", Person.objects.filter(state="living")))
        .order_by("-pk")
    }
    visits = {visit.dwelling_id: visit for visit in Visit.objects.filter(dwelling__in=keys).order_by("happened_at")}
    mine = Case.objects.filter(need__household__in=[home.pk for home in homes.values()])
    cases = {case.need.household_id: case for case in mine.select_related("need").order_by("opened_at")}
    return [_door(d, homes.get(d.dwelling_id), visits.get(d.dwelling_id), cases) for d in doors]


def _door(door: RoundDoor, home: Household | None, visit: Visit | None, cases: dict[Any, Case]) -> dict[str, Any]:
    dwelling = door.dwelling
    people = list(home.people.all()) if home else []
    head = next((person for person in people if person.is_head), None)
    greet = _("{name}，{n} 口人").format(name=mask_name(home.head_name), n=len(people)) if home else ""
    return {
        "dwelling_id": str(dwelling.pk),
        "household_id": str(home.pk) if home else None,
        "position": door.position,
        "building": str(dwelling.entrance.building),
        "entrance": dwelling.entrance.name,
        "floor": dwelling.floor,
        "room": dwelling.room,
        "label": dwelling.door_label,
        "reason": reason_in_words(door.reason_code, door.days),
        "greet": greet,
        "phone_masked": mask_phone(head.phone) if head else "",
        "last_visit": _last_visit(visit),
        "last_promise": _last_promise(cases.get(home.pk)) if home else None,
        "etiquette": _etiquette(door.reason_code),
        "base_version": home.version if home else 0,
        "sounds": _surname_sounds(home.head_name) if home else [],
    }


def _surname_sounds(name: str) -> list[str]:
    """Return how a surname is read, for the search box on the phone: it knows no more of the name than the mask shows."""
    return ["".join(reading) for reading in readings_of(split_surname(name)[0])]


def _last_visit(visit: Visit | None) -> dict[str, str] | None:
    if visit is None:
        return None
    day = visit.happened_at.astimezone(clock.SHANGHAI).date().isoformat()
    return {"day": day, "outcome": visit.outcome, "outcome_title": outcome_title(visit.outcome)}


def _last_promise(case: Case | None) -> dict[str, Any] | None:
    """The kind and the day of the last promise, never what was said; kept is None while it can still be kept."""
    if case is None:
        return None
    day = _("{month}月{day}日").format(month=case.due_on.month, day=case.due_on.day)
    text = _("{kind}，答应 {day} 前办好").format(kind=kind_title(case.need.kind), day=day)
    kept = None if case.state in UNDER_WAY and case.due_on >= clock.today() else case.state not in UNDER_WAY
    return {"text": text, "kept": kept}


def _etiquette(reason_code: str) -> str:
    if reason_code.endswith("elder"):
        return _("老人开门慢，敲三下后多等一会儿；先说姓名和社区。")
    return _("先说姓名和社区；不方便就改天，不进门也可以。")


def _buildings_of(keys: list[Any], community: Organisation) -> list[dict[str, Any]]:
    """The elevations of the buildings walked today: door labels and marks only."""
    found = Building.objects.filter(entrances__dwellings__in=keys, community=community).distinct()
    buildings = found.select_related("compound").prefetch_related("entrances").order_by("compound__name", "order")
    result = []
    for building in buildings:
        dwellings = list(Dwelling.objects.filter(entrance__building=building).order_by("walk_order"))
        marks = marks_of(community, [dwelling.pk for dwelling in dwellings])
        entrances = []
        for entrance in sorted(building.entrances.all(), key=lambda e: (e.order, e.name)):
            doors = [
                {
                    "dwelling_id": str(d.pk), "floor": d.floor, "room": d.room, "label": d.door_label,
                    "mark": marks[d.pk].css if d.pk in marks else "",
                }
                for d in dwellings
                if d.entrance_id == entrance.pk
            ]  # fmt: skip
            entrances.append({"name": entrance.name, "doors": doors})
        result.append({"id": str(building.pk), "name": str(building), "entrances": entrances})
    return result
