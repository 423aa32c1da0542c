"""Gathers what every house declares: ledger lines, figures, what it says at a household, menu, nightly tasks."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext

from qiaomen.kernel import texts


class OfficeConfig(AppConfig):
    """The office is the first house, so it calls the others' declarations."""

    name = "qiaomen.office"

    def ready(self) -> None:
        """Import what every house declares: `ledger`, `figures`, `lines`, `menu`, `nightly`, `jobs` and `checks`."""
        from qiaomen.office import ledger_nightly  # noqa: F401
        from qiaomen.office.backups import nightly  # noqa: F401  declares the office's own nights

        texts.say_with(gettext)
        autodiscover_modules("ledger", "figures", "lines", "menu", "nightly", "jobs", "checks")
