"""The ASGI application: a slot, a limit, the whole body, and only then one of the threads that run Django."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from django.urls import Resolver404, resolve

from qiaomen.frontdoor import problems
from qiaomen.frontdoor.bodies import PACE, Body, BodyTooLarge, BodyTooSlow, Pace, Receive, read_body
from qiaomen.frontdoor.gateway import PIECE, Answer, Application, headers_of, make_environ, run
from qiaomen.frontdoor.proxy import Network, Sender, sender_in
from qiaomen.frontdoor.slots import MEGABYTE, Slots
from qiaomen.kernel.bodies import PLAIN, SMALL_BYTES, BodyLimit, limit_of
from qiaomen.kernel.problems import Problem

log = logging.getLogger(__name__)
Send = Callable[[dict[str, Any]], Awaitable[None]]

THREADS, THREADS_EACH = 20, 16
"""Of 20 threads one address uses 16: phones share a commit (phone: group_commit), and others are still answered."""
BODILESS = {"GET", "HEAD", "OPTIONS"}


def limit_for(path: str) -> BodyLimit:
    """Return the limit that the view of a path declares."""
    try:
        return limit_of(resolve(path).func)
    except (Resolver404, ValueError):
        return PLAIN


@dataclass
class Door:
    """One server's front door; `trusted` are the proxies whose word is believed."""

    application: Application
    trusted: tuple[Network, ...] = ()
    pace: Pace = PACE
    slots: Slots = field(default_factory=Slots)
    _threads: ThreadPoolExecutor | None = None
    _turns: dict[str, asyncio.Semaphore] = field(default_factory=dict)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        headers = headers_of(scope)
        sender = sender_in(headers, scope["client"][0], scope["scheme"], self.trusted)
        limit = _small_limit(scope["method"], headers) or limit_for(scope["path"])
        with self.slots.take(sender.address, _largest(headers, limit)) as has_slot:
            try:
                if not has_slot:
                    raise problems.TooManyAtOnce()
                answer = await self._answer(scope, headers, sender, limit, receive)
            except Problem as problem:
                await _refuse(problem, scope["path"], headers, send)
                return
            if answer is not None:
                await _send(answer, send)

    async def _answer(
        self, scope: dict[str, Any], headers: dict[str, str], sender: Sender, limit: BodyLimit, receive: Receive
    ) -> Answer | None:
        """Read the body and run Django; None when the sender is gone. Raises the door's problems."""
        declared = headers.get("CONTENT_LENGTH", "")
        too_large = problems.TooLarge(most=round(limit.most_bytes / MEGABYTE, 1))
        if declared.isdecimal() and int(declared) > limit.most_bytes and "EXPECT" in headers:
            raise too_large  # it asks before it sends
        try:
            body = await read_body(receive, limit.most_bytes, self.pace)
        except BodyTooLarge as error:
            raise too_large from error
        except BodyTooSlow as error:
            raise problems.TooSlow() from error
        try:
            if body.cut and not limit_for(scope["path"]).keeps_cut:
                return None
            return await self._run(scope, headers, sender, body)
        finally:
            body.close()

    async def _run(self, scope: dict[str, Any], headers: dict[str, str], sender: Sender, body: Body) -> Answer:
        if self._threads is None:  # not before: a server that is forked has no threads of its parent
            self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")
        turn = self._turns.setdefault(sender.address, asyncio.Semaphore(THREADS_EACH))
        try:
            async with turn:
                environ = make_environ(scope, headers, sender, body)
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._threads, run, self.application, environ)
        finally:
            if self.slots.in_flight(sender.address) <= 1:  # the last one of this address
                self._turns.pop(sender.address, None)


def _small_limit(method: str, headers: dict[str, str]) -> BodyLimit | None:
    """Return the limit of a body that every route takes, without looking the route up; None for others."""
    declared = headers.get("CONTENT_LENGTH", "0" if method in BODILESS else "")
    if "TRANSFER_ENCODING" in headers or not declared.isdecimal() or len(declared) > 6:
        return None
    return BodyLimit(int(declared)) if int(declared) <= SMALL_BYTES else None


def _largest(headers: dict[str, str], limit: BodyLimit) -> int:
    """Return how many bytes of a body will be held at most: what is declared, or the limit when nothing is."""
    declared = headers.get("CONTENT_LENGTH", "")
    return min(int(declared), limit.most_bytes) if declared.isdecimal() and len(declared) < 19 else limit.most_bytes


async def _refuse(problem: Problem, path: str, headers: dict[str, str], send: Send) -> None:
    log.warning("refused: %s", problem.code)
    fields, content = problems.show(problem, path, headers)
    await send({"type": "http.response.start", "status": problem.status, "headers": fields})
    await send({"type": "http.response.body", "body": content})


async def _send(answer: Answer, send: Send) -> None:
    try:
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        left = answer.size
        while left > PIECE:
            await send({"type": "http.response.body", "body": answer.file.read(PIECE), "more_body": True})
            left -= PIECE
        await send({"type": "http.response.body", "body": answer.file.read()})
    finally:
        answer.close()
