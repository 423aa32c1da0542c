"""`qiaomen restore FILE`: a site out of a backup and a restore card, on a clean machine."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from qiaomen.kernel.problems import Problem
from qiaomen.office.backups.restore import restore


class Command(BaseCommand):
    """Asks for the card and restores."""

    help = _("用备份文件和恢复卡，在空的地方恢复出整个系统")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Name the file; the card is typed, or read from a file."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--card-file", type=Path, help=_("恢复卡写在这个文件里；不写就当场输入，或从管道读"))

    def handle(self, *_args: Any, **options: Any) -> None:
        """Restore and say what stands there; a refusal is one paragraph and exit code 1."""
        if not options["file"].is_file():
            raise CommandError(_("没有这个文件：{file}").format(file=options["file"]))
        try:
            done = restore(options["file"], self._card(options["card_file"]))
        except Problem as problem:
            raise CommandError(problem.in_full()) from problem
        self.stdout.write(
            _(
                "恢复好了：{made_at} 的备份，{rows} 行，{photos} 张照片。"
                "手机下次联网会把最近 30 天的走访重新上交，重复的只算一次。现在可以启动网站"
            ).format(made_at=done.made_at[:16].replace("T", " "), rows=done.rows, photos=done.photos)
        )
        if done.photos_missing or done.broken_chains:
            self.stdout.write(
                _("请注意：缺 {photos} 张照片，{chains} 条台账链断了（备份之前就这样）").format(
                    photos=done.photos_missing, chains=done.broken_chains
                )
            )

    def _card(self, path: Path | None) -> str:
        if path is not None:
            return path.read_text(encoding="utf-8")
        if not sys.stdin.isatty():
            return sys.stdin.read()
        return getpass.getpass(_("请照着恢复卡输入 AGE-SECRET-KEY-1 开头的那一行（不显示）："))
