"""WSGI entry for servers other than Granian: without the front door's limits, which the server or a proxy must keep then."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiaomen.settings")
django_application = get_wsgi_application()

from django.conf import settings  # noqa: E402  configured by the lines above

from qiaomen.frontdoor.proxy import find_sender  # noqa: E402
from qiaomen.office import jobs  # noqa: E402

jobs.start_worker()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request as its true sender's (QM_TRUSTED_PROXY)."""
    told = (environ.get("HTTP_X_FORWARDED_FOR", ""), environ.get("HTTP_X_FORWARDED_PROTO", ""))
    peer, scheme = environ.get("REMOTE_ADDR", ""), environ.get("wsgi.url_scheme", "http")
    sender = find_sender(peer, scheme, *told, settings.TRUSTED_PROXY)
    return django_application(
        environ | {"REMOTE_ADDR": sender.address, "wsgi.url_scheme": sender.scheme}, start_response
    )
