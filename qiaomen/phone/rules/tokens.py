"""The tokens a phone proves itself by, and what is stored of them."""

import hashlib


def hash_token(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def hand_in_token(token: str) -> str:
    """Return the lesser token of a token: it hands in and gets nothing. The phone computes it too and keeps it unlocked."""
    return hash_token("hand-in:" + token)
