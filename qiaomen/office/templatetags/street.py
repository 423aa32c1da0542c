"""What other houses offer at a record, without naming them in a template."""

from typing import Any

from django import template
from django.db.models import Model

from qiaomen.kernel.lines import FOR_ALL, Link, links_of
from qiaomen.office.record_types import record_type_of

register = template.Library()


@register.simple_tag(takes_context=True)
def links_at(context: Any, record: Model) -> list[Link]:
    """Return the links the houses offer the reader at a record."""
    return links_of(record_type_of(record), record, context["user"])


@register.simple_tag(takes_context=True)
def links_for_all(context: Any) -> list[Link]:
    """Return the links the houses offer on every public page."""
    return links_of(FOR_ALL, None, context.get("user"))
