"""What the proxy desk says of a household: papers that lie with us are a line until they are given back."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Min, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.cases.lines.matters import give_matter
from qiaomen.cases.models import Case, Mandate, Material, NearRelative, Original, Tracking, Trip
from qiaomen.cases.selectors.sealed import shut_to
from qiaomen.kernel import clock
from qiaomen.kernel.lines import ANSWER_OWED, Act, Holding, Line, Link
from qiaomen.kernel.texts import say_day
from qiaomen.office.disclosure import READERS
from qiaomen.office.fields import write_sealed
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.actions import acts
from qiaomen.register.models import Household, Person


def lines_of(households: Sequence[Household], viewer: Any, today: date) -> list[Line]:
    """Return the line of each matter of these households over whose papers lie with us: one query."""
    return _lines(Original.objects.filter(case__need__household__in=households), viewer)


def lines_held(community: Organisation, viewer: Any, today: date, owner: UUID | None) -> list[Line]:
    """Return the same of a whole community, or of one owner: one query."""
    found = Original.objects.filter(community=community)
    return _lines(found.filter(case__owner=owner) if owner is not None else found, viewer)


def _lines(found: QuerySet[Original], viewer: Any) -> list[Line]:
    rows = (
        found.filter(returned_at=None)
        .exclude(case__in=shut_to(viewer))
        .values("case", "case__owner", "case__owner__name", "case__need__household", "case__need__person")
    )
    return [_line(row, viewer) for row in rows.annotate(pieces=Sum("pieces"), since=Min("noted_at")).order_by("case")]


def _line(row: Any, viewer: Any) -> Line:
    since = row["since"].astimezone(clock.SHANGHAI).date()
    text = _("{n} 件原件还在我们这里，{day}收的（{who}在办）")
    return Line(
        "cases.originals",
        (Case.record_type, row["case"]),
        text.format(n=row["pieces"], day=say_day(since), who=row["case__owner__name"]),
        ANSWER_OWED,
        since=since,
        owner=(Staff.record_type, row["case__owner"]),
        url=f"{reverse('cases:proxy', args=[row['case']])}#original" if viewer.role in READERS else "",
        spoken=_("您交来的原件还在社区，办完就还您。"),
        household=row["case__need__household"],
        people=(row["case__need__person"],) if row["case__need__person"] else (),
        act="cases.give-back",
    )


def _may_work(viewer: Any) -> bool:
    return viewer.role in READERS


GIVE_BACK = Act(
    "cases.give-back",
    _lazy("还原件"),
    "cases:proxy",
    opens=True,
    allowed=_may_work,
    reassign=give_matter,
    title=_lazy("要还的原件"),
)


def held_of(person: Person) -> list[Holding]:
    """Return what the proxy desk holds on a person: mandates and papers, without their words."""
    about, basis = Q(person=person) | Q(case__need__person=person), _("社区工作职责")
    rows = [
        Holding(
            _("您的委托"),
            _("已收回") if row.withdrawn_at else _("记着"),
            _("凭您的话替您办事，不多办一步"),
            basis,
            row.given_on,
        )
        for row in Mandate.objects.filter(about).distinct().order_by("-noted_at")
    ]
    rows += [
        Holding(
            _("您交来的原件（第 {n} 号）").format(n=row.number),
            _("已经还了") if row.returned_at else _("在我们这里"),
            _("办事要用，办完就还"),
            basis,
            row.noted_at.astimezone(clock.SHANGHAI).date(),
        )
        for row in Original.objects.filter(about).distinct().order_by("-noted_at")
    ]
    materials = Material.objects.filter(case__need__person=person).count()
    trips = Trip.objects.filter(case__need__person=person).count()
    if materials or trips:
        said = _("{n} 样材料，{m} 趟").format(n=materials, m=trips)
        rows.append(Holding(_("要过的材料和跑的趟数"), said, _("不重复问您要，少让您跑"), basis))
    return rows


def erase(person: Person, actor: Any) -> int:
    """Forget the words; what a paper is stays until it was given back: it is the person's own."""
    about = Q(person=person) | Q(case__need__person=person)
    mandates = [row for row in Mandate.everything.filter(about).distinct() if row.words or row.scope]
    originals = Original.everything.filter(about).distinct()
    gone = [row for row in originals if (row.returned_at or row.taken_back_at) and (row.what or row.returned_to)]
    materials = [row for row in Material.everything.filter(case__need__person=person) if row.what or row.why]
    Tracking.objects.filter(case__need__person=person).delete()
    _forget(mandates, "words", "scope")
    _forget(gone, "what", "returned_to")
    _forget(materials, "what", "why", "reason")
    return len(mandates) + len(gone) + len(materials)


def _forget(rows: Sequence[Any], *names: str) -> None:
    for row in rows:
        for name in names:
            setattr(row, name, "")
    write_sealed(rows, list(names))


def carry_over(act: Any, stays: Person, goes: Person) -> None:
    """Give the record that stays the mandates, papers and near relatives of the one that is merged into it."""
    for model in (Mandate, Original):
        acts.change_many(act, [(row, {"person": stays}) for row in model.everything.filter(person=goes)])
    known = NearRelative.objects.filter(person=stays, ended_at=None).values_list("staff_id", flat=True)
    near = NearRelative.objects.filter(person=goes, ended_at=None).exclude(staff__in=known)
    acts.change_many(act, [(row, {"person": stays}) for row in near])


def at_public_page(_nothing: Any, _viewer: Any) -> list[Link]:
    """Offer whoever holds a receipt the page that says how far it is."""
    return [Link(20, _("查办到哪一步"), reverse("cases:track"))]
