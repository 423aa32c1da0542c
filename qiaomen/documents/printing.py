"""A filled .docx set as PDF by Typst: the words go in as data, never as markup.

The look is the template's as far as a form needs it (headings, sides, bold, sizes, joined cells, heights of rows,
pictures, header and footer); the Word file stays the original. PDF/A-2b is asked for not only because it lasts: it
refuses a sign no font has, where a plain PDF prints a hole.
"""

import json
from functools import lru_cache
from typing import Any

from qiaomen.documents import parts
from qiaomen.documents.problems import NoFont, NotPrintable

FONTS = (
    *("SimSun", "NSimSun", "Songti SC", "STSong", "Source Han Serif SC", "Noto Serif CJK SC", "Noto Serif SC"),
    *("Microsoft YaHei", "PingFang SC", "Source Han Sans SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei"),
    *("SimSun-ExtB", "SimSun-ExtG", "BabelStone Han", "TW-Sung", "TW-Sung-Ext-B", "HanaMinA", "HanaMinB"),
)
"""Chinese fonts of Windows, macOS and Linux, the usual ones first; the last ones hold rare characters."""
SOURCE = """
#let d = json(bytes(sys.inputs.doc))
#set document(title: "", author: ())
#set text(font: d.fonts, size: 12pt, lang: "zh", fallback: false)
#set par(leading: 0.7em, spacing: 0.8em)
#let run(r) = {
  if "image" in r { box(image(bytes(r.image), width: r.width * 1mm)) } else {
    let look = if r.size > 0 { text.with(size: r.size * 1pt) } else { text }
    let words = r.text.split("\\n").map(line => [#line]).join(linebreak())
    look(weight: if r.bold { "bold" } else { "regular" }, words)
  }
}
#let sides = (left: left, center: center, right: right)
#let blocks(found) = for b in found {
  if b.kind == "page" { pagebreak(weak: true) } else if b.kind == "p" {
    let inside = b.runs.map(run).join()
    block(width: 100%, align(sides.at(b.side), if b.runs.len() == 0 { v(0.4em) } else if b.head {
      text(size: 16pt, weight: "bold", inside) } else { inside }))
  } else {
    table(
      columns: b.columns.map(w => w * 1fr),
      stroke: 0.5pt,
      inset: 5pt,
      ..b.rows.flatten().map(c => table.cell(colspan: c.across, rowspan: c.down, align: horizon,
        box(width: 100%, stack(dir: ttb, box(height: 0pt, width: 0pt), block(width: 100%, { blocks(c.blocks) }),
          if c.height > 0 { v(calc.max(c.height - 8, 0) * 1mm) }))))
    )
  }
}
#let on_page(found) = context {
  let n = here().page()
  if n == 1 and found.first != none { blocks(found.first) } else if calc.even(n) and found.even != none {
    blocks(found.even) } else { blocks(found.all) }
}
#set page(width: d.width * 1mm, height: d.height * 1mm, margin: (x: d.side * 1mm, y: d.top * 1mm),
  header: on_page(d.headers), footer: on_page(d.footers))
#blocks(d.blocks)
"""


@lru_cache(maxsize=1)
def _fonts() -> tuple[Any, tuple[str, ...]]:
    """Return the fonts of this server and the names of the Chinese ones among them, found once."""
    import typst

    found = typst.Fonts()
    here = set(found.families())
    return found, tuple(name for name in FONTS if name in here)


def as_pdf(docx: bytes) -> bytes:
    """Return a filled document as PDF. Raises NoFont; NotPrintable for a sign no font of this server has; NotInPdf."""
    import typst

    found, names = _fonts()
    if not names:
        raise NoFont()
    document = {**parts.read(docx), "fonts": list(names)}
    text = json.dumps(document, ensure_ascii=False)
    if any("\ue000" <= sign <= "\uf8ff" for sign in text):
        raise NotPrintable()
    try:
        made = typst.Compiler(SOURCE.encode(), font_paths=found, sys_inputs={"doc": text}).compile(
            format="pdf", pdf_standards=["a-2b"], timestamp=0
        )
    except typst.TypstError as error:
        raise NotPrintable() from error
    assert isinstance(made, bytes)
    return made
