"""How everything of the proxy desk is written: at a case that is locked, with a line in the ledger, and taken back."""

from typing import Any

from django.db import transaction

from qiaomen.cases import problems
from qiaomen.cases.models import Case, Mandate, Material, Original, Trip
from qiaomen.cases.rules.timing import UNDER_WAY
from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Staff

Noted = Mandate | Material | Original | Trip


def locked_case(case: Case, *, open_only: bool = True) -> Case:
    """Return the case of an act, locked. Raises NotUnderWay for one that is closed, where it has to be open."""
    found = Case.objects.select_for_update().get(pk=case.pk)
    if open_only and found.state not in UNDER_WAY:
        raise problems.NotUnderWay()
    return found


def locked(row: Noted) -> Any:
    """Return a row as it stands, locked behind its case. Raises NotedOtherwise for one that was taken back."""
    Case.objects.select_for_update().get(pk=row.case_id)
    found = type(row).objects.select_related("case", "community").filter(pk=row.pk).first()
    if found is None:
        raise problems.NotedOtherwise()
    return found


def heading(case: Case, actor: Staff) -> dict[str, Any]:
    """Return the columns every row of the proxy desk begins with."""
    return {"community": case.community, "case": case, "noted_at": clock.now(), "noted_by": actor}


def write(row: Noted, actor: Staff, code: str) -> None:
    """Write the act into the ledger."""
    ledger.record(community=row.community, actor=actor, code=code, subject=row.case, detail={"row": str(row.pk)})


@transaction.atomic
def take_back(*, row: Noted, actor: Staff) -> None:
    """Take back what was noted by mistake: it stays and counts nowhere.

    Raises NotYourStep for somebody else's, NotedOtherwise for what was settled since: undo that first.
    """
    found = locked(row)
    if found.noted_by_id != actor.pk and actor.role != "head":
        raise problems.NotYourStep()
    if (
        getattr(found, "returned_at", None)
        or getattr(found, "withdrawn_at", None)
        or getattr(found, "settled_at", None)
    ):
        raise problems.NotedOtherwise()
    found.taken_back_at = clock.now()
    found.save(update_fields=["taken_back_at"])
    write(found, actor, "cases.proxy-taken-back")
