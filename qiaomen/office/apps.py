"""Gathers what every house declares about its ledger lines, its figures, the lists it writes and its nights."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OfficeConfig(AppConfig):
    """The office is the first house, so it calls the others' declarations."""

    name = "qiaomen.office"

    def ready(self) -> None:
        """Import `ledger.py`, `figures.py`, `intake.py`, `nightly.py` and `checks.py` of every house."""
        autodiscover_modules("ledger", "figures", "intake", "nightly", "checks")
