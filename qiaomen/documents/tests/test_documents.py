"""An office changes its letters in Word; what it wrote is filled, printed and read back, and a trap is refused."""

import io
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import zxingcpp
from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Mm
from PIL import Image
from pypdf import PdfReader

from qiaomen.documents import problems
from qiaomen.documents.fill import fill, fill_list
from qiaomen.documents.printing import as_pdf
from qiaomen.documents.qr import qr_png
from qiaomen.documents.templates import MOST_BYTES, check
from qiaomen.documents.values import LINE, Picture, Unconfirmed, Value

FIELDS = ("姓名", "门牌", "金额", "电话", "二维码")
AWKWARD = [
    "阿依努尔·买买提",
    "王\U00020bb7",
    "欧阳" + "长" * 200,
    "<w:t>&amp;</w:t>",
    "{{门牌}}",
    "{% for a in b %}",
    "两\n行",
]


def letter(*paragraphs: str, header: str = "", change: Callable[[Any], None] | None = None) -> bytes:
    """Make a template: a heading, paragraphs, and a form with joined cells and room for a stamp."""
    document = Document()
    document.core_properties.author = "王建国"
    document.add_heading("救助申请表", 0)
    for words in paragraphs or ("申请人：{{姓名}}，住 {{ 门牌 }}。",):
        document.add_paragraph(words)
    table = document.add_table(2, 3, style="Table Grid")
    table.cell(0, 0).text = "金额"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "{{金额}}"
    table.cell(1, 0).text = "电话"
    table.cell(1, 1).text = "{{电话}}"
    table.cell(1, 2).text = "（盖章）"
    table.rows[1].height = Mm(30)
    document.add_paragraph("{{二维码}}")
    if header:
        document.sections[0].header.paragraphs[0].text = header
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def values(**more: Value) -> dict[str, Value]:
    return {"姓名": "王秀英", "门牌": "3-402", "金额": "800 元", "电话": "0917-1", "二维码": "无", **more}


