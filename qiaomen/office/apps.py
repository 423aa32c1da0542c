"""Gathers what every house declares about its ledger lines, its figures and the lists it writes."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OfficeConfig(AppConfig):
    """The office is the first house, so it calls the others' declarations."""

    name = "qiaomen.office"

    def ready(self) -> None:
        """Import `ledger.py`, `figures.py` and `intake.py` of every house."""
        autodiscover_modules("ledger", "figures", "intake")
