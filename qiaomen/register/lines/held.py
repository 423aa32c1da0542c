"""What the register holds on a person, said to that person: in full words, numbers masked, for the paper may be lost.

Source: 个人信息保护法 第四十五条、第四十八条.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.kernel.lines import Holding
from qiaomen.kernel.masking import mask_id_no, mask_phone
from qiaomen.office.fields import write_sealed
from qiaomen.register.models import Person
from qiaomen.register.selectors import packs
from qiaomen.register.selectors.fields import CONSENT_TITLES

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


def held_of(person: Person) -> Iterator[Holding]:
    """Yield the columns of a person and what was told of them, what each is for, and on what basis."""
    sexes = {"male": _("男"), "female": _("女")}
    for name, title, purpose in HELD:
        value = getattr(person, name)
        if name == "id_no":
            value = mask_id_no(value, beside_birthday=person.birth_date is not None)
        elif name == "phone":
            value = mask_phone(value)
        elif name == "birth_date" and value:
            value = packs.say_date(value)
        yield Holding(title, sexes.get(value, value) or _("没有登记"), purpose, _("社区工作职责"))
    known = packs.facts()
    for row in sorted(person.told_facts.filter(to_date=None), key=lambda fact: fact.code):
        if row.code in known:
            fact = known[row.code]
            words = packs.say(fact, fact.read(row.value))
            yield Holding(_(fact.title), words, _(fact.purpose), fact.basis, row.from_date)
    for consent in person.consents.order_by("-given_at"):
        to_whom = _("已经撤回") if consent.withdrawn_at else consent.to_whom
        agreed = _("同意过的事：{what}").format(what=CONSENT_TITLES[consent.purpose])
        yield Holding(agreed, to_whom, _("没有您的同意，不告诉别人"), _("您的同意"), consent.from_date)


def erase(person: Person, actor: Any) -> int:
    """Forget to whom somebody agreed that they are told of, and who agreed for them; that it was agreed stays."""
    rows = [row for row in person.consents.all() if row.to_whom or row.by_whom or row.guardian_id]
    for row in rows:
        row.to_whom = row.by_whom = ""
    write_sealed(rows, ["to_whom", "by_whom"])
    person.consents.update(guardian=None)
    return len(rows)
