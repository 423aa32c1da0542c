"""What rights say of a household and have to answer, and what they offer at a person."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.kernel.lines import (
    PROMISE_DUE,
    PROMISE_LATE,
    Act,
    Line,
    Link,
    register_act,
    register_carry_over,
    register_held,
    register_lines,
    register_links,
)
from qiaomen.kernel.sensitivity import Field
from qiaomen.office.disclosure import READERS
from qiaomen.office.models import Organisation
from qiaomen.register.actions import acts
from qiaomen.register.models import Household, Person
from qiaomen.register.selectors.minors import is_child
from qiaomen.rights.actions import KINDS
from qiaomen.rights.models import RightsRequest

ASKED, CHILD = Field("rights", "plain"), Field("rights", "child")


def lines_of(households: Sequence[Household], viewer: Any, today: date) -> list[Line]:
    """Return what somebody of these households asked about their data and is owed an answer: one query."""
    return _lines(RightsRequest.objects.filter(person__household__in=households, state="open"), today)


def lines_held(community: Organisation, viewer: Any, today: date, owner: UUID | None) -> list[Line]:
    """Return the requests of a community; the office answers, nobody by name: one query."""
    if owner is not None:
        return []
    return _lines(RightsRequest.objects.filter(community=community, state="open"), today)


def _lines(requests: QuerySet[RightsRequest], today: date) -> list[Line]:
    rows = requests.defer("words", "answer").select_related("person").annotate(home=F("person__household"))
    return [_line(row, today) for row in rows.order_by("due_on", "received_at")]


def _line(row: Any, today: date) -> Line:
    left = (row.due_on - today).days
    text = _("{name}要求{kind}自己的资料，还剩 {n} 天答复")
    if left < 0:
        text = _("{name}要求{kind}自己的资料，过了 {n} 天还没有答复")
    return Line(
        "rights.asked",
        (RightsRequest.record_type, row.pk),
        text.format(name=row.person.name, kind=KINDS[row.kind], n=abs(left)),
        PROMISE_LATE if left < 0 else PROMISE_DUE,
        row.due_on,
        since=row.received_at.date(),
        owner=(Organisation.record_type, row.community_id),
        url=reverse("rights:list"),
        fields=(CHILD if is_child(row.person, today) else ASKED,),
        household=row.home,
        people=(row.person_id,),
        act="rights.answer",
    )


def at_person(person: Person, viewer: Any) -> list[Link]:
    """Offer the resident's own page."""
    if viewer.role == "volunteer":
        return []
    return [Link(30, _("本人的一页"), reverse("rights:own-page", args=[person.pk]))]


def carry_over(act: Any, stays: Person, goes: Person) -> None:
    """Give the record that stays what was asked under the other one: the clock of a request goes on."""
    acts.change_many(act, [(asked, {"person": stays}) for asked in RightsRequest.objects.filter(person=goes)])


register_carry_over("rights", carry_over)
register_act(
    Act("rights.answer", _lazy("去答复"), "rights:list", opens=True, allowed=lambda viewer: viewer.role in READERS)
)
register_lines("rights", lines_of)
register_held("rights", lines_held)
register_links("rights", Person.record_type, at_person)
