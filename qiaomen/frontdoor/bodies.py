"""Reads one body before a thread is taken: at most so many bytes, and at least so many a second."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import IO, Any

Receive = Callable[[], Awaitable[dict[str, Any]]]

IN_MEMORY = 64 * 1024
"""A piece of a photo, or any form, stays in memory; a thousand slow senders hold no more than 64 MB."""
DISCARDED = 64 * 1024 * 1024
"""Read on and thrown away beyond the limit, so that a browser still reads the refusal instead of a broken line."""


@dataclass(frozen=True)
class Pace:
    """A body may be late by `grace_seconds` and must then keep `slowest_bytes` a second, at most `longest_seconds` in
    all.

    A phone at 23 kbit/s sends 2,900 bytes a second. Source of the rule: Apache's mod_reqtimeout (body=20,MinRate=500).
    """

    grace_seconds: float = 20.0
    slowest_bytes: int = 1000
    longest_seconds: float = 1800.0

    def deadline(self, began: float, received: int) -> float:
        """Return until when more must have come, on the clock of `began`."""
        return began + min(self.grace_seconds + received / self.slowest_bytes, self.longest_seconds)


PACE = Pace()


class BodyRefused(Exception):
    """The body was not taken."""


class BodyTooLarge(BodyRefused):
    """More than the route takes."""


class BodyTooSlow(BodyRefused):
    """Slower than the slowest line."""


@dataclass
class Body:
    """A whole body, or what came of one whose line was cut, at its beginning."""

    file: IO[bytes]
    size: int
    cut: bool = False

    def close(self) -> None:
        """Give memory or file back."""
        self.file.close()


async def read_body(receive: Receive, most_bytes: int, pace: Pace = PACE) -> Body:
    """Read a body to its end or to the cut of its line. Raises BodyTooLarge, BodyTooSlow.

    What exceeds the limit is thrown away as it comes, not kept.
    """
    loop = asyncio.get_running_loop()
    began, received, more = loop.time(), 0, True
    body = Body(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY), 0)  # noqa: SIM115  closed by whoever gets the body
    try:
        async with asyncio.timeout_at(pace.deadline(began, 0)) as timer:
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    body.cut = True
                    break
                piece, more = message.get("body", b""), message.get("more_body", False)
                received += len(piece)
                if received <= most_bytes:
                    body.file.write(piece)
                elif received > most_bytes + DISCARDED:
                    break
                timer.reschedule(pace.deadline(began, received))
        if received > most_bytes:
            raise BodyTooLarge
    except TimeoutError as error:
        body.close()
        raise BodyTooSlow from error
    except BaseException:
        body.close()
        raise
    body.size = received
    body.file.seek(0)
    return body
