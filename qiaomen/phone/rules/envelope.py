"""The sealed envelope: ECDH P-256 with a fresh key, HKDF-SHA256, AES-256-GCM bound to the item's id.

The second suite (国密, `QM_SUITE=sm4`): a fresh SM4 key enciphered with SM2 (C1|C3|C2), the text in SM4-GCM. A key's
private text says of which suite it is. The phone needs only the public key, so a lost or locked phone cannot read what
it has finished. Sources: NIST SP 800-56A (ECDH), RFC 5869 (HKDF), NIST SP 800-38D (GCM); GB/T 32918.4 (SM2), GB/T 32907
(SM4). contract/ holds an example vector of each.
"""

import base64
import binascii
import hmac
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from gmssl.sm2 import CryptSM2, default_ecc_table

INFO = b"qiaomen-outbox-v1"
SUITE = "P256-HKDF-SHA256-AES256GCM"
"""What an envelope names as its `alg`; one that names none is of before and of this suite."""
SM_SUITE = "SM2-SM4-GCM"
CURVE = ec.SECP256R1()
OF_SM = "sm2."
"""How the private text of a key of the second suite begins; of the first suite it is the number alone."""
EPK_BYTES = {SUITE: 65, SM_SUITE: 112}
"""So many bytes of a photo are the fresh key, then 12 of nonce: a point, or C1 (64) | C3 (32) | C2 (16)."""
_P, _A, _B, _N = (int(default_ecc_table[name], 16) for name in "pabn")


class CannotOpen(Exception):
    """Cut off, altered, moved to another id, or sealed to another key."""


@dataclass(frozen=True)
class Envelope:
    """The sender's fresh public key (65 bytes, uncompressed; of SM2 the enciphered key), the nonce (12 bytes),
    ciphertext with tag.
    """

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


def make_key(suite: str = SUITE) -> tuple[str, str]:
    """Return a new (private, public) pair as base64url: the 32-byte number, marked by its suite, and the 65-byte
    point.
    """
    if suite == SM_SUITE:
        number = secrets.randbelow(_N - 2) + 1
        point = CryptSM2(f"{number:064x}", "")._kg(number, default_ecc_table["g"])
        return OF_SM + encode(number.to_bytes(32, "big")), encode(b"\x04" + bytes.fromhex(point))
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


def suite_of(private: str) -> str:
    """Return the suite of a key by its private text."""
    return SM_SUITE if private.startswith(OF_SM) else SUITE


def split(private: str, body: bytes) -> Envelope:
    """Return the envelope of a photo, which travels as one run of bytes."""
    n = EPK_BYTES[suite_of(private)]
    return Envelope(body[:n], body[n : n + 12], body[n + 12 :])


def seal(public: str, content: bytes, aad: str, suite: str = SUITE) -> Envelope:
    """Seal as a phone does: the other half of the contract, for tests and for its example vectors."""
    if suite == SM_SUITE:
        key, nonce = os.urandom(16), os.urandom(12)
        other = CryptSM2("", "", mode=1)
        other.public_key = decode(public)[1:].hex()
        wrapped = other.encrypt(key)
        sealing = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
        sealing.authenticate_additional_data(aad.encode())
        return Envelope(wrapped, nonce, sealing.update(content) + sealing.finalize() + sealing.tag)
    fresh, iv = ec.generate_private_key(CURVE), os.urandom(12)
    there = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decode(public))
    cipher = _key(fresh.exchange(ec.ECDH(), there))
    return Envelope(_point(fresh.public_key()), iv, cipher.encrypt(iv, content, aad.encode()))


def open_envelope(private: str, envelope: Envelope, aad: str) -> bytes:
    """Open what was sealed to this private key under this id. Raises CannotOpen."""
    try:
        if suite_of(private) == SM_SUITE:
            return _open_sm(private, envelope, aad)
        key = _private_key(private)
        there = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, envelope.epk)
        return _key(key.exchange(ec.ECDH(), there)).decrypt(envelope.iv, envelope.ct, aad.encode())
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("sealed text") from error


def _open_sm(private: str, envelope: Envelope, aad: str) -> bytes:
    """Open one of the second suite. Raises ValueError, InvalidTag.

    gmssl multiplies points, and does so with any: one beside the curve would tell of the private number. Its `decrypt`
    compares no C3; here it is compared. Its Python takes 40 ms and not the same for every number.
    """
    wrapped = envelope.epk
    if len(wrapped) != EPK_BYTES[SM_SUITE] or len(envelope.ct) < 16 or not _is_on_curve(wrapped[:64]):
        raise ValueError("epk")
    point, known, hidden = wrapped[:64], wrapped[64:96], wrapped[96:]
    number = int.from_bytes(decode(private.removeprefix(OF_SM)), "big")
    shared = bytes.fromhex(CryptSM2("", "")._kg(number, point.hex()))
    key = bytes(one ^ other for one, other in zip(hidden, _sm3(shared + b"\0\0\0\1"), strict=False))
    if not hmac.compare_digest(_sm3(shared[:32] + key + shared[32:]), known):
        raise ValueError("C3")
    opening = Cipher(algorithms.SM4(key), modes.GCM(envelope.iv, envelope.ct[-16:])).decryptor()
    opening.authenticate_additional_data(aad.encode())
    return opening.update(envelope.ct[:-16]) + opening.finalize()


def _sm3(content: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize()


def _is_on_curve(point: bytes) -> bool:
    x, y = int.from_bytes(point[:32], "big"), int.from_bytes(point[32:], "big")
    return x < _P and y < _P and (y * y - (x * x * x + _A * x + _B)) % _P == 0
