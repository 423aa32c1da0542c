"""How the planner's loops are compiled: typed decorators over numba's. The loops themselves stand in planner_kernel."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a loop once per machine; it runs without Python's lock, so that two threads use two cores."""
    return cast(F, njit(cache=True, nogil=True)(function))


def compiled_min(function: F) -> F:
    """Compile as `compiled` does and promise that no time is NaN, without which a minimum is not vectorised."""
    return cast(F, njit(cache=True, nogil=True, fastmath={"nnan", "nsz"})(function))
