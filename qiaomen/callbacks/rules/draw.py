"""A lot that anybody can check: what is frozen and a secret committed to before, a public value fixed after, SHA-256.

Before: frame hash = SHA-256(every ticket with its stratum, how many are drawn of each, what the list is of); commitment
= SHA-256(secret ‖ frame hash), one line that binds them all. After: seed = SHA-256(secret ‖ public value); a ticket's
lot = SHA-256(seed ‖ ticket); within each stratum the smallest lots are drawn until so many can be asked, and whoever
is passed over on the way stands in a list with the reason. End hash = SHA-256(seed, everybody drawn, everybody passed
over). docs/how-to/verify_draw.py recomputes it with the standard library alone.
Source: loop.md §4; Rivest and Stark, SHA-256 sampler of risk-limiting audits.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

WHOLE = ""
"""The one stratum of a draw without strata."""


@dataclass(frozen=True)
class Ticket:
    """One record of the frame: `mark` tells nobody which record it is; `stratum` is its part of the frame."""

    mark: str
    stratum: str = WHOLE


def commitment_of(secret: str, frame_hash: str) -> str:
    """Return what is printed before the public value is known: nobody finds another secret or frame with the same."""
    return hashlib.sha256(f"{secret}|{frame_hash}".encode()).hexdigest()


def ticket_mark(salt: str, key: str) -> str:
    """Return the mark of a record: with the salt kept, nobody can tell which record it is."""
    return hashlib.sha256(f"{salt}|{key}".encode()).hexdigest()


def hash_of_frame(tickets: Sequence[Ticket], quotas: Mapping[str, int], about: Mapping[str, str]) -> str:
    """Return the hash of what is frozen, whatever the order it is written in.

    `about`: of which figure and days the list is, who was left out, which draw it repeats.
    """
    lines = sorted([ticket.stratum, ticket.mark] for ticket in tickets)
    return _hash_of([lines, dict(sorted(quotas.items())), dict(sorted(about.items()))])


def hash_of_end(seed: str, drawn: Mapping[str, Sequence[str]], replaced: Sequence[Sequence[str]]) -> str:
    """Return the hash of who was drawn, in the order of the lots, and who was replaced, as it happened, with why."""
    return _hash_of([seed, {name: list(drawn[name]) for name in sorted(drawn)}, [list(row) for row in replaced]])


def _hash_of(frozen: object) -> str:
    return hashlib.sha256(json.dumps(frozen, ensure_ascii=False).encode()).hexdigest()


def seed_of(secret: str, public: str) -> str:
    """Return the seed; the public value counts without the blanks around it."""
    return hashlib.sha256(f"{secret}|{public.strip()}".encode()).hexdigest()


def lot_of(seed: str, mark: str) -> str:
    """Return a ticket's lot."""
    return hashlib.sha256(f"{seed}|{mark}".encode()).hexdigest()


def order_of(tickets: Sequence[Ticket], seed: str) -> dict[str, list[str]]:
    """Return the marks of each stratum in the order of their lots."""
    found: dict[str, list[str]] = {}
    for ticket in sorted(tickets, key=lambda ticket: lot_of(seed, ticket.mark)):
        found.setdefault(ticket.stratum, []).append(ticket.mark)
    return found


def same_list(some: Collection[object], others: Collection[object]) -> bool:
    """Say whether two frames are nearly the same: they share more than half of the shorter one.

    A draw of the same matters by another figure, from another day on, or of a part of them is a second draw.
    """
    return 2 * len(set(some) & set(others)) > min(len(set(some)), len(set(others)))


def shares(sizes: Mapping[str, int], wanted: int) -> dict[str, int]:
    """Share a sample over strata by their sizes (largest remainder); none gets more than it has.

    Of two equal remainders the stratum that is named first gets the place.
    """
    whole = sum(sizes.values())
    if wanted >= whole:
        return dict(sizes)
    given = {name: wanted * size // whole for name, size in sizes.items()}
    left = sorted(sizes, key=lambda name: (-(wanted * sizes[name] % whole), name))
    for name in left[: wanted - sum(given.values())]:
        given[name] += 1
    return given
