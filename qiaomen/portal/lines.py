"""What the public pages offer at a bulletin."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.bulletins.models import Bulletin
from qiaomen.kernel.lines import Link, register_links


def at_bulletin(bulletin: Bulletin, viewer: Any) -> list[Link]:
    """Offer the public page of the community."""
    return [Link(10, _("看公开页"), reverse("portal:community", args=[bulletin.community.code]))]


register_links("portal", Bulletin.record_type, at_bulletin)
