"""`qiaomen trace FILE`: name the exports a leaked sheet may have come from."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qiaomen.kernel import clock
from qiaomen.kernel.cells import clean
from qiaomen.kernel.problems import Problem
from qiaomen.sheets.actions import exports
from qiaomen.sheets.rules.trace import LEAST_ROWS
from qiaomen.workbooks import reader


class Command(BaseCommand):
    """Compares a leaked .xlsx, .xls or .csv with the marks of every export; nothing of the file is kept."""

    help = "追查一份外传的表格是从哪次导出来的"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """One file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the likeliest exports, likeliest first; raise when the file is no table or too short."""
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"没有这个文件：{path.name}")
        try:
            sheets, _notes = reader.open_sheets(path.name, path.read_bytes())
        except Problem as problem:
            told = problem.as_dict()
            raise CommandError(f"{told['what']}{told['do_next']}") from problem
        count, found = exports.trace_rows(
            [[clean(cell) for cell in sheet.row(place)] for sheet in sheets for place in range(len(sheet.row_nos))]
        )
        self.stdout.write(f"比对了 {count} 行")
        if count < LEAST_ROWS:
            self.stdout.write(f"不到 {LEAST_ROWS} 行，结果只作参考")
        for place, one in enumerate(found, 1):
            export, taken = one.export, one.export.taken_at
            when = taken.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M") if taken else ""
            who = f"{export.asked_by.name}（{export.asked_by.login_name}）"
            approved = f"，{export.decided_by.name} 同意" if export.decided_by else ""
            alike = "，与另一份一样像" if one.likely.tied else ""
            self.stdout.write(
                f"{place}. 编号 {export} · {who} · {when} · 用途：{export.purpose}{approved} · "
                f"{one.likely.rows_found} 行对上，那份共 {export.rows} 行{alike}"
            )
        if not found:
            self.stdout.write("没有一份导出对得上")
