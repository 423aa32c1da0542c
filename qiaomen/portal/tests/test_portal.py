"""The public site opens for everybody and says what is held."""

import pytest
from django.test import Client

from qiaomen.register.selectors import packs

pytestmark = pytest.mark.django_db


def test_it_opens_empty_and_switches_letters() -> None:
    public = Client()
    assert "还没有社区" in public.get("/").content.decode()
    answer = public.post("/large/", {"next": "/fields/"})
    assert answer["Location"] == "/fields/" and "data-large" in public.get("/fields/").content.decode()
    public.post("/large/", {"next": "//elsewhere.example/"})
    assert "data-large" not in public.get("/fields/").content.decode()
    assert public.post("/large/", {"next": "//elsewhere.example/"})["Location"] == "/"
    assert public.get("/p/NONE/").status_code == 404


def test_the_public_reads_every_fact_that_may_be_noted_of_a_person_with_its_basis() -> None:
    page = Client().get("/fields/").content.decode()
    for fact in packs.facts().values():
        if fact.origin == "told":
            assert fact.title in page and fact.purpose in page and fact.basis in page
