"""Gathers what every house declares about its ledger lines and its figures."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OfficeConfig(AppConfig):
    """The office is the first house, so it calls the others' declarations."""

    name = "qiaomen.office"

    def ready(self) -> None:
        """Import `ledger.py` and `figures.py` of every house."""
        autodiscover_modules("ledger", "figures")
