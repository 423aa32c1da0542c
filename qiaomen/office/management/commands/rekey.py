"""`qiaomen rekey`: seal everything under the newest key; `--marks` moves codes and indexes while no server runs."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from qiaomen.office import rekey


class Command(BaseCommand):
    """Killed in the middle it goes on where it stopped when it is started again."""

    help = _("用最新的密钥重新密封；--marks 换索引（先停服务，换完从 QM_MASTER_KEYS 去掉旧密钥）")

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the one switch."""
        parser.add_argument("--marks", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Move the values, and with the switch the marks; say how many of each."""
        done = rekey.rekey()
        if options["marks"]:
            done.columns |= {f"{name} *": count for name, count in rekey.rekey_marks().columns.items()}
        for name, count in done.columns.items():
            self.stdout.write(f"{name}: {count}")
        left = rekey.left_behind()
        self.stdout.write(_("共 {n} 项；旧密钥下还有 {left} 项").format(n=done.total, left=sum(left.values())))
        if options["marks"]:
            self.stdout.write(_("请从 QM_MASTER_KEYS 去掉旧密钥，运行 python -m qiaomen reindex，再启动服务。"))
