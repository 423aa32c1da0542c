"""The closed lists stand once, in Python; the contract and the phone app repeat them, and this says when one lags.

A code is added in the vocabulary of its house; the tests then name the files that must follow.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qiaomen.needs.rules import vocabulary as needs
from qiaomen.needs.selectors import handling_title, kind_title
from qiaomen.visits.rules import vocabulary as visits
from qiaomen.visits.selectors.labels import outcome_title

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = ROOT / "contract" / "vocabulary.json"
PHONE = [ROOT / "web/phone/src" / name for name in ("vocabulary.ts", "said.ts")]


def spoken() -> dict[str, Any]:
    """Return every closed list that a phone and the server must know alike."""
    return {
        "outcomes": list(visits.OUTCOMES),
        "handlings": list(visits.HANDLINGS),
        "checks": {head: list(marks) for head, marks in visits.CHECKS.items()},
        "talks": list(visits.TALKS),
        "findings": list(visits.FINDINGS),
        "kinds": list(needs.KINDS),
    }


def phone_source() -> str:
    return next(path for path in PHONE if path.exists()).read_text(encoding="utf-8")


def constant(source: str, name: str) -> Any:
    """Read a constant of the phone app that is written as plain lists and objects of texts."""
    found = re.search(rf"export const {name}\b[^=]*=\s*([\[{{].*?[\]}}])\n(?=export|\n|$)", source, re.S)
    assert found, name
    text = re.sub(r"(\w+):", r'"\1":', found[1].replace("'", '"'))
    return json.loads(re.sub(r",\s*([\]}])", r"\1", text))


def titled(source: str, function: str) -> set[str]:
    """Return the codes a function of the phone app has a title for."""
    found = re.search(rf"function {function}\(.*?return {{(.*?)}}\[", source, re.S)
    assert found, function
    return set(re.findall(r"(\w+): t\(", found[1]))


def test_the_contract_says_what_the_server_knows() -> None:
    assert json.loads(CONTRACT.read_text(encoding="utf-8")) == spoken()


def test_the_phone_app_knows_the_same_codes_and_has_a_title_for_each() -> None:
    source, words = phone_source(), spoken()
    assert constant(source, "CHECKS") == words["checks"] and constant(source, "TALKS") == words["talks"]
    assert titled(source, "headTitle") == set(words["checks"])
    assert titled(source, "markTitle") == {mark for marks in words["checks"].values() for mark in marks}
    assert titled(source, "talkTitle") == set(words["talks"])
    assert titled(source, "handlingTitle") == set(words["handlings"])


@pytest.mark.parametrize(
    ("title", "codes"),
    [(outcome_title, visits.OUTCOMES), (handling_title, visits.HANDLINGS), (kind_title, needs.KINDS)],
)
def test_the_desk_has_a_title_for_each_code(title: Callable[[str], str], codes: tuple[str, ...]) -> None:
    assert all(title(code) not in ("", code) for code in codes)


def test_what_is_found_on_the_stairs_is_a_kind_of_need() -> None:
    assert set(visits.FINDINGS) <= set(needs.KINDS)
