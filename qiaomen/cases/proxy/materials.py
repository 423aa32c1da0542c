"""What a case needs, and what is never asked for: what the office holds already. Source: 社会救助法 第六十二条."""

from django.db import transaction

from qiaomen.cases.models import Case, Material
from qiaomen.cases.problems import ReasonMissing
from qiaomen.cases.proxy import problems
from qiaomen.cases.proxy.note import heading, locked, locked_case, write
from qiaomen.cases.rules.materials import TOLD, fact_proved_by, said_of
from qiaomen.kernel import clock
from qiaomen.office import disclosure
from qiaomen.office.models import Staff
from qiaomen.register.models import Person
from qiaomen.register.selectors.facts import known_of

CODES = {
    "needed": "cases.material-needed",
    "brought": "cases.material-brought",
    "waived": "cases.material-waived",
}


def _holds(case: Case, fact: str, actor: Staff) -> bool:
    """Say whether the register holds a fact of everybody a case is about: one person, or all of the household.

    Of what somebody told us only one person is asked about, by a look. Raises TooManyLooks.
    """
    about = case.need
    if fact in TOLD:
        if about.person is None:
            return False
        disclosure.look(
            community=case.community,
            actor=actor,
            code="cases.looked",
            people=[about.person.pk],
            subject=case,
            fields=[fact],
        )
        return known_of(about.person).get(fact) is True
    if fact == "household":
        return True
    people = Person.objects.filter(household=about.household_id, state="living")
    rows = list(people.filter(pk=about.person_id) if about.person_id else people)
    return bool(rows) and all(getattr(row, fact) for row in rows)


def need_material(*, case: Case, actor: Staff, what: str, why: str) -> Material:
    """Note that a paper is needed; one whose content the office holds is noted as known and not asked for.

    Raises MaterialIncomplete without what it is or what for, NotUnderWay, TooManyLooks.
    """
    if not what.strip() or not why.strip():
        raise problems.MaterialIncomplete()
    fact = fact_proved_by(what)
    known = bool(fact) and _holds(case, fact, actor)
    with transaction.atomic():
        made: Material = Material.objects.create(
            **heading(locked_case(case, actor), actor),
            what=what.strip(),
            why=why.strip(),
            state="known" if known else "needed",
            reason=str(said_of(fact)) if known else "",
        )
        write(made, actor, "cases.material-known" if known else "cases.material-needed")
    return made


@transaction.atomic
def settle_material(*, material: Material, actor: Staff, state: str, reason: str = "") -> None:
    """Note that a paper was brought, or can be done without; `needed` takes either back.

    Raises ReasonMissing where it is waived without saying why.
    """
    found: Material = locked(material, actor)
    locked_case(found.case, actor)
    if state == "waived" and not reason.strip():
        raise ReasonMissing()
    if found.state == "known" or found.state == state:
        raise problems.NotedOtherwise()
    back = state == "needed"
    found.state, found.reason = state, reason.strip()
    found.settled_at, found.settled_by = (None, None) if back else (clock.now(), actor)
    found.save(update_fields=["state", "reason", "settled_at", "settled_by"])
    write(found, actor, CODES[state])


def missing(case: Case) -> list[Material]:
    """Return what is still to be brought."""
    return list(Material.objects.filter(case=case, state="needed").order_by("noted_at", "pk"))
