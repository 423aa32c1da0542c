"""A5: a photo cut anywhere goes on from there, and a visit is complete only when every declared photo arrived as
declared.
"""

import hashlib
import http.client
import io
import json
import shutil
import socket
import sqlite3
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from qiaomen.office.models import Device
from qiaomen.phone.actions import inbox
from qiaomen.phone.models import Submission
from qiaomen.phone.rules.envelope import seal
from qiaomen.phone.tests.conftest import Phone as DeskPhone
from qiaomen.register.models import Dwelling
from tests.proof.machine import Server, dice, running, size, tell, wait_until
from tests.proof.phones import Phone, picture

CUT = 64 * 1024


def big_picture(random: Any) -> bytes:
    """Return a JPEG of about 3 MB: noise does not compress."""
    out = io.BytesIO()
    Image.frombytes("RGB", (2000, 1480), random.randbytes(2000 * 1480 * 3)).save(out, "JPEG", quality=94)
    return out.getvalue()


class Cutting:
    """A visit with a photo of 3 MB on a line that is cut: what is sent, and what of it the server had already."""

    def __init__(self, server: Server, town: dict[str, Any], name: str) -> None:
        self.server, self.dice = server, dice(name)
        self.phone = Phone(server, town, 0, self.dice)
        self.plain = big_picture(dice(name, 1))
        said, small = self.phone.say(photos=2, needs=0)
        self.key, other = said["photos"]
        self.made = self.phone.finish(said, {self.key: self.plain, other: small})
        self.body = self.made.photos[self.key]
        self.again = self.chunks_again = 0

    def announce(self) -> None:
        """Hand the visit in, with all but the large photo."""
        assert self.phone.send(self.made.item)[0]["state"] == "waiting_photos"
        for key, body in self.made.photos.items():
            if key != self.key:
                self.phone.send_photo(key, body)

    def there(self) -> int:
        """Return how much the server has, by its own disk: the beginning of the sealed bytes and nothing else."""
        file = self.server.data / "media" / "arriving" / uuid.UUID(self.key).hex
        found = file.read_bytes() if file.exists() else b""
        assert found == self.body[: len(found)], "what is on the disk is not the beginning of what was sealed"
        return len(found)

    def send(self, length: int, *, most: int = CUT, kill: bool = False, rate: int = 0) -> bool:
        """Ask, send `length` bytes of the next piece of at most `most`, and lose the line, or the server; no reply is
        seen.

        Returns whether the server kept the bytes of a piece that was not sent to its end.
        """
        had = self.there()
        offset, complete = self.phone.photo_offset(self.key)
        assert (offset, complete) == (had, False) and self.phone.listing([self.op_id]) == {self.op_id: "waiting_photos"}
        self.phone.hang_up()
        piece = self.body[offset : offset + most]
        sent = piece[:length]
        head = (
            f"PATCH /api/phone/photos/{self.key} HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {self.phone.token}\r\nContent-Type: application/partial-upload\r\n"
            f"Upload-Offset: {offset}\r\nUpload-Complete: ?{int(offset + len(piece) == len(self.body))}\r\n"
            f"Content-Length: {len(piece)}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=60) as line:
            line.sendall(head.encode())
            for start in range(0, len(sent), step := rate // 10 or max(1, len(sent))):
                line.sendall(sent[start : start + step])
                if rate:
                    time.sleep(0.1)  # the slow line is the fault under test
            if length == len(piece):  # the piece arrives, its reply does not
                wait_until(lambda: self.there() == offset + length, "the piece on the disk")
            if kill:
                self.server.kill()
            elif length < len(piece):
                line.shutdown(socket.SHUT_WR)
                line.settimeout(60)
                with suppress(ConnectionError):
                    while line.recv(65536):  # the server has seen the end before the next step
                        pass
        self.again += max(0, min(had - offset, length))
        self.chunks_again += max(0, (had - had % CUT - offset) // CUT)
        if kill:
            self.server.start()
        assert self.there() >= had, "what was here is gone"
        assert length < len(piece) or self.there() == offset + length, "a piece that arrived whole is gone"
        return self.there() > had

    @property
    def op_id(self) -> str:
        return str(self.made.said["op_id"])

    def end(self, name: str, **counts: Any) -> None:
        """Send what is left; the photo must be the one that was taken."""
        self.phone.send_photo(self.key, self.body, CUT)
        assert self.phone.listing([self.op_id]) == {self.op_id: "stored"}
        self.phone.hang_up()
        assert not list((self.server.data / "media" / "arriving").glob("*")), "something is left over"
        found = self.server.look()
        assert found["visits"][self.op_id]["photos"] == 2
        assert hashlib.sha256(self.plain).hexdigest() in found["photo_hashes"]
        tell(
            name,
            photo_bytes=len(self.body),
            **counts,
            completed_chunks_sent_again=self.chunks_again,
            bytes_sent_again=self.again,
            lost=0,
        )
        assert self.again == self.chunks_again == 0


@pytest.mark.proof
def test_a_photo_cut_at_every_64_kb_goes_on_from_there(on_sqlite: tuple[Server, dict[str, Any]]) -> None:
    cutting, cuts = Cutting(*on_sqlite, "photo"), 0
    with running(on_sqlite[0]):
        cutting.announce()
        while cutting.there() + CUT < len(cutting.body):
            cutting.send(CUT)
            cuts += 1
        assert cuts >= 48, cuts
        cutting.end("A5 line cut at each boundary", cuts=cuts)


@pytest.mark.proof
def test_a_photo_cut_inside_every_64_kb_goes_on_from_there(on_sqlite: tuple[Server, dict[str, Any]]) -> None:
    cutting, cuts, kept = Cutting(*on_sqlite, "photo inside"), 0, 0
    with running(on_sqlite[0]):
        cutting.announce()
        while cutting.there() + 2 * CUT < len(cutting.body):
            kept += cutting.send(cutting.dice.randint(1, CUT - 1))
            cuts += 1
            cutting.send(CUT)
            assert cuts < 200
        cutting.end("A5 line cut inside each piece", cuts=cuts, part_of_a_piece_kept=kept)


@pytest.mark.proof
@pytest.mark.parametrize("inside", [False, True], ids=["at the boundary", "inside"])
def test_a_server_killed_between_and_inside_pieces_goes_on_from_there(
    on_sqlite: tuple[Server, dict[str, Any]], inside: bool
) -> None:
    server, kills = on_sqlite[0], size(10, 48)
    cutting = Cutting(*on_sqlite, f"photo killed {inside}")
    chosen = set(cutting.dice.sample(range(48), kills))
    with running(server):
        cutting.announce()
        number = 0
        while cutting.there() + (1 + inside) * CUT < len(cutting.body):
            if number in chosen and inside:
                cutting.send(cutting.dice.randint(1, CUT - 1), kill=True)
            cutting.send(CUT, kill=number in chosen and not inside)
            number += 1
        cutting.end(f"A5 server killed {'inside pieces' if inside else 'at boundaries'}", kills=len(chosen))


@pytest.mark.proof
def test_a_piece_gets_through_at_23_kbit_a_second(on_sqlite: tuple[Server, dict[str, Any]]) -> None:
    cutting = Cutting(*on_sqlite, "photo slow")
    with running(on_sqlite[0]):
        cutting.announce()
        length = size(8 * 1024, CUT)
        cutting.send(length, most=length, rate=23_000 // 8)
        cutting.end("A5 a piece at 23 kbit/s", slow_bytes=length)


@pytest.mark.proof
def test_a_restored_server_gets_the_rest_from_where_its_backup_is(on_sqlite: tuple[Server, dict[str, Any]]) -> None:
    server, cutting = on_sqlite[0], Cutting(*on_sqlite, "photo restored")
    backup = server.data.parent / "backup"
    with running(server):
        cutting.announce()
        for _ in range(20):
            cutting.send(CUT)
        backup.mkdir()
        with sqlite3.connect(server.data / "qiaomen.sqlite3") as here, sqlite3.connect(backup / "db") as there:
            here.backup(there)
        shutil.copytree(server.data / "media", backup / "media")
        for _ in range(20):
            cutting.send(CUT)
        server.kill()
        for path in server.data.glob("qiaomen.sqlite3*"):
            path.unlink()
        shutil.rmtree(server.data / "media")
        shutil.copy(backup / "db", server.data / "qiaomen.sqlite3")
        shutil.copytree(backup / "media", server.data / "media")
        server.python("qiaomen", "new_epoch")
        server.start()
        assert cutting.phone.photo_offset(cutting.key) == (20 * CUT, False)
        cutting.end("A5 restored half-way", had=20 * CUT)


@pytest.mark.proof
def test_bytes_that_differ_are_refused_and_the_photo_begins_anew(on_sqlite: tuple[Server, dict[str, Any]]) -> None:
    server, cutting = on_sqlite[0], Cutting(*on_sqlite, "photo differs")
    with running(server):
        cutting.announce()
        cutting.send(CUT)
        file = server.data / "media" / "arriving" / uuid.UUID(cutting.key).hex
        kept = bytearray(file.read_bytes())
        kept[CUT // 2] ^= 1  # as a disk that lost power
        file.write_bytes(kept)
        with pytest.raises(http.client.HTTPException, match=r"409.*phone\.photo-differs"):
            cutting.phone.send_photo(cutting.key, cutting.body, CUT)
        assert cutting.phone.photo_offset(cutting.key) == (0, False)
        assert cutting.phone.listing([cutting.op_id]) == {cutting.op_id: "waiting_photos"}
        cutting.end("A5 a photo that differs")


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
