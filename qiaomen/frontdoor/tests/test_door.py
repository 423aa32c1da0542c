"""The front door without a server: an ASGI sender that is fast, slow, endless or gone."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from qiaomen.frontdoor.bodies import IN_MEMORY, BodyTooLarge, BodyTooSlow, Pace, read_body
from qiaomen.frontdoor.door import Door, limit_for
from qiaomen.frontdoor.proxy import find_sender, read_networks
from qiaomen.frontdoor.slots import Bounds, Slots
from qiaomen.kernel.bodies import MOST_BYTES

OURS = read_networks("10.0.0.0/8, 127.0.0.1, ::1")


def sender_of(*pieces: bytes, cut: bool = False, stuck: bool = False) -> Callable[[], Any]:
    """Return ASGI's receive of somebody who sends these pieces, and then ends, is gone, or says nothing more."""
    left = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]

    async def receive() -> dict[str, Any]:
        if left:
            return left.pop(0)
        if stuck:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"} if cut else {"type": "http.request", "body": b"", "more_body": False}

    return receive


def scope_of(path: str, method: str = "POST", client: str = "203.0.113.5", **headers: str) -> dict[str, Any]:
    told = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": told,
        "scheme": "http",
        "http_version": "1.1",
        "client": (client, 5000),
        "server": ("127.0.0.1", 8000),
    }


class Django:
    """In the place of Django: notes what reached it."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.seen.append({**environ, "body": environ["wsgi.input"].read()})
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"good"]


def ask(door: Door, scope: dict[str, Any], receive: Callable[[], Any]) -> tuple[int, str]:
    """Return status and text of the answer; (0, "") when there is none."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(door(scope, receive, send))
    return (sent[0]["status"], b"".join(one.get("body", b"") for one in sent[1:]).decode()) if sent else (0, "")


def test_a_whole_body_reaches_django_with_its_length() -> None:
    django = Django()
    assert ask(Door(django), scope_of("/login/"), sender_of(b"name=", b"a")) == (200, "good")
    assert django.seen[0]["body"] == b"name=a" and django.seen[0]["CONTENT_LENGTH"] == "6"


