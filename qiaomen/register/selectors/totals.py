"""Finding people and doors, and what a household page and a building page show."""

from datetime import date
from typing import Any

from django.db.models import Count, Prefetch

from qiaomen.office.models import Organisation
from qiaomen.register.models import (
    Dwelling,
    Household,
    Person,
    Registration,
    Residence,
    open_on,
    who_is_recorded,
)


def _stays(community: Organisation, day: date) -> Any:
    stays = Residence.objects.filter(open_on(day), dwelling__community=community)
    return stays.filter(who_is_recorded("person__"))


ORIGINS = {"town": "origin_town", "village": "origin_village", "lifted_out": "lifted_out"}


def people_behind(community: Organisation, day: date, by: str = "", value: Any = None) -> Any:
    """Return the people behind a number of the totals, in the order of their doors: everybody, those not registered
    here (`by` unregistered), or those of one origin or status."""
    stays = _stays(community, day)
    registered = Registration.objects.filter(open_on(day), person__in=stays.values("person"))
    people = Person.objects.filter(pk__in=stays.values("person"))
    if by == "unregistered":
        people = people.exclude(pk__in=registered.values("person"))
    elif by in ORIGINS:
        people = people.filter(pk__in=registered.filter(**{f"household__{ORIGINS[by]}": value}).values("person"))
    here = Residence.objects.filter(open_on(day)).select_related("dwelling__entrance__building__compound")
    people = people.prefetch_related(Prefetch("residences", here, to_attr="stays_then"))
    return people.order_by("household__dwelling__walk_order", "household", "-is_head", "birth_date", "pk")


def totals_as_at(community: Organisation, day: date) -> dict[str, Any]:
    """Return who lived here on a day: households and people, by origin and by status; the parts add up to the whole."""
    stays = _stays(community, day)
    living = Registration.objects.filter(open_on(day), person__in=stays.values("person"))
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


def totals_of(community: Organisation) -> dict[str, Any]:
    """Return how much is known: households, people, doors."""
    return {
        "households": Household.objects.filter(community=community, state="living").count(),
        "people": Person.objects.filter(community=community).living().count(),
        "doors": Dwelling.objects.filter(community=community).standing().count(),
    }
