"""What imports say of a household a list has changed, which lists still wait, and what they offer at a community."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.imports.actions import handover
from qiaomen.imports.models import ImportBatch
from qiaomen.kernel import clock
from qiaomen.kernel.lines import (
    ANSWER_OWED,
    NICE,
    Act,
    Line,
    Link,
    register_act,
    register_held,
    register_lines,
    register_links,
)
from qiaomen.kernel.texts import say_day
from qiaomen.office.disclosure import READERS
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Change, Household, Person

LATELY_DAYS = 60


def lines_of(households: Sequence[Household], viewer: Any, today: date) -> list[Line]:
    """Return the last list that changed what stood of each household, and in how many places: two queries."""
    if viewer.role not in READERS:
        return []
    people = Person.objects.filter(household__in=households).values_list("pk", "household_id")
    home_of = {home.pk: home.pk for home in households} | dict(people)
    before = Change.objects.filter(row=OuterRef("row"), pk__lt=OuterRef("pk"))
    since = today - timedelta(days=LATELY_DAYS)
    touched = Change.objects.filter(
        Exists(before), row__in=home_of, act__kind="import", act__undone_at=None, act__made_at__date__gte=since
    )
    last: dict[UUID, tuple[Any, set[UUID]]] = {}
    for row, act, moment in touched.order_by("pk").values_list("row", "act", "act__made_at"):
        home = home_of[row]
        known = last.get(home)
        rows = known[1] if known is not None and known[0][0] == act else set()
        last[home] = (act, moment), rows | {row}
    return [_changed(home, act, moment, len(rows)) for home, ((act, moment), rows) in last.items()]


def _changed(home: UUID, act: UUID, moment: Any, count: int) -> Line:
    day = moment.astimezone(clock.SHANGHAI).date()
    text = _("{day}的名册改过这一户的 {n} 份资料").format(day=say_day(day), n=count)
    return Line("imports.changed", ("register.act", act), text, since=day, household=home)


def lines_held(community: Organisation, viewer: Any, today: date, owner: UUID | None) -> list[Line]:
    """Return the lists that were brought in and not finished, with the rows that need somebody's eye: one query."""
    if viewer.role not in READERS:
        return []
    waiting = ImportBatch.objects.filter(community=community, state__in=("uploaded", "previewed"))
    if owner is not None:
        waiting = waiting.filter(made_by=owner)
    rows = waiting.defer("workbook", "mapping", "notes", "answers").order_by("made_at")
    return [
        _waiting(batch) for batch in rows.annotate(doubts=Count("rows", filter=Q(rows__kind__in=("double", "ask"))))
    ]


def _waiting(batch: Any) -> Line:
    text = _("名册“{file}”还没有导入完")
    if batch.doubts:
        text = _("名册“{file}”还没有导入完，{n} 行像是已有的人，要看一看")
    return Line(
        "imports.waiting",
        (ImportBatch.record_type, batch.pk),
        text.format(file=batch.file_name, n=batch.doubts),
        ANSWER_OWED if batch.doubts else NICE,
        since=batch.made_at.astimezone(clock.SHANGHAI).date(),
        owner=(Staff.record_type, batch.made_by_id),
        url=reverse("imports:detail", args=[batch.pk]),
        act="imports.go-on",
    )


def _give(line: Line, to: Staff, actor: Staff) -> None:
    handover.give(batch=ImportBatch.objects.get(pk=line.subject[1]), to=to, actor=actor)


def at_community(community: Organisation, viewer: Any) -> list[Link]:
    """Offer to bring a list in."""
    if viewer.role not in ("head", "worker"):
        return []
    return [Link(10, _("导入名册"), reverse("imports:list"))]


register_act(
    Act(
        "imports.go-on",
        _lazy("接着导入"),
        "imports:detail",
        opens=True,
        allowed=lambda viewer: viewer.role in READERS,
        reassign=_give,
        title=_lazy("没有导入完的名册"),
        lent=False,
    )
)
register_lines("imports", lines_of)
register_held("imports", lines_held)
register_links("imports", Organisation.record_type, at_community)
