"""Gathers what every house declares: ledger lines, figures, what it says at a household, menu, nightly tasks."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext

from qiaomen.kernel import texts

NIGHTS = tuple(f"qiaomen.office.{room}.nightly" for room in ("accounts", "handover", "ledger", "backups"))
"""The office's own nights, in this order: the backup takes the heads signed just before with it."""


class OfficeConfig(AppConfig):
    """The office is the first house, so it calls the others' declarations."""

    name = "qiaomen.office"

    def ready(self) -> None:
        """Import what every house declares in its side rooms: `ledger`, `lines`, `menu` and the others."""
        # pictures are sealed anew with all else, and a backup counts them
        for own in (*NIGHTS, "qiaomen.office.shared.photo_files", "qiaomen.office.shared.badge_photos"):
            import_module(own)
        texts.say_with(gettext)
        autodiscover_modules("ledger", "figures", "lines", "today", "menu", "nightly", "jobs", "checks")
