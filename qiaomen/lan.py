"""Certificates for `start.py --lan`: phones open the offline app only over HTTPS, and a LAN address has no public one.

`python -m qiaomen.lan DATA` makes what is missing in DATA/tls and prints JSON. The CA may vouch for this machine's
names and for bare addresses only (name constraints): who steals its key cannot pose as any other site.
"""

import contextlib
import ipaddress
import json
import os
import re
import socket
import struct
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from qiaomen.kernel import clock

CA_DAYS = 5 * 365 + 1
LEAF_DAYS = 397  # phones refuse longer ones
RENEW_DAYS = 30
ASK_ADDRESS = {"linux": 0x8915, "darwin": 0xC0206921}  # SIOCGIFADDR
HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?")


def find_addresses() -> list[str]:
    """Return this machine's IPv4 addresses that another machine could reach, sorted; empty without a network."""
    found: set[str] = set()
    with contextlib.suppress(OSError):
        found.update(socket.gethostbyname_ex(socket.gethostname())[2])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for target in ("10.255.255.255", "172.31.255.255", "192.168.255.255", "223.5.5.5"):
            with contextlib.suppress(OSError):
                probe.connect((target, 9))  # chooses a route; a datagram socket sends nothing here
                found.add(probe.getsockname()[0])
        if request := ASK_ADDRESS.get(sys.platform):
            import fcntl

            for _, name in socket.if_nameindex():
                with contextlib.suppress(OSError):
                    answer = fcntl.ioctl(probe.fileno(), request, struct.pack("256s", name.encode()[:15]))
                    found.add(socket.inet_ntoa(answer[20:24]))
    usable = [ipaddress.IPv4Address(text) for text in found]
    return [
        str(address)
        for address in sorted(usable)
        if not (address.is_loopback or address.is_link_local or address.is_unspecified)
    ]


def find_host_name() -> str | None:
    """Return this machine's name, or None when a certificate cannot carry it."""
    name = socket.gethostname()
    return name.lower() if HOST_NAME.fullmatch(name) else None


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write whole or not at all, never readable by more than `mode` allows."""
    beside = path.with_suffix(path.suffix + ".new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    os.replace(beside, path)


def _write_pair(folder: Path, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
    pem, pkcs8, plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    _write(folder / f"{name}.key", key.private_bytes(pem, pkcs8, plain), 0o600)
    _write(folder / f"{name}.pem", certificate.public_bytes(pem), 0o644)


def _read_pair(folder: Path, name: str) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None:
    """Read certificate and key; None when one is missing, damaged, or they do not belong together."""
    try:
        certificate = x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes())
        key = serialization.load_pem_private_key((folder / f"{name}.key").read_bytes(), None)
    except (OSError, ValueError):
        return None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        return None
    return certificate, key


def _start_certificate(
    title: str, issuer: x509.Name | None, key: ec.EllipticCurvePrivateKey, ends: datetime
) -> x509.CertificateBuilder:
    """Begin a certificate; without an issuer it is its own."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title[:64])])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.machine_now() - timedelta(days=1))  # a phone's clock may be slow
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def make_ca(folder: Path, name: str | None) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Make and keep a new CA for localhost, this machine's name and bare addresses."""
    key = ec.generate_private_key(ec.SECP256R1())
    allowed = [x509.DNSName(text) for text in dict.fromkeys(("localhost", name or "localhost"))]
    certificate = (
        _start_certificate(
            f"敲门 Qiaomen {name or ''}".strip(), None, key, clock.machine_now() + timedelta(days=CA_DAYS)
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(permitted_subtrees=allowed, excluded_subtrees=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write_pair(folder, "ca", certificate, key)
    return certificate, key


def _wanted_names(ca: x509.Certificate, name: str | None, addresses: Iterable[str]) -> x509.SubjectAlternativeName:
    """Return the leaf's names; a machine renamed since its CA was made goes without the new name."""
    allowed = ca.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    names = [text for text in dict.fromkeys(("localhost", name)) if text and x509.DNSName(text) in allowed]
    numbers = [ipaddress.IPv4Address(text) for text in sorted({"127.0.0.1", *addresses})]
    return x509.SubjectAlternativeName([*map(x509.DNSName, names), *map(x509.IPAddress, numbers)])


def _leaf_extensions(ca_key: ec.EllipticCurvePrivateKey) -> list[tuple[x509.ExtensionType, bool]]:
    return [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_key_usage(signs_certificates=False), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), False),
    ]


def _is_good(leaf: x509.Certificate, ca: x509.Certificate, wanted: x509.SubjectAlternativeName) -> bool:
    try:
        leaf.verify_directly_issued_by(ca)
    except (ValueError, TypeError, InvalidSignature):  # of an older CA
        return False
    if leaf.not_valid_after_utc - clock.machine_now() < timedelta(days=RENEW_DAYS):
        return False
    return leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value == wanted


def issue(data: Path, *, name: str | None, addresses: Iterable[str]) -> dict[str, object]:
    """Make sure DATA/tls holds a CA and a server certificate for these addresses; return where they are."""
    folder = data / "tls"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = _read_pair(folder, "ca")
    if kept is not None and kept[0].not_valid_after_utc - clock.machine_now() < timedelta(days=RENEW_DAYS):
        kept = None
    ca, ca_key = kept or make_ca(folder, name)
    addresses = sorted(set(addresses), key=ipaddress.IPv4Address)
    wanted, leaf = _wanted_names(ca, name, addresses), _read_pair(folder, "server")
    if leaf is None or not _is_good(leaf[0], ca, wanted):
        key = ec.generate_private_key(ec.SECP256R1())
        ends = min(clock.machine_now() + timedelta(days=LEAF_DAYS - 1), ca.not_valid_after_utc)
        certificate = _start_certificate("Qiaomen", ca.subject, key, ends)
        certificate = certificate.add_extension(wanted, critical=False)
        for extension, critical in _leaf_extensions(ca_key):
            certificate = certificate.add_extension(extension, critical)
        _write_pair(folder, "server", certificate.sign(ca_key, hashes.SHA256()), key)
    return {
        "ca": str(folder / "ca.pem"),
        "certificate": str(folder / "server.pem"),
        "key": str(folder / "server.key"),
        "ca_is_new": kept is None,
        "fingerprint": ca.fingerprint(hashes.SHA256()).hex(":").upper(),
        "addresses": addresses,
        "hosts": ["localhost", "127.0.0.1", *([name] if name else []), *addresses],
    }


def main() -> None:
    """Issue for the addresses of now and print where everything is."""
    print(json.dumps(issue(Path(sys.argv[1]).resolve(), name=find_host_name(), addresses=find_addresses())))


if __name__ == "__main__":
    main()
