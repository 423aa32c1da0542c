"""What other houses offer at a record, without naming them in a template."""

from typing import Any

from django import template
from django.db.models import Model

from qiaomen.kernel import clock
from qiaomen.kernel.lines import FOR_ALL, Link, links_of
from qiaomen.office.record_types import record_type_of
from qiaomen.office.shared.campaigns import choices_at

register = template.Library()


@register.simple_tag(takes_context=True)
def links_at(context: Any, record: Model) -> list[Link]:
    """Return the links the houses offer the reader at a record."""
    return links_of(record_type_of(record), record, context["user"])


@register.simple_tag(takes_context=True)
def campaigns_at(context: Any, record: Model) -> list[dict[str, Any]]:
    """Return the campaigns the reader may put a record into, and those it carries."""
    staff = context["user"]
    if staff.community is None or staff.role not in ("head", "worker"):
        return []
    return choices_at(record, staff.community, clock.today())


@register.simple_tag(takes_context=True)
def links_for_all(context: Any) -> list[Link]:
    """Return the links the houses offer on every public page."""
    return links_of(FOR_ALL, None, context.get("user"))
