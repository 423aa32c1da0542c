"""What a field of a template can hold, and what is said of one that stays blank."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from qiaomen.kernel.texts import later as _
from qiaomen.kernel.texts import say

LINE = "＿" * 6
"""What is printed for a blank: a line that can be written on by hand."""
UNCONFIRMED = _("（金额未确认）")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class Picture:
    """A picture in the place of a field: a PNG and its width."""

    png: bytes
    width_mm: int = 25


@dataclass(frozen=True)
class Unconfirmed:
    """An amount, a term or a standard nobody of this place has confirmed: it prints as a blank and says so."""


Value = str | Picture | Unconfirmed | None
"""None: nobody knows it yet; it prints as a line to write on."""
Values = Mapping[str, Value]


@dataclass(frozen=True)
class Blank:
    """A field that stayed blank: its name, in which record (the first is 1), and whether for want of confirmation."""

    field: str
    record: int
    unconfirmed: bool

    def __str__(self) -> str:
        if self.unconfirmed:
            return say(_("{field}：没有经过确认，空着"), field=self.field)
        return say(_("{field}：还不知道，留了横线"), field=self.field)


def is_blank(value: Value) -> bool:
    """Say whether a field would be printed blank."""
    return value is None or isinstance(value, Unconfirmed) or (isinstance(value, str) and not value.strip())


def printed(value: Value) -> str:
    """Return the words that are printed for a value that is no picture; no sign that XML cannot hold."""
    if isinstance(value, Unconfirmed):
        return f"{LINE}{UNCONFIRMED}"
    if value is None or isinstance(value, Picture) or not value.strip():
        return LINE
    return _NOT_IN_XML.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
