"""Three hundred poisoned tables: no crash, no hang, no memory eaten, nothing fetched; each read or refused with a reason."""

import io
import json
import os
import random
import subprocess
import sys
import time
import zipfile
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from qiaomen.imports.actions import batches
from qiaomen.imports.models import ImportBatch
from qiaomen.imports.selectors import read_tables
from qiaomen.imports.tests import workbooks
from qiaomen.imports.tests.test_import import equation
from qiaomen.imports.tests.workbooks import FORMULAS, HEAD, Rows, book, good_rows, number_of, old_book, rare_name
from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Person
from qiaomen.workbooks import problems, reader

RUN = """
import json, pathlib, re, resource, socket, sys, time
def most_held():
    # MiB; getrusage counts what the parent held before this process began, so Linux is asked itself
    status = pathlib.Path("/proc/self/status")
    if status.exists():
        return int(re.search("VmHWM:[^0-9]*([0-9]+) kB", status.read_text())[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
def no_network(*_):
    raise AssertionError("the reader asked for the network")
import django
django.setup()
from qiaomen.kernel.problems import Problem
from qiaomen.imports.selectors import read_tables as tables
from qiaomen.imports.tests.workbooks import book, good_rows, poisoned
tables.open_workbook("a.xlsx", book(good_rows()))
socket.socket.connect = no_network
for name, content in poisoned():
    begun = time.process_time()
    try:
        found = tables.open_workbook("名册.xlsx", content)
        told = "read"
        for table in found.tables:
            reasons = [reason for some in table.reasons.values() for reason in some]
            assert all(reasons) and all(table.row_nos[place] > 0 for place in table.reasons)
            [table.cells(place) for place in list(table.reasons)[:50]]
    except Problem as problem:
        told = problem.code
        assert all(problem.as_dict()[part] for part in ("what", "safe", "do_next"))
    held = most_held()
    print(json.dumps([name, told, round(time.process_time() - begun, 2), round(held)]), flush=True)
"""


def test_three_hundred_poisoned_tables_are_read_or_refused_with_a_reason(tmp_path: Any) -> None:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "qiaomen.settings", "QM_DATA": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", RUN], env=env, capture_output=True, text=True, timeout=300)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and len(told) == 300, (told[-1:], done.stderr[-2000:])
    slow = [one for one in told if one[2] > 5]
    assert not slow and max(one[3] for one in told) <= 512, (slow, max(told, key=lambda one: one[3]))
    outcomes = {one[1] for one in told}
    assert {"read", "workbooks.not-a-workbook", "workbooks.workbook-too-large", "imports.no-header"} <= outcomes
    assert all(one[1] == "read" for one in told if one[0].startswith(("41", "42")))
    assert not any(one[1] == "read" for one in told if one[0].startswith(("36", "37")))


@pytest.fixture
def preview(community: Organisation, worker: Staff) -> Any:
    def bring(content: bytes, name: str = "名册.xlsx") -> ImportBatch:
        batch = batches.upload_roster(community=community, actor=worker, file_name=name, content=content)
        return batches.preview_roster(batch=batch)

    return bring


