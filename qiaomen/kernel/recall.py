"""What may be remembered of residents' words while one piece of work reads them, and is forgotten when it ends.

A list says the same address, day or word hundreds of times: reading each once is several times faster. But a cache that
lives as long as the process keeps telephones and identity numbers in clear that an erasure never reaches. So these
caches end with the request, the job or the command that filled them: whoever runs such work calls `forget`.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
_caches: list[Any] = []


def recalled(maxsize: int) -> Callable[[F], F]:
    """Remember up to `maxsize` answers of a pure function of residents' words until `forget` is called."""

    def declare(function: F) -> F:
        cached = lru_cache(maxsize=maxsize)(function)
        _caches.append(cached)
        return cached  # type: ignore[return-value]

    return declare


def forget() -> None:
    """Forget all that is remembered in this process; work under way elsewhere in it only reads again."""
    for cached in _caches:
        cached.cache_clear()


def remembered() -> int:
    """Return how many answers are remembered right now."""
    return sum(cached.cache_info().currsize for cached in _caches)
