"""How long a browser keeps the files of the phone app, and in how many bytes what it asks for travels."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from qiaomen.phone.tests.conftest import Phone


@pytest.fixture
def built(settings: Any, tmp_path: Path) -> Client:
    """A build as Vite writes one: hashed names under assets, plain names above."""
    for name in ("m/assets/index-CjD_1Uns.js", "m/sw.js", "m/assets/plain.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1\n")
    settings.WHITENOISE_ROOT, settings.WHITENOISE_AUTOREFRESH = tmp_path, False
    return Client()


def test_a_file_with_a_hash_in_its_name_is_kept_for_good(built: Client) -> None:
    kept = built.get("/m/assets/index-CjD_1Uns.js")
    assert kept.status_code == 200 and "immutable" in kept["Cache-Control"]


@pytest.mark.parametrize("path", ["/m/sw.js", "/m/assets/plain.js"])
def test_a_file_whose_name_stays_is_asked_for_again(built: Client, path: str) -> None:
    assert "immutable" not in built.get(path)["Cache-Control"]


def test_a_full_list_travels_in_a_fifth_of_its_bytes_and_says_the_same(phone: Phone) -> None:
    packed = phone.client.get("/api/phone/pack", headers={**phone.headers, "Accept-Encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip" and packed["Cache-Control"] == "no-store"
    said = gzip.decompress(packed.content)
    assert len(json.loads(said)["doors"]) == 60 and len(packed.content) * 5 < len(said)
    assert "Content-Encoding" not in phone.client.get("/api/phone/pack", headers=phone.headers)
