"""Sealed values: authenticated encryption at rest, and a keyed index for exact match.

Stored text: ``v1.<suite>.<key id>.<base64url(nonce + ciphertext + tag)>``; suite ``aes`` = AES-256-GCM,
``sm4`` = SM4-GCM (国密). The label of the column is bound in as associated data, so a value moved to another
column does not open. Software alone is not "compliant" with GB/T 39786: that takes a certified module.
"""

import base64
import hmac as fast_hmac
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_keys: dict[str, bytes] = {}
_suite = "aes"
_marks_with = -1
"""The place of the key that marks and codes are made with: the oldest, so that a new key does not move them."""
_KEY_LENGTH = {"aes": 32, "sm4": 16}
CODE_BLOCK = 48
"""Longer than any code of the packs, so that all look alike; a title of more than 16 characters takes two."""


class CannotUnseal(Exception):
    """The stored text is damaged, moved to another column, or sealed with a key that is not here."""


def configure(keys: str, suite: str = "aes") -> None:
    """Set the master keys, ``id:hex,id:hex`` newest first (32 bytes each), and the suite for new values."""
    global _suite
    if suite not in _KEY_LENGTH:
        raise ValueError("suite must be aes or sm4")
    parsed = dict(part.split(":", 1) for part in keys.split(","))
    _keys.clear()
    _keys.update({key_id: bytes.fromhex(value) for key_id, value in parsed.items()})
    _suite = suite
    _derive.cache_clear()
    _seal_code.cache_clear()
    open_code.cache_clear()


@lru_cache(maxsize=8192)  # a county has a few hundred communities with a few blind keys each
def _derive(key_id: str, info: str, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, b"qiaomen", info.encode()).derive(_keys[key_id])


def _cipher(suite: str, key_id: str, nonce: bytes, tag: bytes | None = None) -> Cipher[modes.GCM]:
    key = _derive(key_id, "seal-" + suite, _KEY_LENGTH[suite])
    algorithm = algorithms.AES(key) if suite == "aes" else algorithms.SM4(key)
    return Cipher(algorithm, modes.GCM(nonce, tag))


def seal(text: str, aad: str) -> str:
    """Seal `text` under the newest key; `aad` is the label of the column it will stand in."""
    key_id, nonce = next(iter(_keys)), os.urandom(12)
    encryptor = _cipher(_suite, key_id, nonce).encryptor()
    encryptor.authenticate_additional_data(aad.encode())
    body = encryptor.update(text.encode()) + encryptor.finalize() + encryptor.tag
    return f"v1.{_suite}.{key_id}." + base64.urlsafe_b64encode(nonce + body).decode()


def unseal(stored: str, aad: str) -> str:
    """Open a stored value. Raises CannotUnseal."""
    try:
        _, suite, key_id, body = stored.split(".")
        raw = base64.urlsafe_b64decode(body)
        decryptor = _cipher(suite, key_id, raw[:12], raw[-16:]).decryptor()
        decryptor.authenticate_additional_data(aad.encode())
        return (decryptor.update(raw[12:-16]) + decryptor.finalize()).decode()
    except (InvalidTag, ValueError, KeyError) as error:
        raise CannotUnseal(aad) from error


def padded(text: str, block: int) -> str:
    """Return a text filled with NUL to whole blocks of bytes: its length would tell yes from no otherwise."""
    return text + "\0" * (-len(text.encode()) % block)


def seal_code(text: str, label: str) -> str:
    """Seal a short code so that equal codes look equal under one label: a column of them can be matched and counted.

    What it gives away: how many rows share a value, not which value. Synthetic IV (RFC 5297 for aes; the same
    construction of HMAC-SM3 and SM4-CTR for sm4). Uses the oldest key, as `blind` does.
    """
    return _seal_code(text, label, list(_keys)[_marks_with], _suite)


@lru_cache(maxsize=16_384)
def _seal_code(text: str, label: str, key_id: str, suite: str) -> str:
    if suite == "aes":
        body = AESSIV(_derive(key_id, "code-aes", 64)).encrypt(padded(text, CODE_BLOCK).encode(), [label.encode()])
    else:
        whole = padded(text, CODE_BLOCK)
        tag = _siv_tag(whole, label, key_id)
        body = tag + _sm4_ctr(key_id, tag, whole.encode())
    return f"c1.{suite}.{key_id}.{base64.urlsafe_b64encode(body).decode()}"


