"""`python -m qiaomen retain`: drops what is kept no longer than needed; to be run once a day."""

from typing import Any

from django.core.management.base import BaseCommand

from qiaomen.register import rights


class Command(BaseCommand):
    """Drop rosters that can no longer be taken back."""

    help = "Drop what is kept no longer than needed (rosters older than 30 days)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do it and say how much."""
        self.stdout.write(f"丢弃了 {rights.drop_old_rosters()} 份过了撤销期的名册原件")
