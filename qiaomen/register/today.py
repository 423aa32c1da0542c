"""What a household is called where a line stands, what happened in the register, and how large it is."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.kernel.ages import years_before
from qiaomen.kernel.lines import Name, News, Part, register_names, register_news, register_part
from qiaomen.office.disclosure import READERS
from qiaomen.office.models import Organisation
from qiaomen.register.models import Act, Change, Household, Person
from qiaomen.register.selectors.household_page import ACT_WORDS
from qiaomen.register.selectors.totals import totals_of

TOLD = ("moved_out", "moved_within", "moved_in", "born", "married", "died", "split", "head_changed", "corrected")
"""Acts on one household that colleagues want to know of; a list that came in is told by who brought it."""
FEAST = 80


def names_of(keys: Iterable[UUID], viewer: Any) -> dict[UUID, Name]:
    """Return 小区 门牌 姓名 of households: one query."""
    rows = Household.objects.filter(pk__in=list(keys)).select_related("dwelling")
    return {row.pk: Name(_called(row), reverse("register:household", args=[row.pk])) for row in rows}


def _called(household: Household) -> str:
    door = household.dwelling
    if door is None:
        return household.head_name
    return f"{door.door_label} {household.head_name}"


def news_of(community: Organisation, viewer: Any, since: datetime, most: int) -> Iterable[News]:
    """Return who moved, was born, was corrected, turned eighty: the household and no name of a child. Four queries."""
    if viewer.role not in READERS:
        return []
    acts = Act.objects.filter(community=community, kind__in=TOLD, made_at__gte=since, undone_at=None)
    told = list(acts.select_related("made_by").order_by("-made_at")[:most])
    homes = _homes_of([act.pk for act in told])
    found = [News(act.made_at, _act_words(act), homes.get(act.pk)) for act in told]
    return [*found, *_feasts(community, since, most)]


def _act_words(act: Act) -> str:
    word = ACT_WORDS[act.kind]
    return _("{what}（{who}）").format(what=word, who=act.made_by.name) if act.made_by else str(word)


def _homes_of(acts: list[UUID]) -> dict[UUID, UUID]:
    """Return the household each act worked on, by the row it changed or the person it changed."""
    rows = Change.objects.filter(act__in=acts, of_type__in=("register.household", "register.person"))
    changed = list(rows.order_by("-of_type", "id").values_list("act", "of_type", "row"))
    people = [row for _act, kind, row in changed if kind == "register.person"]
    home_of = dict(Person.objects.filter(pk__in=people).values_list("pk", "household"))
    return {act: home_of.get(row, row) if kind == "register.person" else row for act, kind, row in changed}


def _feasts(community: Organisation, since: datetime, most: int) -> list[News]:
    """Return who turned eighty, without the day: with the year it would be a birthday, and that is a look."""
    born = (years_before(since.astimezone(clock.SHANGHAI).date(), FEAST), years_before(clock.today(), FEAST))
    rows = Person.objects.filter(community=community, birth_date__range=born).living().order_by("-birth_date")
    return [
        News(None, _("{name}满 {age} 岁").format(name=person.name, age=FEAST), person.household_id, people=(person.pk,))
        for person in rows[:most]
    ]


def size(viewer: Any, community: Organisation | None, today: date) -> dict[str, Any] | None:
    """Return how many households, people and doors there are."""
    return totals_of(community) if community is not None else None


register_names(Household.record_type, names_of)
register_news("register", news_of)
register_part(
    Part("register.size", "foot", 50, "register/today_size.html", size, frozenset({"head", "worker", "volunteer"}))
)