def test_two_hundred_formulas_are_text_in_the_receipt(preview: Any, worker: Staff) -> None:
    dice = random.Random(7)
    rows: Rows = [HEAD]
    for n in range(200):
        text = dice.choice(FORMULAS) + str(n)
        rows.append([text, "不是证件" + text, text, text])
    batch = preview(book(rows))
    assert batch.rejected == 200
    content = batches.take_receipt(batch=batch, actor=worker)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        xml = "".join(parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/"))
        assert "<f>" not in xml and "hyperlink" not in xml and "externalLink" not in "".join(parts.namelist())
    told = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("名册").to_python()
    assert len(told) == 201 and all(isinstance(cell, str) for row in told for cell in row)


def test_five_thousand_rare_names_come_back_as_they_were(preview: Any, worker: Staff) -> None:
    dice = random.Random(11)
    names = [rare_name(dice) for _ in range(5000)]
    rows = [
        [name, number_of(n, f"19{n // 1000 + 50}0101"), "", f"幸福苑{n // 500 + 1}-{n % 5 + 1}-{n % 20 + 1}01"]
        for n, name in enumerate(names)
    ]
    batch = preview(book([HEAD, *rows]))
    assert batch.rows_read == 5000 and batch.rejected == 0
    batches.commit_roster(batch=batch, actor=worker)
    assert sorted(Person.objects.values_list("name", flat=True)) == sorted(names)
    again = preview(book([HEAD, *([row[0], "坏的证件", "", row[3]] for row in rows)]))
    assert again.rejected == 5000
    receipt = CalamineWorkbook.from_filelike(io.BytesIO(batches.take_receipt(batch=again, actor=worker)))
    assert [row[2] for row in receipt.get_sheet_by_name("名册").to_python()[1:]] == names


def test_ten_thousand_near_duplicates_are_asked_about_in_time(preview: Any) -> None:
    dice = random.Random(5)
    rows = [["王" + dice.choice("伟芳娜"), number_of(n, f"1950{n % 3 + 1:02}{n // 1000 + 1:02}"), f"1390000{dice.randrange(40):04}",
             f"幸福苑1-1-{dice.randrange(4) + 101}"] for n in range(10_000)]  # fmt: skip
    begun = time.process_time()
    batch = preview(book([HEAD, *rows]))
    assert time.process_time() - begun < 20  # a preview of rows that all look alike, on a busy machine
    asked = batch.rows.filter(kind="double").count()
    assert batch.rows_read == 10_000 and (asked > 9_000 or any("相像的行太多" in note for note in batch.notes))


def test_a_far_cell_costs_nothing_where_it_can_be_read_and_is_named_where_not() -> None:
    rows = good_rows()
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>远</t></is></c></row>'
    parts = workbooks.parts_of(rows)
    sheet = str(parts["xl/worksheets/sheet1.xml"]).replace("</sheetData>", far + "</sheetData>")
    grids, _ = reader.open_sheets("a.xlsx", workbooks.zipped(parts | {"xl/worksheets/sheet1.xml": sheet}))
    assert len(grids[0].row_nos) == 5 and grids[0].row_nos[-1] == 1_048_576
    odd = sheet.replace("<sheetData>", "<sheetData><!-- x -->")
    with pytest.raises(problems.FarCells) as refused:
        reader.open_sheets("a.xlsx", workbooks.zipped(parts | {"xl/worksheets/sheet1.xml": odd}))
    assert "1048576" in str(refused.value)


def test_an_old_book_is_read_and_one_that_is_exactly_full_is_refused(preview: Any) -> None:
    assert equation(preview(old_book(good_rows(40)), "旧名册.xls")) == (40, 40, 0, 0, 0)
    full: Rows = [HEAD, *([["甲"]] * 65_535)]
    with pytest.raises(problems.SheetFull):
        reader.open_sheets("满.xls", old_book(full))
    grids, _ = reader.open_sheets("不满.xls", old_book(full[:-1]))
    assert len(grids[0].row_nos) == 65_535


def test_both_readers_see_the_same_cells() -> None:
    rows: Rows = [
        HEAD, ["甲 & 乙 <丙>", number_of(1), 13900001234, "幸福苑3-2-501"], ["", 1.5, -3, 6.1e17], [], ["𠮷", "", 0, "x" * 3000],
    ]  # fmt: skip
    parts = workbooks.parts_of(rows)
    fast, _ = reader.open_sheets("a.xlsx", workbooks.zipped(parts))
    odd = str(parts["xl/worksheets/sheet1.xml"]).replace("<sheetData>", "<sheetData><!-- x -->")
    slow, _ = reader.open_sheets("a.xlsx", workbooks.zipped(parts | {"xl/worksheets/sheet1.xml": odd}))
    for place, number in enumerate(fast[0].row_nos):
        cells = fast[0].row(place)
        assert cells == slow[0].row(number - 1)[: len(cells)]
    assert clock.today() and read_tables.kinds()
