"""A lot that anybody can check: a secret committed before, a public value fixed after, and SHA-256.

Seed = SHA-256(secret ‖ public value); a ticket's lot = SHA-256(seed ‖ ticket); within each stratum the smallest lots
are drawn, the next ones stand in. docs/how-to/verify_draw.py recomputes it with the standard library alone.
Source: loop.md §4; Rivest and Stark, SHA-256 sampler of risk-limiting audits.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WHOLE = ""
"""The one stratum of a draw without strata."""


@dataclass(frozen=True)
class Ticket:
    """One record of the frame: `mark` tells nobody which record it is; `stratum` is its part of the frame."""

    mark: str
    stratum: str = WHOLE


def commitment_of(secret: str) -> str:
    """Return what is printed before the frame is drawn: nobody can find another secret with the same one."""
    return hashlib.sha256(secret.encode()).hexdigest()


def ticket_mark(salt: str, key: str) -> str:
    """Return the mark of a record: with the salt kept, nobody can tell which record it is."""
    return hashlib.sha256(f"{salt}|{key}".encode()).hexdigest()


def hash_of_frame(tickets: Sequence[Ticket], quotas: Mapping[str, int]) -> str:
    """Return the hash of a frame with how many are drawn from each stratum, whatever the order it is written in."""
    lines = sorted([ticket.stratum, ticket.mark] for ticket in tickets)
    return hashlib.sha256(json.dumps([lines, dict(sorted(quotas.items()))], ensure_ascii=False).encode()).hexdigest()


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
