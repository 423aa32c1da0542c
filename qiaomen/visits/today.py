"""The rounds of today beside the inbox, what doors brought back since yesterday, and who walks for who is away."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.kernel.lines import News, Part, register_news, register_part
from qiaomen.office.disclosure import READERS
from qiaomen.office.handover.acts import when_away
from qiaomen.office.models import Handover, Organisation, Staff
from qiaomen.office.shared import campaigns
from qiaomen.visits.actions import wishes
from qiaomen.visits.models import Leave, Round, Visit
from qiaomen.visits.selectors.labels import outcome_title
from qiaomen.visits.selectors.round_pages import doors_walked, round_list, with_counts
from qiaomen.visits.selectors.teams.county import promised_by_community
from qiaomen.visits.selectors.teams.leave import leaves_on, replace_absent
from qiaomen.visits.selectors.worklist import late_doors

WALKERS = frozenset({"head", "worker", "volunteer"})


def rounds_today(viewer: Staff, community: Organisation | None, today: date) -> dict[str, Any] | None:
    """Return today's rounds with how many doors are done, the viewer's own with its doors first; fixed queries."""
    if community is None:
        return None
    counted = Round.objects.filter(community=community, day=today).exclude(state="cancelled")
    counted = with_counts(counted)
    rounds = list(counted.select_related("team", "community").prefetch_related("team__members").order_by("team__name"))
    away = leaves_on(community, today)
    mine = next((made for made in rounds if viewer in replace_absent(made.team.members.all(), away)), None)
    return {
        "walk": mine,
        "walk_doors": _doors(mine, viewer) if mine is not None else [],
        "rounds": [made for made in rounds if made != mine],
        "late_doors": len(late_doors(community, today)) if viewer.role in READERS else 0,
        "may_plan": viewer.role in READERS,
    }


def _doors(made: Round, viewer: Staff) -> list[dict[str, Any]]:
    """Return the doors of a round that are this viewer's to walk, as `round_pages.doors_for` chooses them."""
    found = round_list(made)
    shared = any(item["door"].walker_id == viewer.pk for item in found)
    theirs = {None, viewer.pk}
    mine = [item for item in found if not shared or item["door"].walker_id in theirs]
    return [{**item, "url": _address(item, made)} for item in mine]


def _homes_shown(context: dict[str, Any]) -> list[UUID]:
    return [item["household"].pk for item in context["walk_doors"] if item["household"]]


def _address(item: dict[str, Any], made: Round) -> str:
    home = item["household"]
    return reverse("register:household", args=[home.pk]) if home else reverse("visits:round", args=[made.pk])


def news_of(community: Organisation, viewer: Any, since: datetime, most: int) -> Iterable[News]:
    """Return what the doors brought back: outcome and who was there, never what was said. One query.

    A volunteer reads of their own walks and of their team's rounds, and of nobody else's doors.
    """
    if viewer.role not in WALKERS:
        return []
    rows = Visit.objects.filter(community=community, happened_at__gte=since).select_related("staff").defer("note")
    if viewer.role == "volunteer":
        walked = Round.objects.filter(community=community, team__members=viewer)
        rows = rows.filter(Q(staff=viewer) | Q(round__in=walked))
    return [
        News(
            row.happened_at,
            _("{what}（{who}）").format(what=outcome_title(row.outcome), who=row.staff.name),
            row.household_id,
        )
        for row in rows.order_by("-happened_at")[:most]
    ]


def begin_away(handover: Handover, actor: Staff | None) -> None:
    """Let the stand-in walk for whoever is away, and plan so."""
    assert handover.to_date is not None
    wishes.note_leave(
        community=handover.community,
        staff=handover.staff,
        from_date=handover.from_date,
        to_date=handover.to_date,
        cover=handover.stand_in,
        actor=actor,
    )


def end_away(handover: Handover, actor: Staff | None) -> None:
    """Let whoever was away walk again."""
    assert handover.to_date is not None
    standing = Leave.objects.filter(
        community=handover.community,
        staff=handover.staff,
        cover=handover.stand_in,
        from_date=handover.from_date,
        to_date=handover.to_date,
    )
    for leave in standing:
        wishes.end_leave(leave=leave, actor=actor)


def _carried(community: Organisation, keys: Iterable[UUID]) -> list[campaigns.Carried]:
    """Return rounds as the page of a campaign lists them: day, team, doors walked."""
    rows = Round.objects.filter(community=community, pk__in=list(keys)).select_related("team")
    counted = rows.annotate(done=doors_walked())
    return [
        campaigns.Carried(
            made.day,
            _("{team}，走了 {n} 户").format(team=made.team.name, n=made.done),
            reverse("visits:round", args=[made.pk]),
        )
        for made in counted
    ]


campaigns.may_carry(Round, _lazy("敲门"), _carried)
when_away(begin_away, end_away)
register_news("visits", news_of)
register_part(
    Part("visits.promised", "top", 15, "visits/today_promised.html", promised_by_community, frozenset({"supervisor"}))
)
register_part(Part("visits.rounds", "side", 10, "visits/today_rounds.html", rounds_today, WALKERS, _homes_shown))
