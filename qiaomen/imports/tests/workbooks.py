"""Workbooks made by hand, part by part: good ones, old ones (.xls), and three hundred poisoned ones."""

import csv
import io
import random
import struct
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from xml.sax.saxutils import escape

from qiaomen.kernel.idcheck import check_digit

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACK = 'xmlns="http://schemas.openxmlformats.org/package/2006/'
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = ["姓名", "身份证号", "联系电话", "居住地址"]
Rows = list[list[Any]]


def number_of(place: int, born: str = "19500101") -> str:
    first = f"990101{born}{place % 1000:03d}"
    return first + check_digit(first)


def good_rows(size: int = 3) -> Rows:
    return [HEAD] + [[f"居民{n}", number_of(n), f"1390000{n:04d}", f"幸福苑3号楼2单元{n + 101}室"] for n in range(size)]


def letter(place: int) -> str:
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def sheet_xml(rows: Rows, before: str = "", after: str = "") -> str:
    """Texts stand in the cells, numbers as numbers; a str that begins with <c is taken as it is."""
    lines = []
    for y, row in enumerate(rows, 1):
        cells = []
        for x, value in enumerate(row):
            if isinstance(value, str) and value.startswith("<c "):
                cells.append(value)
            elif isinstance(value, int | float):
                cells.append(f'<c r="{letter(x)}{y}"><v>{value!r}</v></c>')
            elif value:
                cells.append(f'<c r="{letter(x)}{y}" t="inlineStr"><is><t>{escape(value)}</t></is></c>')
        lines.append(f'<row r="{y}">{"".join(cells)}</row>')
    return f"<worksheet {MAIN}>{before}<sheetData>{''.join(lines)}</sheetData>{after}</worksheet>"


def parts_of(rows: Rows, **sheet: str) -> dict[str, str | bytes]:
    types = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{KIND}.{kind}+xml"/>'
        for part, kind in (("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet"))
    )
    return {
        "[Content_Types].xml": f'<Types {PACK}content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships {PACK}relationships"><Relationship Id="rId1" Type="{LINK}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{LINK}"><sheets><sheet name="名册" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships {PACK}relationships"><Relationship Id="rId1" Type="{LINK}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet_xml(rows, **sheet),
    }


def zipped(parts: dict[str, str | bytes], level: int = 6) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return out.getvalue()


def book(rows: Rows, **sheet: str) -> bytes:
    return zipped(parts_of(rows, **sheet))


def text_table(rows: Rows, encoding: str = "utf-8", separator: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding, "replace")


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _biff(rows: Rows, name: str = "名册") -> bytes:
    """Return a BIFF8 stream of one sheet whose cells are LABEL and NUMBER records."""
    title = name.encode("utf-16-le")
    begun = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6)) + _record(0x42, struct.pack("<H", 1200))
    bound = len(begun) + 4 + 8 + len(title) + 4
    start = begun + _record(0x85, struct.pack("<IBBBB", bound, 0, 0, len(name), 1) + title) + _record(0x0A, b"")
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6))
    sheet += _record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if isinstance(value, int | float):
                sheet += _record(0x203, struct.pack("<HHHd", y, x, 0, value))
            elif value:
                text = str(value).encode("utf-16-le")
                sheet += _record(0x204, struct.pack("<HHHHB", y, x, 0, len(str(value)), 1) + text)
    return start + sheet + _record(0x0A, b"")


