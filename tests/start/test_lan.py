"""`start.py --lan`: the certificates that let phones on the same network use the offline app."""

import os
import socket
import ssl
import stat
import threading
from datetime import timedelta
from pathlib import Path
from socketserver import BaseRequestHandler, TCPServer
from typing import Any

import pytest
from cryptography import x509

from qiaomen import lan
from qiaomen.kernel import clock


def issue(data: Path, *addresses: str, name: str | None = "office-pc") -> dict[str, Any]:
    return lan.issue(data, name=name, addresses=addresses)


def leaf_of(tls: dict[str, Any]) -> x509.Certificate:
    return x509.load_pem_x509_certificate(Path(tls["certificate"]).read_bytes())


def greet(tls: dict[str, Any], name: str, trusted: str | None) -> bytes:
    """Connect over TLS as a phone would that trusts only this CA; return what the server says."""
    inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    inside.load_cert_chain(tls["certificate"], tls["key"])

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            try:
                with inside.wrap_socket(self.request, server_side=True) as secured:
                    secured.sendall(b"knock")
            except (ssl.SSLError, OSError):
                pass  # the client refused

    outside = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if trusted:
        outside.load_verify_locations(trusted)
    with TCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        with (
            socket.create_connection(server.server_address, timeout=10) as plain,
            outside.wrap_socket(plain, server_hostname=name) as secured,
        ):
            return secured.recv(5)


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "192.168.3.7", "office-pc"])
def test_a_client_that_trusts_only_the_ca_connects(tmp_path: Path, name: str) -> None:
    tls = issue(tmp_path, "192.168.3.7")
    assert greet(tls, name, tls["ca"]) == b"knock"


def test_a_client_without_the_ca_and_an_unnamed_address_are_refused(tmp_path: Path) -> None:
    tls = issue(tmp_path, "192.168.3.7")
    for name, trusted in (("localhost", None), ("192.168.3.8", tls["ca"])):
        with pytest.raises(ssl.SSLCertVerificationError):
            greet(tls, name, trusted)


def test_keys_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    issue(tmp_path)
    if os.name == "posix":
        for key in ("ca.key", "server.key"):
            assert stat.S_IMODE((tmp_path / "tls" / key).stat().st_mode) == 0o600


def test_lifetimes_suit_phones(tmp_path: Path) -> None:
    tls = issue(tmp_path)
    leaf, ca = leaf_of(tls), x509.load_pem_x509_certificate(Path(tls["ca"]).read_bytes())
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc == timedelta(days=lan.LEAF_DAYS)
    assert timedelta(days=1825) <= ca.not_valid_after_utc - clock.machine_now() <= timedelta(days=1827)


def test_the_same_addresses_keep_the_certificate_and_new_ones_replace_it(tmp_path: Path) -> None:
    first, again = issue(tmp_path, "10.0.0.5", "192.168.3.7"), issue(tmp_path, "192.168.3.7", "10.0.0.5")
    assert first["ca_is_new"] and not again["ca_is_new"] and first["fingerprint"] == again["fingerprint"]
    kept = leaf_of(first)
    assert leaf_of(again) == kept
    moved = issue(tmp_path, "192.168.9.9")
    assert leaf_of(moved) != kept and moved["fingerprint"] == first["fingerprint"]
    assert greet(moved, "192.168.9.9", moved["ca"]) == b"knock"
    with pytest.raises(ssl.SSLCertVerificationError):
        greet(moved, "192.168.3.7", moved["ca"])


def test_a_leaf_near_its_end_is_replaced_and_an_old_ca_too(tmp_path: Path) -> None:
    first = issue(tmp_path, "10.0.0.5")
    kept = leaf_of(first)
    with clock.at(clock.machine_now() + timedelta(days=360)):
        assert leaf_of(issue(tmp_path, "10.0.0.5")) == kept
    with clock.at(clock.machine_now() + timedelta(days=370)):
        assert leaf_of(later := issue(tmp_path, "10.0.0.5")) != kept
        assert later["fingerprint"] == first["fingerprint"]
    with clock.at(clock.machine_now() + timedelta(days=1820)):
        assert issue(tmp_path, "10.0.0.5")["ca_is_new"]


def test_a_damaged_or_foreign_certificate_is_made_anew(tmp_path: Path) -> None:
    tls = issue(tmp_path)
    Path(tls["key"]).write_text("torn")
    assert greet(issue(tmp_path), "localhost", tls["ca"]) == b"knock"
    (tmp_path / "tls" / "ca.pem").unlink()
    renewed = issue(tmp_path)
    assert renewed["ca_is_new"] and greet(renewed, "localhost", renewed["ca"]) == b"knock"


def test_the_ca_vouches_for_no_other_site(tmp_path: Path) -> None:
    ca = x509.load_pem_x509_certificate(Path(issue(tmp_path)["ca"]).read_bytes())
    limits = ca.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical
    assert limits.value.permitted_subtrees == [x509.DNSName("localhost"), x509.DNSName("office-pc")]


def test_a_renamed_or_unnamed_machine_still_serves(tmp_path: Path) -> None:
    tls = issue(tmp_path, "10.0.0.5")
    assert greet(issue(tmp_path, "10.0.0.5", name="new-name"), "10.0.0.5", tls["ca"]) == b"knock"
    assert greet(issue(tmp_path / "b", "10.0.0.5", name=None), "localhost", str(tmp_path / "b/tls/ca.pem")) == b"knock"


def test_a_chinese_machine_name_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lan.socket, "gethostname", lambda: "社区电脑")
    assert lan.find_host_name() is None
    monkeypatch.setattr(lan.socket, "gethostname", lambda: "Office-PC")
    assert lan.find_host_name() == "office-pc"


def test_addresses_leave_out_this_machine_only_ones() -> None:
    assert not [text for text in lan.find_addresses() if text.startswith(("127.", "169.254.", "0."))]
