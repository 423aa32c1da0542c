"""How large a request a view takes: said at the view, read by the front door before a thread is spent on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

SMALL_BYTES = 16 * 1024
"""No limit is below: what declares less need not be looked up."""
V = TypeVar("V", bound=Callable[..., Any])
MOST_BYTES = 1024 * 1024
"""Of a view that says nothing: a form of a desk page is a hundredth of it."""


@dataclass(frozen=True)
class BodyLimit:
    """`most_bytes` of a request's body; `keeps_cut`: the view wants what arrived of a body whose line was cut."""

    most_bytes: int = MOST_BYTES
    keeps_cut: bool = False


PLAIN = BodyLimit()


def takes_bodies(most_bytes: int, *, keeps_cut: bool = False) -> Callable[[V], V]:
    """Declare the one limit of an upload route on its view; decorators with functools.wraps hand it on."""

    if most_bytes < SMALL_BYTES:
        raise ValueError(f"a limit below {SMALL_BYTES} bytes")

    def mark(view: V) -> V:
        view.body_limit = BodyLimit(most_bytes, keeps_cut)  # type: ignore[attr-defined]
        return view

    return mark


def limit_of(view: Any) -> BodyLimit:
    """Return what a view declared, or the limit of all others."""
    found = getattr(view, "body_limit", PLAIN)
    return found if isinstance(found, BodyLimit) else PLAIN