def old_book(rows: Rows) -> bytes:
    """Return an .xls: the BIFF8 stream in a compound file of 512-byte sectors."""
    stream = _biff(rows)
    stream += b"\0" * (max(4096, -(-len(stream) // 512) * 512) - len(stream))
    used = len(stream) // 512
    fats = -(-(used + 2) // 126)
    chain = [0xFFFFFFFD] * fats + [0xFFFFFFFE] + [fats + 2 + n for n in range(used - 1)] + [0xFFFFFFFE]
    chain += [0xFFFFFFFF] * (fats * 128 - len(chain))
    assert fats <= 109

    def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        return (head + b"\0" * 36 + struct.pack("<IQ", first, size)).ljust(128, b"\0")

    folder = (
        entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, fats + 1, len(stream)) + b"\0" * 256
    )
    head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<IIIIIIIII", 0, fats, fats, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", *range(fats), *([0xFFFFFFFF] * (109 - fats)))
    return head + struct.pack(f"<{len(chain)}I", *chain) + folder + stream


def _entity(dice: random.Random) -> bytes:
    outside = dice.choice(["file:///etc/passwd", "http://192.0.2.1/x", "/dev/random", "expect://id", "php://filter"])
    where = dice.choice(
        ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"]
    )
    parts = parts_of([HEAD, ["&x;" if dice.random() < 0.5 else "甲", number_of(1), "", "幸福苑3-2-501"]])
    parts[where] = f'<!DOCTYPE x [<!ENTITY x SYSTEM "{outside}">]>' + str(parts[where]).replace("&amp;x;", "&x;")
    return zipped(parts)


def _laughs(dice: random.Random) -> bytes:
    depth = dice.randint(5, 30)
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, depth))
    parts = parts_of(good_rows())
    where = dice.choice(["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
    body = str(parts[where]).replace("居民1", f"&l{depth - 1};").replace("名册", f"&l{depth - 1};")
    parts[where] = f'<!DOCTYPE x [<!ENTITY l0 "lol">{lol}]>{body}'
    return zipped(parts)


def _zip_bomb(dice: random.Random) -> bytes:
    kind, parts = dice.randrange(5), parts_of(good_rows())
    if kind == 0:
        parts["xl/sharedStrings.xml"] = b" " * (30_000_000 + dice.randrange(1000))
    elif kind == 1:
        inner = zipped({f"{n}.xml": b"0" * 200_000 for n in range(20)})
        parts |= {f"xl/media/{n}.zip": inner for n in range(dice.randint(2, 9))}
    elif kind == 2:
        parts |= {f"xl/worksheets/sheet{n}.xml": "<x/>" for n in range(2, 2100)}
    elif kind == 3:
        parts["xl/worksheets/sheet1.xml"] = sheet_xml([[*row, "长" * 8_000] for row in good_rows(400)])
    content = zipped(parts)
    if kind == 4:  # the directory says small, the stream is large
        lie = parts | {"xl/sharedStrings.xml": b"<sst>" + b"<si><t>x</t></si>" * dice.randint(3_000_000, 4_000_000)}
        content = zipped(lie, 9)
        true = len(lie["xl/sharedStrings.xml"]).to_bytes(4, "little")
        content = content.replace(true, (900_000).to_bytes(4, "little"))
    return content


def _slip(dice: random.Random) -> bytes:
    names = [
        "../../../../tmp/evil",
        "/etc/cron.d/x",
        "..\\..\\evil.exe",
        "xl/../../../x",
        "C:\\x",
        "xl/workbook.xml\0.png",
    ]
    parts = parts_of(good_rows())
    parts[dice.choice(names[:5])] = "x"
    if dice.random() < 0.5:
        links = str(parts["xl/_rels/workbook.xml.rels"])
        parts["xl/_rels/workbook.xml.rels"] = links.replace("worksheets/sheet1.xml", dice.choice(names[:4]))
    return zipped(parts)


def _wrong_magic(dice: random.Random) -> bytes:
    heads = [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n", b"GIF89a", b"\x7fELF", b"MZ\x90\0", b"\x1f\x8b\x08", b"Rar!\x1a\x07",
             b"7z\xbc\xaf\x27\x1c", b"<html><table>", b"PK\x05\x06" + b"\0" * 18, b"PK\x03\x04", b"", b"\0" * 64, b"{\\rtf1"]  # fmt: skip
    tail = book(good_rows()) if dice.random() < 0.5 else dice.randbytes(dice.randrange(2000))
    return dice.choice(heads) + tail


FORMULAS = ["=1+1", "=HYPERLINK(\"http://x\",\"y\")", "=cmd|'/C calc'!A0", "+1+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0",
            "\t=1+1", "\r=1+1", "\n=1+1", "=IMPORTXML(\"http://x\",\"//a\")", "＝1+1", "=WEBSERVICE(\"http://x\")", "%0A=1+1", " =1+1", "\"=1+1", "'=1+1"]  # fmt: skip


def _formulas(dice: random.Random) -> bytes:
    rows = good_rows(4)
    for row in rows[1:]:
        row[dice.randrange(4)] = dice.choice(FORMULAS) + str(dice.randrange(999))
    place = f"A{len(rows) + 1}"
    cell = f'<c r="{place}" t="str"><f>{escape(dice.choice(FORMULAS[:6]))}</f><v>{escape(dice.choice(FORMULAS[:6]))}</v></c>'
    return book([*rows, [cell, number_of(77), "", "幸福苑3-2-502"]])


def _numbers(dice: random.Random) -> bytes:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    kinds: list[Callable[[], Any]] = [
        lambda: float(number_of(dice.randrange(999))[:17] + "0"), lambda: "6.10E+17", lambda: 6.1e17,
        lambda: number_of(5).translate(wide), lambda: "1e400", lambda: "九" * 18, lambda: " ".join(number_of(6)), lambda: "99" * 500,
    ]  # fmt: skip
    born = [
        "1950年",
        "1950.3",
        "三月五日",
        "0000-00-00",
        "9999999",
        "1950/13/45",
        "昨天",
        99999999,
        -5,
        1e308,
        "二〇〇〇年十三月",
    ]
    rows = [
        [
            f"人{n}",
            dice.choice(kinds)(),
            dice.choice(born),
            dice.choice([1.39e10, "１３９００００１２３４", "-", 1e30]),
            "幸福苑3-2-501",
        ]
        for n in range(20)
    ]
    return book([["姓名", "身份证号", "出生日期", "电话", "住址"], *rows])


def _merged(dice: random.Random) -> bytes:
    merged = "".join(f'<mergeCell ref="A{n}:B{dice.randint(n, 99999)}"/>' for n in range(2, dice.randint(3, 400)))
    parts = parts_of(good_rows(5), after=f'<mergeCells count="9">{merged}</mergeCells>')
    if dice.random() < 0.5:
        state = dice.choice(["hidden", "veryHidden", "nonsense"])
        parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace('name="名册"', f'name="名册" state="{state}"')
    sheet = str(parts["xl/worksheets/sheet1.xml"])
    return zipped(parts | {"xl/worksheets/sheet1.xml": sheet.replace('<row r="3">', '<row r="3" hidden="1">')})


def _far(dice: random.Random) -> bytes:
    kind, rows = dice.randrange(6), good_rows(3)
    far = '<row r="1048576"><c r="{}1048576" t="inlineStr"><is><t>远</t></is></c></row>'.format(
        dice.choice(["A", "XFD"])
    )
    if kind == 0:
        return book(rows, before='<dimension ref="A1:XFD1048576"/>')
    xml = sheet_xml(rows)
    if kind in (1, 2):
        xml = xml.replace("</sheetData>", far + "</sheetData>")
    if kind == 2:  # written so that only the general reader takes it
        xml = xml.replace("<sheetData>", "<!-- x --><sheetData>")
    if kind == 3:
        blank = "".join(f'<row r="{n}" s="1"/>' for n in range(10, 1_048_577))
        xml = xml.replace("</sheetData>", blank + "</sheetData>")
    if kind == 4:
        wide = "".join(f'<c r="{letter(x)}5" s="1"/>' for x in range(16_384))
        xml = xml.replace("</sheetData>", f'<row r="5">{wide}</row></sheetData>')
    if kind == 5:
        xml = xml.replace('r="3"', f'r="{dice.choice([0, -1, 99999999999, 1048577, "x"])}"')
    return zipped(parts_of(rows) | {"xl/worksheets/sheet1.xml": xml})


def _broken(dice: random.Random) -> bytes:
    content = bytearray(book(good_rows(20)))
    kind = dice.randrange(4)
    if kind == 0:
        return bytes(content[: dice.randrange(len(content))])
    if kind == 1:
        for _ in range(dice.randint(1, 40)):
            content[dice.randrange(4, len(content))] = dice.randrange(256)
        return bytes(content)
    parts = parts_of(good_rows(20))
    where = dice.choice(list(parts))
    xml = bytearray(str(parts[where]).encode())
    for _ in range(dice.randint(1, 20)):
        spot = dice.randrange(len(xml))
        if kind == 2:
            xml[spot] = dice.randrange(256)
        else:
            del xml[spot : spot + dice.randint(1, 9)]
    return zipped(parts | {where: bytes(xml)})


def _old_garbage(dice: random.Random) -> bytes:
    content = bytearray(old_book(good_rows(30)))
    kind = dice.randrange(4)
    if kind == 0:
        return bytes(content[:8]) + dice.randbytes(dice.randrange(9000))
    if kind == 1:
        return bytes(content[: dice.randrange(8, len(content))])
    for _ in range(dice.randint(1, 60)):
        content[dice.randrange(8 if kind == 2 else 1536, len(content))] = dice.randrange(256)
    return bytes(content)


RARE = "㐀㐆㑇䶮䶵𠀀𠮷𪜀𫍯𫠊𬀩𬭛𮯠𰀀𰻝𱍐𲎯﨎﨏﨑"


TO_F = (
    (0x3400, 0x4DB5),
    (0x20000, 0x2A6D6),
    (0x2A700, 0x2B734),
    (0x2B740, 0x2B81D),
    (0x2B820, 0x2CEA1),
    (0x2CEB0, 0x2EBE0),
)
"""Extensions A to F: the blocks that a font at hand draws."""
RARE_BLOCKS = (*TO_F, (0x30000, 0x3134A), (0x31350, 0x323AF), (0x2EBF0, 0x2EE5D), (0xF900, 0xFA6D))


def rare_name(dice: random.Random, blocks: tuple[tuple[int, int], ...] = RARE_BLOCKS) -> str:
    """Return a name with a character of Ext A to I or one that NFKC would replace; some are long, some have dots."""
    rare = "".join(chr(dice.randint(*dice.choice(blocks))) for _ in range(dice.randint(1, 3)))
    if dice.random() < 0.1:
        return "·".join(["阿卜杜热合曼", rare, "买买提江", "艾合买提", "吐尔逊江"])[:50]
    return dice.choice("王李张刘陈") + rare


def _encodings(dice: random.Random) -> bytes:
    rows = [HEAD] + [[rare_name(dice), number_of(n), "13900001234", "幸福苑3-2-501"] for n in range(30)]
    encoding = dice.choice(
        ["gb18030", "gbk", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "big5", "shift_jis", "utf-7", "latin-1"]
    )
    content = text_table(rows, encoding, dice.choice(",;\t|"))
    if dice.random() < 0.3:
        spot = dice.randrange(len(content))
        content = content[:spot] + dice.randbytes(3) + content[spot + dice.randrange(3) :]
    return content if dice.random() < 0.7 else book(rows)


POISONS: dict[str, Callable[[random.Random], bytes]] = {
    "36 external entities": _entity, "37 billion laughs": _laughs, "38 zip bombs": _zip_bomb, "39 names that climb out": _slip,
    "40 another kind of file": _wrong_magic, "41 formulas": _formulas, "42 damaged numbers": _numbers, "43 merged and hidden": _merged,
    "44 far cells": _far, "45 truncated and corrupt": _broken, "46 old garbage": _old_garbage, "47 encodings and rare names": _encodings,
}  # fmt: skip
EACH = 25


def poisoned(seed: int = 20261125) -> Iterator[tuple[str, bytes]]:
    """Yield three hundred poisoned tables, twenty-five of each kind."""
    for kind, make in POISONS.items():
        for number in range(EACH):
            yield f"{kind} #{number}", make(random.Random(f"{seed} {kind} {number}"))
