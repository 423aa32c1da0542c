"""`qiaomen backup`: one encrypted file, tried out before it has its name; `--card` makes a restore card first."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.office.backups import backup
from qiaomen.office.backups.restore import PREFIX

CARD = """
  ┌─ 敲门 恢复卡 ─ 编号 {number} ─ {day} ─
  │
  │  {lines}
  │
  │  有了备份文件和这张卡，就能在一台空机器上把整个系统恢复出来，也就能看到全部资料。
  │  请打印两张：一张锁在社区，一张交县里。这台机器上没有留底，丢了就再也打不开。
  └─ 恢复：python -m qiaomen restore 备份文件
"""


class Command(BaseCommand):
    """Makes a backup, or a card."""

    help = "备份成一个加密文件，试着恢复、数过以后才算数；--card 先做恢复卡"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Make a card instead; or only say how it stands."""
        parser.add_argument("--card", action="store_true", help="做一张恢复卡并显示一次")
        parser.add_argument("--state", action="store_true", help="只看上一次好的备份是什么时候")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it and say a line; a refusal is one paragraph and exit code 1."""
        if options["card"]:
            secret, number = backup.new_card()
            lines = "\n  │  ".join(" ".join(part) for part in _rows(secret))
            self.stdout.write(CARD.format(number=number, day=clock.today().isoformat(), lines=lines))
            return
        if options["state"]:
            self._say_state()
            return
        try:
            made = backup.make()
        except Problem as problem:
            raise CommandError(problem.in_full()) from problem
        self.stdout.write(
            f"备份好了，试着恢复过：{made.path}（{made.size / 1e6:.1f} MB，{made.rows} 行，{made.photos} 张照片）"
        )
        if made.photos_missing or made.broken_chains:
            self.stdout.write(
                f"请注意：缺 {made.photos_missing} 张照片，{made.broken_chains} 条台账链断了（备份之前就这样）"
            )
        if backup.on_the_same_disk():
            self.stdout.write("请注意：备份和资料在同一块盘上，盘坏了会一起没有。请把 QM_BACKUP_DIR 设到另一块盘")

    def _say_state(self) -> None:
        state = backup.state()
        last = state.at.strftime("%Y-%m-%d %H:%M") if state.at else "还没有过"
        self.stdout.write(f"上一次试着恢复过的备份：{last}")
        if state.is_stale:
            raise CommandError("超过一天没有好的备份")


def _rows(secret: str) -> list[list[str]]:
    """Cut the secret line into its beginning and groups of four letters, five groups a row."""
    beginning, letters = secret[: len(PREFIX)], secret[len(PREFIX) :]
    groups = [letters[start : start + 4] for start in range(0, len(letters), 4)]
    return [[beginning], *(groups[start : start + 5] for start in range(0, len(groups), 5))]
