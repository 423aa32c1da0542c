"""Figures of cases, as at a moment: a step that is written later changes no earlier number, and one that is taken back
counts until it was.
"""

from collections import Counter
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from qiaomen.cases.models import STATES, Case, CaseStep, Trip
from qiaomen.cases.rules.timing import UNDER_WAY
from qiaomen.kernel.clock import SHANGHAI
from qiaomen.kernel.figures import (
    Breakdown,
    Distinct,
    Excluded,
    Figure,
    Flow,
    Middle,
    Rate,
    moments_of,
    register,
    register_rates,
)
from qiaomen.needs.rules.vocabulary import KINDS, ORIGINS
from qiaomen.needs.selectors import handling_title, kind_title, origin_title
from qiaomen.visits.rules.vocabulary import HANDLINGS

CHANGES = ("opened", "closed", "solved", "not_solved", "withdrawn")
CLOCKS = (*CHANGES, "recorded", "paused", "resumed", "extended", "referred", "replied", "chosen", "taken_back")
"""Steps after which a case may have another last day; each says which."""
STATES_AFTER = {
    "opened": UNDER_WAY,
    "not_solved": UNDER_WAY,
    "closed": ("closed",),
    "solved": ("confirmed",),
    "withdrawn": ("taken_back",),
}
"""In which states a case may stand after its last change."""


def _standing(as_at: datetime, *kinds: str) -> QuerySet[CaseStep]:
    """Return the steps of some kinds that stood at a moment: written by then and not taken back by then."""
    back = CaseStep.objects.filter(kind="taken_back", at__lte=as_at, of__isnull=False)
    return CaseStep.objects.filter(kind__in=kinds, at__lte=as_at).exclude(pk__in=back.values("of"))


def _last_change(found: QuerySet[Case], as_at: datetime, *kinds: str) -> QuerySet[Case]:
    """Keep the cases whose last change that stood at `as_at` was one of `kinds`.

    Most cases are solved: asked for by what they are not, they are read along the table, three times as fast as by the
    index of states (benchmarks/bench_figures.py).
    """
    states = {state for kind in kinds for state in STATES_AFTER[kind]}
    stands = ~Q(state__in=set(STATES) - states) if "solved" in kinds else Q(state__in=states)
    moved = CaseStep.objects.filter(kind__in=(*CHANGES, "taken_back"), at__gt=as_at).values("case")
    then = _standing(as_at, *CHANGES).filter(case__in=moved)
    newer = Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk"))
    last = then.filter(~Exists(then.filter(newer, case=OuterRef("case"))), kind__in=kinds)
    return found.filter((stands & ~Q(pk__in=moved)) | Q(pk__in=last.values("case")))


def under_way(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Case]:
    """Return the cases under way at `as_at`."""
    found = Case.objects.filter(community=community, opened_at__lte=as_at)
    return _last_change(found, as_at, "opened", "not_solved")


def late(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Case]:
    """Return those of them whose last day, as it stood then, was over at `as_at`."""
    found = under_way(community=community, start=start, end=end, as_at=as_at)
    clocks = _standing(as_at, *CLOCKS).filter(due_on__isnull=False, case=OuterRef("pk")).order_by("-at", "-pk")
    return found.annotate(due_then=Subquery(clocks.values("due_on")[:1])).filter(
        due_then__lt=as_at.astimezone(SHANGHAI).date()
    )


def closed(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Case]:
    """Return the cases closed in the period, each once, whatever became of them but that nobody had asked for them.

    One that was neither reopened nor closed by mistake was closed once, as its row says; only of the others the steps
    are read.
    """
    first, last = moments_of(start, end)
    period = (first, min(last, as_at))
    again = CaseStep.objects.filter(kind__in=("not_solved", "taken_back")).values("case")
    steps = _standing(as_at, "closed").filter(at__range=period, case__in=again)
    found = Case.objects.filter(community=community).exclude(pk__in=_standing(as_at, "withdrawn").values("case"))
    return found.filter(Q(closed_at__range=period) | Q(pk__in=steps.values("case")))


def not_asked(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Case]:
    """Return those of them whose resident had not yet said whether it is solved."""
    return _last_change(closed(community=community, start=start, end=end, as_at=as_at), as_at, "closed")


def answered(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Case]:
    """Return those of them whose resident had said whether it is solved."""
    found = closed(community=community, start=start, end=end, as_at=as_at)
    return _last_change(found, as_at, "solved", "not_solved", "opened")


def solved(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Case]:
    """Return those of them of which the resident's last word is that it is solved."""
    return _last_change(closed(community=community, start=start, end=end, as_at=as_at), as_at, "solved")


def solved_at_first(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Case]:
    """Return those of them that were never reopened."""
    refused = _standing(as_at, "not_solved").values("case")
    return solved(community=community, start=start, end=end, as_at=as_at).exclude(pk__in=refused)


def closed_without_coming(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Case]:
    """Return those of the closed cases for which the resident had come not once, not even to say it at the window."""
    came = _trips(community, as_at).filter(way="came").values("case")
    found = closed(community=community, start=start, end=end, as_at=as_at)
    return found.exclude(pk__in=came).exclude(need__origin="window")