@lru_cache(maxsize=16_384)
def open_code(stored: str, label: str) -> str:
    """Open what `seal_code` made. Raises CannotUnseal."""
    try:
        _, suite, key_id, text = stored.split(".")
        body = base64.urlsafe_b64decode(text)
        if suite == "aes":
            return AESSIV(_derive(key_id, "code-aes", 64)).decrypt(body, [label.encode()]).decode().rstrip("\0")
        opened = _sm4_ctr(key_id, body[:16], body[16:]).decode()
        if not fast_hmac.compare_digest(_siv_tag(opened, label, key_id), body[:16]):
            raise CannotUnseal(label)
        return opened.rstrip("\0")
    except (InvalidTag, ValueError, KeyError) as error:
        raise CannotUnseal(label) from error


def _siv_tag(text: str, label: str, key_id: str) -> bytes:
    mac = hmac.HMAC(_derive(key_id, "code-mac-sm4", 32), hashes.SM3())
    mac.update(label.encode() + b"\0" + text.encode())
    return mac.finalize()[:16]


def _sm4_ctr(key_id: str, tag: bytes, content: bytes) -> bytes:
    cipher = Cipher(algorithms.SM4(_derive(key_id, "code-sm4", 16)), modes.CTR(tag)).encryptor()
    return cipher.update(content) + cipher.finalize()


@contextmanager
def marking_with_newest() -> Iterator[None]:
    """Make marks and codes with the newest key: only for moving all of them, with no server running."""
    global _marks_with
    _marks_with = 0
    try:
        yield
    finally:
        _marks_with = -1


def newest_key() -> str:
    """Return the id of the key new values are sealed with."""
    return next(iter(_keys))


def key_of(stored: str) -> str:
    """Return the id of the key a sealed value or code stands under."""
    return stored.split(".")[2]


def blind(text: str, label: str) -> str:
    """Return 32 hex characters that are equal for equal texts under one label: exact match without opening.

    Uses the oldest key, so that rotation does not move the index; re-index to retire that key.
    """
    digest = hashes.SM3() if _suite == "sm4" else hashes.SHA256()
    mac = hmac.HMAC(_derive(list(_keys)[_marks_with], "blind-" + label, 32), digest)
    mac.update(text.strip().upper().encode())
    return mac.finalize()[:16].hex()


def blind_many(texts: Iterable[str], label: str) -> list[str]:
    """Return what `blind` returns, for many texts under one label: the key is fetched once."""
    if _suite == "sm4":
        return [blind(text, label) for text in texts]
    key = _derive(list(_keys)[_marks_with], "blind-" + label, 32)
    return [fast_hmac.digest(key, text.strip().upper().encode(), "sha256")[:16].hex() for text in texts]


def mark(text: str, label: str) -> tuple[str, str]:
    """Return the newest key's id and 64 hex characters of HMAC-SHA256 over `text`: only a holder of the key
    makes them.
    """
    key_id = next(iter(_keys))
    return key_id, fast_hmac.digest(_derive(key_id, "mark-" + label, 32), text.encode(), "sha256").hex()


def is_marked(text: str, label: str, key_id: str, found: str) -> bool:
    """Say whether `found` is the mark of the key with this id on `text`; an unknown key made no mark."""
    if key_id not in _keys:
        return False
    made = fast_hmac.digest(_derive(key_id, "mark-" + label, 32), text.encode(), "sha256").hex()
    return fast_hmac.compare_digest(made, found)


def knows(key_id: str) -> bool:
    """Say whether the key with this id is here."""
    return key_id in _keys


def keys_text() -> str:
    """Return the keys as `configure` takes them, newest first: for a sealed backup, never for a log or a page."""
    return ",".join(f"{key_id}:{value.hex()}" for key_id, value in _keys.items())


def suite() -> str:
    """Return the suite of new values."""
    return _suite
