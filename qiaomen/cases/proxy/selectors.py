"""What lies with us, what is still missing and who lets us act: of one case, and of all drawers."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qiaomen.cases.models import Case, Mandate, Material, Original, Trip
from qiaomen.cases.rules.timing import UNDER_WAY
from qiaomen.cases.selectors import may_hold
from qiaomen.cases.selectors.sealed import shut_to
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Person
from qiaomen.register.selectors import minors

MOST_SHELVED = 300


def about_key(case: Case) -> str:
    """Return whom a case is about, as a form carries it: the person, or the household."""
    return str(case.need.person_id or case.need.household_id)


def of_case(case: Case, today: date, viewer: Staff) -> dict[str, Any]:
    """Return everything the proxy desk shows of a case: four queries. What is of a child sealed to the viewer is only
    counted.
    """
    mandates = [
        {"row": row, "proof": proof_title(row.proof), "state": _state(row, case, today), "undo": _may(row, viewer)}
        for row in Mandate.objects.filter(case=case)
        .select_related("person", "heard_by", "witness", "withdrawn_by")
        .order_by("noted_at")
        if is_open_of(row.person, viewer)
    ]
    papers = list(
        Original.objects.filter(case=case).select_related("person", "noted_by", "returned_by").order_by("number")
    )
    originals = [row for row in papers if is_open_of(row.person, viewer)]
    materials = Material.objects.filter(case=case).order_by("noted_at", "pk")
    trips = list(Trip.objects.filter(case=case).select_related("noted_by").order_by("on_date", "noted_at"))
    return {
        "mandates": mandates,
        "may_act": any(row["state"] == "stands" for row in mandates),
        "originals": [{"row": row, "undo": row.returned_at is None and _may(row, viewer)} for row in originals],
        "hidden": len(papers) - len(originals),
        "here": sum(row.returned_at is None for row in papers),
        "materials": [
            {"row": row, "title": state_title(row.state), "undo": row.settled_at is None and _may(row, viewer)}
            for row in materials
        ],
        "missing": sum(row.state == "needed" for row in materials),
        "trips": [{"row": row, "title": way_title(row.way), "undo": _may(row, viewer)} for row in trips],
        "came": sum(row.way == "came" for row in trips),
        "went": sum(row.way == "went" for row in trips),
        "about": about_key(case),
    }


def _may(row: Any, viewer: Staff) -> bool:
    return row.noted_by_id == viewer.pk or viewer.role == "head"


def _state(row: Mandate, case: Case, today: date) -> str:
    if row.withdrawn_at is not None:
        return "withdrawn"
    return "over" if (row.until is not None and row.until < today) or case.state not in UNDER_WAY else "stands"


def proof_title(proof: str) -> str:
    """Return by what a mandate was given."""
    return {"heard": _("当面说的"), "signed": _("签了字")}[proof]


def state_title(state: str) -> str:
    """Return what became of a paper that is needed."""
    return {
        "needed": _("还差"),
        "brought": _("交来了"),
        "known": _("社区已有，不用交"),
        "waived": _("免交"),
    }[state]


def way_title(way: str) -> str:
    """Return who went."""
    return {"came": _("居民来了一趟"), "went": _("我们替居民跑了一趟")}[way]


def in_drawers(community: Organisation, viewer: Staff) -> tuple[list[Original], dict[str, int]]:
    """Return the papers that lie with a community and are open to the viewer, by drawer and number, as many as a page
    shows; and how many: `all` open ones, and the `shut` ones apart.
    """
    found: QuerySet[Original] = Original.objects.filter(community=community, returned_at=None)
    rows = found.exclude(case__in=shut_to(viewer)).select_related(
        "case__need__household__dwelling", "case__need__person", "person", "noted_by", "case__owner"
    )
    shown = [row for row in rows.order_by("drawer", "number") if _is_open(row, viewer)]
    return shown[:MOST_SHELVED], {"all": len(shown), "shut": found.count() - len(shown)}


def _is_open(row: Original, viewer: Staff) -> bool:
    """Say whether a paper may be shown to somebody: one of a sealed child only to the named roles."""
    return may_hold(row.case.need, viewer) and is_open_of(row.person, viewer)


def is_open_of(person: Person | None, viewer: Staff) -> bool:
    """Say whether what is somebody's may be shown to a viewer: of a sealed child only to the named roles."""
    return person is None or not minors.is_sealed(person, viewer)
