"""The reference follows from the code: the pages are made anew and compared; every stored field says why it is kept."""

from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
_spec = spec_from_file_location("reference", ROOT / "docs" / "reference.py")
assert _spec is not None and _spec.loader is not None
reference = module_from_spec(_spec)
_spec.loader.exec_module(reference)


@pytest.mark.parametrize("name, page", reference.PAGES_MADE.items(), ids=list(reference.PAGES_MADE))
def test_a_page_says_what_the_code_declares(name: str, page: Callable[[], str]) -> None:
    written = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert written == page(), "run `python docs/reference.py`"


def own_models() -> list[Any]:
    return [model for model in apps.get_models() if model.__module__.startswith("qiaomen.")]


def test_every_stored_field_has_a_purpose_and_none_is_listed_that_is_not_stored() -> None:
    """Source: promises.md 2.1; 《个人信息保护法》第六条、第十九条 (no more than the purpose needs, no longer)."""
    stored = {model.record_type: {field.name for field in reference.fields_of(model)} for model in own_models()}
    listed = {kind: set(entry["fields"]) for kind, entry in reference.purposes().items()}
    assert listed == stored


def test_every_record_says_by_which_right_who_reads_it_and_for_how_long() -> None:
    for kind, entry in reference.purposes().items():
        assert set(entry) == {"purpose", "basis", "reads", "retention", "phone", "fields"}, kind
        for text in (*(entry[name] for name in ("purpose", "basis", "reads", "retention")), *entry["fields"].values()):
            assert isinstance(text, str) and len(text) >= 2, (kind, text)
        assert set(entry["phone"]) <= set(entry["fields"]), kind


def test_no_identity_number_and_no_words_of_a_case_go_to_a_phone() -> None:
    entries = reference.purposes()
    assert "id_no" not in entries["register.person"]["phone"]
    assert not entries["cases.casestep"]["phone"] and not entries["needs.need"]["phone"]


def test_the_picture_of_the_street_is_drawn_from_the_imports() -> None:
    from docs.street import PAPER, drawn

    text = PAPER.read_text(encoding="utf-8")
    assert text == drawn(text), "run `python docs/street.py`"
