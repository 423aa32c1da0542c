"""What the app weighs on the wire when it is opened for the first time, from the real build on the real server."""

import re
import urllib.request

import pytest

from tests.browser.conftest import Server

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
