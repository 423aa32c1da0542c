"""What imports offer at a community without residents."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.kernel.lines import Link, register_links
from qiaomen.office.models import Organisation


def at_community(community: Organisation, viewer: Any) -> list[Link]:
    """Offer to bring a list in."""
    if viewer.role not in ("head", "worker"):
        return []
    return [Link(10, _("导入名册"), reverse("imports:list"))]


register_links("imports", Organisation.record_type, at_community)
