"""Gathers what every house declares: ledger lines, figures, what it says at a household, menu, nightly tasks."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OfficeConfig(AppConfig):
    """The office is the first house, so it calls the others' declarations."""

    name = "qiaomen.office"

    def ready(self) -> None:
        """Import `ledger.py`, `figures.py`, `lines.py`, `menu.py`, `nightly.py` and `checks.py` of every house."""
        from qiaomen.office import ledger_nightly  # noqa: F401
        from qiaomen.office.backups import nightly  # noqa: F401  declares the office's own nights

        autodiscover_modules("ledger", "figures", "lines", "menu", "nightly", "checks")
