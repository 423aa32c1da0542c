"""What other houses offer at a record, without naming them in a template."""

from typing import Any

from django import template
from django.db.models import Model

from qiaomen.kernel.lines import Link, links_of
from qiaomen.office.record_types import record_type_of

register = template.Library()


@register.simple_tag(takes_context=True)
def links_at(context: Any, record: Model) -> list[Link]:
    """Return the links the houses offer the reader at a record."""
    return links_of(record_type_of(record), record, context["user"])
