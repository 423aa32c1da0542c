"""What the app weighs on the wire when it is opened for the first time, from the real build on the real server."""

import gzip
import re
import urllib.request
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT, Server

pytestmark = pytest.mark.browser

FIRST_OPENING = 130_000
"""Bytes of the page with its code and style (issue 15, finding 12): at 400 kbit/s under three seconds."""


def fetched(server: Server, path: str, accepted: str) -> tuple[bytes, dict[str, str]]:
    """Return the bytes as they travel, and the fields."""
    asked = urllib.request.Request(server.url + path, headers={"Accept-Encoding": accepted})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


@pytest.mark.parametrize("accepted", ["gzip, deflate, br", "gzip"])
def test_the_first_opening_is_compressed_and_its_hashed_files_are_kept(server: Server, accepted: str) -> None:
    page = fetched(server, "/m/", "identity")[0].decode()
    parts = sorted(set(re.findall(r'(?:src|href)="(/m/[^"]+\.(?:js|css))"', page)))
    assert any(part.endswith(".css") for part in parts) and any("/assets/" in part for part in parts)
    weight = 0
    for path in ["/m/", *parts]:
        content, fields = fetched(server, path, accepted)
        weight += len(content)
        assert fields.get("content-encoding") == ("br" if "br" in accepted else "gzip"), path
        if "/assets/" in path:
            assert "immutable" in fields["cache-control"], path
    print(f"\n  first opening over the wire ({accepted}): {weight} bytes of {len(parts) + 1} files")
    assert weight <= FIRST_OPENING


def test_the_first_load_is_small(capsys: pytest.CaptureFixture[str]) -> None:
    """As it goes over the line: brotli where the build made it (whitenoise serves it), gzip for browsers of before.

    What is read later – the camera's reader of codes, the second suite of seals – is told beside it.
    """
    root = ROOT / "qiaomen" / "webroot" / "m"
    files = [path for path in root.rglob("*") if path.is_file() and path.suffix not in {".br", ".gz"}]
    first = (root / "index.html").read_text()
    later = [path for path in files if path.suffix == ".js" and path.name not in first and path.name != "sw.js"]
    at_once = [path for path in files if path not in later]

    def sent(path: Path, suffix: str) -> int:
        packed = path.with_name(path.name + suffix)
        return (packed if packed.exists() else path).stat().st_size

    wire = {suffix: sum(sent(path, suffix) for path in at_once) / 1024 for suffix in (".br", ".gz")}
    scripts = sum(len(gzip.compress(path.read_bytes(), 9)) for path in at_once if path.suffix == ".js") / 1024
    after = sum(sent(path, ".br") for path in later) / 1024
    with capsys.disabled():
        print(f"\nphone: {wire['.br']:.0f} KB brotli, {wire['.gz']:.0f} KB gzip, of it JavaScript {scripts:.0f} KB")
        print(f"later: {after:.0f} KB brotli")
    assert at_once and wire[".br"] <= 130 and wire[".gz"] <= 150 and scripts <= 150 and after <= 60
