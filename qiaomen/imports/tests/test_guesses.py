"""A list that is held against children's numbers is a guess for each of them, and guesses are counted like looks."""

from typing import Any

import pytest

from qiaomen.imports.actions import batches
from qiaomen.imports.models import ImportBatch
from qiaomen.imports.tests.test_import import workbook
from qiaomen.kernel import clock
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.office.problems import TooManyLooks
from qiaomen.register.tests.town import bring_in

COMPARED = "imports.numbers-compared"


def rows(phone: str, children: int = 4) -> list[list[Any]]:
    born = f"{clock.today().year - 9}0101"
    head = [1, "单志明", "户主", id_no(11), "13900001234", "幸福苑小区3号楼2单元501室"]
    return [head, *([1, f"单小{n}", "子", id_no(40 + n, born), phone, ""] for n in range(children))]


def upload(community: Organisation, actor: Staff, phone: str) -> ImportBatch:
    name = f"名册{phone}.xlsx"
    return batches.upload_roster(community=community, actor=actor, file_name=name, content=workbook(rows(phone)))


@pytest.fixture
def town(community: Organisation, worker: Staff) -> Organisation:
    bring_in(community, worker, rows("13900005678"))
    return community


def test_each_child_a_list_guesses_at_counts_and_the_brake_stops_it(
    town: Organisation, worker: Staff, settings: Any
) -> None:
    """Yesterday a list was one guess a child and upload, as many uploads as one liked, and nobody was told."""
    settings.LOOKS_PER_HOUR = 4
    upload(town, worker, "13900009999")
    line = LedgerEntry.objects.get(code=COMPARED)
    assert line.actor == worker and len(line.detail["people"]) == 4 and line.fields == ["id_no", "phone"]
    settings.LOOKS_PER_HOUR = 3
    before = ImportBatch.objects.count()
    with clock.at(clock.now().replace(hour=20)), pytest.raises(TooManyLooks):
        upload(town, worker, "13900008888")
    assert ImportBatch.objects.count() == before, "nothing is kept, nothing is answered"
    assert LedgerEntry.objects.filter(code="office.braked", actor=worker).exists(), "and the head is told"


def test_whoever_keeps_the_children_brought_in_what_they_may_read(town: Organisation, worker: Staff) -> None:
    worker.keeps_children = True
    worker.save(update_fields=["keeps_children"])
    upload(town, worker, "13900009999")
    assert not LedgerEntry.objects.filter(code=COMPARED).exists()
