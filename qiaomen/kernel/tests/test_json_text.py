"""JSON from outside."""

import pytest

from qiaomen.kernel.json_text import read_json


@pytest.mark.parametrize("text", ["", "{", "[" * 5000, '{"a": "\\u0000"}', '{"a": "\\ud800"}', '{"\\udfff": 1}'])
def test_what_no_database_keeps_is_no_json(text: str) -> None:
    with pytest.raises(ValueError):
        read_json(text)


def test_the_rest_is_read_as_it_is() -> None:
    assert read_json('{"a": "\\ud842\\udfb7 \\\\u", "b": [1, null]}') == {"a": "𠮷 \\u", "b": [1, None]}


def test_bytes_that_are_no_text_are_no_json() -> None:
    with pytest.raises(ValueError):
        read_json(b"\xff")
