"""`qiaomen new_epoch`: after a restore, make every phone offer its sealed copies again."""

from typing import Any

from django.core.management.base import BaseCommand

from qiaomen.phone.actions.devices import make_epoch


class Command(BaseCommand):
    """Begins a new epoch."""

    help = "恢复备份之后运行：各手机会把最近 30 天的密封件重新上交，重复的只算一次"

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and say so."""
        self.stdout.write(f"新的纪元：{make_epoch().pk}。手机下次联网时会重新上交最近 30 天的走访。")
