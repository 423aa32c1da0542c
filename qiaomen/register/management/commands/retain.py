"""`python -m qiaomen retain`: drops what is kept no longer than needed; to be run once a day."""

from typing import Any

from django.core.management.base import BaseCommand

from qiaomen.register import rights


class Command(BaseCommand):
    """Drop what lists of more than thirty days ago hold of people."""

    help = "Drop what is kept no longer than needed (rows of lists older than 30 days)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do it and say how much."""
        self.stdout.write(f"清除了 {rights.drop_old_lists()} 行过期的导入内容")
