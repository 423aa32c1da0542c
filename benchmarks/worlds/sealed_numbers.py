"""The number columns of an invented resident as the product stores them: sealed for the row, and its blind index."""

from typing import Any
from uuid import UUID

from qiaomen.kernel import sealing


def sealed_numbers(key: UUID, community: Any, id_no: str, phone: str) -> list[str]:
    """Return id_no, id_no_bi, phone, phone_bi of the person with this key; "" where there is no number."""
    from qiaomen.office.fields import BLOCK, aad_of

    columns = []
    for name, number in (("id_no", id_no), ("phone", phone)):
        label = f"register.person.{name}"
        sealed = sealing.seal(sealing.padded(number, BLOCK), aad_of(label, (key,))) if number else ""
        columns += [sealed, sealing.blind(number, f"{label}:{community}") if number else ""]
    return columns
