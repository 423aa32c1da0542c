"""Whom an alert asks to ring up: the packs' criteria over everybody who lives at the place, in the packs' order."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from qiaomen.calls.models import Alert, Call
from qiaomen.calls.rules.calling import SEEN
from qiaomen.calls.selectors.labels import alerts
from qiaomen.criteria.engine import answer
from qiaomen.criteria.language import read
from qiaomen.criteria.statement import Rule
from qiaomen.office.models import Organisation
from qiaomen.register.models import Person, who_lives_here
from qiaomen.register.selectors import packs
from qiaomen.register.selectors.facts import fact_columns
from qiaomen.visits.models import Visit
from qiaomen.visits.rules.vocabulary import SPOKEN


@dataclass(frozen=True)
class Warned:
    """Who is to be rung up for an alert: household -> the line of the list it stands on (0 first), without those that
    were seen since. `unasked`: of how many households it is not known.
    """

    alert: Alert
    homes: dict[UUID, int]
    reached: int
    unasked: int


def open_alerts(community: Organisation, day: date) -> list[Alert]:
    """Return the alerts that hold on a day, the urgent kinds first."""
    rows = Alert.objects.filter(community=community, ended_at=None, until__gte=day)
    known = alerts()
    found = [row for row in rows.select_related("compound", "building__compound", "community") if row.kind in known]
    return sorted(found, key=lambda row: (not known[row.kind].get("urgent"), row.from_at, str(row.pk)))


def warned_by(alert: Alert, day: date) -> Warned:
    """Return whom an alert asks to ring up. A household stands on the first line that one of it is on."""
    entry = alerts()[alert.kind]
    rules = [Rule(str(n), (read(line["when"], packs.facts()),)) for n, line in enumerate(entry["who"])]
    codes = {code for rule in rules for code in rule.facts}
    keys, columns = fact_columns(alert.community, day, codes=codes, people=_people_at(alert))
    truths = answer(rules, columns, packs.facts(), packs.parameters(day))
    homes: dict[UUID, int] = {}
    unknown: set[UUID] = set()
    living = Person.objects.filter(who_lives_here(), community=alert.community, household__state="living")
    whose = dict(living.values_list("pk", "household"))
    for place, person in enumerate(keys):
        if (home := whose.get(person)) is None:
            continue
        found = [truths[rule.code][place] for rule in rules]
        if True in found:
            homes[home] = min(homes.get(home, len(rules)), found.index(True))
        elif None in found:
            unknown.add(home)
    seen = _seen_since(alert, set(homes))
    left = {home: line for home, line in homes.items() if home not in seen}
    return Warned(alert, left, len(homes) - len(left), len(unknown - set(homes)))


def _people_at(alert: Alert) -> Any:
    """Return who lives at the place; None: everybody of the community."""
    if alert.building_id:
        at = Q(residences__dwelling__entrance__building=alert.building_id, residences__to_date=None)
    elif alert.compound_id:
        at = Q(residences__dwelling__entrance__building__compound=alert.compound_id, residences__to_date=None)
    else:
        return None
    return Person.objects.filter(at, who_lives_here(), community=alert.community).distinct()


def _seen_since(alert: Alert, homes: set[UUID]) -> set[UUID]:
    """Return the households somebody of us spoke to since an alert was given, by call or at the door."""
    called = Call.objects.filter(household__in=homes, happened_at__gte=alert.from_at, outcome__in=SEEN)
    visited = Visit.objects.filter(household__in=homes, happened_at__gte=alert.from_at, outcome__in=SPOKEN)
    return {home for rows in (called, visited) for home in rows.values_list("household", flat=True) if home}
