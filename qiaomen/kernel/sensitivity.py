"""How much a field tells of a person. The gate (office/disclosure) decides by this and never by the name of a column."""

from collections.abc import Iterable
from dataclasses import dataclass

SEALED = frozenset({"id_no", "phone", "health", "finance", "child"})
"""Never compared, filtered, sorted or shown in clear but through the gate. Source: 个人信息保护法 第二十八条."""
SENSITIVITIES = frozenset({"light", "plain", "birth", *SEALED})


@dataclass(frozen=True)
class Field:
    """What of a person is shown or asked about.

    `sensitivity`: light (name, door, age group and what a door list needs: it does not count), plain (tells more, not
    sealed), birth (the day), or one of SEALED. `masked`: only its mask is shown.
    """

    code: str
    sensitivity: str
    masked: bool = False

    def __post_init__(self) -> None:
        """Refuse a sensitivity nobody declared. Raises ValueError."""
        if self.sensitivity not in SENSITIVITIES:
            raise ValueError(f"{self.code}: {self.sensitivity}")

    @property
    def is_sealed(self) -> bool:
        """Say whether the value is sealed."""
        return self.sensitivity in SEALED

    @property
    def counts(self) -> bool:
        """Say whether showing it is a look: more than name, door and age group.

        The mask of a number does not count. That of a told fact does: it says that there is something to tell.
        """
        if self.masked and self.sensitivity in ("id_no", "phone", "birth"):
            return False
        return self.sensitivity != "light"


def counting(fields: Iterable[Field]) -> list[Field]:
    """Return the fields whose showing is a look."""
    return [field for field in fields if field.counts]
