"""Staircases that say something: the knocks of the last month, read by the packs' criteria over doors."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from qiaomen.calls.rules.stairs import DAYS, KnockedDoor, silent_places
from qiaomen.kernel import clock
from qiaomen.office.models import Organisation
from qiaomen.planner.home import SLOTS
from qiaomen.register.models import Compound, Entrance
from qiaomen.register.selectors import packs
from qiaomen.visits.models import Visit
from qiaomen.visits.rules.vocabulary import OPENED
from qiaomen.visits.selectors.knocks import knocks_of
from qiaomen.visits.selectors.labels import slot_title

KNOCKS = ("no_answer", "refused", *OPENED)


def quiet_stairs(community: Organisation, day: date) -> list[dict[str, Any]]:
    """Return the places a rule over doors holds for: which, why, how many doors, and at which hour to try instead."""
    doors, rules = _doors(community, day), packs.entries("stairs.yaml")
    found = silent_places(doors, rules)
    chances, shut = knocks_of(community, day)
    names = _names(community, {UUID(place) for places in found.values() for place in places})
    rows = []
    for rule in rules:
        title, advice = rule["title"], rule["advice"]
        for place in found[rule["code"]]:
            mine = [door for door in doors if getattr(door, rule["over"]) == place]
            silent = [door for door in mine if door.knocks and not door.opened]
            tried = set[str]().union(*(shut.get(UUID(door.door), set()) for door in silent))
            others = [slot for slot in SLOTS if slot not in tried]
            best = chances.suggest_slot(silent[0].door, others) if others else ""
            rows.append(
                {
                    "place": names[UUID(place)],
                    "title": _(title),
                    "advice": _(advice),
                    "silent": len(silent),
                    "knocked": sum(door.knocks > 0 for door in mine),
                    "slot": slot_title(best) if best else "",
                }
            )
    return rows


def _doors(community: Organisation, day: date) -> list[KnockedDoor]:
    since = datetime.combine(day - timedelta(days=DAYS), time.min, clock.SHANGHAI)
    rows = Visit.objects.filter(community=community, happened_at__gte=since, outcome__in=KNOCKS)
    counted = rows.values_list("dwelling", "dwelling__entrance", "dwelling__entrance__building__compound").annotate(
        knocks=Count("pk"), opened=Count("pk", filter=Q(outcome__in=OPENED))
    )
    return [
        KnockedDoor(str(door), str(entrance), str(compound), knocks, opened)
        for door, entrance, compound, knocks, opened in counted.order_by("dwelling__walk_order", "dwelling")
    ]


def _names(community: Organisation, keys: set[UUID]) -> dict[UUID, str]:
    entrances = Entrance.objects.filter(community=community, pk__in=keys).select_related("building__compound")
    found = {
        row.pk: _("{building}{entrance}单元").format(building=row.building, entrance=row.name) for row in entrances
    }
    return found | {row.pk: row.name for row in Compound.objects.filter(community=community, pk__in=keys)}
