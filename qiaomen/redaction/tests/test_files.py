"""What lies in a file without being shown never goes out; what no reader can vouch for is refused in words."""

import io
import re
import zipfile
from collections.abc import Callable

import numpy as np
import openpyxl
import pytest
import zxingcpp
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from PIL import Image, PngImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from qiaomen.redaction import pictures, problems, sight
from qiaomen.redaction.findings import Choice, Decisions, suggested
from qiaomen.redaction.parts import Part
from qiaomen.redaction.tests import made
from qiaomen.redaction.tests.made import ID, docx, find, picture, release, repacked, xlsx

BODY = "word/document.xml"


def into_body(markup: str) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        parts[BODY] = parts[BODY].decode().replace("<w:sectPr", f"{markup}<w:sectPr", 1).encode()

    return change


def everything(content: bytes) -> str:
    """Return all bytes of all parts as text."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


@pytest.mark.parametrize(
    "markup",
    [
        "<w:p><w:del w:id='1' w:author='王建国'><w:r><w:delText>王建国</w:delText></w:r></w:del></w:p>",
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>王建国</w:t></w:r></w:p>",
        "<w:p><w:moveFrom w:id='1' w:author='a'><w:r><w:t>王建国</w:t></w:r></w:moveFrom></w:p>",
        "<w:tbl><w:tr><w:trPr><w:del w:id='2' w:author='a'/></w:trPr>"
        "<w:tc><w:p><w:r><w:t>王建国</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
    ],
)
def test_deleted_moved_and_hidden_words_of_a_document_are_named_and_left_behind(markup: str) -> None:
    content = docx("通知如下", change=into_body(markup))
    hidden = [finding for finding in find(content, "a.docx").findings if finding.hidden]
    assert [finding.kind for finding in hidden] == ["name"]
    assert "王建国" not in everything(release(content, "a.docx").content)


def test_white_letters_are_read_like_any_others() -> None:
    white = f"<w:p><w:r><w:rPr><w:color w:val='FFFFFF'/></w:rPr><w:t>{ID}</w:t></w:r></w:p>"
    content = docx("通知如下", change=into_body(white))
    assert "id_no" in made.kinds(content, "a.docx")
    assert ID not in everything(release(content, "a.docx").content)


def test_author_and_comments_of_a_document_stay_behind() -> None:
    def name_author(parts: dict[str, bytes]) -> None:
        core = parts["docProps/core.xml"].decode()
        parts["docProps/core.xml"] = re.sub("python-docx", "王建国", core).encode()

    content = docx("通知如下", change=name_author)
    assert [(f.kind, f.hidden) for f in find(content, "a.docx").findings] == [("name", True)]
    assert "王建国" not in everything(release(content, "a.docx").content)


def hide_everywhere(book: Workbook) -> None:
    sheet = book.active
    sheet["A5"], sheet["C2"] = f"底数{ID}", "13912345678"
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet["A1"].comment = Comment("王建国", "王建国")
    sheet.oddHeader.center.text = "王建国"
    secret = book.create_sheet("底册")
    secret.append(["王建国", ID])
    secret.sheet_state = "veryHidden"
    book.properties.creator = "王建国"
    book.defined_names["王建国"] = DefinedName("王建国", attr_text="台账!$A$1")


def test_hidden_sheets_rows_columns_comments_names_and_authors_of_a_workbook_stay_behind() -> None:
    content = xlsx([["事项"], ["清洗水箱"], ["修路"]], hide_everywhere)
    examined = find(content, "a.xlsx")
    assert all(finding.hidden for finding in examined.findings)
    assert len({finding.where for finding in examined.findings}) >= 6
    new = release(content, "a.xlsx")
    assert not any(word in everything(new.content) for word in ("王建国", ID, "13912345678", "底册"))
    book = openpyxl.load_workbook(io.BytesIO(new.content))
    assert [(sheet.title, sheet.sheet_state) for sheet in book.worksheets] == [("表1", "visible")]
    assert [[cell.value for cell in row] for row in book.active.iter_rows()] == [["事项"], ["清洗水箱"], ["修路"]]


def test_no_name_of_a_sheet_goes_out() -> None:
    def name_sheets(book: Workbook) -> None:
        book.active.title = "王建国低保"
        book.create_sheet(f"李小明{ID}").append(["事项", "清洗水箱"])

    new = release(xlsx([["事项"], ["修路"]], name_sheets), "a.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(new.content))
    assert [sheet.title for sheet in book.worksheets] == ["表1", "表2"]
    assert [book["表1"]["A2"].value, book["表2"]["B1"].value] == ["修路", "清洗水箱"]
    with zipfile.ZipFile(io.BytesIO(new.content)) as archive:
        titles = re.findall(r"<vt:lpstr>([^<]*)<", archive.read("docProps/app.xml").decode())
    assert titles[1:] == ["表1", "表2"]
    assert not any(word in everything(new.content) for word in ("王建国", "李小明", ID))


def test_a_pivot_cache_is_named_and_stays_behind() -> None:
    def add(parts: dict[str, bytes]) -> None:
        parts["xl/pivotCache/pivotCacheRecords1.xml"] = f"<r><s v='{ID}'/></r>".encode()

    content = repacked(xlsx([["事项"], ["修路"]]), add)
    assert [(f.kind, f.hidden) for f in find(content, "a.xlsx").findings] == [("id_no", True)]
    assert ID not in everything(release(content, "a.xlsx").content)


def with_part(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.update({name: content})


PACKED = io.BytesIO()
with zipfile.ZipFile(PACKED, "w") as _archive:
    _archive.writestr("list.txt", ID)
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


REFUSED = {
    "macro.docx": docx("a", change=with_part("word/vbaProject.bin", b"x")),
    "zip in it.docx": docx("a", change=with_part("word/embeddings/a.zip", PACKED.getvalue())),
    "hidden zip.docx": docx("a", change=with_part("word/media/list.zip", PACKED.getvalue())),
    "svg in it.docx": docx("a", change=with_part("word/media/a.svg", SVG)),
    "entity.docx": docx("a", change=with_part(BODY, b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")),
    "macro.xlsm": repacked(xlsx([["a"]]), with_part("xl/vbaProject.bin", b"x")),
    "object.xlsx": repacked(xlsx([["a"]]), with_part("xl/embeddings/oleObject1.bin", b"x")),
    "old.doc": bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600,
    "poisoned.svg": SVG,
    "page.html": b"<!doctype html><p>a",
    "list.zip": PACKED.getvalue(),
    "broken.docx": docx("a")[:200],
    "broken.pdf": b"%PDF-1.7 nothing",
    "noise.bin": bytes(range(256)) * 4,
    "moving.gif": b"GIF89a" + b"\x00" * 40,
    "heic.jpg": b"\x00\x00\x00\x18ftypheic" + b"\x00" * 60,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_to_the_last_word_is_refused_in_words(name: str) -> None:
    with pytest.raises(problems.Unreadable) as refusal:
        find(REFUSED[name], name)
    assert refusal.value.details["because"] and name in str(refusal.value)


def pdf(edit: Callable[[PdfWriter], None] | None = None, *, drawn: bool = False, text: str = "Notice to all") -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    if drawn:
        canvas.drawImage(ImageReader(io.BytesIO(picture())), 0, 0)
    else:
        canvas.drawString(60, 700, text)
    canvas.save()
    if edit is None:
        return out.getvalue()
    writer = PdfWriter(clone_from=io.BytesIO(out.getvalue()))
    edit(writer)
    again = io.BytesIO()
    writer.write(again)
    return again.getvalue()


def with_script(writer: PdfWriter) -> None:
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")})
    writer.root_object[NameObject("/OpenAction")] = script


@pytest.mark.parametrize(
    "content",
    [
        pdf(drawn=True),
        pdf(lambda writer: writer.encrypt("secret", algorithm="RC4-128")),
        pdf(lambda writer: writer.add_attachment("list.txt", ID.encode())),
        pdf(with_script),
    ],
    ids=["scanned", "password", "attachment", "script"],
)
def test_a_scanned_locked_or_loaded_pdf_is_refused(content: bytes) -> None:
    with pytest.raises(problems.Unreadable):
        find(content, "a.pdf")


def test_a_pdf_goes_out_new_with_its_number_covered_and_its_properties_gone() -> None:
    content = pdf(lambda writer: writer.add_metadata({"/Author": f"王建国 {ID}"}), text=f"card {ID} end")
    new = release(content, "a.pdf")
    reader = PdfReader(io.BytesIO(new.content))
    text = "".join(page.extract_text() for page in reader.pages)
    assert (
        "99****************" in text and ID not in text + str(reader.metadata) and "王建国" not in str(reader.metadata)
    )


def seen(content: bytes, name: str, **boxes: list[tuple[int, int, int, int]]) -> Decisions:
    examined = find(content, name)
    choices = {f.key: Choice("seen" if f.kind == "unread" else f.suggestion) for f in examined.findings if not f.hidden}
    return Decisions({name: examined.digest}, choices, {name: boxes.get("boxes", [])})


def test_a_picture_waits_for_somebody_who_looks_and_says_that_the_extra_is_off() -> None:
    examined = find(picture(), "a.jpg")
    if sight.is_installed():
        pytest.skip("the extra is installed here")
    assert [finding.kind for finding in examined.findings] == ["unread"]
    assert "没有装看图部件" in examined.findings[0].reason
    with pytest.raises(problems.Undecided):
        release(picture(), "a.jpg", suggested([examined]))


def test_exif_place_maker_and_text_chunks_are_gone_and_the_picture_is_turned() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "maker"
    exif.get_ifd(0x8825).update({1: "N", 2: (34.0, 6.0, 12.5), 3: "E", 4: (107.0, 9.0, 2.5)})
    content = picture((300, 200), exif=exif)
    assert "place" in {f.kind for f in find(content, "a.jpg").findings if f.hidden}
    released = release(content, "a.jpg", seen(content, "a.jpg"))
    new = Image.open(io.BytesIO(released.content))
    assert released.name == "公布件.jpg"
    assert new.size == (200, 300) and not new.getexif() and "王建国".encode() not in new.tobytes()
    chunk = PngImagePlugin.PngInfo()
    chunk.add_itxt("Author", "王建国")
    out = io.BytesIO()
    Image.new("RGB", (90, 90)).save(out, "PNG", pnginfo=chunk)
    png = out.getvalue()
    assert "王建国".encode() not in release(png, "a.png", seen(png, "a.png")).content


@pytest.mark.parametrize("box", [(0, 0, 60, 40), (-10, 150, 50, 900), (100, 100, 140, 160)])
def test_a_box_covers_its_pixels_at_the_edge_and_in_a_turned_picture(box: tuple[int, int, int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    content = picture((300, 200), exif=exif)
    new = Image.open(io.BytesIO(release(content, "a.jpg", seen(content, "a.jpg", boxes=[box])).content))
    inside = new.crop((max(0, box[0]) + 8, max(0, box[1]) + 8, min(200, box[2]) - 8, min(300, box[3]) - 8))
    assert max(high for _low, high in inside.getextrema()) < 30


@pytest.mark.parametrize("box", [(10, 10, 10, 60), (500, 500, 600, 600)])
def test_a_box_without_size_or_outside_is_an_error(box: tuple[int, int, int, int]) -> None:
    with pytest.raises(problems.Unreadable):
        release(picture(), "a.jpg", seen(picture(), "a.jpg", boxes=[box]))


def test_a_code_in_a_picture_is_read_found_and_covered() -> None:
    made_code = zxingcpp.create_barcode(ID, zxingcpp.BarcodeFormat.QRCode)
    code = Image.fromarray(np.asarray(zxingcpp.write_barcode_to_image(made_code, scale=6))).convert("RGB")
    poster = Image.new("RGB", (500, 500), (250, 250, 250))
    poster.paste(code, (120, 130))
    saved = io.BytesIO()
    poster.save(saved, "PNG")
    content = saved.getvalue()
    found = made.by_kind(find(content, "a.png"), "code_in_picture")
    assert found.found == ID
    new = release(content, "a.png", seen(content, "a.png"))
    assert not sight.codes(Image.open(io.BytesIO(new.content)))


class Eyes:
    """Sees what a test says."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def lines(self, picture: Image.Image) -> list[sight.Seen]:
        return [sight.Seen(text, (10, 10 + 20 * n, 200, 28 + 20 * n)) for n, text in enumerate(self._lines)]

    def faces(self, picture: Image.Image) -> list[sight.Seen]:
        return [sight.Seen("", (220, 50, 300, 140))]


