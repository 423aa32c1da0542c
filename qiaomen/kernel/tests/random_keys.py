"""Texts as a person reads them: without the identifiers and keys that chance writes into them.

A search for a few digits ("1948") in a text that holds sixty random UUIDs is red about once in forty runs.
"""

import re

_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_KEY = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}")


def without_random_keys(text: str) -> str:
    """`text` without UUIDs and without keys and tokens (40 characters of base64 or hex and more)."""
    return _KEY.sub("", _UUID.sub("", text))
