"""A roster comes in whole, says what it could not read, and comes in once."""

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
import xlsxwriter
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from qiaomen.imports.actions import batches
from qiaomen.imports.models import ImportBatch
from qiaomen.imports.problems import AlreadyImported, ImportRunning, NotPreviewed
from qiaomen.imports.rules.reading.columns import find_header
from qiaomen.imports.rules.reading.roster import read_table
from qiaomen.imports.selectors import read_tables
from qiaomen.imports.selectors.preview import pages as preview_pages
from qiaomen.kernel import clock
from qiaomen.kernel.cells import clean, parse_date
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.linkage.sounds import sounds_of
from qiaomen.office import jobs, ledger
from qiaomen.office.fields import Blind
from qiaomen.office.jobs import progress
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.register.actions import household_events
from qiaomen.register.models import Dwelling, Household, Person
from qiaomen.register.selectors.search.find import search
from qiaomen.workbooks.problems import NotAWorkbook, WorkbookTooLarge
from qiaomen.workbooks.row_sheet import RowGrid

HEADER = ["序号", "姓名", "与户主关系", "身份证号码", "联系方式", "居住地址"]


def workbook(rows: list[list[Any]], hidden: bool = False) -> bytes:
    """A roster as offices have them: two title rows, a merged title, then the header."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("居民名册")
    sheet.merge_range(0, 0, 0, 5, "锦瑟社区居民花名册")
    sheet.write(1, 0, "制表：2026年9月")
    for y, row in enumerate([HEADER, *rows], 2):
        sheet.write_row(y, 0, row)
    if hidden:
        book.add_worksheet("旧").hide()
    book.close()
    return out.getvalue()


FAMILY = [
    [1, "单志明", "户主", id_no(11), "139 0000 1234", "幸福苑小区3号楼2单元501室"],
    [2, "仇小兰", "配偶", id_no(22), "13900005678", ""],
    [3, "曾·艾力", "户主", id_no(33, "19480230"[:6] + "01"), "", "幸福苑3-2-502"],
]


def bring_in(community: Organisation, worker: Staff, rows: list[list[Any]]) -> ImportBatch:
    batch = batches.upload_roster(community=community, actor=worker, file_name="名册.xlsx", content=workbook(rows))
    return batches.commit_roster(batch=batches.preview_roster(batch=batch), actor=worker)


def equation(batch: ImportBatch) -> tuple[int, int, int, int, int]:
    return batch.rows_read, batch.created, batch.changed, batch.same, batch.rejected


def test_a_messy_roster_becomes_households_behind_doors(community: Organisation, worker: Staff) -> None:
    assert equation(bring_in(community, worker, FAMILY)) == (3, 3, 0, 0, 0)
    assert Household.objects.count() == 2 and Dwelling.objects.count() == 2
    first = Person.objects.get(id_no_bi=Blind(community.pk, id_no(11)))
    assert (first.name, first.phone, first.is_head) == ("单志明", "13900001234", True)
    assert Person.objects.get(name="仇小兰").household == first.household
    assert LedgerEntry.objects.filter(code="register.household-created").count() == 2 and ledger.verify(community).ok


def test_a_second_roster_changes_only_what_changed(community: Organisation, worker: Staff) -> None:
    bring_in(community, worker, FAMILY)
    again = [
        [*FAMILY[0][:4], "13911112222", FAMILY[0][5]],
        *FAMILY[1:],
        [4, "新来的", "户主", id_no(44), "", "幸福苑3-1-101"],
    ]
    assert equation(bring_in(community, worker, again)) == (4, 1, 1, 2, 0)
    assert Person.objects.get(id_no_bi=Blind(community.pk, id_no(11))).phone == "13911112222"
    assert Household.objects.get(people__name="单志明").version == 2


def test_300_rows_with_a_broken_number_come_in_and_each_is_to_be_completed(
    community: Organisation, worker: Staff
) -> None:
    broken = [[n, f"坏{n}", "户主", id_no(n % 999)[:-1] + "0Z", "", "幸福苑3-1-101"] for n in range(300)]
    batch = bring_in(community, worker, FAMILY + broken)
    assert equation(batch) == (303, 303, 0, 0, 0)
    soft = preview_pages.soft_rows(batch)
    assert len(soft) == 300 and soft[0]["row"] == 7
    assert soft[0]["fields"] == [["身份证号码", broken[0][3], "里有不该有的字符"]]


def test_an_id_that_excel_made_a_number_is_called_damaged(community: Organisation, worker: Staff) -> None:
    batch = bring_in(community, worker, [[1, "王二", "户主", 990101195001010110, "", "幸福苑3-1-101"]])
    assert batch.created == 1 and "后三位已丢失" in preview_pages.soft_rows(batch)[0]["fields"][0][2]
    assert Person.objects.get().id_no == ""


def test_bad_files_are_refused_and_nothing_is_kept(community: Organisation, worker: Staff) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 20_000_000)
    other_zip = io.BytesIO()
    with zipfile.ZipFile(other_zip, "w") as archive:
        archive.writestr("../evil.txt", "x")
    bad: list[tuple[bytes, type[Exception]]] = [
        (b"\xff\xd8\xff\xe0 a photo", NotAWorkbook),
        (b"", NotAWorkbook),
        (workbook(FAMILY)[:900], NotAWorkbook),
        (other_zip.getvalue(), NotAWorkbook),
        (bomb.getvalue(), WorkbookTooLarge),
    ]
    for content, problem in bad:
        with pytest.raises(problem):
            batches.upload_roster(community=community, actor=worker, file_name="名册.xlsx", content=content)
    assert not ImportBatch.objects.exists() and not Person.objects.exists()


def test_the_same_file_twice_and_two_at_once_are_refused(community: Organisation, worker: Staff) -> None:
    content = workbook(FAMILY)
    first = batches.upload_roster(community=community, actor=worker, file_name="a.xlsx", content=content)
    second = batches.upload_roster(community=community, actor=worker, file_name="b.xlsx", content=workbook(FAMILY[:2]))
    for batch in (first, second):
        batches.preview_roster(batch=batch)
    batches.claim_commit(batch=first)
    with pytest.raises(ImportRunning):
        batches.commit_roster(batch=second, actor=worker)
    with pytest.raises(ImportRunning):
        batches.upload_roster(community=community, actor=worker, file_name="c.xlsx", content=workbook([]))
    batches.finish_commit(batch=first, actor=worker)
    with pytest.raises(AlreadyImported):
        batches.upload_roster(community=community, actor=worker, file_name="a.xlsx", content=content)
    with pytest.raises(NotPreviewed):
        batches.commit_roster(batch=first, actor=worker)


def test_a_commit_that_fails_leaves_nothing(
    community: Organisation, worker: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = batches.upload_roster(community=community, actor=worker, file_name="a.xlsx", content=workbook(FAMILY))
    batches.preview_roster(batch=batch)
    monkeypatch.setattr(ledger, "record_many", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        batches.commit_roster(batch=batch, actor=worker)
    batch.refresh_from_db()
    assert batch.state == "previewed" and not Person.objects.exists()


def test_hidden_sheets_are_left_out_and_said(community: Organisation, worker: Staff) -> None:
    content = workbook(FAMILY, hidden=True)
    batch = batches.upload_roster(community=community, actor=worker, file_name="a.xlsx", content=content)
    assert batches.preview_roster(batch=batch).notes == ["隐藏的工作表“旧”没有读"]


@pytest.mark.parametrize(
    "text",
    [
        "单志",
        "明",
        "shanzhiming",
        "shan",
        "szm",
        "1234",
        id_no(11),
        "13900001234",
        "3-2-501",
        "2单元501",
        "3号楼2单元501室",
    ],
)
def test_search_finds_by_whatever_is_known(community: Organisation, worker: Staff, text: str) -> None:
    bring_in(community, worker, FAMILY)
    assert "单志明" in [hit.title for hit in search(community=community, text=text, numbers=True)]
    other = Organisation.objects.create(kind="community", name="新桥社区", code="R2")
    assert not search(community=other, text=text, numbers=True)


def test_a_sealed_field_is_shown_with_a_reason_and_a_line(
    community: Organisation, worker: Staff, client: Client
) -> None:
    bring_in(community, worker, FAMILY)
    person = Person.objects.get(name="单志明")
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("register:household", args=[person.household_id])).content.decode()
    assert person.id_no not in page and person.phone not in page and "*" * 18 in page
    values = {"field": "id_no", "reason": "核对身份"}
    assert person.id_no in client.post(reverse("register:reveal", args=[person.pk]), values).content.decode()
    line = LedgerEntry.objects.get(code="register.field-revealed")
    assert (line.actor, line.fields, line.reason) == (worker, ["id_no"], "核对身份")
    assert person.id_no not in str(line.detail)


def test_another_community_sees_nothing_here(community: Organisation, worker: Staff, client: Client) -> None:
    batch = bring_in(community, worker, FAMILY)
    other = Organisation.objects.create(kind="community", name="新桥社区", code="R2")
    stranger = Staff.objects.create_user("w-x", None, name="网格员", role="worker", organisation=other)
    client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")
    person = Person.objects.select_related("household__dwelling__entrance").get(name="单志明")
    assert person.household.dwelling
    for name, key in [
        ("register:household", person.household_id),
        ("visits:building", person.household.dwelling.entrance.building_id),
        ("imports:detail", batch.pk),
    ]:
        assert client.get(reverse(name, args=[key])).status_code == 404
    for name, key in [("register:reveal", person.pk), ("imports:commit", batch.pk)]:
        assert client.post(reverse(name, args=[key]), {"field": "id_no", "reason": "核对身份"}).status_code == 404


def test_the_building_page_draws_every_door(community: Organisation, worker: Staff, client: Client) -> None:
    bring_in(community, worker, FAMILY)
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    building = Dwelling.objects.select_related("entrance__building")[0].entrance.building
    page = client.get(reverse("visits:building", args=[building.pk])).content.decode()
    assert page.count('class="qm-tile') == 2 and "501" in page and "从未见面" in page


@given(st.lists(st.lists(st.one_of(st.text(max_size=12), st.floats(), st.none(), st.dates()), max_size=6), max_size=12))
def test_no_cell_makes_the_reader_fall_over(cells: list[list[Any]]) -> None:
    found = find_header([HEADER, *cells], read_tables.kinds())
    assert found is not None
    table = read_table(RowGrid("x", [HEADER, *cells]), found.row + 1, found.fields, found.titles, found.kind)
    assert len(table) <= len(cells)
    assert len(table.addresses) == len(table.doors) == len(table.keys) == len(table)
    assert all(table.values["name"][place] or table.reasons.get(place) for place in range(len(table)))


def test_spellings() -> None:
    assert {parse_date(t) for t in ("2026-9-1", "2026.9.1", "2026/09/01", "2026年9月1日", "20260901")} == {
        date(2026, 9, 1)
    }
    assert clean("1390000\u30001234") == "13900001234" and clean(13900001234.0) == "13900001234"


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [("单志明", "shanzhiming", "szm"), ("仇小兰", "qiuxiaolan", "qxl"), ("曾毅", "zengyi", "zy"), ("解放", "xiefang", "xf"),
     ("区小", "ouxiao", "ox"), ("尉迟恭", "yuchigong", "ycg")],
)  # fmt: skip
def test_surnames_are_read_as_surnames(name: str, full: str, initials: str) -> None:
    assert sounds_of(name) == (full, initials)


def test_a_person_can_say_which_column_is_what(community: Organisation, worker: Staff) -> None:
    content = workbook(FAMILY)
    batch = batches.preview_roster(
        batch=batches.upload_roster(community=community, actor=worker, file_name="a.xlsx", content=content)
    )
    assert batch.mapping["居民名册"]["fields"] == ["", "name", "relation", "id_no", "phone", "address"]
    client = Client()
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    form = {f"column-0-{place}": code for place, code in enumerate(["", "name", "relation", "id_no", "", "address"])}
    client.post(reverse("imports:columns", args=[batch.pk]), form)
    batch.refresh_from_db()
    assert equation(batch) == (3, 3, 0, 0, 0)
    twice = client.post(reverse("imports:columns", args=[batch.pk]), {**form, "column-0-0": "name"})
    assert twice.status_code == 400 and "每一项只选一列" in twice.content.decode()
    batches.commit_roster(batch=batch, actor=worker)
    assert not any(person.phone for person in Person.objects.all())
    late = client.post(reverse("imports:columns", args=[batch.pk]), form)
    assert late.status_code == 409


def test_the_receipt_lists_each_problem_row_in_the_users_own_columns(community: Organisation, worker: Staff) -> None:
    broken = [4, "@SUM(1)", "户主", 9.9e17, "139", "看不懂的地方"]
    batch = bring_in(community, worker, [*FAMILY, broken])
    client = Client()
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse("imports:receipt", args=[batch.pk]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    summary = dict(row[:2] for row in book.get_sheet_by_name("回执").to_python() if row[0])
    assert (summary["读到"], summary["新增"], summary["有问题"]) == (4, 3, 1)
    head, row = book.get_sheet_by_name("居民名册").to_python()
    assert head == ["行", "原因", *HEADER] and row[0] == "7" and "看不懂的地方" in row[1] and row[3] == "@SUM(1)"
    assert LedgerEntry.objects.get(code="imports.receipt-taken").detail == {"rows": 1}


def test_the_uploaded_workbook_is_sealed_in_the_database_and_gone_after_the_commit(
    community: Organisation, worker: Staff
) -> None:
    content = workbook(FAMILY)
    batch = batches.upload_roster(community=community, actor=worker, file_name="a.xlsx", content=content)
    with connection.cursor() as cursor:
        cursor.execute("select workbook from imports_importbatch")
        assert cursor.fetchone()[0].startswith("v1.aes.")
    assert ImportBatch.objects.get(pk=batch.pk).content == content
    batches.commit_roster(batch=batches.preview_roster(batch=batch), actor=worker)
    assert ImportBatch.objects.get(pk=batch.pk).workbook == ""


def test_an_import_whose_server_died_frees_its_community(community: Organisation, worker: Staff) -> None:
    batch = batches.preview_roster(
        batch=batches.upload_roster(community=community, actor=worker, file_name="a.xlsx", content=workbook(FAMILY))
    )
    batches.claim_commit(batch=batch)  # and the server dies here
    other = workbook(FAMILY[:2])
    with pytest.raises(ImportRunning):
        batches.upload_roster(community=community, actor=worker, file_name="b.xlsx", content=other)
    with clock.at(clock.now() + timedelta(minutes=16)):
        batches.upload_roster(community=community, actor=worker, file_name="b.xlsx", content=other)
        batch.refresh_from_db()
        assert equation(batches.commit_roster(batch=batch, actor=worker)) == (3, 3, 0, 0, 0)


def test_a_list_is_open_to_who_brought_it_in_and_the_head(
    community: Organisation, worker: Staff, head: Staff, client: Client
) -> None:
    """Its rows name children and what was told of them."""
    batch = bring_in(community, worker, FAMILY)
    other = Staff.objects.create_user("w-5", None, name="五网格", role="worker", organisation=community)
    for staff, status in ((worker, 200), (head, 200), (other, 403)):
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        for route in ("imports:detail", "imports:receipt"):
            answer = client.get(reverse(route, args=[batch.pk]))
            assert answer.status_code == status, (staff, route)
    answer = client.post(reverse("imports:undo", args=[batch.pk]), {"reason": "x"})
    assert answer.status_code == 403 and "不是您导入的" in answer.content.decode()
    assert Person.objects.count() == 3


def test_a_roster_says_when_it_lists_the_dead(community: Organisation, worker: Staff) -> None:
    bring_in(community, worker, FAMILY)
    home, died, heir = (
        Household.objects.get(head_name="单志明"),
        *(Person.objects.get(name=n) for n in ("单志明", "仇小兰")),
    )
    household_events.record_death(household=home, person=died, on_date=clock.today(), actor=worker, new_head=heir)
    batch = bring_in(community, worker, [[*FAMILY[0][:4], "13911112222", FAMILY[0][5]]])
    assert batch.rejected == 1 and "已故" in batch.rows.get().reasons[0]


def test_the_view_only_asks_and_a_worker_that_was_killed_is_followed_by_another(
    community: Organisation, worker: Staff, client: Client
) -> None:
    """Yesterday a thread started in the view did it: killed, the list stood as being committed and nothing went on."""
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    batch = batches.upload_roster(community=community, actor=worker, file_name="a.xlsx", content=workbook(FAMILY))
    client.post(reverse("imports:commit", args=[batch.pk]))
    page = client.get(reverse("imports:detail", args=[batch.pk])).content.decode()
    assert "正在导入" in page and not Person.objects.exists()
    assert jobs._claim(timedelta()) is not None and jobs.run_waiting() == []  # claimed, and the server dies here
    with clock.at(clock.now() + jobs.CLAIM):
        done = [(job.code, job.failed) for job in jobs.run_waiting()]
    assert done == [("imports.commit", False), ("register.duplicates", False)]
    assert Person.objects.count() == 3
    batch.refresh_from_db()
    with pytest.raises(NotPreviewed):  # a worker that was only slow writes nothing a second time
        batches.finish_commit(batch=batch, actor=worker)
    assert Person.objects.count() == 3 and ImportBatch.objects.get(pk=batch.pk).state == "committed"
    assert "已导入" in client.get(reverse("imports:detail", args=[batch.pk])).content.decode()


def test_an_undo_says_how_far_it_is(community: Organisation, worker: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = bring_in(community, worker, FAMILY)
    seen: list[int] = []
    monkeypatch.setattr(progress.Progress, "step", lambda self, rows: seen.append(rows))
    batches.undo_roster(batch=batch, actor=worker, reason="传错了")
    assert batch.act is not None and sum(seen) == sum(1 for change in batch.act.changes.all() if change.before != "{}")
