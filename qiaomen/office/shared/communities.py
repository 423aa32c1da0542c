"""Communities and grids begin and are renamed; each with its line in the ledger of the community."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Func, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery

from qiaomen.office import actions, ledger
from qiaomen.office.access import communities_under
from qiaomen.office.models import Organisation, Staff
from qiaomen.office.problems import NotYoursToGive, SuchCode

MOST_GRIDS = 40
"""Grids of a community: of 300 to 500 households each, a community of 20,000 people has about 20."""
DIGITS = "〇一二三四五六七八九"


def numbered(number: int) -> str:
    """Return 第三网格, 第十二网格 for a number from 1 to 99, as offices name their grids."""
    tens, ones = divmod(number, 10)
    words = ("" if tens < 2 else DIGITS[tens]) + ("十" if tens else "") + (DIGITS[ones] if ones else "")
    return f"第{words}网格"


def kept_by(keeper: Staff) -> QuerySet[Organisation]:
    """Return the communities in an administrator's charge, each with its grids and how many people work there."""
    grids = Organisation.objects.filter(kind="grid").order_by("code")
    here = Q(organisation=OuterRef("pk")) | Q(organisation__parent=OuterRef("pk"))
    works = (
        Staff.objects.filter(here, is_active=True)
        .annotate(n=Func(F("pk"), function="COUNT", output_field=IntegerField()))
        .values("n")
    )
    found = communities_under(keeper).select_related("parent").prefetch_related(Prefetch("children", queryset=grids))
    return found.annotate(staff_count=Subquery(works))


def towns_of(keeper: Staff) -> QuerySet[Organisation]:
    """Return the towns of an administrator's county."""
    return Organisation.objects.filter(parent=keeper.organisation, kind="town").order_by("code")


@transaction.atomic
def make_community(
    *, actor: Staff, code: str, name: str, telephone: str = "", town: str = "", grids: int = 0
) -> Organisation:
    """Make a community with its first grids, below a town of that name (made where there is none) or the own place.

    Raises SuchCode for a code that is taken.
    """
    home = actor.organisation
    if town and home.kind == "county":
        home = _town(actor, town)
    if Organisation.objects.filter(code=code).exists():
        raise SuchCode(code=code)
    made = Organisation.objects.create(kind="community", name=name, code=code, parent=home, telephone=telephone)
    ledger.record(community=made, actor=actor, code="office.community-made", subject=made)
    for number in range(1, min(grids, MOST_GRIDS) + 1):
        _grid(made, numbered(number), number, actor)
    return made


def _town(actor: Staff, name: str) -> Organisation:
    county = actor.organisation
    found = towns_of(actor).filter(name=name).first()
    if found is None:
        code = _free([f"{county.code}-T{number}" for number in range(1, 1000)])
        found = Organisation.objects.create(kind="town", name=name, code=code, parent=county)
        ledger.record(community=county, actor=actor, code="office.town-made", subject=found)
    return found


def _free(codes: Sequence[str]) -> str:
    """Return the first of these codes that nobody has."""
    taken = set(Organisation.objects.filter(code__in=codes).values_list("code", flat=True))
    return next(code for code in codes if code not in taken)


def _grid(community: Organisation, name: str, number: int, actor: Staff) -> Organisation:
    code = _free([f"{community.code}-{tried}" for tried in range(number, number + 1000)])
    made = Organisation.objects.create(kind="grid", name=name, code=code, parent=community)
    ledger.record(community=community, actor=actor, code="office.grid-made", subject=made)
    return made


@transaction.atomic
def add_grid(*, actor: Staff, community: Organisation, name: str) -> Organisation:
    """Add a grid to a community in the actor's charge. Raises NotYoursToGive."""
    _check(actor, community)
    return _grid(community, name, community.children.count() + 1, actor)


@transaction.atomic
def change_community(*, actor: Staff, community: Organisation, name: str, telephone: str) -> None:
    """Give a community another name or telephone. Raises NotYoursToGive."""
    _check(actor, community)
    if name != community.name:
        actions.rename_organisation(organisation=community, name=name, actor=actor)
    if telephone != community.telephone:
        detail: dict[str, Any] = {"before": {"telephone": community.telephone}}
        community.telephone = telephone
        community.save(update_fields=["telephone"])
        ledger.record(
            community=community, actor=actor, code="office.community-changed", subject=community, detail=detail
        )


def _check(actor: Staff, community: Organisation) -> None:
    if not communities_under(actor).filter(pk=community.pk).exists():
        raise NotYoursToGive()
