"""A person decides on every place; what nobody may show stays covered; the new file is checked before it goes out."""

import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from qiaomen.redaction import labels, problems, writers
from qiaomen.redaction.examine import examine
from qiaomen.redaction.findings import Choice, Decisions, suggested
from qiaomen.redaction.known_names import Registered
from qiaomen.redaction.parts import Part
from qiaomen.redaction.publish import publish
from qiaomen.redaction.tests.made import ID, NAMES, PASSING, by_kind, docx, find, release, words_of, xlsx

NOTICE = f"李小明，县西街小学六年级，身份证{ID}，患白血病。"


def chosen(text: str, **ways: Choice) -> Decisions:
    """Decide by the suggestions but for the kinds that are named."""
    examined = find(text)
    decided = dict(suggested([examined]).choices)
    decided |= {f.key: ways[f.kind] for f in examined.findings if f.kind in ways}
    return Decisions({"通知": examined.digest}, decided)


def test_a_pupil_a_number_and_an_illness_are_three_warnings_with_a_way_out() -> None:
    """Story T4 43."""
    examined = find(NOTICE)
    assert {"minor", "id_no", "health"} <= {finding.kind for finding in examined.findings}
    assert by_kind(examined, "minor").instead["role"] == "学生甲"
    assert all(finding.reason for finding in examined.findings)
    assert words_of(release(NOTICE)) == "学生甲，未成年，身份证99****************，患疾病。"


@pytest.mark.parametrize("kind", ["minor", "id_no"])
def test_a_minor_and_a_number_of_identity_are_kept_by_nobody_s_consent(kind: str) -> None:
    with pytest.raises(problems.NeverShown):
        release(NOTICE, decisions=chosen(NOTICE, **{kind: Choice("keep", "监护人书面同意")}))


def test_a_name_stays_with_a_consent_on_record_and_not_without() -> None:
    text = "王建国被评为好邻居，王建国的事迹。"
    with pytest.raises(problems.ConsentMissing):
        release(text, decisions=chosen(text, name=Choice("keep", " ")))
    assert words_of(release(text, decisions=chosen(text, name=Choice("keep", "同意书 12 号")))) == text


LIST: list[list[object]] = [["姓名", "备注"], ["王建国", ""], ["高峰", ""], ["李小明", ""], ["李 小 明（班长）", ""]]


def test_no_consent_keeps_a_whole_column_and_a_minor_in_it_is_a_finding_of_its_own() -> None:
    content = xlsx(LIST)
    examined = find(content, "a.xlsx")
    assert [(f.kind, f.found, f.count) for f in examined.findings] == [
        ("minor", "李小明", 1),
        ("minor", "李 小 明（班长）", 1),
        ("name", "", 2),
    ]
    column = by_kind(examined, "name")
    assert "keep" not in column.ways
    kept = {**suggested([examined]).choices, column.key: Choice("keep", "同意书 12 号")}
    with pytest.raises(problems.NeverShown):
        release(content, "a.xlsx", Decisions({"a.xlsx": examined.digest}, kept))
    said = [row[0].value for row in openpyxl.load_workbook(io.BytesIO(release(content, "a.xlsx").content)).active]
    assert said[1:4] == ["居民丙", "居民丁", "学生甲"]


def test_a_column_of_one_cell_is_kept_by_no_consent_and_an_everyday_word_below_a_name_is_a_minor_s() -> None:
    rows = [["姓名", "备注"], ["王建国", ""]]
    assert "keep" not in by_kind(find(xlsx(rows), "a.xlsx"), "name").ways
    child = Registered({"高峰": True})
    found = examine([Part("a.xlsx", xlsx([["姓名", "备注"], ["高峰", ""]]))], child, PASSING)[0].findings
    assert [(f.kind, f.found) for f in found] == [("minor", "高峰")]


def test_the_last_look_reads_the_cells_of_private_columns_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mask that leaves the name: "王建国 " beside "王建国" is a change, and it is still the name."""
    content = xlsx([["姓名", "备注"], ["王建国", ""], ["欧阳清和", ""]])
    examined = find(content, "a.xlsx")
    masks = {finding.key: Choice("mask") for finding in examined.findings}
    monkeypatch.setattr("qiaomen.redaction.publish.masked", lambda kind, plain: f"{plain}。")
    with pytest.raises(problems.StillPrivate):
        release(content, "a.xlsx", Decisions({"a.xlsx": examined.digest}, masks))


def test_what_nobody_decided_and_what_changed_since_is_refused() -> None:
    with pytest.raises(problems.Undecided):
        release(NOTICE, decisions=Decisions({"通知": find(NOTICE).digest}, {}))
    with pytest.raises(problems.ChangedSince):
        release(NOTICE + "附", decisions=suggested([find(NOTICE)]))


def test_the_same_person_has_one_label_in_a_publication_and_another_in_the_next() -> None:
    first = words_of(release("居民王建国来电。欧阳清和答复王 建 国。"))
    assert first == "居民甲来电。居民乙答复居民甲。"
    assert words_of(release("欧阳清和来电，王建国答复。")) == "居民甲来电，居民乙答复。"


def test_labels_run_through_all_parts_of_one_publication() -> None:
    parts = [Part("正文", "王建国来电"), Part("附件", "欧阳清和、王建国到场")]
    new = publish(parts, suggested(examine(parts, NAMES, PASSING)), NAMES, PASSING)
    assert [file.content.decode() for file in new] == ["居民甲来电", "居民乙、居民甲到场"]


def test_a_mask_that_changes_nothing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "masked", lambda kind, plain: plain)
    monkeypatch.setattr("qiaomen.redaction.examine.masked", lambda kind, plain: plain)
    with pytest.raises(problems.NothingChanged):
        release(f"身份证{ID}")


def test_a_mask_that_leaves_the_number_readable_is_found_in_the_new_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qiaomen.redaction.examine.masked", lambda kind, plain: " ".join(plain))
    with pytest.raises(problems.StillPrivate):
        release(f"身份证{ID}")


def test_a_writer_that_adds_or_keeps_anything_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    content = docx("王建国来电")
    true_writer = writers.write
    monkeypatch.setattr(
        writers,
        "write",
        lambda kind, name, blocks: (
            true_writer(kind, name, [*blocks, replace(blocks[0], text=ID)])
            if blocks
            else true_writer(kind, name, blocks)
        ),
    )
    with pytest.raises(problems.StillPrivate):
        release(content, "a.docx")
    monkeypatch.setattr(
        writers, "write", lambda kind, name, blocks: content if blocks else true_writer(kind, name, blocks)
    )
    with pytest.raises(problems.StillPrivate):
        release(content, "a.docx")


def test_the_new_file_has_no_byte_of_the_upload_s_name_and_is_the_same_every_time() -> None:
    content = docx("王建国来电")
    new = release(content, "王建国低保.docx")
    assert new.name == "公布件.docx" and new.changed == 1
    with zipfile.ZipFile(io.BytesIO(new.content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert new.content == release(content, "王建国低保.docx").content


def test_a_clean_notice_passes_unchanged() -> None:
    text = "关于错峰用电的通知\n早高峰时段请错峰。值班电话0917-7960000，网格员赵明远。"
    new = release(text)
    assert (words_of(new), new.changed) == (text, 0)
