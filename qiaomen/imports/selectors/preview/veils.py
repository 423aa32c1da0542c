"""What of an import may be seen, and by whom: the pages of a list go through here, and decide as the gate does.

Of what stands in the register a page keeps what everybody may see who may see the list. What the list itself says is
shown whole to who brought it until it is committed; then, and to anybody else, by how much the field tells.
Source: docs/decisions/0025-the-gate.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from qiaomen.imports.models import ImportBatch
from qiaomen.imports.selectors.visit_records import FIELDS as VISIT_FIELDS
from qiaomen.kernel.masking import HIDDEN, mask, mask_name
from qiaomen.office.access import may_see_child
from qiaomen.office.models import Staff
from qiaomen.register.selectors.fields import field_of
from qiaomen.register.selectors.minors import is_child_born

AS = {"household": "household_no", "status": "state"}
"""Fields of the preview that are shown as another of the register."""

NUMBERS = frozenset({"id", "phone", "id-birth"})
"""Evidence that would say whether a guessed number is right."""


@dataclass(frozen=True)
class Reader:
    """Who looks at a list. `own`: it still says only what they brought in."""

    own: bool
    sees_children: bool

    @classmethod
    def of(cls, batch: ImportBatch, staff: Staff) -> "Reader":
        """Return how a member of staff reads a list."""
        return cls(is_own(batch, staff), may_see_child(staff))

    def name(self, name: str, child: bool) -> str:
        """Return a name a list tells."""
        return mask_name(name) if child and not self.own and not self.sees_children else name

    def text(self, code: str, text: str) -> str:
        """Return what a list tells of a field."""
        return text if self.own else veiled(code, text)

    def raw(self, code: str, text: str) -> str:
        """Return a cell that could not be read: it is not of its field's form, so no mask of that form hides it."""
        return text if self.own or sensitivity_of(code) == "light" else HIDDEN if text else ""


def is_own(batch: ImportBatch, staff: Staff) -> bool:
    """Say whether a list still says only what this person brought in."""
    return batch.state == "previewed" and batch.made_by_id == staff.pk


def sensitivity_of(code: str) -> str:
    """Return how much a field of a list tells."""
    return field_of(AS.get(code, code)).sensitivity


def veiled(code: str, text: str) -> str:
    """Return what of a value everybody may see who may see the list, by how much its field tells."""
    if code in VISIT_FIELDS:
        return text if code in ("visits.day", "visits.outcome") else HIDDEN if text else ""
    return mask(sensitivity_of(code), text)


def kept_name(name: str, birth: Any) -> str:
    """Return a stored name as the pages keep it: a child is a surname."""
    return mask_name(name) if is_child_born(birth) else name


def without_numbers(why: Iterable[str]) -> list[str]:
    """Return why two look alike without what their numbers say: that would tell whether a guess is right."""
    return [words for words in why if "证" not in words and "电话" not in words]
