"""`qiaomen ledger verify | heads | export | explain`: what the administrator does with the ledger from the shell."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qiaomen.office import ledger, ledger_check, ledger_export, ledger_heads
from qiaomen.office.models import LedgerHead, Organisation


class Command(BaseCommand):
    """Verifies the ledger and writes it out; exit code 1 when a chain does not hold."""

    help = "校验每个社区的台账链，列出链头，导出给外面的人核对，说明断链的原因"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """One word; optionally one community's code."""
        parser.add_argument("act", choices=["verify", "heads", "export", "explain"])
        parser.add_argument("--community", default="", help="社区代码；不写就是全部")
        parser.add_argument("--to", default="", help="export：写到哪个文件")
        parser.add_argument("--reason", default="", help="export 的用途，explain 的原因")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the word says."""
        getattr(self, options["act"])(options["community"], options)

    def verify(self, code: str, _options: dict[str, Any]) -> None:
        """Print a line a community; raise when one does not hold."""
        broken = 0
        for checked in ledger_check.verify_all(code):
            result, broken = checked.result, broken + (not checked.result.ok)
            if not result.ok:
                self.stdout.write(f"{checked.name}: 第 {result.first_broken_seq} 行起不可信：{result.words}")
            elif result.rows:
                outside = (
                    f"其中前 {result.anchored_seq} 行与数据库之外的链头一致"
                    if result.anchored_seq
                    else "还没有数据库之外的链头"
                )
                self.stdout.write(f"{checked.name}: {result.rows} 行，链完整，{outside}")
        if missing := ledger_check.guards_missing():
            raise CommandError(f"数据库里挡住改台账的触发器不见了：{'、'.join(sorted(missing))}")
        if broken:
            raise CommandError(f"{broken} 个社区的台账链断了")

    def heads(self, code: str, _options: dict[str, Any]) -> None:
        """Print the heads as they stand, one a line: code, line, hash, name."""
        for head in self._heads(code):
            self.stdout.write(f"{head.community.code} {head.seq} {head.hash} {head.community.name}")

    def export(self, code: str, options: dict[str, Any]) -> None:
        """Write the chains to a file for docs/how-to/verify_ledger.py; the ledger says so."""
        if not options["to"] or not options["reason"].strip():
            raise CommandError("请写明 --to 文件 和 --reason 用途")
        path = Path(options["to"])
        if path.exists():
            raise CommandError(f"已经有这个文件，没有动它：{path}")
        homes = [head.community for head in self._heads(code)]
        with path.open("x", encoding="utf-8") as file:
            path.chmod(0o600)
            file.write(ledger_export.FIRST_LINE + "\n")
            for home in homes:
                ledger_export.note_export(community=home, actor=None, purpose=options["reason"])
                file.writelines(line + "\n" for line in ledger_export.lines_of(home))
        self.stdout.write(f"写好了 {len(homes)} 条链：{path}。里面有编号、岗位姓名和做了什么，没有居民的姓名和号码")

    def explain(self, code: str, options: dict[str, Any]) -> None:
        """Write why a chain was broken, so that it binds again from here on."""
        home = Organisation.objects.filter(code=code).first()
        if home is None or not options["reason"].strip():
            raise CommandError("请写明 --community 社区代码 和 --reason 原因")
        ledger.explain_break(community=home, reason=options["reason"])
        self.stdout.write(f"{home.name}: 已写明原因。断过的行不再可信，别的行照样校验")

    def _heads(self, code: str) -> list[LedgerHead]:
        ledger_heads.folder()
        heads = LedgerHead.objects.select_related("community").filter(seq__gt=0).order_by("community__code")
        return list(heads.filter(community__code=code) if code else heads)
