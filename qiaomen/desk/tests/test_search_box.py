"""The box finds people first and then the pages this person may use; it says when a name only sounds alike."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.imports.tests.test_import import FAMILY, bring_in
from qiaomen.office.models import Organisation, Staff


def hits(staff: Staff, text: str, language: str = "zh-hans") -> list[str]:
    """The hits as a person reads them."""
    client = Client(headers={"HX-Request": "true", "Accept-Language": language})
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("desk:search"), {"q": text}).content.decode()
    options = re.findall(r'<a\s+class="qm-hit".*?>(.*?)</a>', page, re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", option).split()) for option in options]


@pytest.mark.parametrize("text", ["导入", "daoru", "dr", "名册"])
def test_a_page_is_found_by_its_name_by_whom_may_use_it(worker: Staff, text: str) -> None:
    assert hits(worker, text) == ["导入名册"]
    worker.role = "volunteer"
    worker.save(update_fields=["role"])
    assert hits(worker, text) == []


def test_people_come_before_pages_and_sound_alikes_say_so(community: Organisation, worker: Staff) -> None:
    bring_in(community, worker, [*FAMILY, [4, "底之树", "户主", "", "13900007777", "幸福苑3-2-601"]])
    found = hits(worker, "底")
    assert found[0].startswith("底之树") and found[-1] == "底数"
    assert hits(worker, "单志鸣")[0].startswith("单志明 同音 幸福苑 3-2-501 · 男 · 70–79 岁 · 户主 · 139****1234")
    assert "Ledger" not in hits(worker, "ledger", "en") and "Totals" in hits(worker, "tot", "en")


def test_an_empty_box_asks_nothing(worker: Staff, client: Client) -> None:
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    assert "没有找到" not in client.get(reverse("desk:search"), {"q": " "}).content.decode()
    assert "没有找到“贺”" in client.get(reverse("desk:search"), {"q": "贺"}).content.decode()
