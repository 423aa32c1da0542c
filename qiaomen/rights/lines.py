"""What rights offer at a person."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.kernel.lines import Link, register_links
from qiaomen.register.models import Person


def at_person(person: Person, viewer: Any) -> list[Link]:
    """Offer the resident's own page."""
    if viewer.role == "volunteer":
        return []
    return [Link(30, _("本人的一页"), reverse("rights:own-page", args=[person.pk]))]


register_links("rights", Person.record_type, at_person)