def test_a_body_over_the_limit_is_refused_in_words_and_never_reaches_django() -> None:
    django, piece = Django(), b"," * (MOST_BYTES // 2)
    status, page = ask(Door(django), scope_of("/login/"), sender_of(piece, piece, b","))
    assert status == 413 and "这个文件太大" in page and "什么都没有写入" in page
    status, text = ask(Door(django), scope_of("/api/phone/enrol"), sender_of(piece, piece, b","))
    assert status == 413 and json.loads(text)["code"] == "frontdoor.too-large" and not django.seen
    english = scope_of("/login/", accept_language="en-GB")
    assert "This file is too large" in ask(Door(django), english, sender_of(piece, piece, b","))[1]


def test_who_asks_before_sending_is_answered_before_sending() -> None:
    asks = scope_of("/login/", content_length="99999999", expect="100-continue")
    assert ask(Door(Django()), asks, sender_of(stuck=True))[0] == 413


def test_a_body_that_stops_is_refused_and_holds_no_thread() -> None:
    django = Django()
    door = Door(django, pace=Pace(grace_seconds=0.0, slowest_bytes=1_000_000))
    status, text = ask(door, scope_of("/api/phone/inbox"), sender_of(b"{", stuck=True))
    assert status == 408 and json.loads(text)["code"] == "frontdoor.too-slow"
    assert not django.seen and not door.slots.in_flight("203.0.113.5")


def test_a_sender_that_is_gone_costs_nothing_but_for_pieces_of_a_photo() -> None:
    django = Django()
    assert ask(Door(django), scope_of("/api/phone/inbox", content_length="9"), sender_of(b"{", cut=True)) == (0, "")
    assert not django.seen
    photo = "/api/phone/photos/7b0f9d1e-0000-4000-8000-000000000000"
    assert ask(Door(django), scope_of(photo, "PATCH", content_length="9"), sender_of(b"abc", cut=True))[0] == 200
    assert django.seen[0]["body"] == b"abc" and django.seen[0]["CONTENT_LENGTH"] == "9", "the view sees that it was cut"


@pytest.mark.parametrize(("received", "allowed"), [(0, 20.0), (1000, 21.0), (64_000, 84.0), (10**9, 1800.0)])
def test_the_deadline_moves_with_what_came_and_ends(received: int, allowed: float) -> None:
    assert Pace().deadline(100.0, received) == 100.0 + allowed


def test_a_phone_on_the_slowest_line_is_in_time() -> None:
    """23 kbit/s: after every second of a piece of 64 KB the deadline is ahead."""
    assert all(Pace().deadline(0.0, second * 2_875) > second for second in range(23))


def test_large_bodies_lie_in_a_file_and_small_ones_in_memory() -> None:
    async def read() -> tuple[Any, Any]:
        return await read_body(sender_of(b"a" * IN_MEMORY), 10**7), await read_body(sender_of(b"a" * 10**6), 10**7)

    small, large = asyncio.run(read())
    assert (small.file._rolled, large.file._rolled) == (False, True)
    for body in (small, large):
        body.close()


def test_a_refused_body_says_why() -> None:
    with pytest.raises(BodyTooLarge):
        asyncio.run(read_body(sender_of(b"ab"), 1))
    with pytest.raises(BodyTooSlow):
        asyncio.run(read_body(sender_of(stuck=True), 1, Pace(grace_seconds=0.0)))


def test_an_address_takes_slots_from_itself_only() -> None:
    slots = Slots(each=Bounds(2, 100), all=Bounds(3, 150))
    with slots.take("a", 50) as first, slots.take("a", 50) as second:
        assert first and second
        with slots.take("a", 0) as third:
            assert not third, "no third request of one address"
        with slots.take("b", 60) as large:
            assert not large, "no more bytes than all may have"
        with slots.take("b", 50) as other, slots.take("c", 0) as last:
            assert other and not last
    assert slots._by_address == {} and slots._together.requests == slots._together.held_bytes == 0


def test_one_too_many_is_told_to_come_again() -> None:
    door = Door(Django(), slots=Slots(each=Bounds(0, 0)))
    status, text = ask(door, scope_of("/api/phone/inbox"), sender_of(b"{}"))
    assert status == 429 and json.loads(text)["code"] == "frontdoor.too-many-at-once"


@pytest.mark.parametrize(
    ("peer", "told", "sender"),
    [
        ("203.0.113.5", "198.51.100.1", "203.0.113.5"),  # nobody's proxy: what it says is not believed
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),  # what stands left of it the sender wrote
        ("127.0.0.1", "198.51.100.1, 10.1.2.3", "198.51.100.1"),  # two proxies of ours
        ("127.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("::1", '"[2001:db8::7]:4711"', "2001:db8::7"),
        ("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2"),
        ("127.0.0.1", "junk, 10.0.0.3", "10.0.0.3"),
    ],
)
def test_the_right_most_hop_that_is_no_proxy_of_ours_is_the_sender(peer: str, told: str, sender: str) -> None:
    assert find_sender(peer, "http", told, "", OURS).address == sender


def test_https_is_believed_of_a_proxy_and_of_nobody_else() -> None:
    assert find_sender("127.0.0.1", "http", "198.51.100.1", "https", OURS).scheme == "https"
    assert find_sender("127.0.0.1", "http", "198.51.100.1", "https, http", OURS).scheme == "http"
    assert find_sender("203.0.113.5", "http", "", "https", OURS).scheme == "http"
    assert find_sender("127.0.0.1", "http", "", "https", ()).scheme == "http"


def test_django_sees_the_sender_and_no_header_in_disguise() -> None:
    django = Django()
    scope = scope_of("/", "GET", "127.0.0.1", x_forwarded_for="198.51.100.9", x_forwarded_proto="https")
    scope["headers"].append((b"x_forwarded_for", b"6.6.6.6"))
    ask(Door(django, OURS), scope, sender_of())
    seen = django.seen[0]
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == ("198.51.100.9", "https")
    assert seen["HTTP_X_FORWARDED_FOR"] == "198.51.100.9"


def test_each_upload_route_has_its_own_limit() -> None:
    megabytes = {
        path: limit_for(path).most_bytes / 1024**2
        for path in ("/imports/", "/phones/file/", "/api/phone/inbox", "/api/phone/enrol", "/no/such/page/")
    }
    assert megabytes == {
        "/imports/": 30,
        "/phones/file/": 66,
        "/api/phone/inbox": 6,
        "/api/phone/enrol": 1 / 64,
        "/no/such/page/": 1,
    }
