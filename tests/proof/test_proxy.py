"""Behind a real reverse proxy that ends TLS: the nginx of docs/how-to/deploy.md, word for word but for ports and paths."""

import http.client
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from qiaomen import lan
from qiaomen.office.sign_in import MOST_NAMES
from tests.proof.machine import ROOT, Server, free_port, running, wait_until

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = [
    pytest.mark.proof,
    pytest.mark.skipif(NGINX is None, reason="no nginx on this machine (Debian: apt install nginx-light)"),
]
DESK, SPRAYER = "127.0.0.8", "127.0.0.9"


def documented(port: int, behind: int, tls: dict[str, Any]) -> str:
    """Return the configuration of the documentation with this test's ports and certificate."""
    text = (ROOT / "docs/how-to/deploy.md").read_text(encoding="utf-8")
    block = re.search(r"```nginx\n(.*?)```", text, re.S)
    assert block is not None
    words = {"listen 443": f"listen 127.0.0.1:{port}", "127.0.0.1:8000": f"127.0.0.1:{behind}",
             "/etc/ssl/qiaomen.pem": tls["certificate"], "/etc/ssl/qiaomen.key": tls["key"],
             "qiaomen.example.gov": "localhost"}  # fmt: skip
    found = block[1]
    for old, new in words.items():
        assert old in found
        found = found.replace(old, new)
    return found


class Proxy:
    """A running nginx and the way through it."""

    def __init__(self, port: int, tls: dict[str, Any], server: Server) -> None:
        self.port, self.server = port, server
        self.tls = ssl.create_default_context(cafile=tls["ca"])

    def ask(
        self, method: str, path: str, form: dict[str, str] | bytes | None = None, *, source: str = DESK, **fields: str
    ) -> tuple[http.client.HTTPResponse, str]:
        """Ask through the proxy as a browser at `source` does."""
        line = http.client.HTTPSConnection(
            "localhost", self.port, context=self.tls, timeout=60, source_address=(source, 0)
        )
        body = urlencode(form) if isinstance(form, dict) else form
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        headers |= {"Origin": f"https://localhost:{self.port}", "Content-Type": "application/x-www-form-urlencoded"}
        line.request(method, path, body, headers)
        answer = line.getresponse()
        text = answer.read().decode()
        line.close()
        return answer, text

    def sign_in(self, name: str, password: str, source: str, **fields: str) -> http.client.HTTPResponse:
        page, text = self.ask("GET", "/login/", source=source, **fields)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
        assert token is not None, text[:300]
        cookie = fields.pop("Cookie", "") + "; " + "; ".join(cookies_of(page))
        form = {"csrfmiddlewaretoken": token[1], "login_name": name, "password": password}
        return self.ask("POST", "/login/", form, source=source, Cookie=cookie.strip("; "), **fields)[0]


def cookies_of(answer: http.client.HTTPResponse) -> list[str]:
    return [value.partition(";")[0] for value in answer.msg.get_all("Set-Cookie") or []]


@pytest.fixture
def proxy(on_sqlite: tuple[Server, dict[str, Any]], tmp_path: Path) -> Iterator[Proxy]:
    server, port = on_sqlite[0], free_port()
    server.env |= {"QM_HTTPS": "1", "QM_TRUSTED_PROXY": "127.0.0.1", "QM_ALLOWED_HOSTS": "localhost"}
    tls: dict[str, Any] = lan.issue(tmp_path, name=None, addresses=[])
    with running(server):
        folder = tmp_path / "nginx"
        folder.mkdir()
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        configuration = folder / "nginx.conf"
        configuration.write_text(
            f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;\n"
            f"events {{}}\nhttp {{ access_log off;\n{temporary}{documented(port, server.port, tls)} }}\n"
        )
        nginx = subprocess.Popen([str(NGINX), "-e", f"{folder}/start.log", "-c", str(configuration)])
        made = Proxy(port, tls, server)

        def answers() -> bool:
            try:
                return made.ask("GET", "/login/")[0].status == 200
            except OSError:
                return False

        try:
            wait_until(answers, "nginx's first answer")
            yield made
        finally:
            nginx.terminate()
            nginx.wait(30)


def test_signing_in_works_and_its_cookies_hold_to_this_host_and_https(proxy: Proxy) -> None:
    answer = proxy.sign_in("p-head", "qiaomen-demo", DESK)
    assert answer.status == 302 and answer.headers["Location"] == "/desk/"
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    told = answer.msg.get_all("Set-Cookie") or []
    assert {"__Host-session", "__Host-csrf", "__Host-known"} <= {value.partition("=")[0] for value in told}
    for value in told:
        assert "Secure" in value and "Path=/" in value and "Domain" not in value, value
    desk, page = proxy.ask("GET", "/desk/", Cookie="; ".join(cookies_of(answer)))
    assert desk.status == 200 and "锦瑟社区" in page


def test_a_sprayer_is_stopped_and_nobody_else_is(proxy: Proxy) -> None:
    known = "; ".join(
        value for value in cookies_of(proxy.sign_in("p-head", "qiaomen-demo", SPRAYER)) if "known" in value
    )
    statuses = [
        proxy.sign_in(f"name-{number}", "Summer2026!", SPRAYER, X_Forwarded_For=f"203.0.113.{number}").status
        for number in range(MOST_NAMES + 5)
    ]
    assert statuses == [200] * MOST_NAMES + [429] * 5, "what the sender writes into the header helps nothing"
    assert proxy.sign_in("p-1", "qiaomen-demo", SPRAYER).status == 429
    assert proxy.sign_in("p-1", "qiaomen-demo", DESK).status == 302, "another address, behind the same proxy"
    assert proxy.sign_in("p-head", "qiaomen-demo", SPRAYER, Cookie=known).status == 302, "a colleague's own browser"


def test_a_large_body_is_refused_in_words_through_the_proxy(proxy: Proxy) -> None:
    answer, text = proxy.ask("POST", "/api/phone/enrol", b" " * 100_000)
    assert answer.status == 413 and '"code": "frontdoor.too-large"' in text
    answer, text = proxy.ask("POST", "/login/", b" " * 3_000_000)
    assert answer.status == 413 and "这个文件太大" in text
