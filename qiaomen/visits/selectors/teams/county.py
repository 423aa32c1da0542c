"""Promised against kept: whose day has come, and who was seen by it. For figures, and by community for the county."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from qiaomen.office.access import communities_under
from qiaomen.office.models import Organisation, Staff
from qiaomen.visits.models import CadencePromise, DueVisit
from qiaomen.visits.selectors.teams.promise_page import terms_in_words

PERIOD_DAYS = 28
"""Four weeks up to yesterday: of a shorter time the figure says little."""
KEPT = Q(state="done", visit__happened_at__date__lte=F("promised_on"))


def fallen_due(start: date, end: date, as_at: datetime | None = None) -> QuerySet[DueVisit]:
    """Return the visits of a cadence that were promised by a day of the period; what is no longer true is not there."""
    rows = DueVisit.objects.filter(clock__in=["cadence", "unseen"], promised_on__range=(start, end))
    rows = rows.exclude(state="cancelled")
    return rows if as_at is None else rows.filter(made_at__lte=as_at)


def missed(start: date, end: date, as_at: datetime | None = None) -> QuerySet[DueVisit]:
    """Return those of them by whose day nobody was seen."""
    return fallen_due(start, end, as_at).exclude(KEPT)


def promised_by_community(viewer: Staff, _community: Organisation | None, today: date) -> dict[str, Any]:
    """Return what each community promised, and at how many doors its day came and was kept, in the order of the
    communities' codes. Three queries, however many communities.

    It is no ranking, and nobody of the staff is in it.
    """
    start, end = today - timedelta(days=PERIOD_DAYS), today - timedelta(days=1)
    came, lost = _doors(fallen_due(start, end)), _doors(missed(start, end))
    words = _words(today)
    rows = [
        {
            "community": home,
            "words": words.get(home.pk, ""),
            "promised": came.get(home.pk, 0),
            "kept": came.get(home.pk, 0) - lost.get(home.pk, 0),
        }
        for home in communities_under(viewer)
    ]
    return {"rows": rows, "start": start, "end": end}


def _doors(rows: QuerySet[DueVisit]) -> dict[UUID, int]:
    counted = rows.values_list("community").annotate(n=Count("dwelling", distinct=True)).order_by()
    return {key: int(number) for key, number in counted}


def _words(today: date) -> dict[UUID, str]:
    rows = CadencePromise.objects.filter(from_date__lte=today).order_by("from_date", "made_at")
    standing = dict(rows.values_list("community", "terms"))
    return {key: terms_in_words(terms) for key, terms in standing.items()}
