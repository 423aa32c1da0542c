"""Private facts planted in files, written from the demands on the gate and not from its detectors.

Twelve carriers (where in which file) by twenty-five disguises (how it is written). Each fact has its own sentence;
the judge reads every byte of what went out on its own and looks for the fact in any dress.
"""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from docx import Document
from openpyxl import Workbook
from openpyxl.comments import Comment
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.worlds import names
from qiaomen.kernel.idcheck import check_digit

_HAN = dict(zip("0123456789", "〇一二三四五六七八九", strict=True))
_CAPITAL = dict(zip("0123456789", "零壹贰叁肆伍陆柒捌玖", strict=True))


def _mapped(table: dict[str, str]) -> Callable[[str], str]:
    return lambda text: "".join(table.get(sign, sign) for sign in text)


def _between(gap: str) -> Callable[[str], str]:
    return gap.join


def _grouped(gap: str) -> Callable[[str], str]:
    def broken(text: str) -> str:
        cuts = {18: (6, 14), 11: (3, 7), 19: (4, 8, 12, 16), 16: (4, 8, 12)}.get(len(text), (1,))
        pieces = [text[a:b] for a, b in zip((0, *cuts), (*cuts, len(text)), strict=True)]
        return gap.join(pieces)

    return broken


DISGUISES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "a blank between all": _between(" "),
    "groups with blanks": _grouped(" "),
    "a line end in the middle": _grouped("\n"),
    "zero-width spaces": _between("\u200b"),
    "zero-width joiners": _between("\u200d"),
    "a byte order mark in it": _grouped("\ufeff"),
    "soft hyphens": _grouped("\u00ad"),
    "word joiners and marks of direction": _between("\u2060\u200e"),
    "full width": lambda text: "".join(chr(ord(s) + 0xFEE0) if "!" <= s <= "~" else s for s in text),
    "Chinese numerals": _mapped(_HAN),
    "capital Chinese numerals": _mapped(_CAPITAL),
    "an apostrophe before it": lambda text: "'" + text,
    "apostrophes in it": _grouped("'"),
    "hyphens": _grouped("-"),
    "long dashes": _grouped("—"),
    "dots": _grouped("."),
    "middle dots": _between("·"),
    "underscores": _grouped("_"),
    "hard blanks": _between("\u00a0"),
    "wide blanks": _between("\u3000"),
    "digits in circles": _mapped(dict(zip("0123456789", "⓪①②③④⑤⑥⑦⑧⑨", strict=True))),
    "bold mathematical digits": _mapped({str(n): chr(0x1D7CE + n) for n in range(10)}),
    "O for 0 and l for 1": lambda text: text.replace("0", "O", 2).replace("1", "l", 2) if text[0].isdigit() else text,
    "one sign a line": _between("\n"),
}


@dataclass(frozen=True)
class Fact:
    """Something that must not go out. `kind`: id_no, phone, bank, name (registered), other_name."""

    kind: str
    value: str
    sentence: str


_AROUND = {
    "id_no": ("身份证号{}。", "证件：{}，请核对。", "{}", "号码（{}）已登记。", "他的号是{}，请保密。"),
    "phone": ("联系电话{}。", "请打{}，找他。", "{}", "手机：{}；", "拨{}即可。"),
    "bank": ("银行卡{}。", "打到{}上。", "{}", "卡号：{}，开户行不变。", "账户{}已核对。"),
    "name": (
        "居民{}反映楼道灯不亮。",
        "{}家的水管漏水。",
        "今天走访了{}。",
        "{}：已经联系。",
        "由{}签字确认。",
        "把东西交给{}，请查收。",
    ),
    "other_name": (
        "居民{}反映楼道灯不亮。",
        "{}女士来电询问。",
        "看望老人{}，送去米面。",
        "申请人：{}，材料齐全。",
        "{}的女儿在外地。",
        "户主{}，家住城东。",
        "{}因病住院。",
    ),
}
KINDS = ("id_no", "phone", "bank", "name", "id_no", "phone", "other_name", "name")


def registered(seed: int, count: int) -> dict[str, bool]:
    """Invent the names of a register; nobody is a minor, so that a name is masked and not refused."""
    random = Random(f"register-{seed}")
    found: dict[str, bool] = {}
    while len(found) < count:
        found[names.surname(random) + names.given(random, random.randint(1935, 2020))] = False
    return found


def strangers(seed: int, count: int, register: dict[str, bool]) -> list[str]:
    """Invent names that are not on the register."""
    random = Random(f"strangers-{seed}")
    found: list[str] = []
    while len(found) < count:
        name = names.surname(random) + names.given(random, random.randint(1935, 2020))
        if name not in register and len(name) > 1:
            found.append(name)
    return found


def facts(seed: int, count: int, register: dict[str, bool]) -> list[Fact]:
    """Plant so many facts."""
    random = Random(f"facts-{seed}")
    known, others = sorted(register), strangers(seed, count, register)
    found = []
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        drawn = value(kind, random, known, others)
        found.append(Fact(kind, drawn, random.choice(_AROUND[kind])))
    return found


def value(kind: str, random: Random, known: list[str], others: list[str]) -> str:
    """Invent a value of a kind."""
    if kind == "id_no":
        birth = f"{random.randint(1940, 2009)}{random.randint(1, 12):02d}{random.randint(1, 28):02d}"
        first = f"990101{birth}{random.randrange(1000):03d}"
        return first + check_digit(first)
    if kind == "phone":
        return f"1{random.choice('3456789')}{random.randrange(10**9):09d}"
    if kind == "bank":
        first = "62" + "".join(random.choice("0123456789") for _ in range(random.choice((13, 16))))
        return first + _luhn(first)
    return random.choice(known) if kind == "name" else others.pop()


