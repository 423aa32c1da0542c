"""Gathers what every house declares about its ledger lines, its figures, the lists it writes and its nights."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OfficeConfig(AppConfig):
    """The office is the first house, so it calls the others' declarations."""

    name = "qiaomen.office"

    def ready(self) -> None:
        """Import `ledger.py`, `figures.py`, `intake.py` and `nightly.py` of every house."""
        from qiaomen.office import backup_nightly, ledger_nightly  # noqa: F401  declares the office's own nights

        autodiscover_modules("ledger", "figures", "intake", "nightly")
