"""What the office lets pass: what law or service wants posted. The office keeps the list and hands it over."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field


def bare(text: str) -> str:
    """Fold a text so that two ways of writing it compare equal: full width, blanks and signs between are gone."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).upper()


@dataclass(frozen=True)
class Passing:
    """Names (grid workers, officials), telephones (duty, hotlines), addresses (offices) and plates that may stand."""

    names: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    _bare: frozenset[str] = field(init=False, repr=False, default=frozenset())

    def __post_init__(self) -> None:
        """Keep the folded forms that comparisons use."""
        object.__setattr__(self, "_bare", frozenset(map(bare, {*self.names, *self.numbers, *self.addresses})))

    def lets(self, text: str) -> bool:
        """Say whether this very text stands on the list, however its blanks and widths are written."""
        return bare(text) in self._bare

    def address_around(self, text: str) -> bool:
        """Say whether an address on the list begins with this one or is it."""
        return any(bare(address).endswith(bare(text)) for address in self.addresses)


def passing(names: Iterable[str] = (), numbers: Iterable[str] = (), addresses: Iterable[str] = ()) -> Passing:
    """Make the list from what an office keeps."""
    return Passing(frozenset(names), frozenset(numbers), frozenset(addresses))
