"""What walks hang on one member of staff by name, and how each goes to a colleague."""

from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.kernel.lines import (
    PROMISE_DUE,
    Act,
    Line,
    Ref,
)
from qiaomen.kernel.texts import say_day
from qiaomen.office.models import Organisation, Staff
from qiaomen.visits.actions import rounds, wishes
from qiaomen.visits.lines.at_doors import broken_lines
from qiaomen.visits.models import Leave, Team, VisitWish
from qiaomen.visits.selectors.teams.promise_page import question_of_office

ASKED = "visits.decide-promise"


def lines_held(community: Organisation, viewer: Any, today: date, owner: UUID | None) -> list[Line]:
    """Return what hangs on one member of staff by name: teams, wishes for nobody else, leaves they cover: three
    queries. In everybody's work stand the agreed hours nobody kept.
    """
    if owner is None:
        asked = _asked_of_head(community) if viewer.role == "head" else []
        return [*asked, *broken_lines(community, viewer, today)]
    mine: Ref = (Staff.record_type, owner)
    teams = Team.objects.filter(community=community, members=owner).order_by("name")
    wished = VisitWish.objects.filter(community=community, ended_at=None, whom=owner).select_related("household")
    covers = Leave.objects.filter(community=community, cover=owner, to_date__gte=today).select_related("staff")
    found = [
        Line(
            "visits.team",
            (Team.record_type, team.pk),
            _("在{team}里走访").format(team=team.name),
            owner=mine,
            act="visits.walk",
        )
        for team in teams
    ]
    found += [
        Line(
            "visits.whom",
            (VisitWish.record_type, wish.pk),
            _("{name}户只要这一位来").format(name=wish.household.head_name),
            owner=mine,
            household=wish.household_id,
            act="visits.come",
        )
        for wish in wished.order_by("pk")
    ]
    return found + [
        Line(
            "visits.cover",
            (Leave.record_type, leave.pk),
            _("替{name}走到 {day}").format(name=leave.staff.name, day=say_day(leave.to_date)),
            due_on=leave.to_date,
            owner=mine,
            act="visits.cover",
        )
        for leave in covers.order_by("to_date", "pk")
    ]


def _asked_of_head(community: Organisation) -> list[Line]:
    """Return what the head is asked about the promise: one query."""
    question, office = question_of_office(community), (Organisation.record_type, community.pk)
    if not question:
        return []
    return [
        Line("visits.promise", office, question, PROMISE_DUE, owner=office, url=reverse("visits:promise"), act=ASKED)
    ]


def _walk_instead(line: Line, to: Staff, actor: Staff) -> None:
    assert line.owner is not None
    team = Team.objects.get(pk=line.subject[1])
    rounds.replace_member(team=team, leaver=Staff.objects.get(pk=line.owner[1]), to=to, actor=actor)


def _come_instead(line: Line, to: Staff, actor: Staff) -> None:
    wishes.give_wish(wish=VisitWish.objects.get(pk=line.subject[1]), to=to, actor=actor)


def _cover_instead(line: Line, to: Staff, actor: Staff) -> None:
    wishes.change_cover(leave=Leave.objects.get(pk=line.subject[1]), cover=to, actor=actor)


PROMISE = Act(ASKED, _lazy("看看怎么定"), "visits:promise", opens=True)
WALK = Act(
    "visits.walk",
    _lazy("换人"),
    "visits:rounds",
    opens=True,
    reassign=_walk_instead,
    title=_lazy("敲门小组和排好的户"),
    lent=False,
)
COME = Act(
    "visits.come",
    _lazy("换人"),
    "visits:rounds",
    opens=True,
    reassign=_come_instead,
    title=_lazy("只要这一位上门的户"),
    lent=False,
)
COVER = Act(
    "visits.cover", _lazy("换人"), "visits:rounds", opens=True, reassign=_cover_instead, title=_lazy("替别人走的")
)
