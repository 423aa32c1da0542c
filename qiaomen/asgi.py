"""What Granian serves: the front door, and Django behind it."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiaomen.settings")
django_application = get_wsgi_application()

from django.conf import settings  # noqa: E402  configured by the lines above

from qiaomen.frontdoor.door import Door  # noqa: E402
from qiaomen.office import jobs  # noqa: E402

MOST_FILES = 16_384


def raise_file_limit() -> None:
    """Let this process hold as many connections as the machine lets it: shells begin with 1,024."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


raise_file_limit()
jobs.start_worker()
application = Door(django_application, settings.TRUSTED_PROXY)
