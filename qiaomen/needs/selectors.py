"""Words for kinds, and the list of what was heard."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qiaomen.kernel.sensitivity import Field
from qiaomen.needs.models import Need, Owed
from qiaomen.office.models import Organisation

KIND_TITLES = {
    "repair": gettext_noop("维修"),
    "benefit": gettext_noop("救助和补贴"),
    "care": gettext_noop("照护"),
    "work": gettext_noop("就业"),
    "health": gettext_noop("看病就医"),
    "schooling": gettext_noop("上学和辅导"),
    "errand": gettext_noop("帮办代办"),
    "neighbours": gettext_noop("邻里"),
    "safety": gettext_noop("安全隐患"),
    "cleaning": gettext_noop("环境卫生"),
    "company": gettext_noop("陪伴"),
    "other": gettext_noop("其他"),
}


def kind_title(kind: str) -> str:
    """Return the word for a kind of need: one look into the catalogue, for a page asks hundreds of times."""
    return _(KIND_TITLES[kind])


TELLING = {"health": "health", "care": "health", "benefit": "finance"}
"""Kinds of need that tell of health or money: named to who may ask for it, and never on the stairs."""


def fields_of_kind(kind: str) -> tuple[Field, ...]:
    """Return what naming a kind of need tells of a household, as the gate knows it."""
    return (Field("need_kind", TELLING[kind]),) if kind in TELLING else ()


def plain_title(kind: str) -> str:
    """Return the word for a kind of need where others listen: one that tells of health or money is 一件事."""
    return _("一件事") if kind in TELLING else kind_title(kind)


def handling_title(handling: str) -> str:
    """Return the word for how it is handled."""
    return {"on_the_spot": _("当场答复"), "mine": _("我来办"), "office": _("社区来办"), "urgent": _("急办")}[handling]


def origin_title(origin: str) -> str:
    """Return the word for where it was heard."""
    return {"visit": _("上门听到"), "window": _("窗口来说"), "telephone": _("电话来说")}[origin]


def channel_title(channel: str) -> str:
    """Return the word for how somebody is told."""
    return {
        "door": _("上门告诉"),
        "telephone": _("打电话"),
        "letter": _("写信"),
        "page": _("写在本人的一页上"),
    }[channel]


def owed_in(community: Organisation) -> QuerySet[Owed]:
    """Return what a community still owes somebody, the nearest day first."""
    found = Owed.objects.filter(community=community, told_at=None).select_related("owner", "need", "household")
    return found.order_by("due_on", "pk")


def heard_in(community: Organisation) -> QuerySet[Need]:
    """Return the needs of a community, newest first."""
    found = Need.objects.filter(community=community).select_related("household__dwelling", "heard_by")
    return found.order_by("-heard_at")
