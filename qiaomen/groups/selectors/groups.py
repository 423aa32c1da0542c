"""What the pages of the care groups show."""

from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from qiaomen.criteria.words import Sayer
from qiaomen.groups.models import CareGroup, GroupChoice, GroupDefinition, GroupRun, Membership
from qiaomen.groups.selectors import criteria
from qiaomen.kernel import clock
from qiaomen.kernel.masking import mask_name
from qiaomen.office.access import may_see_child
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Act, Person, open_on, who_is_recorded
from qiaomen.register.selectors import packs
from qiaomen.register.selectors.household_page import ACT_WORDS
from qiaomen.register.selectors.minors import is_sealed, shown_name

PAGE = 50
"""Members on a page: each is a look, and a page is what somebody reads at once."""
WITH_DOOR = "person__household__dwelling__entrance__building__compound"


def table_of(community: Organisation, day: date) -> list[dict[str, Any]]:
    """Return each group with its people and households on a day, and of how many it is not known today."""
    rows = Membership.objects.filter(open_on(day), who_is_recorded("person__"), group__community=community)
    counts = {
        group: (people, households)
        for group, people, households in rows.values_list("group").annotate(
            people=Count("person", distinct=True), households=Count("person__household", distinct=True)
        )
    }
    run = GroupRun.objects.filter(community=community).first()
    unknown = run.unknown if run else {}
    order = {entry["code"]: n for n, entry in enumerate(packs.entries("groups.yaml"))}
    altered = set(
        GroupDefinition.objects.filter(open_on(day), group__community=community, made_by__isnull=False).values_list(
            "group", flat=True
        )
    )
    gone = {membership.pk for membership in ended_on(community, day)}
    return [
        {
            "group": group,
            "tier": tier_title(group.tier),
            "people": counts.get(group.pk, (0, 0))[0],
            "households": counts.get(group.pk, (0, 0))[1],
            "unknown": unknown.get(str(group.pk), 0),
            "altered": group.pk in altered,
            "own": group.code not in order,
        }
        for group in sorted(
            CareGroup.objects.filter(community=community), key=lambda care_group: order.get(care_group.code, 999)
        )
        if group.pk not in gone
    ]


def ended_on(community: Organisation, day: date) -> list[CareGroup]:
    """Return the groups that had ended by a day and were not begun again."""
    standing = GroupDefinition.objects.filter(Q(to_date=None) | Q(to_date__gt=day), group__community=community)
    ended = CareGroup.objects.filter(community=community, definitions__isnull=False)
    ended = ended.exclude(pk__in=standing.values("group")).distinct()
    return sorted(ended, key=lambda group: (group.title, group.pk))


def ends_on(group: CareGroup) -> date | None:
    """Return the day from which a group is ended, None while it goes on."""
    return newest_of(group).to_date


def tier_title(tier: str) -> str:
    """Return the word for how often a group is seen."""
    return {"high": _("高频"), "key": _("重点"), "general": _("一般")}[tier]


def definition_of(group: CareGroup) -> GroupDefinition:
    """Return what the group means today; of a group that begins tomorrow, what it will mean."""
    mine = GroupDefinition.objects.filter(group=group).order_by("-made_at")
    return mine.filter(open_on(clock.today())).first() or mine[0]


def newest_of(group: CareGroup) -> GroupDefinition:
    """Return what the group means, will mean from tomorrow, or meant last: a change starts from it."""
    return GroupDefinition.objects.filter(group=group).order_by("-made_at")[0]


def in_words(definition: GroupDefinition) -> str:
    """Return what a definition asks, as a sentence."""
    sayer = Sayer(packs.facts(), criteria.numbers_for(definition, clock.today()), _)
    return sayer.say(criteria.rule_of(definition).criteria[0].tree)


def members_of(group: CareGroup, staff: Staff, page: Any) -> Page[Any]:
    """Return a page of who is in the group today, in the order of their doors."""
    rows = Membership.objects.filter(group=group, to_date=None).select_related("group", WITH_DOOR)
    found: Page[Any] = Paginator(
        rows.order_by("person__household__dwelling__walk_order", "person__name", "pk"), PAGE
    ).get_page(page)
    found.object_list = _shown(list(found.object_list), staff, "entered")
    return found


def left_lately(group: CareGroup, staff: Staff, limit: int = 30) -> list[dict[str, Any]]:
    """Return who left last, with the cause."""
    rows = Membership.objects.filter(group=group, to_date__isnull=False).select_related("group", WITH_DOOR)
    return _shown(list(rows.order_by("-to_date", "person__name")[:limit]), staff, "left")


def choices_of(group: CareGroup, staff: Staff) -> list[dict[str, Any]]:
    """Return whom a person added or excluded, and why."""
    rows = GroupChoice.objects.filter(group=group, to_date=None).select_related("person", "made_by")
    return [
        {"choice": choice, "name": shown_in(group, choice.person, staff)}
        for choice in rows.order_by("kind", "person__name")
    ]


def is_hidden(group: CareGroup, person: Person, staff: Staff) -> bool:
    """Say whether who is in this group is hidden: a child, and everybody in a children's group, for most roles."""
    return is_sealed(person, staff) or (group.child and not may_see_child(staff))


def shown_in(group: CareGroup, person: Person, staff: Staff) -> str:
    """Return the name as this member of staff may see it in a list of this group."""
    name = shown_name(person, staff)
    return mask_name(name) if name == person.name and is_hidden(group, person, staff) else name


def _shown(rows: list[Membership], staff: Staff, why: str) -> list[dict[str, Any]]:
    keys = {getattr(membership, why).get("act") for membership in rows} - {None}
    acts = {str(act.pk): act for act in Act.objects.filter(pk__in=keys)}
    return [
        {
            "membership": membership,
            "person": membership.person,
            "name": shown_in(membership.group, membership.person, staff),
            "sealed": is_hidden(membership.group, membership.person, staff),
            "hides_door": is_hidden(membership.group, membership.person, staff),
            "why": cause_in_words(getattr(membership, why), acts),
        }
        for membership in rows
    ]


def cause_in_words(cause: dict[str, Any], acts: dict[str, Act]) -> str:
    """Return why somebody entered or left, as a phrase."""
    act = acts.get(cause.get("act", ""))
    if act is not None:
        word = ACT_WORDS.get(act.kind, act.kind)
        if cause.get("undone"):
            return _("撤销了“{act}”").format(act=word)
        day = act.on_date or act.made_at.astimezone(clock.SHANGHAI).date()
        return _("{act}，{month}月{day}日").format(act=word, month=day.month, day=day.day)
    return {
        "first": _("首次认定"),
        "many": _("随名册一起变动"),
        "definition": _("标准改了"),
        "ended": _("群体停用了"),
        "time": _("到了年龄或期限"),
    }.get(cause.get("kind", ""), "")
