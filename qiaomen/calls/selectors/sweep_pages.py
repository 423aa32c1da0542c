"""Rows → the pages of sweeps."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qiaomen.calls.models import Sweep
from qiaomen.calls.selectors.sweeps import DECLINED, counts_of, left_in, people_asked, topics
from qiaomen.office.models import Organisation
from qiaomen.register.selectors import packs
from qiaomen.visits.models import RoundDoor

MOST_SHOWN = 50


def sweeps_of(community: Organisation, day: date) -> list[dict[str, Any]]:
    """Return the sweeps, those that ask in front, each with its three figures."""
    rows = Sweep.objects.filter(community=community).select_related("compound", "community")
    found = [{"sweep": row, "open": is_open(row, day), **counts_of(row, day)} for row in rows.order_by("-made_at")[:30]]
    return sorted(found, key=lambda row: not row["open"])


def is_open(sweep: Sweep, day: date) -> bool:
    """Say whether a sweep asks on a day."""
    return sweep.ended_at is None and sweep.from_date <= day <= sweep.until


def sweep_page(sweep: Sweep, day: date) -> dict[str, Any]:
    """Return what a sweep asks, its figures, and the doors that are left: those of coming rounds say so."""
    known = topics()
    asked = [known[code] for code in sweep.codes if code in known]
    left = left_in(sweep, day).select_related("dwelling__entrance__building__compound")
    homes = list(left.order_by("dwelling__walk_order", "pk")[:MOST_SHOWN]) if is_open(sweep, day) else []
    people = people_asked(sweep, [home.pk for home in homes], day)
    coming = RoundDoor.objects.filter(round__community=sweep.community_id, round__day__gte=day, round__state="planned")
    rounds = dict(coming.planned().order_by("-round__day").values_list("dwelling", "round__day"))
    return {
        "sweep": sweep,
        "open": is_open(sweep, day),
        **counts_of(sweep, day),
        "words": [_(fact.ask) for fact in asked],
        "left_rows": [
            {
                "household": home,
                "round_day": rounds.get(home.dwelling_id) if home.dwelling_id else None,
                "asks": [
                    {
                        "name": f"answer-{person.pk}:{fact.code}",
                        "whom": person.name,
                        "words": _(fact.ask),
                        "choices": _choices(fact),
                    }
                    for person in people.get(home.pk, [])
                    for fact in asked
                ],
            }
            for home in homes
        ],
    }


def _choices(fact: Any) -> list[tuple[str, str]]:
    values: list[Any] = [True, False] if fact.kind == "bool" else list(fact.choices)
    return [*((fact.write(value), packs.say(fact, value)) for value in values), (DECLINED, _("不愿说"))]
