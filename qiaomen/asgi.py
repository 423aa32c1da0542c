"""What Granian serves: the front door, and Django behind it."""

import sys

from qiaomen.serving import django_application  # first: it sets Django up

# isort: split
from django.conf import settings

from qiaomen.frontdoor.door import Door

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
application = Door(django_application, settings.TRUSTED_PROXY)
