"""Whatever words of an office the public reads pass the gate; every house tries to publish around it."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from qiaomen.office.access import permission_table
from qiaomen.office.models import Organisation, Staff
from tests.architecture.invented import Invented
from tests.architecture.test_permissions import routes

PRODUCT = Path(__file__).resolve().parents[2] / "qiaomen"
GATED = {
    "withdrawn_because": {"bulletins/actions.py", "publications/actions.py"},
    "words": {"publications/actions.py"},
    "title": {"publications/actions.py", "groups/actions/definitions.py"},
}
"""Free words of an office on a page of the public, with the acts that write them for it; each asks the gate first."""
ASKS = {
    "bulletins/actions.py": "private_in",
    "publications/actions.py": "private_in",
    "groups/actions/definitions.py": "private_in",
}
NO_SENTENCES = {
    *("community.name", "community.code", "figure.title", "link.title", "item.value", "row.purpose", "file.file_name"),
    "problem.what",  # of a refusal, our own
    *("item.definition", "part.value"),  # a figure's words as they were frozen, and a rounded part of it
    *("shown.name", "shown.purpose"),  # of who knocks, on the page behind a badge
}
"""Of an office and of a figure, a rounded number, a purpose as declared: shown, and nobody's free words."""
WRITES = {"words": r"PublishedFile\.objects\.create\("}
"""How a field is written whose name many models share."""


def free_words() -> set[str]:
    """Return the text fields of every model that hold a sentence."""
    fields = [field for model in apps.get_models() for field in model._meta.get_fields()]
    return {
        field.name
        for field in fields
        if isinstance(field, models.TextField)
        or (isinstance(field, models.CharField) and (field.max_length or 999) > 100)
    }


def public_pages() -> list[Path]:
    """Return the templates of every house that stand in the frame of the public pages."""
    pages = [page for page in PRODUCT.rglob("*.html") if "portal/base.html" in page.read_text(encoding="utf-8")]
    return [*pages, PRODUCT / "portal/templates/portal/base.html"]


def test_no_page_of_the_public_shows_free_words_that_no_gate_has_seen() -> None:
    shown, free = set(), free_words()
    for page in public_pages():
        for owner, field in re.findall(r"(?=\b(\w+)\.(\w+))", page.read_text(encoding="utf-8")):
            if field in free and f"{owner}.{field}" not in NO_SENTENCES:
                shown.add(field)
    assert len(public_pages()) >= 6 and shown == set(GATED)


def writers_of(field: str) -> set[str]:
    form = WRITES.get(field, rf"\.{field}\b[^=\n]*(?<![=!<>])=(?!=)|\b{field}=(?!=)")
    return {
        path.relative_to(PRODUCT).as_posix()
        for path in PRODUCT.rglob("*.py")
        if not {"tests", "migrations"} & set(path.parts) and re.search(form, path.read_text(encoding="utf-8"))
    }


@pytest.mark.parametrize("field", ["withdrawn_because", "words"])
def test_nothing_but_the_acts_behind_the_gate_writes_them(field: str) -> None:
    writers = {path for path in writers_of(field) if not path.endswith("models.py")}
    assert writers == GATED[field]


def test_each_act_that_writes_them_asks_the_gate() -> None:
    for path in set().union(*GATED.values()):
        assert f"{ASKS[path]}(" in (PRODUCT / path).read_text(encoding="utf-8"), path
    publisher = (PRODUCT / "publications/actions.py").read_text(encoding="utf-8")
    assert "content=file.content" in publisher and "selectors.made_anew(" in publisher


@pytest.mark.once
@pytest.mark.django_db
def test_no_row_of_any_house_has_a_way_to_the_public_around_the_gate() -> None:
    """A row of every model, each text of it marked and none of them published: no public page says one of the marks."""
    mark = "未过门的话"
    community = Organisation.objects.create(kind="community", name="锦瑟社区", code="AROUND")
    head = Staff.objects.create_user("around", None, name="赵明远", role="head", organisation=community)
    owned, client, asked, said = Invented(community, head, mark), Client(raise_request_exception=False), 0, []
    for (name, method), line in sorted(permission_table().items()):
        if method != "GET" or "public" not in line.roles:
            continue
        keyed = routes()[name].pattern.converters
        for kind, key in owned.keys().items() if keyed else [("", None)]:
            with transaction.atomic():
                place = address_of(name, key, community.code)
                page = client.get(place).content.decode("utf-8", "replace")
                transaction.set_rollback(True)
            asked += 1
            said += [f"{place} ({kind})"] if mark in page else []
    assert not said and asked > 100


def address_of(name: str, key: object, code: str) -> str:
    converters = routes()[name].pattern.converters
    return reverse(name, kwargs={part: code if part == "code" else key for part in converters})
