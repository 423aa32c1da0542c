"""A phone in Python that keeps web/phone's rules: seal, offer, and believe only what the server lists."""

import hashlib
import http.client
import io
import json
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from PIL import Image

from qiaomen.kernel import clock
from qiaomen.phone.rules.envelope import encode, seal
from tests.proof.machine import Server

SMALL_PIECE = 300
"""Of the small pictures here some pieces each, so that faults fall between them."""
LOST = (OSError, http.client.HTTPException)
"""What a phone sees when the line or the server is gone."""


def picture(side: int = 48) -> bytes:
    """Return a small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (side, side), (90, 120, 90)).save(out, "JPEG")
    return out.getvalue()


@dataclass
class Sealed:
    """One finished visit as the phone keeps it: what it said is known to the test only."""

    said: dict[str, Any]
    item: dict[str, Any]
    photos: dict[str, bytes] = field(default_factory=dict)


class Phone:
    """One phone with its own connection and its own outbox."""

    def __init__(self, server: Server, town: dict[str, Any], number: int, random: Random) -> None:
        self.server, self.town, self.token, self.random = server, town, town["tokens"][number], random
        self.line: http.client.HTTPConnection | None = None
        self.waiting: dict[str, Sealed] = {}
        self.received: dict[str, Sealed] = {}
        self.aside: dict[str, Sealed] = {}
        self.epoch = ""
        self.told: set[str] = set()
        """Every id that any reply called stored, also replies the phone never saw."""
        self.acknowledged = 0
        self.strange: list[str] = []

    def record(self, **changes: Any) -> Sealed:
        """Finish a visit: seal it and put it into the outbox."""
        said, pictures = self.say(**changes)
        return self.finish(said, {key: pictures for key in said["photos"]})

    def finish(self, said: dict[str, Any], pictures: dict[str, bytes]) -> Sealed:
        """Seal what was said with its pictures, and declare these."""
        photos = {}
        for key, picture in pictures.items():
            sealed = seal(self.town["seal_key"]["public"], picture, key)
            photos[key] = sealed.epk + sealed.iv + sealed.ct
        said["declared"] = [
            {"id": key, "sha256": hashlib.sha256(body).hexdigest(), "size": len(body)} for key, body in photos.items()
        ]
        made = Sealed(said, self.item(said), photos)
        self.waiting[said["op_id"]] = made
        return made

    def say(self, *, photos: int = 0, needs: int | None = None, **changes: Any) -> tuple[dict[str, Any], bytes]:
        """Invent a visit to some door; its note holds its own id, so that a mix-up is seen."""
        dice, door = self.random, self.random.choice(self.town["doors"])
        op_id = str(uuid.UUID(int=dice.getrandbits(128), version=4))
        count = dice.choice((0, 0, 1, 2)) if needs is None else needs
        heard = [
            {
                "id": str(uuid.UUID(int=dice.getrandbits(128), version=4)),
                "kind": "repair",
                "words": "水管漏水",
                "handling": dice.choice(("office", "on_the_spot")),
            }
            for _ in range(count)
        ]
        keys = [str(uuid.UUID(int=dice.getrandbits(128), version=4)) for _ in range(photos)]
        return {
            "v": 1,
            "op_id": op_id,
            "kind": "visit",
            "dwelling_id": door["dwelling_id"],
            "household_id": door["household_id"],
            "round_id": None,
            "outcome": "met",
            "happened_at": (clock.now() - timedelta(minutes=5)).isoformat(),
            "note": f"身体好 {op_id}",
            "needs": heard,
            "base_version": 1,
            "corrects": None,
            "photos": keys,
            **changes,
        }, picture()

    def item(self, said: dict[str, Any]) -> dict[str, Any]:
        """Seal what was said as web/phone/src/seal.ts does."""
        key = self.town["seal_key"]
        sealed = seal(key["public"], json.dumps(said).encode(), said["op_id"])
        return {
            "op_id": said["op_id"],
            "key_id": key["id"],
            "epk": encode(sealed.epk),
            "iv": encode(sealed.iv),
            "ct": encode(sealed.ct),
            "made_at": said["happened_at"],
            "photos": [],
        }

    def call(
        self, method: str, path: str, body: bytes | None = None, kind: str = "application/json", **fields: str
    ) -> Any:
        """Ask the server; raises one of LOST when there is none or it refuses. HEAD returns the fields of the
        answer.
        """
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        headers |= {name.replace("_", "-"): value for name, value in fields.items()}
        if self.line is None:
            self.line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        try:
            self.line.request(method, f"/api/phone/{path}", body, headers)
            answer = self.line.getresponse()
            text = answer.read()
        except LOST:
            self.hang_up()
            raise
        if answer.status != 200:
            self.strange.append(f"{answer.status} {text[:200]!r}")
            raise http.client.HTTPException(f"{method} {path}: {answer.status} {text[:200]!r}")
        if method == "HEAD":
            return dict(answer.headers)
        said = json.loads(text)
        if "epoch" in said and said["epoch"] != self.epoch:  # another epoch: the server was restored
            if self.epoch:
                self.waiting |= self.received | self.aside
                self.received, self.aside = {}, {}
            self.epoch = said["epoch"]
        return said

    def hang_up(self) -> None:
        if self.line is not None:
            self.line.close()
            self.line = None

    def send(self, *items: Any) -> list[dict[str, Any]]:
        """Offer items; returns what the server says of each."""
        results = self.call("POST", "inbox", json.dumps({"items": items}).encode())["results"]
        self.told |= {result["op_id"] for result in results if result["state"] in {"stored", "waiting_photos"}}
        return list(results)

    def photo_offset(self, key: str) -> tuple[int, bool]:
        """Ask how much of a photo the server has, and whether it is stored."""
        said = self.call("HEAD", f"photos/{key}")
        fields = {name.lower(): value for name, value in said.items()}
        return int(fields["upload-offset"]), fields["upload-complete"] == "?1"

    def add_to_photo(self, key: str, offset: int, piece: bytes, *, last: bool) -> dict[str, Any]:
        fields = {"Upload_Offset": str(offset), "Upload_Complete": "?1" if last else "?0"}
        return dict(self.call("PATCH", f"photos/{key}", piece, "application/partial-upload", **fields))

    def send_photo(self, key: str, body: bytes, piece: int = SMALL_PIECE) -> None:
        """Send a photo from where the server is, as web/phone/src/pieces.ts does."""
        offset, complete = self.photo_offset(key)
        while not complete:
            end = min(offset + piece, len(body))
            said = self.add_to_photo(key, offset, body[offset:end], last=end == len(body))
            offset, complete = said["offset"], said["state"] == "stored"

    def listing(self, keys: list[str]) -> dict[str, str]:
        """Ask what the server has of these."""
        found: dict[str, str] = {}
        for start in range(0, max(len(keys), 1), 100):
            words = "&".join(f"op_id={key}" for key in keys[start : start + 100])
            found |= {item["op_id"]: item["state"] for item in self.call("GET", f"inbox?{words}")["items"]}
        return found

    def drain(self, *, lost_replies: float = 0.0, most: int = 5) -> None:
        """Offer a few in any order, send their photos, and ask. A reply may be lost on the way: then nothing is
        learnt.
        """
        chosen = self.random.sample(sorted(self.waiting), min(len(self.waiting), most))
        results = self.send(*(self.waiting[key].item for key in chosen))
        if self.random.random() < lost_replies:
            return
        for result in results:
            for key in result["photos_missing"]:
                self.send_photo(key, self.waiting[result["op_id"]].photos[key])
        listed = self.listing(chosen)
        if self.random.random() < lost_replies:
            return
        for key, state in listed.items():
            if state == "stored":
                self.received[key] = self.waiting.pop(key)
            elif state == "quarantined":
                self.aside[key] = self.waiting.pop(key)

    def hand_in(self) -> None:
        """Offer all until the server lists it; what it has not listed after 20 rounds stays in `waiting`."""
        self.hang_up()
        rounds = 0
        while self.waiting and rounds < 20:
            before = len(self.waiting)
            self.drain(most=50)
            rounds = rounds + 1 if len(self.waiting) == before else 0
        self.hang_up()

    @property
    def everything(self) -> dict[str, Sealed]:
        """All it ever recorded, but for what it knows to be put aside."""
        return self.waiting | self.received


def compare(made: dict[str, Sealed], found: dict[str, Any]) -> dict[str, int]:
    """Compare what phones recorded with what the database holds. Returns counts, of which lost, doubled and altered
    must be 0."""
    rows = found["visits"]
    here = {key: one for key, one in made.items() if key in rows}
    wrong = [
        key
        for key, one in here.items()
        if rows[key]["note"] != one.said["note"]
        or rows[key]["photos"] != len(one.photos)
        or rows[key]["state"] != "stored"
        or rows[key]["needs"] < len(one.said["needs"])
    ]
    cases = {key: sum(need["handling"] != "on_the_spot" for need in one.said["needs"]) for key, one in here.items()}
    doubled = [
        key
        for key, row in rows.items()
        if key not in made
        or row["recorded"] != 1
        or row["needs"] > len(made[key].said["needs"])
        or row["cases"] > cases[key]
    ]
    return {
        "visits": len(made),
        "lost": len(made) - len(here),
        "doubled": len(doubled),
        "altered": len(wrong),
        "broken_ledger": int(not found["ledger"]),
    }
