"""What stands in the fields of a form: the words an office writes between braces, and their values for one case.

The names are Chinese in every language: they stand in the templates of Chinese offices.
"""

from datetime import date, datetime
from typing import Any

from qiaomen.cases.models import Case, Material, Original, Tracking
from qiaomen.cases.proxy import mandates
from qiaomen.cases.proxy.selectors import is_open_of
from qiaomen.documents.values import Picture, Unconfirmed, Value
from qiaomen.kernel import clock
from qiaomen.kernel.texts import later, say
from qiaomen.needs.selectors import kind_title
from qiaomen.office.models import Staff
from qiaomen.register.selectors import minors

FIELDS = (
    *("社区名称", "社区电话", "打印日期", "事项", "受理日期", "最后期限", "办理人"),
    *("姓名", "出生日期", "身份证号", "联系电话", "门牌", "户主", "补助金额", "材料清单"),
    *("查询号", "查询码", "二维码"),
    *("委托人", "委托人的话", "委托事项", "委托日期", "委托到期", "听到的人", "在场的人"),
    *("原件名称", "原件件数", "原件编号", "原件主人", "存放处", "收件日期", "收件人", "还件日期", "还件人", "还给谁"),
)
TELLING = {
    **{"身份证号": "id_no", "联系电话": "phone", "出生日期": "birth_date"},
    **{"委托人的话": "words", "委托事项": "scope", "原件名称": "what", "还给谁": "returned_to", "材料清单": "what"},
}
"""Fields whose printing is a look at what is sealed or tells more than a name."""
_DAY = later("{year}年{month}月{day}日")


def _day(day: date | datetime | None) -> str | None:
    if day is None:
        return None
    if isinstance(day, datetime):
        day = day.astimezone(clock.SHANGHAI).date()
    return say(_DAY, year=day.year, month=day.month, day=day.day)


def values_of(
    case: Case,
    *,
    viewer: Staff,
    tracking: Tracking | None = None,
    qr: bytes | None = None,
    original: Original | None = None,
) -> dict[str, Value]:
    """Return the value of every field for a case; None where nobody knows it, or it is of a child sealed to the viewer.

    Raises SealedChild for an original of such a child.
    """
    if original is not None and original.person is not None:
        minors.check_open(original.person, viewer)
    about, person = case.need, case.need.person
    door = about.household.dwelling
    found: dict[str, Value] = dict.fromkeys(FIELDS)
    found |= {
        "社区名称": case.community.name,
        "社区电话": case.community.telephone or None,
        "打印日期": _day(clock.today()),
        "事项": str(kind_title(about.kind)),
        "受理日期": _day(case.opened_at),
        "最后期限": _day(case.due_on),
        "办理人": case.owner.name,
        "姓名": person.name if person else about.household.head_name,
        "出生日期": _day(person.birth_date) if person else None,
        "身份证号": (person.id_no or None) if person else None,
        "联系电话": (person.phone or None) if person else None,
        "门牌": door.door_label if door else None,
        "户主": about.household.head_name,
        "补助金额": Unconfirmed(),
        "材料清单": "、".join(row.what for row in _needed(case)) or None,
    }
    if tracking is not None:
        found |= {"查询号": tracking.number, "查询码": tracking.code}
    if qr is not None:
        found["二维码"] = Picture(qr)
    return {**found, **_of_mandate(case, viewer), **(_of_original(original) if original else {})}


def _needed(case: Case) -> Any:
    return Material.objects.filter(case=case, state="needed").order_by("noted_at")


def _of_mandate(case: Case, viewer: Staff) -> dict[str, Value]:
    """Return what the last mandate that stands today says; a blank form to be signed where there is none."""
    rows = mandates.standing(case, clock.today()).select_related("person", "heard_by", "witness")
    found = [row for row in rows.order_by("noted_at") if is_open_of(row.person, viewer)]
    row = found[-1] if found else None
    if row is None:
        return {}
    return {
        "委托人": row.person.name if row.person else None,
        "委托人的话": row.words,
        "委托事项": row.scope,
        "委托日期": _day(row.given_on),
        "委托到期": _day(row.until),
        "听到的人": row.heard_by.name,
        "在场的人": row.witness.name if row.witness else None,
    }


def _of_original(row: Original) -> dict[str, Value]:
    return {
        "原件名称": row.what,
        "原件件数": str(row.pieces),
        "原件编号": str(row.number),
        "原件主人": row.person.name if row.person else None,
        "存放处": row.drawer,
        "收件日期": _day(row.noted_at),
        "收件人": row.noted_by.name,
        "还件日期": _day(row.returned_at),
        "还件人": row.returned_by.name if row.returned_by else None,
        "还给谁": row.returned_to or None,
    }
