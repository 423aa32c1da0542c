"""The phone house makes its first sealing key with its tables: a backup of the first day already opens what comes later."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PhoneConfig(AppConfig):
    """Phones and what they hand in."""

    name = "qiaomen.phone"

    def ready(self) -> None:
        """Have the first key made when the tables are there."""
        post_migrate.connect(_make_first_key, sender=self)


def _make_first_key(using: str, **_more: Any) -> None:
    """A key made at the first sign-in would be missing from a backup of before, and what was sealed to it unreadable."""
    from qiaomen.phone.actions.devices import current_key

    if using == "default":
        current_key()
