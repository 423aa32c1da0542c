"""How everything of the proxy desk is written: at a case that is locked, with a line in the ledger, and taken back."""

from typing import Any
from uuid import UUID

from django.db import transaction

from qiaomen.cases.models import Case, Mandate, Material, Original, Trip
from qiaomen.cases.problems import NearRelativeActs, NotUnderWay, NotYourStep
from qiaomen.cases.proxy import problems
from qiaomen.cases.rules.timing import UNDER_WAY
from qiaomen.cases.selectors import near
from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Staff

Noted = Mandate | Material | Original | Trip


def _check_not_near(case: Case, actor: Staff) -> None:
    if near.is_near(case.need, actor):
        raise NearRelativeActs()


def locked_case(case: Case, actor: Staff, *, open_only: bool = True) -> Case:
    """Return the case of an act, locked. Raises NotUnderWay for one that is closed, where it has to be open;
    NearRelativeActs where a near relative acts.
    """
    found = Case.objects.select_for_update().get(pk=case.pk)
    if open_only and found.state not in UNDER_WAY:
        raise NotUnderWay()
    _check_not_near(found, actor)
    return found


def locked(row: Noted, actor: Staff | None) -> Any:
    """Return a row as it stands, locked behind its case. Raises NotedOtherwise for one that was taken back,
    NearRelativeActs where a near relative acts. `actor` None: an act that anybody may do.
    """
    case = Case.objects.select_for_update().get(pk=row.case_id)
    if actor is not None:
        _check_not_near(case, actor)
    found = type(row).objects.select_related("case", "community").filter(pk=row.pk).first()
    if found is None:
        raise problems.NotedOtherwise()
    return found


def noted_as(model: type[Noted], key: UUID | None, case: Case, **same: Any) -> Any:
    """Return what was noted at a case under the key a form carries, None where nothing was; the case is locked.

    Raises NotedOtherwise for a key of another case, or of a row that says something else than `same`.
    """
    found = model.everything.filter(pk=key).first() if key is not None else None
    same["case_id"] = case.pk
    if found is not None and any(getattr(found, name) != value for name, value in same.items()):
        raise problems.NotedOtherwise()
    return found


def heading(case: Case, actor: Staff, key: UUID | None = None) -> dict[str, Any]:
    """Return the columns every row of the proxy desk begins with; `key`: the one its form carried."""
    columns = {"community": case.community, "case": case, "noted_at": clock.now(), "noted_by": actor}
    return columns if key is None else {**columns, "pk": key}


def write(row: Noted, actor: Staff, code: str) -> None:
    """Write the act into the ledger."""
    ledger.record(community=row.community, actor=actor, code=code, subject=row.case, detail={"row": str(row.pk)})


@transaction.atomic
def take_back(*, row: Noted, actor: Staff) -> None:
    """Take back what was noted by mistake: it stays and counts nowhere.

    Raises NotYourStep for somebody else's, NotedOtherwise for what was settled since: undo that first;
    NearRelativeActs.
    """
    found = locked(row, actor)
    if found.noted_by_id != actor.pk and actor.role != "head":
        raise NotYourStep()
    if (
        getattr(found, "returned_at", None)
        or getattr(found, "withdrawn_at", None)
        or getattr(found, "settled_at", None)
    ):
        raise problems.NotedOtherwise()
    found.taken_back_at = clock.now()
    found.save(update_fields=["taken_back_at"])
    write(found, actor, "cases.proxy-taken-back")
