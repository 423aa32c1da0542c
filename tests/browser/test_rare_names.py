"""Names (5,000 in prove) with characters of extensions A to F: brought in, found, printed without a box or a "?"."""

import io
import os
import random
import re
import unicodedata
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from qiaomen.imports.tests.workbooks import HEAD, TO_F, book, number_of, rare_name
from tests.browser.conftest import Server
from tests.browser.steps import bring_roster, sign_in

pytestmark = pytest.mark.browser
PAGE = 50  # people on a page of the totals
NAMES, SEED = 5000 if os.environ.get("QM_PROVE") == "1" else 600, 18


def printed(desk: Page) -> str:
    """Return what stands on the page when it is printed: a character without a glyph is NUL in the PDF's text."""
    desk.evaluate("async () => { document.body.offsetHeight; await document.fonts.ready }")
    sheets = PdfReader(io.BytesIO(desk.pdf(format="A4"))).pages
    text = "".join(sheet.extract_text() for sheet in sheets)
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))  # a glyph is also a radical's: ⼘ is 卜


def drawn(name: str) -> str:
    """A name as printed: what stands for a rare glyph in the PDF is now and then another code of the same glyph, or a
    pair of surrogates counted past its end; a box would be NUL."""
    return "".join(char if "\u4e00" <= char <= "\u9fff" else "[^\\0]{1,2}" for char in name)


def test_rare_names_are_printed_as_they_are_written(desk: Page, server: Server, tmp_path: Path) -> None:
    server.stop()
    server.env["QM_LOOKS_PER_HOUR"] = str(10 * NAMES)  # pages of people count; here the paper is tried, not the brake
    server.start()
    dice = random.Random(SEED)
    names = [rare_name(dice, TO_F) for _ in range(NAMES)]
    doors = [f"幸福苑{n // 100 + 1}-1-{n % 100 + 101}" for n in range(NAMES)]
    numbers = [number_of(n, f"19{50 + n // 1000}0101") for n in range(NAMES)]
    rows = [[name, number, "", door] for name, number, door in zip(names, numbers, doors, strict=True)]
    sign_in(desk, "zhuren-c")
    bring_roster(desk, book([HEAD, *rows]), tmp_path)

    for name in dice.sample(names, 5):
        desk.goto("/desk/")
        desk.locator("#qm-search").fill(name)
        expect(desk.locator("#qm-hits").get_by_text(name).first).to_be_visible()

    on_paper = ""
    for page in range(1, NAMES // PAGE + 1):
        desk.goto(f"/register/totals/people/?page={page}")
        on_paper += printed(desk)
    boxes = re.findall(r".{3}\0+", on_paper)
    assert not boxes, f"{len(boxes)}: {boxes[:20]}"
    lost = [name for name in names if name not in on_paper and not re.search(drawn(name), on_paper)]
    assert not lost, f"{len(lost)}: {lost[:20]}"
    assert sum(name in on_paper for name in names) >= 0.995 * NAMES
