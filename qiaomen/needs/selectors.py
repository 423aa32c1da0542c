"""Words for kinds, and the list of what was heard."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.kernel.sensitivity import Field
from qiaomen.needs.models import Need, Owed
from qiaomen.office.disclosure import READERS, Sight
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.selectors import minors

KIND_TITLES = {
    "repair": _lazy("维修"),
    "benefit": _lazy("救助和补贴"),
    "care": _lazy("照护"),
    "work": _lazy("就业"),
    "health": _lazy("看病就医"),
    "schooling": _lazy("上学和辅导"),
    "errand": _lazy("帮办代办"),
    "neighbours": _lazy("邻里"),
    "safety": _lazy("安全隐患"),
    "cleaning": _lazy("环境卫生"),
    "company": _lazy("陪伴"),
    "other": _lazy("其他"),
}


def kind_title(kind: str) -> str:
    """Return the word for a kind of need."""
    return str(KIND_TITLES[kind])


TELLING = {"health": "health", "care": "health", "benefit": "finance"}
"""Kinds of need that tell of health or money: named to who may ask for it, and never on the stairs."""


def fields_of_kind(kind: str) -> tuple[Field, ...]:
    """Return what naming a kind of need tells of a household, as the gate knows it."""
    return (Field("need_kind", TELLING[kind]),) if kind in TELLING else ()


def plain_title(kind: str) -> str:
    """Return the word for a kind of need where others listen: one that tells of health or money is 一件事."""
    return _("一件事") if kind in TELLING else kind_title(kind)


def title_for(need: Need, viewer: Staff) -> tuple[str, tuple[Field, ...]]:
    """Return the word for what a need is about, as this viewer may read it, and what it tells; plain where it is of a
    child whose record is sealed to them.
    """
    if viewer.role not in READERS:
        return plain_title(need.kind), ()
    if need.person is not None and minors.is_sealed(need.person, viewer):
        return _("一件事"), ()
    return kind_title(need.kind), fields_of_kind(need.kind)


def fields_of_words(need: Need, code: str) -> tuple[Field, ...]:
    """Return what a sentence about a need tells, as the gate knows it: of a child under 14 it is for named roles."""
    child = (Field(code, "child"),) if need.person is not None and minors.is_child(need.person) else ()
    told = tuple(replace(field, code=code) for field in fields_of_kind(need.kind))
    return (*told, *child) or (Field(code, "plain"),)


Rows = TypeVar("Rows", bound=Model)
Shut = Callable[[Any], QuerySet[Any]]
KEEPERS: list[tuple[Shut, type[Problem]]] = []


def keep_shut(shut: Shut, refusal: type[Problem]) -> None:
    """Let a house above keep needs from some viewers. `shut`: the keys of the needs a viewer may not open, a question
    that becomes part of another one; `refusal`: what somebody is told who opens such a need.
    """
    KEEPERS.append((shut, refusal))


def open_to(found: QuerySet[Rows], viewer: Any, need: str = "pk") -> QuerySet[Rows]:
    """Leave out what is of a need the viewer may not open; `need`: the path from a row to its need. No query."""
    for shut, _refusal in KEEPERS:
        found = found.exclude(**{f"{need}__in": shut(viewer)})
    return found


def check_open(need: Need | None, viewer: Staff) -> None:
    """Let a look or a change go on, unless the need is of a child sealed to the viewer, or kept from them by the
    matter it became. Raises SealedChild, and what the house says that keeps it.
    """
    if need is None:
        return
    if need.person is not None:
        minors.check_open(need.person, viewer)
    for shut, refusal in KEEPERS:
        if Need.everything.filter(pk=need.pk).filter(pk__in=shut(viewer)).exists():
            raise refusal()


HANDLING_TITLES = {
    "on_the_spot": _lazy("当场答复"),
    "mine": _lazy("我来办"),
    "office": _lazy("社区来办"),
    "urgent": _lazy("急办"),
}


def handling_title(handling: str) -> str:
    """Return the word for how it is handled."""
    return str(HANDLING_TITLES[handling])


ORIGIN_TITLES = {"visit": _lazy("上门听到"), "window": _lazy("窗口来说"), "telephone": _lazy("电话来说")}


def origin_title(origin: str) -> str:
    """Return the word for where it was heard."""
    return str(ORIGIN_TITLES[origin])


def channel_title(channel: str) -> str:
    """Return the word for how somebody is told."""
    return {
        "door": _("上门告诉"),
        "telephone": _("打电话"),
        "letter": _("写信"),
        "page": _("写在本人的一页上"),
    }[channel]


def owed_to_tell(found: QuerySet[Owed], viewer: Any) -> QuerySet[Owed]:
    """Leave out what is said of needs the viewer may not open, but what they have to tell themselves."""
    return found.filter(Q(owner=viewer.pk) | Q(pk__in=open_to(Owed.everything.all(), viewer, "need").values("pk")))


def owed_in(community: Organisation) -> QuerySet[Owed]:
    """Return what a community still owes somebody, the nearest day first."""
    found = Owed.objects.filter(community=community, told_at=None).select_related("owner", "need", "household")
    return found.order_by("due_on", "pk")


@dataclass(frozen=True)
class Filter:
    """Which needs a list shows; empty fields ask for nothing. `name`: part of the name of a household's head.

    The words of a need are sealed: no list is narrowed by them.
    """

    kind: str = ""
    handling: str = ""
    name: str = ""
    compound: UUID | None = None
    days: int = 0

    def apply(self, found: QuerySet[Need]) -> QuerySet[Need]:
        """Narrow."""
        asked: dict[str, Any] = {
            "kind": self.kind,
            "handling": self.handling,
            "household__head_name__contains": self.name,
            "household__dwelling__entrance__building__compound": self.compound,
        }
        if self.days:
            asked["heard_at__gte"] = clock.now() - timedelta(days=self.days)
        return found.filter(**{name: value for name, value in asked.items() if value})


def heard_in(community: Organisation, wish: Filter, viewer: Staff) -> QuerySet[Need]:
    """Return the needs of a community that the viewer may open, newest first; asked for by a kind that tells, none of
    a child sealed to the viewer.
    """
    found = open_to(Need.objects.filter(community=community), viewer).select_related(
        "household__dwelling__entrance__building__compound", "heard_by"
    )
    if wish.kind in TELLING and not Sight(viewer).sees_children:
        found = found.exclude(person__birth_date__gt=minors.sealed_after(clock.today()))
    return wish.apply(found).order_by("-heard_at", "pk")