def test_words_and_faces_that_are_seen_are_covered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sight, "installed", lambda: Eyes([f"王建国 {ID}", "欢迎"]))
    content = picture()
    assert made.kinds(content, "a.jpg") == ["name", "id_no", "face"]
    new = Image.open(io.BytesIO(release(content, "a.jpg").content))
    for box in ((10, 10, 200, 28), (220, 50, 300, 140)):
        assert (
            max(
                high
                for _low, high in new.crop(
                    tuple(side + 4 * (-1) ** (n // 2) for n, side in enumerate(box))
                ).getextrema()
            )
            < 40
        )


def test_a_picture_of_a_list_is_asked_for_as_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sight, "installed", lambda: Eyes(["行"] * (pictures.MOST_LINES + 1)))
    with pytest.raises(problems.PictureIsAList):
        find(picture(), "a.jpg")


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_opened() -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 5000)).save(out, "PNG")
    with pytest.raises(problems.Unreadable):
        find(out.getvalue(), "a.png")


def test_a_character_that_no_pdf_letter_shows_is_refused() -> None:
    assert Part("a", "b").name == "a"
    from qiaomen.redaction.parts import Paragraph
    from qiaomen.redaction.writers import write

    with pytest.raises(problems.CannotBeSet):
        write("pdf", "a.pdf", [Paragraph("居民𬶍", "第 1 行")])
