"""A person as read from a table or a form, with the door and the household it belongs to. Pure."""

from dataclasses import dataclass
from typing import Any

from qiaomen.register.rules.addresses import Address


@dataclass(frozen=True)
class RegisterRow:
    """One row as read: values by field, the door, and the key of its household."""

    sheet: str
    row_no: int
    values: dict[str, Any]
    address: Address | None = None
    household_key: str = ""
