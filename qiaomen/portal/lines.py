"""What the public pages offer at a bulletin and at a community."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.bulletins.models import Bulletin
from qiaomen.kernel.lines import Link, register_links
from qiaomen.office.models import Organisation


def at_bulletin(bulletin: Bulletin, viewer: Any) -> list[Link]:
    """Offer the public page of the community."""
    return [Link(10, _("看公开页"), reverse("portal:community", args=[bulletin.community.code]))]


def at_community(community: Organisation, viewer: Any) -> list[Link]:
    """Offer the public page of a community to those who work in none, and so see nothing else of it."""
    if viewer.community is not None:
        return []
    return [Link(10, _("看公开页"), reverse("portal:community", args=[community.code]))]


register_links("portal", Organisation.record_type, at_community)
register_links("portal", Bulletin.record_type, at_bulletin)
