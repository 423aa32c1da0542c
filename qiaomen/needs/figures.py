"""Figures of needs."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.figures import Figure, moments_of, register
from qiaomen.needs.models import Need


def heard(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Need]:
    """Return the needs heard in the period and known by `as_at`."""
    period = moments_of(start, end)
    known = Need.everything.filter(Q(taken_back_at=None) | Q(taken_back_at__gt=as_at))
    return known.filter(community=community, heard_at__range=period, received_at__lte=as_at)


def on_the_spot(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Need]:
    """Return those of them answered at the door."""
    return heard(community=community, start=start, end=end, as_at=as_at).filter(handling="on_the_spot")


register(
    Figure("needs.heard", _("听到的诉求"), _("期间在门前、窗口和电话里听到的诉求"), _("件"), heard),
    Figure("needs.on_the_spot", _("当场答复"), _("期间听到的诉求中当场答复的"), _("件"), on_the_spot),
)
