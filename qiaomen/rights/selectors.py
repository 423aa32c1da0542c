"""What a resident's own page shows: what is held, why and since when, and who looked."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.criteria.facts import Fact
from qiaomen.groups.selectors.groups import groups_of
from qiaomen.kernel import ledger_kinds
from qiaomen.kernel.masking import mask_id_no, mask_phone
from qiaomen.office import disclosure
from qiaomen.office.models import LedgerEntry
from qiaomen.register.models import Person
from qiaomen.register.selectors import packs
from qiaomen.rights.models import RightsRequest

HELD = (
    ("name", _lazy("姓名"), _lazy("认得每一户、上门服务")),
    ("sex", _lazy("性别"), _lazy("按性别认定的服务")),
    ("birth_date", _lazy("出生日期"), _lazy("按年龄认定的服务")),
    ("id_no", _lazy("身份证号"), _lazy("核对身份、代办业务")),
    ("phone", _lazy("电话"), _lazy("联系本人")),
    ("relation", _lazy("与户主关系"), _lazy("联系一户")),
    ("former_name", _lazy("曾用名"), _lazy("认得每一户、上门服务")),
    ("nickname", _lazy("小名"), _lazy("认得每一户、上门服务")),
    ("work_place", _lazy("工作的地方"), _lazy("就业服务")),
)


def own_page(person: Person) -> dict[str, Any]:
    """Return what is held on a person, why and since when, who looked or changed, and what is going on.

    For the person: their own data are named in full words, numbers stay masked (they know them; the paper may be lost).
    Source: 个人信息保护法 第四十五条、第四十八条.
    """
    masks = {"id_no": lambda text: mask_id_no(text, beside_birthday=person.birth_date is not None), "phone": mask_phone}
    sexes = {"male": _("男"), "female": _("女")}
    held = []
    for name, title, purpose in HELD:
        value = getattr(person, name)
        words = masks[name](value) if name in masks else sexes.get(value, value) if name == "sex" else value
        held.append({"title": title, "value": words or _("没有登记"), "purpose": purpose, "basis": _("社区工作职责")})
    known: dict[str, Fact] = packs.facts()
    for row in sorted(person.told_facts.filter(to_date=None), key=lambda fact: fact.code):
        if row.code in known:
            fact = known[row.code]
            words = packs.say(fact, fact.read(row.value))
            held.append({"title": _(fact.title), "value": words, "purpose": _(fact.purpose), "basis": fact.basis})
    return {
        "person": person,
        "held": held,
        "groups": groups_of(person),
        "looks": looks_at(person),
        "requests": list(RightsRequest.objects.filter(person=person).order_by("-received_at")),
    }


def looks_at(person: Person, limit: int = 100) -> list[dict[str, Any]]:
    """Return the ledger lines about a person and their household: who, when, what, why; newest first."""
    found = disclosure.lines_about(person.pk, person.household_id)
    entries = found.filter(community=person.community).order_by("-seq")
    return [
        {
            "at": entry.at,
            "who": entry.actor_name,
            "what": ledger_kinds.get(entry.code).sentence,
            "fields": field_words(entry),
            "reason": entry.why,
        }
        for entry in entries[:limit]
    ]


def field_words(entry: LedgerEntry) -> str:
    """Return the fields of a ledger line in words."""
    titles = {name: str(title) for name, title, _purpose in HELD} | {
        "note": _("走访内容"),
        "photo": _("照片"),
        "told_facts": _("记下的情况"),
        "group_choices": _("重点群体"),
    }
    known = packs.facts()
    return "、".join(_(known[name].title) if name in known else titles.get(name, name) for name in entry.fields)