def _luhn(first: str) -> str:
    doubled = [int(d) * (2 - n % 2) for n, d in enumerate(reversed(first))]
    return str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def written(fact: Fact, disguise: str) -> str:
    """Return the fact's sentence with the fact in its disguise."""
    return fact.sentence.format(DISGUISES[disguise](fact.value))


def _text(sentences: list[str]) -> tuple[str, bytes]:
    return "notice.txt", "\n\n".join(sentences).encode()


def _csv(sentences: list[str]) -> tuple[str, bytes]:
    return "list.csv", "\n".join('备注,"' + s.replace('"', '""') + '"' for s in sentences).encode()


def _saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def _docx(sentences: list[str]) -> tuple[str, bytes]:
    document = Document()
    for sentence in sentences:
        document.add_paragraph("通知如下。")
        document.add_paragraph(sentence)
    return "notice.docx", _saved(document)


def _docx_table(sentences: list[str]) -> tuple[str, bytes]:
    document = Document()
    table = document.add_table(rows=0, cols=2)
    for sentence in sentences:
        table.add_row().cells[1].text = sentence
    return "table.docx", _saved(document)


def _docx_header(sentences: list[str]) -> tuple[str, bytes]:
    document = Document()
    document.add_paragraph("通知如下。")
    for sentence in sentences:
        document.sections[0].header.add_paragraph(sentence)
        document.sections[0].header.add_paragraph("锦瑟社区")
    return "header.docx", _saved(document)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "</w:t><w:br/><w:t xml:space='preserve'>")


def _with_body(sentences: list[str], form: str) -> bytes:
    """Put raw markup into the body of a document; {} is the sentence."""
    document = Document()
    document.add_paragraph("通知如下。")
    plain = io.BytesIO(_saved(document))
    out = io.BytesIO()
    body = "".join(form.format(_escaped(sentence)) for sentence in sentences)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                content = content.decode().replace("<w:sectPr", body + "<w:sectPr", 1).encode()
            new.writestr(name, content)
    return out.getvalue()


def _docx_box(sentences: list[str]) -> tuple[str, bytes]:
    form = (
        "<w:p><w:r><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox><w:txbxContent><w:p><w:r>"
        "<w:t xml:space='preserve'>{}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    )
    return "box.docx", _with_body(sentences, form)


def _docx_deleted(sentences: list[str]) -> tuple[str, bytes]:
    form = "<w:p><w:del w:id='1' w:author='x'><w:r><w:delText>{}</w:delText></w:r></w:del></w:p>"
    return "tracked.docx", _with_body([s.replace("\n", "\u2028") for s in sentences], form)


def _docx_comment(sentences: list[str]) -> tuple[str, bytes]:
    document = Document()
    run = document.add_paragraph("通知如下。").runs[0]
    for sentence in sentences:
        document.add_comment(run, sentence, author="x")
    return "comment.docx", _saved(document)


def _xlsx(sentences: list[str]) -> tuple[str, bytes]:
    book = Workbook()
    for row, sentence in enumerate(sentences, 1):
        for down, line in enumerate(sentence.split("\n")):
            book.active.cell(row * 40 + down, 2, _storable(line))
    return "cells.xlsx", _saved(book)


def _storable(text: str) -> str:
    return text if text[:1] not in "=-'" else f" {text}"


def _xlsx_sheet(sentences: list[str]) -> tuple[str, bytes]:
    book = Workbook()
    book.active["A1"] = "通知"
    sheet = book.create_sheet("底册")
    for sentence in sentences:
        sheet.append([_storable(sentence)])
    sheet.sheet_state = "veryHidden"
    return "hidden.xlsx", _saved(book)


def _xlsx_beside(sentences: list[str]) -> tuple[str, bytes]:
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "通知"
    for number, sentence in enumerate(sentences):
        if number % 3 == 0:
            sheet.cell(number + 2, 1, "见批注").comment = Comment(sentence, "x")
        elif number % 3 == 1:
            sheet.cell(number + 2, 1, _storable(sentence))
            sheet.row_dimensions[number + 2].hidden = True
        else:
            sheet.cell(number + 2, 4, _storable(sentence))
    sheet.column_dimensions["D"].hidden = True
    book.properties.title = sentences[0].replace("\n", " ")
    return "beside.xlsx", _saved(book)


def _pdf(sentences: list[str]) -> tuple[str, bytes]:
    if "STSong-Light" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out)
    for sentence in sentences:
        canvas.setFont("STSong-Light", 11)
        for number, line in enumerate(sentence.split("\n")):
            canvas.drawString(60, 780 - 20 * number, line)
        canvas.showPage()
    canvas.save()
    return "notice.pdf", out.getvalue()


CARRIERS: dict[str, Callable[[list[str]], tuple[str, bytes]]] = {
    "text": _text,
    "csv": _csv,
    "docx paragraph": _docx,
    "docx table": _docx_table,
    "docx header": _docx_header,
    "docx text box": _docx_box,
    "docx comment": _docx_comment,
    "docx tracked deletion": _docx_deleted,
    "xlsx cell": _xlsx,
    "xlsx very hidden sheet": _xlsx_sheet,
    "xlsx comment, hidden row and column, title": _xlsx_beside,
    "pdf page": _pdf,
}
