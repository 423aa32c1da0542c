"""Somebody lets us act for them, and may take it back any day."""

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from qiaomen.cases.models import Case, Mandate
from qiaomen.cases.proxy import problems
from qiaomen.cases.proxy.note import heading, locked, locked_case, write
from qiaomen.kernel import clock
from qiaomen.office.models import Staff
from qiaomen.register.models import Person


@transaction.atomic
def give_mandate(
    *,
    case: Case,
    actor: Staff,
    proof: str,
    words: str,
    scope: str,
    person: Person | None = None,
    given_on: date | None = None,
    until: date | None = None,
    witness: Staff | None = None,
) -> Mandate:
    """Note a mandate. Raises MandateIncomplete without words or scope, TermOver, NotUnderWay."""
    found = locked_case(case, actor)
    if not words.strip() or not scope.strip():
        raise problems.MandateIncomplete()
    today = clock.today()
    if until is not None and until < today:
        raise problems.MandateOver(day=until)
    made: Mandate = Mandate.objects.create(
        **heading(found, actor),
        person=person or found.need.person,
        proof=proof,
        words=words.strip(),
        scope=scope.strip(),
        given_on=min(given_on or today, today),
        until=until,
        heard_by=actor,
        witness=witness if witness != actor else None,
    )
    write(made, actor, "cases.mandate-given")
    return made


@transaction.atomic
def withdraw_mandate(*, mandate: Mandate, actor: Staff, back: bool = False) -> None:
    """Note that somebody takes their mandate back, from now on; `back`: that this was noted by mistake."""
    found: Mandate = locked(mandate, actor)
    if (found.withdrawn_at is None) == back:
        return
    found.withdrawn_at, found.withdrawn_by = (None, None) if back else (clock.now(), actor)
    found.save(update_fields=["withdrawn_at", "withdrawn_by"])
    write(found, actor, "cases.mandate-restored" if back else "cases.mandate-withdrawn")


def standing(case: Case, day: date) -> QuerySet[Mandate]:
    """Return the mandates of a case by which somebody may be acted for on a day."""
    found: QuerySet[Mandate] = Mandate.objects.filter(Q(until=None) | Q(until__gte=day), case=case, withdrawn_at=None)
    return found
