"""WSGI entry for servers other than Granian: without the front door's limits, which the server or a proxy must
keep then.
"""

from collections.abc import Callable, Iterable
from typing import Any

from qiaomen.serving import django_application  # first: it sets Django up

# isort: split
from django.conf import settings

from qiaomen.frontdoor.proxy import sender_in


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request as its true sender's (QM_TRUSTED_PROXY)."""
    headers = {name.removeprefix("HTTP_"): value for name, value in environ.items() if name.startswith("HTTP_")}
    peer, scheme = environ.get("REMOTE_ADDR", ""), environ.get("wsgi.url_scheme", "http")
    sender = sender_in(headers, peer, scheme, settings.TRUSTED_PROXY)
    return django_application(
        environ | {"REMOTE_ADDR": sender.address, "wsgi.url_scheme": sender.scheme}, start_response
    )
