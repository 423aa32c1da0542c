"""What care groups say of a household: who of it is in which group, and what to ask because a group hangs on it."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from qiaomen.groups.actions.memberships import keep_current
from qiaomen.groups.models import CareGroup, GroupChoice, Membership, OpenQuestion
from qiaomen.groups.selectors.questions import questions_of
from qiaomen.groups.selectors.telling import field_of_group, seen_by, telling_groups
from qiaomen.kernel.lines import (
    FACT_MISSING,
    Holding,
    Label,
    Line,
    register_labels,
    register_lines,
    register_resident,
)
from qiaomen.kernel.sensitivity import Field
from qiaomen.office.disclosure import READERS
from qiaomen.office.fields import write_sealed
from qiaomen.office.models import Organisation
from qiaomen.register.models import Household, Person
from qiaomen.register.selectors.minors import is_child


def lines_of(households: Sequence[Household], viewer: Any, today: date) -> list[Line]:
    """Return a line for each group somebody of these households is in, and one for each question worth asking there.

    Per community a fixed number of queries; the groups are brought up to today first.
    """
    found: list[Line] = []
    for home in {home.community_id: home for home in households}.values():
        community = home.community
        homes = [home.pk for home in households if home.community_id == community.pk]
        keep_current(community)
        found += [*_members(community, homes, viewer), *_questions(homes)]
    return found


def _members(community: Organisation, homes: list[UUID], viewer: Any) -> list[Line]:
    rows = Membership.objects.filter(person__household__in=homes, to_date=None)
    shown = ("person_id", "person__household_id", "group_id", "group__code", "group__title")
    telling = telling_groups(community)
    titles: dict[str, str] = {}
    return [
        Line(
            "groups.member",
            (Person.record_type, person),
            titles.setdefault(title, _(title)),
            fields=(field_of_group(code),) if group in telling else (),
            household=home,
            people=(person,),
        )
        for person, home, group, code, title in seen_by(rows, community, viewer).values_list(*shown)
    ]


def _questions(homes: list[UUID]) -> list[Line]:
    """What tells of health, income or aid is not asked where others listen: there it is only said that there is
    something to ask.
    """
    found = []
    for home, asks in questions_of(homes).items():
        for person, fact in asks:
            plain = fact.sensitivity == "plain"
            name = _("孩子") if is_child(person) else person.name
            found.append(
                Line(
                    "groups.ask",
                    (Person.record_type, person.pk),
                    _("{name}：{words}").format(name=name, words=_(fact.ask)),
                    FACT_MISSING,
                    spoken=_(fact.ask) if plain else _("有一件事要问您。"),
                    fields=(Field(fact.code, "light" if plain else fact.sensitivity),),
                    household=home,
                    people=(person.pk,),
                )
            )
    return found


def held_of(person: Person) -> list[Holding]:
    """Return the groups a person is in: a rule lists them, people decide what follows."""
    rows = Membership.objects.filter(person=person, to_date=None).select_related("group").order_by("group__title")
    purpose = _("按规则列出的提示，享受什么由人来定；您认为不对，可以提出")
    return [Holding(_(row.group.title), _("在内"), purpose, _("社区工作职责"), row.from_date) for row in rows]


def erase(person: Person, actor: Any) -> int:
    """Forget why somebody was added to a group or taken out of one, and what there was to ask."""
    choices = [choice for choice in GroupChoice.objects.filter(person=person) if choice.reason]
    for choice in choices:
        choice.reason = ""
    write_sealed(choices, ["reason"])
    gone, _by_model = OpenQuestion.objects.filter(person=person).delete()
    return len(choices) + gone


def labels_of(community: Organisation, viewer: Any) -> list[Label]:
    """Return the groups as words the search box finds people by: for those who may see groups, as far as they may."""
    if viewer.role not in READERS:
        return []
    keep_current(community)
    telling = telling_groups(community)
    rows = seen_by(Membership.objects.filter(group__community=community, to_date=None), community, viewer)
    return [
        Label(
            _(group.title),
            rows.filter(group=group).values("person"),
            field_of_group(group.code) if group.pk in telling else None,
        )
        for group in CareGroup.objects.filter(community=community)
    ]


register_lines("groups", lines_of)
register_resident("groups", held_of=held_of, erase=erase)
register_labels("groups", labels_of)
