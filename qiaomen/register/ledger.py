"""What the register writes into the ledger."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.ledger_kinds import LedgerKind, register
from qiaomen.office.ledger import names
from qiaomen.office.ledger.names import Found, Named
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Dwelling, Household, Person
from qiaomen.register.selectors import packs
from qiaomen.register.selectors.minors import shown_name

MOST_FOUND = 12

register(
    LedgerKind("register.household-created", _("登记了一户"), ("name", "id_no", "phone"), _("注销后按保存期清除")),
    LedgerKind(
        "register.household-changed", _("更改了一户的资料"), ("name", "id_no", "phone"), _("注销后按保存期清除")
    ),
    LedgerKind("register.act-undone", _("撤销了一次登记"), ("name", "id_no", "phone"), _("注销后按保存期清除")),
    LedgerKind("register.people-merged", _("合并了重复的登记"), ("name", "id_no", "phone"), _("注销后按保存期清除")),
    LedgerKind("register.people-distinct", _("认定两份登记是两个人")),
    LedgerKind("register.facts-told", _("记下了一个人的情况"), ("told_facts",), _("注销后按保存期清除")),
    LedgerKind(
        "register.household-opened",
        _("打开了一户或一个人的资料"),
        ("name", "birth_date", "told_facts"),
        _("只记查看，不记内容"),
        is_look=True,
    ),
    LedgerKind(
        "register.field-revealed", _("查看了一项密封资料"), ("id_no", "phone"), _("只记查看，不记内容"), is_look=True
    ),
    LedgerKind(
        "register.list-looked",
        _("看了一份名单里的人"),
        ("birth_date", "told_facts"),
        _("只记查看，不记内容"),
        is_look=True,
    ),
    LedgerKind(
        "register.total-looked", _("打开了一个数字背后的名单"), ("name",), _("只记查看，不记内容"), is_list=True
    ),
    LedgerKind("register.place-added", _("添加了小区、楼栋或门")),
    LedgerKind("register.door-split", _("把一扇门分成了两扇")),
    LedgerKind("register.doors-joined", _("把两扇门合成了一扇")),
    LedgerKind("register.act-redone", _("恢复了一次撤销的登记"), ("name", "id_no", "phone"), _("注销后按保存期清除")),
    LedgerKind("register.consent-given", _("记下了本人同意"), ("consent",), _("随本人的资料清除")),
    LedgerKind("register.consent-used", _("凭本人同意交出或告诉了别人")),
    LedgerKind("register.consent-withdrawn", _("记下了本人撤回同意")),
    LedgerKind("register.consent-restored", _("撤回是记错的，同意仍然有效")),
    LedgerKind(
        "register.consents-opened", _("查看了一个人的同意书"), ("consent",), _("只记查看，不记内容"), is_look=True
    ),
)


def _page_of(household: UUID | None) -> str:
    return reverse("register:household", args=[household]) if household else ""


@names.names(Person.record_type)
@names.of_residents
def name_people(keys: Collection[UUID], viewer: Staff) -> dict[UUID, Named]:
    """Name people as the reader may see them."""
    found = Person.objects.filter(pk__in=keys)
    return {person.pk: Named(shown_name(person, viewer), _page_of(person.household_id)) for person in found}


@names.names(Household.record_type)
@names.of_residents
def name_households(keys: Collection[UUID], viewer: Staff) -> dict[UUID, Named]:
    """Name households by door and head."""
    found = Household.objects.select_related("dwelling").filter(pk__in=keys)
    return {
        one.pk: Named(f"{one.dwelling.door_label if one.dwelling else ''} {one.head_name}".strip(), _page_of(one.pk))
        for one in found
    }


@names.names(Dwelling.record_type)
@names.of_residents
def name_doors(keys: Collection[UUID], viewer: Staff) -> dict[UUID, Named]:
    """Name doors."""
    found = Dwelling.objects.select_related("entrance__building__compound").filter(pk__in=keys)
    return {door.pk: Named(str(door)) for door in found}


@names.titles
def title_of_fact(code: str) -> str:
    """Return the title of a told fact."""
    fact = packs.facts().get(code)
    return gettext(fact.title) if fact is not None else ""


@names.finds
def find_people_and_doors(text: str, community: Organisation, viewer: Staff) -> list[Found]:
    """Return the people of this whole name, and the doors of this label: what a line of the ledger can be about."""
    people = Person.objects.filter(community=community, name=text).select_related("household__dwelling")[:MOST_FOUND]
    found = [
        Found(
            "person",
            person.pk,
            f"{shown_name(person, viewer)}（{person.household.dwelling or person.household.head_name}）",
            (person.pk,),
            (person.household_id,),
        )
        for person in people
    ]
    doors = Dwelling.objects.filter(Q(door_label=text), community=community)
    for door in doors.select_related("entrance__building__compound").prefetch_related("households__people")[
        :MOST_FOUND
    ]:
        homes = list(door.households.all())
        here = tuple(person.pk for home in homes for person in home.people.all())
        found.append(Found("door", door.pk, str(door), here, (door.pk, *(home.pk for home in homes))))
    return found
