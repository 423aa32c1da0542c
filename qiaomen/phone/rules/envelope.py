"""The sealed envelope: ECDH P-256 with a fresh key, HKDF-SHA256, AES-256-GCM bound to the item's id.

The phone needs only the public key, so a lost or locked phone cannot read what it has finished.
Sources: NIST SP 800-56A (ECDH), RFC 5869 (HKDF), NIST SP 800-38D (GCM). contract/ holds an example vector.
"""

import base64
import binascii
import os
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

INFO = b"qiaomen-outbox-v1"
SUITE = "P256-HKDF-SHA256-AES256GCM"
"""What an envelope names as its `alg`; one that names none is of before and of this suite."""
CURVE = ec.SECP256R1()


class CannotOpen(Exception):
    """Cut off, altered, moved to another id, or sealed to another key."""


@dataclass(frozen=True)
class Envelope:
    """The sender's fresh public key (65 bytes, uncompressed), the nonce (12 bytes), ciphertext with tag."""

    epk: bytes
    iv: bytes
    ct: bytes


def encode(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: object) -> bytes:
    """Read base64url without padding. Raises CannotOpen."""
    try:
        return base64.b64decode(str(text) + "=" * (-len(str(text)) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise CannotOpen("base64") from error


def make_key() -> tuple[str, str]:
    """Return a new (private, public) pair as base64url: the 32-byte number and the 65-byte point."""
    key = ec.generate_private_key(CURVE)
    return encode(key.private_numbers().private_value.to_bytes(32, "big")), encode(_point(key.public_key()))


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _key(shared: bytes) -> AESGCM:
    return AESGCM(HKDF(hashes.SHA256(), 32, None, INFO).derive(shared))


@lru_cache(maxsize=16)
def _private_key(private: str) -> ec.EllipticCurvePrivateKey:
    """Reading a key multiplies a point: as dear as half an envelope, so it is done once."""
    return ec.derive_private_key(int.from_bytes(decode(private), "big"), CURVE)


def seal(public: str, content: bytes, aad: str) -> Envelope:
    """Seal as a phone does: the other half of the contract, for tests and for its example vector."""
    fresh, iv = ec.generate_private_key(CURVE), os.urandom(12)
    there = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decode(public))
    cipher = _key(fresh.exchange(ec.ECDH(), there))
    return Envelope(_point(fresh.public_key()), iv, cipher.encrypt(iv, content, aad.encode()))


def open_envelope(private: str, envelope: Envelope, aad: str) -> bytes:
    """Open what was sealed to this private key under this id. Raises CannotOpen."""
    try:
        key = _private_key(private)
        there = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, envelope.epk)
        return _key(key.exchange(ec.ECDH(), there)).decrypt(envelope.iv, envelope.ct, aad.encode())
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("sealed text") from error
