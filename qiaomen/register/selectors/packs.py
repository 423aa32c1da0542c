"""Policy as data: the facts, parameters and groups of the packs this installation names in QM_PACKS."""

from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext

from qiaomen.criteria.facts import Fact, Parameter, load_entries, load_facts, load_parameters


@lru_cache(maxsize=1)
def facts() -> dict[str, Fact]:
    """Return every fact that may be known of a person, by code."""
    return load_facts(settings.PACKS)


@lru_cache(maxsize=32)
def parameters(day: date) -> dict[str, Parameter]:
    """Return the numbers policy sets, as in force on a day, by code."""
    return load_parameters(settings.PACKS, day)


@lru_cache(maxsize=16)
def entries(name: str) -> list[dict[str, Any]]:
    """Return the entries of a pack file, pack after pack: groups.yaml, ledgers.yaml."""
    return load_entries(settings.PACKS, name)


def say(fact: Fact, value: Any) -> str:
    """Return a value of a fact in the reader's language."""
    if value is None:
        return gettext("不知道")
    if fact.kind == "bool":
        return gettext("是") if value else gettext("否")
    if fact.kind == "date":
        return say_date(value) if isinstance(value, date) else str(value)
    if fact.kind == "code":
        return gettext(fact.choices.get(value, value))
    return f"{value}{gettext(fact.unit) if fact.unit else ''}"


def say_date(day: date) -> str:
    """Return a day as it is written on a page."""
    return str(date_format(day, "Y年n月j日"))
