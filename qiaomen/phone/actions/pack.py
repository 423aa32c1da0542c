"""What a phone takes down: today's round of its team and nothing more."""

import json
import uuid
from datetime import timedelta
from typing import Any

from qiaomen.calls.actions.phone_list import phone_calls
from qiaomen.kernel import clock
from qiaomen.needs.rules.vocabulary import KINDS
from qiaomen.needs.selectors import kind_title
from qiaomen.office.models import Device, Organisation
from qiaomen.office.shared import badge_photos
from qiaomen.phone.actions.devices import badge_of, current_epoch, current_key
from qiaomen.phone.rules.envelope import suite_of
from qiaomen.phone.selectors.door_card import MOST_DOORS, cards_of
from qiaomen.register.models import Building, Dwelling
from qiaomen.visits.rules.vocabulary import OUTCOMES
from qiaomen.visits.selectors.labels import outcome_title
from qiaomen.visits.selectors.round_pages import marks_of, todays_round

PLACE = "entrance__building__compound"
MOST_BYTES = 1_500_000
LIFETIME = timedelta(hours=72)


def server_state() -> dict[str, Any]:
    """Return the epoch and the public key phones seal to."""
    key = current_key()
    return {
        "epoch": str(current_epoch().pk),
        "seal_key": {"id": key.pk, "public": key.public, "alg": suite_of(key.private)},
    }


def make_pack(*, device: Device, community: Organisation) -> dict[str, Any]:
    """Return the pack: at most 60 doors, names and telephones masked, no identity numbers, no narrative, 1.5 MB.

    What is too large goes without the pictures of the buildings: the doors and their cards are never cut.
    """
    staff, now = device.staff, clock.now()
    chosen, badge = todays_round(staff, community), badge_of(device)
    doors = cards_of(chosen, staff)[:MOST_DOORS] if chosen else []
    pack: dict[str, Any] = {
        "pack_id": str(uuid.uuid4()),
        "made_at": now.isoformat(),
        "expires_at": (now + LIFETIME).isoformat(),
        **server_state(),
        "community": {
            "id": str(community.pk),
            "name": community.name,
            "code": community.code,
            "telephone": community.telephone,
        },
        "staff": {"id": str(staff.pk), "name": staff.name},
        "round": {"id": str(chosen.pk), "day": chosen.day.isoformat(), "team": chosen.team.name} if chosen else None,
        "doors": doors,
        "buildings": _buildings_of([door["dwelling_id"] for door in doors], community),
        "badge": {"number": badge.number, "secret": badge.secret, "photo": badge_photos.address_of(staff)},
        "outcomes": [{"code": code, "title": outcome_title(code)} for code in OUTCOMES],
        "calls": phone_calls(community, staff, now),
        "need_kinds": [{"code": code, "title": kind_title(code), "icon": code} for code in KINDS],
    }
    if len(json.dumps(pack, ensure_ascii=False).encode()) > MOST_BYTES:
        pack["buildings"] = []
    return pack


def _buildings_of(keys: list[Any], community: Organisation) -> list[dict[str, Any]]:
    """The elevations of the buildings walked today: door labels and marks only."""
    found = Building.objects.filter(entrances__dwellings__in=keys, community=community).distinct()
    buildings = found.select_related("compound").prefetch_related("entrances").order_by("compound__name", "order")
    result = []
    for building in buildings:
        dwellings = list(
            Dwelling.objects.standing().filter(entrance__building=building).select_related(PLACE).order_by("walk_order")
        )
        marks = marks_of(community, [dwelling.pk for dwelling in dwellings])
        entrances = []
        for entrance in sorted(building.entrances.all(), key=lambda e: (e.order, e.name)):
            doors = [
                {
                    "dwelling_id": str(d.pk),
                    "floor": d.floor,
                    "room": d.room,
                    "label": d.label_within,
                    "mark": marks[d.pk].css if d.pk in marks else "",
                }
                for d in dwellings
                if d.entrance_id == entrance.pk
            ]
            entrances.append({"id": str(entrance.pk), "name": entrance.name, "doors": doors})
        result.append(
            {
                "id": str(building.pk),
                "name": str(building),
                "compound": building.compound.name,
                "entrances": entrances,
            }
        )
    return result
