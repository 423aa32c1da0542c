"""Whoever comes while another is being served is served with the next: many requests, one commit."""

import threading
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass
class _Waiting(Generic[T]):
    things: list[T]
    served: bool = field(default=False)
    error: BaseException | None = field(default=None)


class Turns(Generic[T]):
    """Serves the callers of all threads one after another, and at once those who wait at the same moment.

    A disk writes a commit in milliseconds whatever is in it: 32 phones with a visit each need one commit, not 32.
    """

    def __init__(self, serve: Callable[[list[T]], None], most: int, kind: Callable[[T], Hashable]) -> None:
        """`serve` is called by one thread at a time, with at most `most` things unless one caller brings more.

        Only callers whose first things are of one `kind` are served together: what fails for one kind fails for no other.
        """
        self._serve, self._most, self._kind = serve, most, kind
        self._line: deque[_Waiting[T]] = deque()
        self._turn = threading.Lock()

    def serve(self, things: list[T]) -> None:
        """Return when `things` have been served, by this thread or by another. Raises what serving them raised."""
        mine = _Waiting(things)
        self._line.append(mine)
        with self._turn:
            while not mine.served:
                self._serve_next()
        if mine.error is not None:
            raise mine.error

    def _serve_next(self) -> None:
        first, others = self._line.popleft(), list[_Waiting[T]]()
        group, count, kind = [first], len(first.things), self._kind(first.things[0])
        while self._line and count < self._most:
            one = self._line.popleft()
            fits = self._kind(one.things[0]) == kind and count + len(one.things) <= self._most
            count += len(one.things) if fits else 0
            (group if fits else others).append(one)
        self._line.extendleft(reversed(others))  # whoever comes meanwhile comes to the other end
        try:
            self._serve([thing for one in group for thing in one.things])
        except BaseException as error:
            for one in group:
                one.error = error
        for one in group:
            one.served = True
