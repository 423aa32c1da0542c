"""Reads JSON from outside: what no database would keep as text is no JSON of ours."""

import json
from typing import Any

NUL = rb"\u0000"
"""As json.dumps writes it."""


def read_json(text: str | bytes) -> Any:
    """Return what a text says. Raises ValueError for no JSON, for nesting without end, for NUL and half characters."""
    try:
        found = json.loads(text)
        whole = json.dumps(found, ensure_ascii=False).encode()  # half a character is a UnicodeEncodeError, a ValueError
    except RecursionError as error:
        raise ValueError("nested without end") from error
    if NUL in whole:
        raise ValueError("NUL")
    return found
