"""The receipt of an import: a workbook with the row equation and each problem row in the user's own columns."""

import io
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from qiaomen.imports.models import ImportBatch
from qiaomen.imports.rules.reading.roster import SPOT
from qiaomen.imports.selectors.preview.pages import soft_rows
from qiaomen.kernel import clock


def write_receipt(batch: ImportBatch) -> bytes:
    """Return the .xlsx; every cell is text, so that an identity number keeps its digits and no cell is a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    text, bold = book.add_format({"num_format": "@", "text_wrap": True}), book.add_format({"bold": True})
    summary = book.add_worksheet(_("回执"))
    summary.set_column(0, 1, 28)
    facts = [
        (_("文件"), batch.file_name), (_("时间"), batch.made_at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M")),
        (_("读到"), batch.rows_read), (_("新增"), batch.created), (_("变更"), batch.changed), (_("相同"), batch.same),
        (_("有问题"), batch.rejected),
    ]  # fmt: skip
    for y, (name, value) in enumerate(facts):
        summary.write(y, 0, name, bold)
        summary.write(y, 1, value, text)
    for y, note in enumerate(batch.notes, len(facts) + 1):
        summary.write_string(y, 0, note, text)
    _to_complete(book, batch, bold, text)
    for name, found in batch.mapping.items():
        rows = list(batch.rows.filter(kind__in=("problem", "double"), sheet=name).order_by("row_no"))
        if not rows:
            continue
        sheet = book.add_worksheet(name[:31] if name != _("回执") else f"{name[:29]}_2")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(found["titles"]) + 1, 18)
        for x, title in enumerate([_("行"), _("原因"), *found["titles"]]):
            sheet.write_string(0, x, str(title), bold)
        for y, row in enumerate(rows, 1):
            for x, value in enumerate([str(row.row_no % SPOT), ";".join(row.reasons), *row.cells.split("\t")]):
                sheet.write_string(y, x, value, text)
    book.close()
    return out.getvalue()


def _to_complete(book: Any, batch: ImportBatch, bold: Any, text: Any) -> None:
    """Write the sheet of fields that wait to be completed: the row came in, the field did not."""
    rows = soft_rows(batch)
    if not rows:
        return
    sheet = book.add_worksheet(_("待补全"))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 5, 22)
    for x, title in enumerate([_("工作表"), _("行"), _("姓名"), _("项目"), _("原来写的"), _("为什么没有记")]):
        sheet.write_string(0, x, str(title), bold)
    lines = [(row["sheet"], str(row["row"]), row["name"], *field) for row in rows for field in row["fields"]]
    for y, line in enumerate(lines, 1):
        for x, value in enumerate(line):
            sheet.write_string(y, x, value, text)
