"""Words for kinds, and the list of what was heard."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.needs.models import Need
from qiaomen.office.models import Organisation


def kind_title(kind: str) -> str:
    """Return the word for a kind of need."""
    return {
        "repair": _("维修"),
        "benefit": _("救助和补贴"),
        "care": _("照护"),
        "work": _("就业"),
        "health": _("看病就医"),
        "schooling": _("上学和辅导"),
        "errand": _("帮办代办"),
        "neighbours": _("邻里"),
        "safety": _("安全隐患"),
        "cleaning": _("环境卫生"),
        "company": _("陪伴"),
        "other": _("其他"),
    }[kind]


def handling_title(handling: str) -> str:
    """Return the word for how it is handled."""
    return {"on_the_spot": _("当场答复"), "mine": _("我来办"), "office": _("社区来办"), "urgent": _("急办")}[handling]


def origin_title(origin: str) -> str:
    """Return the word for where it was heard."""
    return {"visit": _("上门听到"), "window": _("窗口来说"), "telephone": _("电话来说")}[origin]


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


def heard_in(community: Organisation, wish: Filter | None = None) -> QuerySet[Need]:
    """Return the needs of a community, newest first."""
    found = Need.objects.filter(community=community).select_related(
        "household__dwelling__entrance__building__compound", "heard_by"
    )
    return (wish or Filter()).apply(found).order_by("-heard_at", "pk")
