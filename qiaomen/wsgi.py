"""WSGI entry for Granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiaomen.settings")
application = get_wsgi_application()

from qiaomen.office import jobs  # noqa: E402  after the settings are read

jobs.start_worker()
