"""What the server of a site starts, whatever stands in front: Django, and once in each process the jobs' worker."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiaomen.settings")
django_application = get_wsgi_application()

from qiaomen.office import jobs  # noqa: E402  the lines above set Django up

jobs.start_worker()
