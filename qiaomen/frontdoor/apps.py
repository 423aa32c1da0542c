"""Registers the checks of a deployment."""

from django.apps import AppConfig


class FrontDoorConfig(AppConfig):
    """Nothing but the checks: the front door has no tables."""

    name = "qiaomen.frontdoor"

    def ready(self) -> None:
        """Import the checks, which register themselves."""
        import qiaomen.checks  # noqa: F401
