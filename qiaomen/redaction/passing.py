"""What the office lets pass: what law or service wants posted. The office keeps the list and hands it over."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from qiaomen.redaction.findings import KINDS
from qiaomen.redaction.folding import reduced


def bare(text: str) -> str:
    """Fold a text so that two ways of writing it compare equal: full width, blanks and signs between are gone."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).upper()


_LISTS = {
    "name": "names",
    "other_name": "names",
    "phone": "numbers",
    "plate": "numbers",
    "account": "numbers",
    "door": "addresses",
}
"""Which list speaks for which kind; what is not here, and what is never kept, no list lets pass."""


@dataclass(frozen=True)
class Passing:
    """Names (grid workers, officials), telephones (duty, hotlines), addresses (offices) and plates that may stand."""

    names: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    reduced_names: frozenset[str] = field(init=False, repr=False, default=frozenset())
    """The names as a reduced text (folding.Reduced) has them."""
    _bare: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep the folded forms that comparisons use."""
        lists = {name: frozenset(map(bare, getattr(self, name))) - {""} for name in set(_LISTS.values())}
        object.__setattr__(self, "_bare", lists)
        object.__setattr__(self, "reduced_names", frozenset(map(reduced, self.names)) - {""})

    def lets(self, text: str, kind: str) -> bool:
        """Say whether this very text stands on the list of its kind, however its blanks and widths are written."""
        if KINDS[kind].never_kept or kind not in _LISTS:
            return False
        return bare(text) in self._bare[_LISTS[kind]]


def passing(names: Iterable[str] = (), numbers: Iterable[str] = (), addresses: Iterable[str] = ()) -> Passing:
    """Make the list from what an office keeps."""
    return Passing(frozenset(names), frozenset(numbers), frozenset(addresses))
