"""What phones brought back beyond single visits, for the desk: shared doors, findings on the stairs, corrections."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.needs.models import Need
from qiaomen.needs.selectors import kind_title, open_to
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Person
from qiaomen.register.selectors import minors
from qiaomen.visits.models import Correction, Observation, Visit, VisitDetail
from qiaomen.visits.rules.brought.conflicts import merged
from qiaomen.visits.selectors.brought import check_words, open_conflicts
from qiaomen.visits.selectors.labels import outcome_title

DAYS = 14
MOST, MOST_SEARCHED = 60, 600
"""Rows of a list, and rows that are looked through for words: what is sealed cannot be asked of the database."""


@dataclass(frozen=True)
class Wish:
    """What of the page somebody wants: of a compound, with these words in it; empty fields ask for nothing."""

    compound: UUID | None = None
    words: str = ""

    def of(self, path: str) -> dict[str, Any]:
        """Return the filter by compound; `path` leads to a building."""
        return {f"{path}__compound": self.compound} if self.compound is not None else {}

    def takes(self, *texts: str) -> bool:
        """Say whether the words stand in one of these texts."""
        return not self.words or any(self.words in text for text in texts)

    @property
    def most(self) -> int:
        """How many rows are looked at."""
        return MOST_SEARCHED if self.words else MOST


def shared_doors(community: Organisation, wish: Wish) -> list[dict[str, Any]]:
    """Return the doors two of us were at on one day: one visit day, every account as it was told."""
    since = clock.now() - timedelta(days=DAYS)
    recent = Visit.objects.filter(
        community=community, happened_at__gte=since, **wish.of("dwelling__entrance__building")
    )
    day = TruncDate("happened_at", tzinfo=clock.SHANGHAI)
    twice = recent.annotate(day=day).values("dwelling", "day").annotate(people=Count("staff", distinct=True))
    found = list(twice.filter(people__gt=1).order_by("-day")[:30])
    kept = recent.filter(dwelling__in=[one["dwelling"] for one in found]).select_related("staff", "dwelling")
    groups: dict[Any, list[Visit]] = defaultdict(list)
    for visit in kept.order_by("happened_at"):
        groups[visit.dwelling_id, visit.happened_at.astimezone(clock.SHANGHAI).date()].append(visit)
    details = {one.pk: json.loads(one.said) for one in VisitDetail.objects.filter(visit__in=kept)}
    days = [_shared(groups[one["dwelling"], one["day"]], one["day"], details) for one in found]
    return [day for day in days if wish.takes(day["label"], *(text for line in day["lines"] for text in _texts(line)))]


def _texts(line: dict[str, Any]) -> list[str]:
    return [line["who"], str(line["outcome"]), line["note"], *map(str, line["parts"])]


def _shared(visits: list[Visit], day: Any, details: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    accounts = [{"outcome": visit.outcome, **details.get(visit.pk, {})} for visit in visits]
    together: dict[str, Any] = accounts[0]
    for account in accounts[1:]:
        together = {"outcome": together["outcome"], "check": merged(together, account)}
    return {
        "label": visits[0].dwelling.door_label,
        "day": day,
        "lines": [
            {
                "who": visit.staff.name,
                "outcome": outcome_title(visit.outcome),
                "note": visit.note,
                "parts": _parts(account),
            }
            for visit, account in zip(visits, accounts, strict=True)
        ],
        "check": "；".join(_heads(together.get("check") or {})),
    }


def _parts(account: dict[str, Any]) -> list[str]:
    return [*_heads(account.get("check") or {}), *(check_words.talk_title(talk) for talk in account.get("talks") or [])]


def _heads(check: dict[str, list[str]]) -> list[str]:
    return [f"{check_words.head_title(head)} {check_words.check_in_words(check, head)}" for head in check]


def findings_of(community: Organisation, wish: Wish) -> list[dict[str, Any]]:
    """Return what was seen on the stairs, open ones first, newest first."""
    found = Observation.objects.filter(community=community, **wish.of("entrance__building")).select_related(
        "entrance__building__compound", "staff", "round__team", "settled_by"
    )
    rows: list[dict[str, Any]] = [
        {"finding": one, "where": _where(one), "kind": check_words.finding_title(one.kind)}
        for one in sorted(found.order_by("-happened_at")[: wish.most], key=lambda one: one.settled_at is not None)
    ]
    return [row for row in rows if wish.takes(row["where"], str(row["kind"]), row["finding"].words)][:MOST]


def _where(finding: Observation) -> str:
    entrance = _("{n} 单元").format(n=finding.entrance.name)
    floor = _("{n} 楼").format(n=finding.floor) if finding.floor is not None else _("楼门口")
    return f"{finding.entrance.building} {entrance} {floor}"


def corrections_of(community: Organisation, wish: Wish, viewer: Staff) -> list[dict[str, Any]]:
    """Return what was put right, with what stood before and the reason, newest first; names as this viewer may read
    them. `named`: whose names stand there, for the gate.
    """
    found = Correction.objects.filter(
        community=community, **wish.of("visit__dwelling__entrance__building")
    ).select_related("visit__dwelling", "staff")
    changed = [
        (one, json.loads(one.before), json.loads(one.after)) for one in found.order_by("-received_at")[: wish.most]
    ]
    named = _Named([side for _one, before, after in changed for side in (before, after)], viewer)
    rows: list[dict[str, Any]] = [
        {
            "kept": one,
            "label": one.visit.dwelling.door_label,
            "lines": _lines(before, after, named),
            "named": named.open_in(before, after),
        }
        for one, before, after in changed
    ]
    return [row for row in rows if wish.takes(row["label"], row["kept"].reason, *_corrected(row))][:MOST]


def versions_of(community: Organisation, viewer: Staff) -> list[dict[str, Any]]:
    """Return the contradicting accounts, side by side; those about a child sealed to this viewer are not among them."""
    found = open_conflicts.waiting(community)
    return [item for item in found if item["pair"].person is None or not minors.is_sealed(item["pair"].person, viewer)]


class _Named:
    """The people and needs that some corrections name, read in a statement each."""

    def __init__(self, sides: list[dict[str, Any]], viewer: Staff) -> None:
        keys = {value for side in sides for name, value in side.items() if name.startswith("need.") and value}
        needs = {name.removeprefix("need.") for side in sides for name in side if name.startswith("need.")}
        self.people = {str(one.pk): one for one in Person.objects.filter(pk__in=keys)}
        open_needs = open_to(Need.everything.filter(pk__in=needs), viewer)
        self.kinds = {str(one.pk): kind_title(one.kind) for one in open_needs}
        self.shut = {f"need.{key}" for key in needs if key not in self.kinds}
        self.viewer = viewer

    def name(self, key: str) -> str:
        """Return a name as the viewer may read it, "" for nobody."""
        whom = self.people.get(key)
        return minors.shown_name(whom, self.viewer) if whom is not None else ""

    def open_in(self, *sides: dict[str, Any]) -> list[UUID]:
        """Return whose names are shown in clear."""
        there = [
            self.people[value]
            for side in sides
            for name, value in side.items()
            if value in self.people and name not in self.shut
        ]
        return [one.pk for one in there if not minors.is_sealed(one, self.viewer)]


def _corrected(row: dict[str, Any]) -> list[str]:
    return [text for line in row["lines"] for text in (str(line["before"]), str(line["after"]))]


def _lines(before: dict[str, Any], after: dict[str, Any], named: _Named) -> list[dict[str, str]]:
    lines = []
    for name, value in after.items():
        if name in named.shut:
            continue
        if name == "outcome":
            title, old, new = _("结果"), outcome_title(before[name]), outcome_title(value)
        elif name == "note":
            title, old, new = _("记下的话"), before[name], value
        elif name == "door":
            title, old, new = _("哪一户"), before[name], value
        else:
            kind = named.kinds.get(name.removeprefix("need."), "")
            title, old, new = _("{kind}为谁办").format(kind=kind), named.name(before[name]), named.name(value)
        lines.append({"title": title, "before": old, "after": new})
    return lines
