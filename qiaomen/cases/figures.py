"""Figures of cases, as at a moment: reconstructed from the steps, so that a later change does not rewrite the past."""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from qiaomen.cases.models import Case, CaseStep
from qiaomen.kernel.clock import SHANGHAI
from qiaomen.kernel.figures import Figure, moments_of, register

CHANGES = ("opened", "closed", "solved", "not_solved", "withdrawn")


def _standing(as_at: datetime) -> QuerySet[CaseStep]:
    """Return the steps of a case that stood at a moment: written by then and not taken back by then."""
    back = CaseStep.objects.filter(of=OuterRef("pk"), kind="taken_back", at__lte=as_at)
    return CaseStep.objects.filter(~Exists(back), case=OuterRef("pk"), at__lte=as_at)


def under_way(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Case]:
    """Return the cases under way at `as_at`."""
    last = _standing(as_at).filter(kind__in=CHANGES).order_by("-at", "-pk")
    found = Case.objects.filter(community=community, opened_at__lte=as_at)
    return found.annotate(last_change=Subquery(last.values("kind")[:1])).filter(
        Q(last_change="opened") | Q(last_change="not_solved")
    )


def late(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Case]:
    """Return those of them whose last day, as it stood then, was over at `as_at`."""
    found = under_way(community=community, start=start, end=end, as_at=as_at)
    clocks = _standing(as_at).filter(due_on__isnull=False).order_by("-at", "-pk")
    return found.annotate(due_then=Subquery(clocks.values("due_on")[:1])).filter(
        due_then__lt=as_at.astimezone(SHANGHAI).date()
    )


def done(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Case]:
    """Return the cases closed in the period that stood closed at `as_at`."""
    last = _standing(as_at).filter(kind__in=CHANGES).order_by("-at", "-pk")
    closed = _standing(as_at).filter(kind="closed").order_by("-at", "-pk")
    found = Case.objects.filter(community=community, opened_at__lte=as_at)
    found = found.annotate(last_change=Subquery(last.values("kind")[:1]), closed_then=Subquery(closed.values("at")[:1]))
    return found.filter(last_change__in=("closed", "solved"), closed_then__range=moments_of(start, end))


register(
    Figure("cases.done", _("办结"), _("期间办结、截至公布时刻居民没有说没解决的事"), _("件"), done),
    Figure("cases.under_way", _("正在办理"), _("截至公布时刻还没有办结的事"), _("件"), under_way),
    Figure("cases.late", _("逾期"), _("正在办理、最后期限已过的事（按工作日计算）"), _("件"), late),
)
