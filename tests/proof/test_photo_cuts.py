"""A5: a photo cut off at every 64 KB arrives whole in the end, and a visit is complete only with all its photos."""

import hashlib
import io
import json
import socket
import uuid
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from qiaomen.office.models import Device
from qiaomen.phone import inbox
from qiaomen.phone.models import Submission
from qiaomen.phone.rules.envelope import seal
from qiaomen.phone.tests.conftest import Phone as DeskPhone
from qiaomen.register.models import Dwelling
from tests.proof.machine import Server, dice, running, tell
from tests.proof.phones import Phone, picture

CUT = 64 * 1024


def big_picture(random: Any) -> bytes:
    """Return a JPEG of about 3 MB: noise does not compress."""
    out = io.BytesIO()
    Image.frombytes("RGB", (2000, 1400), random.randbytes(2000 * 1400 * 3)).save(out, "JPEG", quality=94)
    return out.getvalue()


def send_until(server: Server, token: str, key: str, body: bytes, length: int) -> None:
    """Begin to send a photo and lose the line after `length` bytes."""
    head = (f"PUT /api/phone/photos/{key} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/octet-stream\r\nContent-Length: {len(body)}\r\n\r\n")  # fmt: skip
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as line:
        line.sendall(head.encode() + body[:length])
        line.shutdown(socket.SHUT_WR)
        line.settimeout(60)
        while line.recv(65536):  # the server has seen the end before the next step
            pass


@pytest.mark.proof
def test_a_photo_cut_at_every_64_kb_arrives_whole(on_sqlite: tuple[Server, dict[str, Any]]) -> None:
    server, town = on_sqlite
    phone = Phone(server, town, 0, dice("photo"))
    plain = big_picture(dice("photo", 1))
    made = phone.record(photos=2, needs=0)
    large, small = made.said["photos"]
    sealed = seal(town["seal_key"]["public"], plain, large)
    made.photos[large] = sealed.epk + sealed.iv + sealed.ct
    cuts = list(range(CUT, len(plain), CUT))
    with running(server):
        assert phone.send(made.item)[0]["state"] == "waiting_photos"
        phone.send_photo(small, made.photos[small])
        for length in cuts:
            send_until(server, phone.token, large, made.photos[large], length)
            assert phone.listing([made.said["op_id"]]) == {made.said["op_id"]: "waiting_photos"}
        phone.send_photo(large, made.photos[large])
        assert phone.listing([made.said["op_id"]]) == {made.said["op_id"]: "stored"}
        phone.hang_up()
    found = server.look()
    assert found["visits"][made.said["op_id"]]["photos"] == 2
    assert hashlib.sha256(plain).hexdigest() in found["photo_hashes"]
    tell("A5 photo cut", photo_bytes=len(plain), cuts=len(cuts), lost=0, sent_again_bytes=sum(cuts),
         note="a photo goes whole: no chunk is kept")  # fmt: skip


def test_a_slower_copy_does_not_ask_again_for_photos_that_are_here(
    phone: DeskPhone, door: Dwelling, settings: Any, tmp_path: Path
) -> None:
    """Two copies of an item at once: the second has looked for the first before it was stored, and goes on after it."""
    settings.MEDIA_ROOT = tmp_path
    said = phone.say(door, photos=[str(uuid.uuid4())])
    item = phone.seal(said)
    phone.send(item)
    sealed = seal(phone.pack["seal_key"]["public"], picture(), said["photos"][0])
    body = sealed.epk + sealed.iv + sealed.ct
    phone.client.put(f"/api/phone/photos/{said['photos'][0]}", body, "application/octet-stream", headers=phone.headers)
    assert phone.listing(said["op_id"]) == {said["op_id"]: "stored"}
    device = Device.objects.get()
    community = device.staff.community
    assert community is not None
    inbox._take_in(uuid.UUID(said["op_id"]), community, device, device.staff, json.loads(json.dumps(item)))
    assert Submission.objects.get().state == "stored"
