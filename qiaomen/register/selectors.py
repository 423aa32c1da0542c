"""Finding people and doors, and what a household page and a building page show."""

import json
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.kernel.masking import mask_id_no, mask_phone
from qiaomen.office.models import Organisation
from qiaomen.register import history
from qiaomen.register.models import (
    Building,
    Change,
    Dwelling,
    Household,
    ImportBatch,
    Person,
    Registration,
    Residence,
)
from qiaomen.register.rules.roster import ALIASES


def _stays(community: Organisation, day: date) -> Any:
    stays = Residence.objects.filter(history.open_on(day), dwelling__community=community)
    return stays.exclude(person__state="merged")


ORIGINS = {"town": "origin_town", "village": "origin_village", "lifted_out": "lifted_out"}


def people_behind(community: Organisation, day: date, by: str = "", value: Any = None) -> Any:
    """Return the people behind a number of the totals, in the order of their doors: everybody, those not registered
    here (`by` unregistered), or those of one origin or status."""
    stays = _stays(community, day)
    registered = Registration.objects.filter(history.open_on(day), person__in=stays.values("person"))
    people = Person.objects.filter(pk__in=stays.values("person"))
    if by == "unregistered":
        people = people.exclude(pk__in=registered.values("person"))
    elif by in ORIGINS:
        people = people.filter(pk__in=registered.filter(**{f"household__{ORIGINS[by]}": value}).values("person"))
    here = Residence.objects.filter(history.open_on(day)).select_related("dwelling__entrance__building__compound")
    people = people.prefetch_related(Prefetch("residences", here, to_attr="stays_then"))
    return people.order_by("household__dwelling__walk_order", "household", "-is_head", "birth_date", "pk")


def totals_as_at(community: Organisation, day: date) -> dict[str, Any]:
    """Return who lived here on a day: households and people, by origin and by status; the parts add up to the whole."""
    stays = _stays(community, day)
    living = Registration.objects.filter(history.open_on(day), person__in=stays.values("person"))
    by = {
        name: list(
            living.values(f"household__{column}")
            .annotate(households=Count("household", distinct=True), people=Count("person", distinct=True))
            .order_by(f"household__{column}")
            .values_list(f"household__{column}", "households", "people")
        )
        for name, column in (("town", "origin_town"), ("village", "origin_village"), ("lifted_out", "lifted_out"))
    }
    people = stays.values("person").distinct().count()
    registered = living.values("person").distinct().count()
    return {
        "day": day,
        "households": living.values("household").distinct().count(),
        "people": people,
        "unregistered": people - registered,
        "by": by,
    }


def buildings_of(community: Organisation) -> list[Building]:
    """Return the buildings in the order of compound and number, with their number of doors."""
    found = Building.objects.filter(community=community).select_related("compound")
    return list(found.annotate(door_total=Count("entrances__dwellings")).order_by("compound__name", "order", "name"))


def totals_of(community: Organisation) -> dict[str, Any]:
    """Return how much is known: households, people, doors, and the last roster."""
    return {
        "households": Household.objects.filter(community=community, state="living").count(),
        "people": Person.objects.filter(community=community, state="living").count(),
        "doors": Dwelling.objects.filter(community=community).count(),
        "last_import": ImportBatch.objects.filter(community=community).defer("workbook").order_by("-made_at").first(),
    }


def import_progress(batch: ImportBatch) -> dict[str, int]:
    """Return {done, total} of a running commit."""
    progress: dict[str, int] = cache.get(f"import-{batch.pk}") or {"done": 0, "total": batch.rows_read}
    return {**progress, "percent": 100 * progress["done"] // max(1, progress["total"])}


def field_title(code: str) -> str:
    """Return the word for a field of a roster."""
    return {
        "household_no": _("户号"), "head_name": _("户主姓名"), "name": _("姓名"), "former_name": _("曾用名"), "nickname": _("小名或别名"), "relation": _("与户主关系"), "sex": _("性别"),
        "id_no": _("身份证号"), "birth_date": _("出生日期"), "phone": _("电话"), "address": _("住址"), "compound": _("小区"),
        "building": _("楼栋"), "entrance": _("单元"), "room": _("室"), "origin_town": _("原乡镇"), "origin_village": _("原村"),
        "lifted_out": _("是否脱贫户"), "is_head": _("是不是户主"),
    }[code]  # fmt: skip


def changed_rows(batch: ImportBatch, limit: int = 200) -> list[dict[str, Any]]:
    """Return the rows that change something, cell by cell: whose, which field, from what to what; numbers masked."""
    masks = {"id_no": mask_id_no, "phone": mask_phone}
    found = []
    for row in batch.rows.filter(kind="changed").order_by("sheet", "row_no")[:limit]:
        (name, _nothing), *cells = json.loads(row.differences)
        shown = [(field_title(code), *(masks.get(code, str)(value) for value in values)) for code, *values in cells]
        found.append({"row": row, "name": name, "cells": shown})
    return found


def kept_after_undo(batch: ImportBatch) -> list[dict[str, Any]]:
    """Return the people and households an undo left as they stand, since somebody had worked on them."""
    rows = list(Change.objects.filter(act__batch=batch, kept=True).values_list("row", flat=True))
    people = Person.objects.filter(pk__in=rows).select_related("household").order_by("name")
    return [{"title": p.name, "url": reverse("register:household", args=[p.household_id])} for p in people]


def mapping_of(batch: ImportBatch) -> list[dict[str, Any]]:
    """Return sheet by sheet which column was read as what, with the choices a person has."""
    choices = [("", _("不读这一列")), *((code, field_title(code)) for code in ALIASES)]
    return [
        {
            "name": name,
            "header_row": found["header_row"],
            "choices": choices,
            "columns": [
                {"title": title, "code": code, "field_name": f"column-{number}-{place}"}
                for place, (title, code) in enumerate(zip(found["titles"], found["fields"], strict=True))
            ],
        }
        for number, (name, found) in enumerate(sorted(batch.mapping.items()))
    ]
