"""Gathers what every house declares: ledger lines, figures, what it says at a household, menu, nightly tasks."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext

from qiaomen.kernel import texts

NIGHTS = ("qiaomen.office.handover.nightly", "qiaomen.office.ledger.nightly", "qiaomen.office.backups.nightly")
"""The office's own nights, in this order: the backup takes the heads signed just before with it."""


class OfficeConfig(AppConfig):
    """The office is the first house, so it calls the others' declarations."""

    name = "qiaomen.office"

    def ready(self) -> None:
        """Import every house's `ledger`, `figures`, `lines`, `today`, `menu`, `nightly`, `jobs` and `checks`."""
        for own in (*NIGHTS, "qiaomen.office.shared.photo_files"):  # pictures are sealed anew with all else
            import_module(own)
        texts.say_with(gettext)
        autodiscover_modules("ledger", "figures", "lines", "today", "menu", "nightly", "jobs", "checks")
