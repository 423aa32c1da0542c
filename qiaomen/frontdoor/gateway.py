"""Runs Django in a thread with a body that is already here, and gives the thread back before the answer is sent."""

import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import IO, Any

from qiaomen.frontdoor.bodies import Body
from qiaomen.frontdoor.proxy import Sender

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

ANSWER_IN_MEMORY = 1024 * 1024
PIECE = 256 * 1024


def _make_file() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(max_size=ANSWER_IN_MEMORY)


@dataclass
class Answer:
    """A whole answer: a slow reader holds this and no thread."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    file: IO[bytes] = field(default_factory=_make_file)
    size: int = 0

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], Any]:
        """WSGI's start_response."""
        self.status = int(status.partition(" ")[0])
        self.headers = [(name.lower().encode("latin1"), value.strip().encode("latin1")) for name, value in headers]
        return self.file.write

    def close(self) -> None:
        """Give memory or file back."""
        self.file.close()


def headers_of(scope: dict[str, Any]) -> dict[str, str]:
    """Return the headers by their WSGI names, repeated ones joined.

    A name with an underscore is left out: in WSGI `X_Forwarded_For` would pass for `X-Forwarded-For`.
    """
    found: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin1"), raw_value.decode("latin1")
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        joint = "; " if key == "COOKIE" else ","
        found[key] = f"{found[key]}{joint}{value}" if key in found else value
    return found


def make_environ(scope: dict[str, Any], headers: dict[str, str], sender: Sender, body: Body) -> Environ:
    """Return the WSGI environment of a request. The length is that of the body which is here, unless it was cut."""
    server, port = scope.get("server") or ("localhost", 80)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin1"),
        "QUERY_STRING": scope["query_string"].decode("latin1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server,
        "SERVER_PORT": str(port or 0),
        "REMOTE_ADDR": sender.address,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": sender.scheme,
        "wsgi.input": body.file,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for key, value in headers.items():
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    if not body.cut and (body.size or "CONTENT_LENGTH" in environ):
        environ["CONTENT_LENGTH"] = str(body.size)
    return environ


def run(application: Application, environ: Environ) -> Answer:
    """Answer a request, in a thread; the answer is whole when this returns."""
    answer = Answer()
    try:
        pieces = application(environ, answer.start)
        try:
            for piece in pieces:
                answer.file.write(piece)
        finally:
            getattr(pieces, "close", lambda: None)()
    except BaseException:
        answer.close()
        raise
    answer.size = answer.file.tell()
    answer.file.seek(0)
    return answer
