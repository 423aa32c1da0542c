"""`qiaomen restore FILE`: a site out of a backup and a restore card, on a clean machine."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qiaomen.kernel.problems import Problem
from qiaomen.office.backups.restore import restore


class Command(BaseCommand):
    """Asks for the card and restores."""

    help = "用备份文件和恢复卡，在空的地方恢复出整个系统"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Name the file; the card is typed, or read from a file."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--card-file", type=Path, help="恢复卡写在这个文件里；不写就当场输入，或从管道读")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Restore and say what stands there; a refusal is one paragraph and exit code 1."""
        if not options["file"].is_file():
            raise CommandError(f"没有这个文件：{options['file']}")
        try:
            done = restore(options["file"], self._card(options["card_file"]))
        except Problem as problem:
            raise CommandError(problem.in_full()) from problem
        self.stdout.write(
            f"恢复好了：{done.made_at[:16].replace('T', ' ')} 的备份，{done.rows} 行，{done.photos} 张照片。"
            "手机下次联网会把最近 30 天的走访重新上交，重复的只算一次。现在可以启动网站"
        )
        if done.photos_missing or done.broken_chains:
            self.stdout.write(
                f"请注意：缺 {done.photos_missing} 张照片，{done.broken_chains} 条台账链断了（备份之前就这样）"
            )

    def _card(self, path: Path | None) -> str:
        if path is not None:
            return path.read_text(encoding="utf-8")
        if not sys.stdin.isatty():
            return sys.stdin.read()
        return getpass.getpass("请照着恢复卡输入 AGE-SECRET-KEY-1 开头的那一行（不显示）：")
