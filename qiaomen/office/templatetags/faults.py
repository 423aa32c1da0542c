"""What is wrong with the forms of a page: gathered once for its title, its summary and its fields, on every page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms, template

register = template.Library()
CHOSEN_ONE_BY_ONE = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@dataclass(frozen=True)
class Fault:
    """One sentence, and the id of the control it is about; "" for what is about the form as a whole."""

    words: str
    target: str


def _forms_in(value: Any, depth: int = 3) -> Iterator[forms.BaseForm]:
    if isinstance(value, forms.BaseForm):
        yield value
    elif depth and isinstance(value, dict):
        for part in value.values():
            yield from _forms_in(part, depth - 1)
    elif depth and isinstance(value, list | tuple):
        for part in value:
            yield from _forms_in(part, depth - 1)


def _target(field: forms.BoundField) -> str:
    """Return the id of what a person touches first to put it right: of a group of boxes the first; "" where none is."""
    if isinstance(field.field.widget, CHOSEN_ONE_BY_ONE):
        return f"{field.auto_id}_0" if field.subwidgets else ""
    return str(field.auto_id)


def faults_of(form: forms.BaseForm) -> list[Fault]:
    """Return what is wrong with a form, in the order in which it asks."""
    if not form.is_bound or not form.errors:
        return []
    found = [Fault(str(words), "") for words in form.non_field_errors()]
    for field in form:
        target = "" if field.is_hidden else _target(field)
        found += [Fault(str(words), target) for words in field.errors]
    return found


@register.simple_tag(takes_context=True)
def faults(context: Any) -> list[Fault]:
    """Return what is wrong with all forms the view has handed to this page."""
    seen: dict[int, forms.BaseForm] = {}
    for value in context.flatten().values():
        for form in _forms_in(value):
            seen.setdefault(id(form), form)
    return [fault for form in seen.values() for fault in faults_of(form)]
