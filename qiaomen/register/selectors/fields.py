"""How much each field of the register tells: the columns here, the told facts as the packs declare them."""

from collections.abc import Iterable
from dataclasses import replace

from qiaomen.kernel.sensitivity import Field
from qiaomen.register.selectors import packs

LIGHT = (
    "name", "door", "age_group", "relation", "sex", "state", "household_no", "head_name", "people", "is_head",
)  # fmt: skip
"""What a list of doors needs: it does not count. Source: promises.md C10, docs/decisions/0025-the-gate.md."""
COLUMNS: dict[str, str] = {
    **dict.fromkeys(LIGHT, "light"),
    "birth_date": "birth", "age": "plain", "id_no": "id_no", "phone": "phone", "work_place": "plain",
    "former_name": "plain", "nickname": "plain", "origin_town": "light", "origin_village": "light",
    "lifted_out": "finance", "registered_place": "plain", "address": "light",
}  # fmt: skip


def field_of(code: str, *, masked: bool = False) -> Field:
    """Return a column or a told fact as the gate knows it. Raises KeyError for what no list declares."""
    code = code.removeprefix("told:")
    if code in COLUMNS:
        return Field(code, COLUMNS[code], masked)
    return Field(code, packs.facts()[code].sensitivity, masked)


def shown(fields: Iterable[Field]) -> list[Field]:
    """Return the fields as a list page shows them: numbers only by their masks."""
    return [replace(field, masked=True) if field.sensitivity in ("id_no", "phone") else field for field in fields]
