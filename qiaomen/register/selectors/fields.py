"""How much each field of the register tells: the columns here, the told facts as the packs declare them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.kernel import ages
from qiaomen.kernel.sensitivity import Field
from qiaomen.register.selectors import packs

LIGHT = (
    "name",
    "door",
    "age_group",
    "relation",
    "sex",
    "state",
    "household_no",
    "head_name",
    "people",
    "is_head",
)
"""What a list of doors needs: it does not count. Source: promises.md C10, docs/decisions/0025-the-gate.md."""
COLUMNS: dict[str, str] = {
    **dict.fromkeys(LIGHT, "light"),
    "birth_date": "birth",
    "age": "plain",
    "id_no": "id_no",
    "phone": "phone",
    "work_place": "plain",
    "former_name": "plain",
    "nickname": "plain",
    "origin_town": "light",
    "origin_village": "light",
    "lifted_out": "finance",
    "registered_place": "plain",
    "address": "light",
}


SEX_WORDS = {"male": _lazy("男"), "female": _lazy("女")}


def say_age_group(birth: date | None, today: date) -> str:
    """Return 60–69 岁, 80 岁以上, or 14 岁以下: of an age what a list of doors may tell. "" where it is not known."""
    group = ages.age_group(birth, today)
    if group is None:
        return ""
    low, high = group
    if high is None:
        return _("{low} 岁以上").format(low=low)
    return _("{high} 岁以下").format(high=high + 1) if not low else _("{low}–{high} 岁").format(low=low, high=high)


def field_of(code: str, *, masked: bool = False) -> Field:
    """Return a column or a told fact as the gate knows it. Raises KeyError for what no list declares."""
    code = code.removeprefix("told:")
    if code in COLUMNS:
        return Field(code, COLUMNS[code], masked)
    return Field(code, packs.facts()[code].sensitivity, masked)


def shown(fields: Iterable[Field]) -> list[Field]:
    """Return the fields as a list page shows them: numbers only by their masks."""
    return [replace(field, masked=True) if field.sensitivity in ("id_no", "phone") else field for field in fields]


CONSENT_TITLES: dict[str, Any] = {
    "tell_relative": _lazy("把情况告诉家人"),
    "refer": _lazy("转给外面的单位办"),
    "health_list": _lazy("列入健康服务的名单"),
    "programme": _lazy("参加活动或课程"),
    "publish": _lazy("公开讲本人的事"),
}
