"""What every answer says to the browser: who may frame it, run in it, keep it; and what is dropped on signing out."""

import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from qiaomen.office.models import Staff
from qiaomen.office.tests.cast import client_of

PAGES = ("desk:today", "office:ledger", "office:duties", "groups:list", "visits:rounds", "phone:devices")


PACKED = {".br", ".gz"}
"""What whitenoise sends in place of the file beside it, and nobody asks for by name."""


def _static_paths() -> list[str]:
    """One file of each kind under every folder the program serves."""
    root = Path(settings.WHITENOISE_ROOT)
    files = {}
    for path in sorted(one for one in root.rglob("*") if one.is_file() and one.suffix not in PACKED):
        files.setdefault((path.parent, path.suffix), "/" + path.relative_to(root).as_posix())
    return ["/m/", *files.values()]


def test_every_file_of_the_program_has_the_headers_of_a_page() -> None:
    bare = Client()
    paths = _static_paths()
    assert len(paths) > 5
    for path in paths:
        answer = bare.get(path)
        assert answer.status_code in {200, 302}, path  # 302: index.html to its folder
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"], path
        assert "script-src 'self'" in answer["Content-Security-Policy"], path
        assert answer["X-Frame-Options"] == "DENY" and answer["X-Content-Type-Options"] == "nosniff", path
        assert "Access-Control-Allow-Origin" not in answer, path


@pytest.mark.django_db
def test_every_page_of_somebody_signed_in_is_kept_by_nobody(head: Staff) -> None:
    desk = client_of(head)
    for route in PAGES:
        answer = desk.get(reverse(route))
        assert answer.status_code == 200 and answer["Cache-Control"] == "no-store", route
        assert answer["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    for path in (f"/rounds/{uuid.uuid4()}/", "/nowhere/"):  # refusals too
        assert desk.get(path)["Cache-Control"] == "no-store", path


@pytest.mark.django_db
def test_signing_out_makes_the_browser_forget_and_leaves_the_phone_its_outbox(head: Staff) -> None:
    desk = client_of(head)
    answer = desk.post(reverse("office:logout"))
    assert answer["Clear-Site-Data"] == '"cache"' and answer["Cache-Control"] == "no-store"
    assert "Clear-Site-Data" not in Client().get(reverse("office:login"))


@pytest.mark.django_db
def test_an_account_that_was_ended_makes_the_browser_forget(head: Staff) -> None:
    desk = client_of(head)
    Staff.objects.filter(pk=head.pk).update(is_active=False)
    answer = desk.get(reverse("desk:today"))
    assert answer.status_code == 302 and answer["Clear-Site-Data"] == '"cache"'
