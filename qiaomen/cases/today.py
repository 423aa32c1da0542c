"""How many matters are late in each community, for the county: numbers of work, never of a worker."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.cases import selectors
from qiaomen.cases.models import Case
from qiaomen.cases.selectors.sealed import quiet_title, sealed_codes
from qiaomen.kernel import clock
from qiaomen.kernel.figures import moments_of
from qiaomen.kernel.lines import Part, register_part
from qiaomen.office.access import communities_under
from qiaomen.office.models import Organisation
from qiaomen.office.shared import campaigns

WEEK = timedelta(days=6)


def late_by_community(viewer: Any, community: Organisation | None, today: date) -> dict[str, Any] | None:
    """Return the matters under way, late and closed this week by community, in the order of their codes.

    It is no ranking: whom to help first is the reader's judgement, and no worker is in it.
    """
    week = moments_of(today - WEEK, today)
    counts = {
        row["community"]: row
        for row in Case.objects.values("community").annotate(
            under_way=Count("pk", filter=selectors.under_way()),
            late=Count("pk", filter=selectors.late(today)),
            long_late=Count("pk", filter=selectors.late(today - timedelta(days=30))),
            closed=Count("pk", filter=Q(closed_at__range=week, state__in=["closed", "confirmed"])),
        )
    }
    homes = communities_under(viewer)
    return {"rows": [{**counts.get(home.pk, {}), "community": home} for home in homes]}


def _cases_carried(community: Organisation, keys: Any) -> list[campaigns.Carried]:
    rows = Case.objects.filter(community=community, pk__in=list(keys)).select_related("need")
    codes = sealed_codes()
    return [
        campaigns.Carried(
            case.opened_at.astimezone(clock.SHANGHAI).date(),
            f"{quiet_title(case.need, case.procedure in codes)} · {selectors.state_title(case)}",
            reverse("cases:detail", args=[case.pk]),
        )
        for case in rows.defer("need__words")
    ]


register_part(Part("cases.late", "top", 20, "cases/today_late.html", late_by_community, frozenset({"supervisor"})))
campaigns.may_carry(Case, _lazy("办事"), _cases_carried)
