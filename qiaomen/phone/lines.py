"""What the phone offers at a device, and to anybody who opens a public page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.kernel.lines import FOR_ALL, Link, register_links
from qiaomen.office.models import Device


def at_device(device: Device, viewer: Any) -> list[Link]:
    """Offer the page of phones to the head, who alone may stop one."""
    return [Link(10, _("看手机"), reverse("phone:devices"))] if viewer.role == "head" else []


def for_all(_record: None, _viewer: Any) -> list[Link]:
    """Offer the check of a 敲门证 to whoever opens the door."""
    return [Link(10, _("这位敲门的是谁？"), reverse("phone:who"))]


register_links("phone", Device.record_type, at_device)
register_links("phone", FOR_ALL, for_all)