def _trips(community: Any, as_at: datetime) -> QuerySet[Trip]:
    """Return the trips that were noted by a moment and not taken back by then."""
    found: QuerySet[Trip] = Trip.everything.filter(_stood(as_at), community=community, noted_at__lte=as_at)
    return found


def trips_saved(*, community: Any, start: date, end: date, as_at: datetime) -> QuerySet[Trip]:
    """Return the trips one of us made in a resident's stead in the period."""
    return _trips(community, as_at).filter(way="went", on_date__range=(start, end))


def trips(found: QuerySet[Case], as_at: datetime) -> list[int]:
    """Return of each case how often its resident had to come: to say it at the window, and each trip that was noted.
    Two queries.
    """
    noted = Trip.everything.filter(_stood(as_at), way="came", noted_at__lte=as_at, case__in=found.values("pk"))
    came = Counter(noted.values_list("case", flat=True))
    rows = found.values_list("pk", "need__origin")
    return [came[key] + (origin == "window") for key, origin in rows]


def _stood(as_at: datetime) -> Q:
    return Q(taken_back_at=None) | Q(taken_back_at__gt=as_at)


def _first_trip(community: Any) -> date | None:
    return Trip.objects.filter(community=community).order_by("on_date").values_list("on_date", flat=True).first()


def _first(community: Any) -> date | None:
    found = Case.objects.filter(community=community).order_by("opened_at").values_list("opened_at", flat=True).first()
    return found.astimezone(SHANGHAI).date() if found else None


def _say_compound(name: str | None) -> str:
    return name or str(_("没有门牌"))


PARTS = (
    Breakdown("origin", _("怎么听到的"), "need__origin", origin_title, ORIGINS),
    Breakdown("compound", _("小区"), "need__household__dwelling__entrance__building__compound__name", _say_compound),
    Breakdown("kind", _("哪一类"), "need__kind", kind_title, KINDS),
    Breakdown("handling", _("怎么办"), "need__handling", handling_title, HANDLINGS),
)


def _case(
    code: str,
    title: Any,
    definition: Any,
    records: Any,
    whole: str = "",
    counts: str = "distinct",
    **more: Any,
) -> Figure:
    return Figure(
        code,
        title,
        definition,
        _("件"),
        records,
        population=_("社区主办的全部事，一件只算一次"),
        whole=whole,
        counts=counts,
        breakdowns=PARTS,
        distinct=Distinct(_("涉及的户"), _("户"), "need__household"),
        first=_first,
        **more,
    )


register(
    _case(
        "cases.under_way",
        _("正在办理"),
        _("截至公布时刻还没有办结的事"),
        under_way,
        counts="at",
        flow=Flow(into=("needs.heard",), but=("needs.on_the_spot",), out=("cases.closed",)),
    ),
    _case(
        "cases.late",
        _("逾期"),
        _("正在办理、最后期限已过的事（按工作日计算）"),
        late,
        "cases.under_way",
        counts="at",
    ),
    _case(
        "cases.closed",
        _("办结"),
        _("期间办结过的事，后来重新办理的也算"),
        closed,
        middle=Middle(
            _("居民跑了几趟"),
            _("趟"),
            _("到窗口来说算一趟，办理中每记一次“居民来了一趟”再算一趟；从小到大排，取中间一件的"),
            trips,
        ),
        splits=(("cases.not_asked", "cases.answered"),),
    ),
    _case(
        "cases.not_asked",
        _("还没问到居民"),
        _("期间办结的事中，到截至时刻居民还没有说解决没解决的"),
        not_asked,
        "cases.closed",
    ),
    _case(
        "cases.answered",
        _("居民答复了的"),
        _("期间办结的事中，到截至时刻居民说了解决或没有解决的"),
        answered,
        "cases.closed",
    ),
    _case(
        "cases.solved",
        _("居民说解决了"),
        _("期间办结的事中，到截至时刻居民最后一次答复是解决了的"),
        solved,
        "cases.answered",
    ),
    _case(
        "cases.solved_at_first",
        _("一次解决"),
        _("居民说解决了的事中，从来没有重新办理过的"),
        solved_at_first,
        "cases.solved",
    ),
)
register(
    _case(
        "cases.closed_without_coming",
        _("居民一趟没跑的"),
        _("期间办结的事中，居民为它一趟也没有来过的"),
        closed_without_coming,
        "cases.closed",
    ),
    Figure(
        "cases.trips_saved",
        _("替居民跑的趟数"),
        _("期间工作人员替居民去办事的趟数，一趟登记一次"),
        _("趟"),
        trips_saved,
        population=_("社区主办的全部事"),
        distinct=Distinct(_("涉及的户"), _("户"), "case__need__household"),
        first=_first_trip,
    ),
)
NOT_ASKED = (Excluded("cases.not_asked", _("还没有问到居民，不算解决，也不算没解决")),)
register_rates(
    Rate(
        "cases.solved_rate",
        _("解决率"),
        _("居民答复了的事中，居民说解决了的有多少"),
        "cases.solved",
        "cases.answered",
        NOT_ASKED,
    ),
    Rate(
        "cases.first_time_rate",
        _("一次解决率"),
        _("居民答复了的事中，从来没有重新办理、居民说解决了的有多少"),
        "cases.solved_at_first",
        "cases.answered",
        NOT_ASKED,
    ),
)