def words(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def repacked(content: bytes, **changed: bytes) -> bytes:
    """Put parts into a package: `word_vbaProject_bin` is word/vbaProject.bin."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.pop(name, old.read(name)))
        for name, part in changed.items():
            new.writestr(name, part)
    return out.getvalue()


def test_what_was_filled_is_read_back_word_for_word() -> None:
    filled = fill(letter(), values())
    assert "申请人：王秀英，住 3-402。" in words(filled.content) and "800 元" in words(filled.content)
    assert not filled.blanks and "{{" not in words(filled.content)


@pytest.mark.parametrize("name", AWKWARD)
def test_an_awkward_name_stands_in_the_letter_as_it_is(name: str) -> None:
    assert f"申请人：{name}，住" in words(fill(letter(), values(姓名=name)).content)


def test_a_sign_that_xml_cannot_hold_breaks_no_letter() -> None:
    assert "申请人：王英，住" in words(fill(letter(), values(姓名="王\x00\x07英")).content)


def test_a_field_that_word_cut_into_pieces_is_one_field() -> None:
    def cut(document: Any) -> None:
        paragraph = document.add_paragraph("联系 {")
        for piece in ("{姓", "名", "}", "}。"):
            paragraph.add_run(piece).bold = piece == "名"

    assert "联系 王秀英。" in words(fill(letter(change=cut), values()).content)


def test_what_is_missing_and_what_nobody_confirmed_print_as_blanks_and_say_so() -> None:
    filled = fill(letter(), values(金额=Unconfirmed(), 电话=None))
    assert f"{LINE}（金额未确认）" in words(filled.content)
    assert [(blank.field, blank.unconfirmed) for blank in filled.blanks] == [("金额", True), ("电话", False)]
    assert [str(blank) for blank in filled.blanks] == ["金额：没有经过确认，空着", "电话：还不知道，留了横线"]


def test_a_whole_list_goes_into_one_file_each_on_its_own_page() -> None:
    people = [values(姓名=name, 二维码=Picture(qr_png(f"http://a/{name}"))) for name in ("甲", "乙", "丙")]
    filled = fill_list(letter(), people, paper="A3")
    document = Document(io.BytesIO(filled.content))
    assert len(document.tables) == 3 and len(document.inline_shapes) == 3
    assert round(document.sections[0].page_width.mm) == 297
    assert [f"申请人：{name}，住 3-402。" in words(filled.content) for name in "甲乙丙"] == [True] * 3
    pages = PdfReader(io.BytesIO(as_pdf(filled.content))).pages
    assert [name in page.extract_text() for page, name in zip(pages, "甲乙丙", strict=True)] == [True] * 3
    assert round(float(pages[0].mediabox.width) / 72 * 25.4) == 297


def test_a_header_never_carries_one_name_over_the_page_of_another() -> None:
    template = letter(header="{{姓名}}的申请")
    assert (
        "王秀英的申请" in Document(io.BytesIO(fill(template, values()).content)).sections[0].header.paragraphs[0].text
    )
    with pytest.raises(problems.HeaderVaries):
        fill_list(template, [values(), values(姓名="别人")])


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (letter("一", "二 {{户主姓名}}"), ["第 3 段", "户主姓名", "是不是要写“姓名”"]),
        (letter(header="{{社区}}"), ["页眉", "社区"]),
        (
            letter(change=lambda made: setattr(made.tables[0].cell(1, 2), "text", "{{盖章人}}")),
            ["表 1 第 2 行", "盖章人"],
        ),
    ],
)
def test_an_unknown_field_is_named_with_its_place(template: bytes, said: list[str]) -> None:
    with pytest.raises(problems.UnknownField) as refused:
        check("表.docx", template, FIELDS)
    assert all(word in refused.value.in_full() for word in said)


@pytest.mark.parametrize(
    "markup",
    [
        "{% for a in b %}",
        "{{姓名.__class__}}",
        "{{''.join(1)}}",
        "{{姓名",
        "｛｛姓名｝｝",
        "{# 注 #}",
        "{{7*7}}",
        "{{姓名|upper}}",
    ],
)
def test_a_template_computes_nothing(markup: str) -> None:
    with pytest.raises(problems.BrokenField):
        fill(letter("好", markup), values())


def external(content: bytes) -> bytes:
    rels = "word/_rels/document.xml.rels"
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        link = b'<Relationship Id="x9" Type="a/attachedTemplate" Target="http://a.cn/t" TargetMode="External"/>'
        return repacked(content, **{rels: package.read(rels).replace(b"</Relationships>", link + b"</Relationships>")})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xd0\xcf\x11\xe0 an old .doc",
        b"PK\x03\x04 half",
        letter()[:-400],
        b"PK" + b"0" * MOST_BYTES,
        repacked(letter(), **{"word/vbaProject.bin": b"macro"}),
        repacked(letter(), **{"word/embeddings/a.bin": b"object"}),
        repacked(letter(), **{"word/bomb.xml": b"0" * 400_000_000}),
        repacked(letter(), **{"word/document.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}),
        repacked(letter(), **{"[Content_Types].xml": b"<Types/>"}),
        external(letter()),
    ],
    ids=["empty", "doc", "half", "cut", "large", "macro", "object", "bomb", "entity", "no-word", "outside"],
)
def test_a_file_that_is_no_plain_word_document_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(problems.NotATemplate) as refused:
        check("表.docx", content, FIELDS)
    assert "表.docx" in refused.value.in_full()


def test_a_letter_in_which_nothing_is_filled_is_no_template() -> None:
    plain = Document()
    plain.add_paragraph("大家好")
    out = io.BytesIO()
    plain.save(out)
    with pytest.raises(problems.NoField):
        check("信.docx", out.getvalue(), FIELDS)


def test_whoever_made_the_template_does_not_go_out_with_the_letter() -> None:
    with zipfile.ZipFile(io.BytesIO(fill(letter(), values()).content)) as package:
        assert not any("王建国".encode() in package.read(name) for name in package.namelist())


def test_the_code_in_the_letter_is_read_by_another_reader() -> None:
    filled = fill(letter(), values(二维码=Picture(qr_png("https://社区.cn/t/A1?c=9"), 30)))
    shape = Document(io.BytesIO(filled.content)).inline_shapes[0]
    blob = Document(io.BytesIO(filled.content)).part.related_parts[
        shape._inline.graphic.graphicData.pic.blipFill.blip.embed
    ]
    assert zxingcpp.read_barcodes(Image.open(io.BytesIO(blob.blob)))[0].text == "https://社区.cn/t/A1?c=9"


def text_of(pdf: bytes) -> Iterable[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_a_printed_form_has_every_word_and_a_rare_character_is_no_hole() -> None:
    pdf = as_pdf(fill(letter(header="旧厂院社区"), values(姓名="王\U00020bb7·英")).content)
    (page,) = text_of(pdf)
    assert "\U00020bb7·英" in page and "800" in page and "（盖章）" in page and "旧厂院社区" in page
    with pytest.raises(problems.NotPrintable):
        as_pdf(fill(letter(), values(姓名="王\U00030000")).content)
    with pytest.raises(problems.NotPrintable):
        as_pdf(fill(letter(), values(姓名="王\ue123")).content)


def test_words_are_data_and_no_markup_to_the_printer() -> None:
    trap = '#read("/etc/passwd") $x$ *a* \\ @b <c> "'
    (page,) = text_of(as_pdf(fill(letter(), values(姓名=trap)).content))
    assert "#read(" in page and "*a*" in page


def pages_of(template: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(as_pdf(fill(template, values()).content))).pages]


def test_the_words_around_a_page_break_are_printed_on_their_pages() -> None:
    def broken(document: Any) -> None:
        paragraph = document.add_paragraph("破页之前")
        paragraph.add_run().add_break(WD_BREAK.PAGE)
        paragraph.add_run("破页之后")
        document.tables[0].cell(1, 2).paragraphs[0].add_run().add_break(WD_BREAK.PAGE)

    first, second = pages_of(letter(change=broken))
    assert "破页之前" in first and "盖章" in first and "破页之后" in second and "破页之前" not in second


def test_the_first_and_the_even_pages_have_their_own_header_and_footer() -> None:
    def vary(document: Any) -> None:
        section = document.sections[0]
        section.different_first_page_header_footer = True
        document.settings.odd_and_even_pages_header_footer = True
        for name, said in (("first_page_header", "首页眉"), ("even_page_footer", "偶页脚"), ("header", "单页眉")):
            getattr(section, name).paragraphs[0].text = said
        for _page in range(2):
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
            document.add_paragraph("又一页")

    pages = pages_of(letter(change=vary))
    found = [[word for word in ("首页眉", "偶页脚", "单页眉") if word in page] for page in pages]
    assert found == [["首页眉"], ["偶页脚"], ["单页眉"]]


def test_what_the_pdf_would_miss_is_refused_in_words() -> None:
    def noted(document: Any) -> None:
        run = document.add_paragraph("有注").add_run()
        run._r.append(run._r.makeelement(qn("w:footnoteReference"), {qn("w:id"): "2"}))

    def sections(document: Any) -> None:
        header = document.add_section().header
        header.is_linked_to_previous = False
        header.paragraphs[0].text = "第二节"

    for change, said in ((noted, "脚注"), (sections, "第二节")):
        with pytest.raises(problems.NotInPdf) as refused:
            as_pdf(letter(change=change))
        assert said in refused.value.in_full()
