"""One table of where everything lives: each house's own routes, under the address its `urls.py` names."""

from importlib import import_module

from django.conf import settings
from django.urls import URLResolver, include, path


def _of_house(house: str) -> URLResolver:
    """Return the routes of a house under its prefix: its name and a slash, unless `PREFIX` says otherwise."""
    module = import_module(f"qiaomen.{house}.urls")
    return path(getattr(module, "PREFIX", f"{house}/"), include(module))


urlpatterns = [_of_house(house) for house in settings.HOUSES]
handler400 = "qiaomen.desk.views.bad_request"
handler404 = "qiaomen.desk.views.not_found"
handler403 = "qiaomen.desk.views.forbidden"
handler500 = "qiaomen.desk.views.server_error"
