"""Rows that look like somebody wait for a person; a commit shows how far it is and can be stopped."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from qiaomen.imports import problems
from qiaomen.imports.actions import batches
from qiaomen.imports.models import ImportBatch
from qiaomen.imports.selectors import import_pages
from qiaomen.imports.tests.test_import import FAMILY, bring_in, equation, workbook
from qiaomen.imports.tests.test_rosters import sheets
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.office import ledger
from qiaomen.office.jobs import progress
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.register.actions import duplicates, write_rows
from qiaomen.register.models import DistinctPair, Person
from qiaomen.register.selectors import possible_duplicates


@pytest.fixture
def stand(community: Organisation, worker: Staff) -> Organisation:
    bring_in(community, worker, FAMILY)
    Person.objects.filter(name="单志明").update(birth_date=None)
    return community


def preview(community: Organisation, worker: Staff, *rows: list[Any]) -> ImportBatch:
    content = workbook([list(row) for row in rows])
    batch = batches.upload_roster(community=community, actor=worker, file_name="b.xlsx", content=content)
    return batches.preview_roster(batch=batch)


def test_a_row_that_is_surely_somebody_stays_out_until_a_person_says_otherwise(
    stand: Organisation, worker: Staff
) -> None:
    person = Person.objects.get(name="仇小兰")
    head = ["序号", "姓名", "与户主关系", "性别", "联系方式", "居住地址"]
    content = sheets(名册=[head, [9, "仇小兰", "户主", "男", person.phone, "幸福苑3-2-503"]])
    batch = batches.upload_roster(community=stand, actor=worker, file_name="b.xlsx", content=content)
    batches.preview_roster(batch=batch)
    assert equation(batch) == (1, 0, 0, 0, 1)
    kept = batch.rows.get()
    assert kept.kind == "double" and "可能就是已登记的 仇小兰" in kept.reasons[0] and "请核对" in kept.reasons[0]
    client = Client()
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("imports:detail", args=[batch.pk])).content.decode()
    assert "是另一个人" in page and "都核对过了" in page
    assert "补全他的资料" in page and 'value="new" checked' not in page and "checked" not in page.split("fieldset")[1]
    client.post(reverse("imports:answers", args=[batch.pk]), {f"said:{kept.row_no} {kept.sheet}": "new"})
    batch.refresh_from_db()
    assert equation(batch) == (1, 1, 0, 0, 0)
    batches.commit_roster(batch=batch, actor=worker)
    assert Person.objects.filter(name="仇小兰").count() == 2 and DistinctPair.objects.count() == 1
    duplicates.look_for_duplicates(stand)
    assert not possible_duplicates.queue_of(stand, worker)


def test_a_row_that_may_be_somebody_on_record_is_asked_about_with_nothing_ticked(
    stand: Organisation, worker: Staff
) -> None:
    other = [9, "仇小岚", "户主", id_no(77), "13900005678", "幸福苑3-2-501"]
    batch = preview(stand, worker, other)
    assert equation(batch) == (1, 0, 0, 0, 1)
    row = batch.rows.get(kind="double")
    assert "可能就是已登记的 仇小兰" in row.reasons[0] and "电话" not in row.reasons[0]
    client = Client()
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("imports:detail", args=[batch.pk])).content.decode()
    assert "补全他的资料" in page and "是另一个人" in page and "先不导入" in page and " checked" not in page
    assert id_no(77) not in page and "13900005678" not in page
    where = f"said:{row.row_no} {row.sheet}"
    for said, told in (("out", (1, 0, 0, 0, 1)), ("new", (1, 1, 0, 0, 0))):
        client.post(reverse("imports:answers", args=[batch.pk]), {where: said})
        batch.refresh_from_db()
        assert equation(batch) == told, said
    known = f"same:{Person.objects.get(name='仇小兰').pk}"
    client.post(reverse("imports:answers", args=[batch.pk]), {where: known})
    batch.refresh_from_db()
    assert (batch.created, batch.changed, batch.rejected) == (0, 1, 0)


def test_a_row_like_another_row_of_the_list_comes_in_unless_it_is_left_out(stand: Organisation, worker: Staff) -> None:
    rows = [
        [8, "贺小兰", "户主", id_no(78), "13911112222", "幸福苑3-2-601"],
        [9, "贺小岚", "户主", id_no(79), "13911112222", "幸福苑3-2-601"],
    ]
    batch = preview(stand, worker, *rows)
    assert equation(batch) == (2, 2, 0, 0, 0)
    doubt = import_pages.doubtful_rows(batch, batch.made_by)[0]
    assert {doubt["new"]["name"], doubt["other"]["name"]} == {"贺小兰", "贺小岚"} and not doubt["left_out"]
    client = Client()
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("imports:detail", args=[batch.pk])).content.decode()
    assert "先不导入" in page and " checked" not in page
    where = f"{doubt['row'].row_no} {doubt['row'].sheet}"
    client.post(reverse("imports:answers", args=[batch.pk]), {"asked": where, "leave": where})
    batch.refresh_from_db()
    assert equation(batch) == (2, 1, 0, 0, 1)
    assert batch.rows.get(kind="problem").reasons == ["您选择了先不导入这一行"]
    assert import_pages.doubtful_rows(batch, batch.made_by)[0]["left_out"]
    client.post(reverse("imports:answers", args=[batch.pk]), {"asked": where})
    batch.refresh_from_db()
    assert equation(batch) == (2, 2, 0, 0, 0)


def test_one_person_twice_in_one_list_is_asked_about(stand: Organisation, worker: Staff) -> None:
    head = ["姓名", "与户主关系", "出生日期", "联系方式", "居住地址"]
    rows = [
        ["钱小明", "户主", "1961-3-4", "13911112222", "幸福苑3-1-101"],
        ["钱小明", "户主", "1961.3.4", "13911112222", "幸福苑3-1-102"],
    ]
    content = sheets(名册=[head, *rows])
    batch = batches.upload_roster(community=stand, actor=worker, file_name="b.xlsx", content=content)
    batches.preview_roster(batch=batch)
    assert (batch.created, batch.rejected) == (1, 1)
    assert "可能和“名册”第 2 行是同一个人" in batch.rows.get(kind="double").reasons[0]
    batches.answer_doubts(batch=batch, all_apart=True)
    assert (batch.created, batch.rejected) == (2, 0)
    with pytest.raises(problems.NotPreviewed):
        batches.answer_doubts(batch=batches.commit_roster(batch=batch, actor=worker), all_apart=True)


def test_a_commit_shows_how_far_it_is_and_how_long_it_takes(
    community: Organisation, worker: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    batch = preview(community, worker, *FAMILY)
    monkeypatch.setattr(write_rows, "CHUNK", 1)
    real = cache.set

    def noting(key: str, value: Any, *more: Any) -> None:
        real(key, value, *more)
        seen.append(import_pages.import_progress(batch))

    monkeypatch.setattr(cache, "set", noting)
    batches.commit_roster(batch=batch, actor=worker)
    assert [one["done"] for one in seen] == sorted(one["done"] for one in seen) and {0, 1, 2, 3} == {
        one["done"] for one in seen
    }
    assert {one["total"] for one in seen} == {3} and seen[0]["left"] == "正在核对，马上知道还要多久"
    assert seen[-1]["percent"] == 100 and seen[-1]["left"] == "马上就好"
    monkeypatch.undo()
    assert progress.read(batch.pk) is None


def test_a_commit_that_is_stopped_writes_nothing_and_can_be_done_again(
    community: Organisation, worker: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = preview(community, worker, *FAMILY)
    client = Client()
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    real = write_rows.make_people

    def pressed_meanwhile(*told: Any, **more: Any) -> Any:
        client.post(reverse("imports:cancel", args=[batch.pk]))
        return real(*told, **more)

    monkeypatch.setattr(write_rows, "make_people", pressed_meanwhile)
    stopped = batches.commit_roster(batch=batch, actor=worker)
    assert stopped.state == "previewed" and not Person.objects.exists()
    assert stopped.notes[0] == "导入已取消：什么都没有写入，名册还在这里，可以再提交。"
    assert LedgerEntry.objects.filter(code="imports.stopped").count() == 1 and ledger.verify(community).ok
    monkeypatch.undo()
    assert equation(batches.commit_roster(batch=stopped, actor=worker)) == (3, 3, 0, 0, 0)
    assert client.post(reverse("imports:cancel", args=[batch.pk])).status_code == 409
