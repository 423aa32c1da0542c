"""What the register says of a household: what happened in it lately, what it lacks, who is alone in it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.kernel.ages import age_on
from qiaomen.kernel.lines import (
    ANSWER_OWED,
    FACT_MISSING,
    Line,
)
from qiaomen.kernel.sensitivity import Field
from qiaomen.kernel.texts import say_day
from qiaomen.office.models import Organisation
from qiaomen.register.models import Act as Done
from qiaomen.register.models import Change, Household, Person
from qiaomen.register.selectors import possible_duplicates
from qiaomen.register.selectors.household_page import ACT_WORDS
from qiaomen.register.selectors.minors import is_child_born

LATELY_DAYS = 60
TOLD_ACTS = ("moved_in", "moved_within", "moved_out", "born", "married", "died", "split", "head_changed")
FEASTS = (80, 90, 100)
"""Birthdays worth a word; the day itself is not said."""
GROWN = 18
"""Years from which somebody is of age (民法典 第十七条)."""
CHILD = Field("child_alone", "child")


def lines_of(households: Sequence[Household], viewer: Any, today: date) -> list[Line]:
    """Return what the register says of these households: two queries."""
    living: dict[UUID, list[Person]] = {home.pk: [] for home in households}
    known = ("household", "name", "birth_date", "is_head", "phone_bi")
    for person in Person.objects.filter(household__in=living).living().only(*known).order_by("birth_date", "pk"):
        living[person.household_id].append(person)
    found = [line for home, people in living.items() for line in _of_people(home, people, today)]
    return [*found, *_happened(living, today)]


def _of_people(home: UUID, people: list[Person], today: date) -> Iterator[Line]:
    for person in people:
        age = age_on(person.birth_date, today)
        if age in FEASTS and age_on(person.birth_date, today - timedelta(days=LATELY_DAYS)) != age:
            text = _("{name}刚满 {age} 岁").format(name=person.name, age=age)
            spoken = _("听说家里老人满 {age} 岁了，给老人道个喜。").format(age=age)
            about = (Person.record_type, person.pk)
            yield Line("register.feast", about, text, spoken=spoken, household=home, people=(person.pk,))
    if people and all(one.birth_date and age_on(one.birth_date, today) < GROWN for one in people):
        sealed = (CHILD,) if any(is_child_born(one.birth_date, today) for one in people) else ()
        yield Line(
            "register.child-alone",
            (Household.record_type, home),
            _("这一户登记的只有孩子，没有大人"),
            ANSWER_OWED,
            fields=sealed,
            household=home,
            people=tuple(one.pk for one in people),
        )
    yield from _missing(home, people)


def _missing(home: UUID, people: list[Person]) -> Iterator[Line]:
    about = (Household.record_type, home)
    unborn = sum(1 for one in people if one.birth_date is None)
    if people and not any(one.phone_bi for one in people):
        words = _("方便留一个联系电话吗？")
        yield Line("register.no-phone", about, _("全家没有登记电话"), FACT_MISSING, spoken=words, household=home)
    if unborn:
        text = _("{n} 个人没有登记出生日期").format(n=unborn)
        words = _("家里几口人的出生日期，想跟您核对一下。")
        yield Line("register.no-birth", about, text, FACT_MISSING, spoken=words, household=home)


def _happened(living: dict[UUID, list[Person]], today: date) -> list[Line]:
    """Say what happened in each household lately; whom it happened to is in the timeline."""
    home_of = {row: home for home, people in living.items() for row in (home, *(one.pk for one in people))}
    lately = Q(
        act__kind__in=TOLD_ACTS, act__undone_at=None, act__made_at__date__gte=today - timedelta(days=LATELY_DAYS)
    )
    acts: dict[UUID, dict[UUID, Done]] = defaultdict(dict)
    for change in Change.objects.filter(lately, row__in=home_of).select_related("act").only("row", "act"):
        acts[home_of[change.row]][change.act_id] = change.act
    return [_act_line(act, home) for home, mine in acts.items() for act in mine.values()]


def _act_line(act: Done, home: UUID) -> Line:
    day = act.on_date or act.made_at.astimezone(clock.SHANGHAI).date()
    text = _("{day} {act}").format(day=say_day(day), act=ACT_WORDS[act.kind])
    return Line("register.happened", (Done.record_type, act.pk), text, since=day, household=home)


def lines_held(community: Organisation, viewer: Any, today: date, owner: UUID | None) -> list[Line]:
    """Return that records look like one person, for whoever may decide it: two queries."""
    if owner is not None or viewer.role not in ("head", "worker"):
        return []
    undecided = possible_duplicates.undecided_count(community)
    if not undecided:
        return []
    text = _("{n} 对登记可能是同一个人").format(n=undecided)
    office = (Organisation.record_type, community.pk)
    url = reverse("register:duplicates")
    return [Line("register.duplicates", office, text, FACT_MISSING, owner=office, url=url)]
