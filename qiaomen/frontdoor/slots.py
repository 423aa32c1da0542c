"""How much one address, and all together, may have in flight: what one takes away it takes from itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Bounds:
    """Requests and bytes of bodies in flight; `held_bytes` counts what a body may grow to, before it is read."""

    requests: int
    held_bytes: int


EACH = Bounds(256, 160 * MEGABYTE)
"""A county's phones may share one address: 250 pieces of a photo at once, or two phone files and some more."""
ALL = Bounds(2048, 1024 * MEGABYTE)


@dataclass
class _Held:
    requests: int = 0
    held_bytes: int = 0

    def has_room(self, size: int, bounds: Bounds) -> bool:
        return self.requests < bounds.requests and self.held_bytes + size <= bounds.held_bytes

    def add(self, requests: int, size: int) -> None:
        self.requests += requests
        self.held_bytes += size


@dataclass
class Slots:
    """Counts what is in flight; used from one event loop only, so it needs no lock."""

    each: Bounds = EACH
    all: Bounds = ALL
    _by_address: dict[str, _Held] = field(default_factory=dict)
    _together: _Held = field(default_factory=_Held)

    @contextmanager
    def take(self, address: str, size: int) -> Iterator[bool]:
        """Hold a slot for a request whose body is at most `size` bytes; yields False when there is none."""
        mine = self._by_address.get(address) or _Held()
        if not (mine.has_room(size, self.each) and self._together.has_room(size, self.all)):
            yield False
            return
        self._by_address[address] = mine
        for held in (mine, self._together):
            held.add(1, size)
        try:
            yield True
        finally:
            for held in (mine, self._together):
                held.add(-1, -size)
            if not mine.requests:
                self._by_address.pop(address, None)

    def in_flight(self, address: str) -> int:
        """Return how many requests of an address are here."""
        return self._by_address.get(address, _Held()).requests
