"""A case goes from one colleague to another: given, or offered and accepted or declined; never to a near relative."""

from django.db import IntegrityError, transaction

from qiaomen.cases import problems
from qiaomen.cases.actions.steps import check_not_near, check_under_way, locked, write_step
from qiaomen.cases.models import Case, CaseStep, NearRelative
from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Staff
from qiaomen.register.models import Person


@transaction.atomic
def hand_over(*, case: Case, actor: Staff, owner: Staff) -> None:
    """Give the case to a colleague; the clock goes on. Raises NotUnderWay, NearRelativeActs."""
    check_under_way(locked(case))
    _give(case, actor, owner)


@transaction.atomic
def inherit(*, case: Case, actor: Staff, owner: Staff) -> None:
    """Give what a leaver holds to a colleague: a closed case that waits for the resident's word, too.

    Raises NotUnderWay for one that is over.
    """
    if locked(case).state in ("confirmed", "taken_back"):
        raise problems.NotUnderWay()
    _give(case, actor, owner)


def _give(case: Case, actor: Staff, owner: Staff) -> None:
    held = locked(case)
    check_not_near(held, owner)
    held.owner, held.offered_to = owner, None
    held.save(update_fields=["owner", "offered_to"])
    write_step(held, actor, "handed_over", "", "cases.handed-over", given_to=owner)


@transaction.atomic
def offer_case(*, case: Case, actor: Staff, to: Staff, sentence: str = "") -> CaseStep:
    """Ask a colleague to take a case over; who has it keeps it until they say yes.

    Raises OfferedAlready, OwnsAlready.
    """
    held = locked(case)
    check_under_way(held)
    check_not_near(held, to)
    if held.offered_to_id is not None:
        raise problems.OfferedAlready()
    if held.owner_id == to.pk:
        raise problems.OwnsAlready()
    held.offered_to = to
    held.save(update_fields=["offered_to"])
    return write_step(held, actor, "offered", sentence.strip(), "cases.offered", offered_to=to)


@transaction.atomic
def offer_on(*, case: Case, actor: Staff, to: Staff) -> None:
    """Ask another colleague in the place of one who leaves; who owns the case already is not asked."""
    held = locked(case)
    if held.offered_to_id is None:
        return
    check_not_near(held, to)
    held.offered_to = None if to.pk == held.owner_id else to
    held.save(update_fields=["offered_to"])
    write_step(held, actor, "offered", "", "cases.offered", offered_to=to)


@transaction.atomic
def accept_case(*, case: Case, actor: Staff) -> CaseStep:
    """Take over a case one was asked to take. Raises NotOffered."""
    held = _offered(case, actor)
    check_not_near(held, actor)
    held.owner, held.offered_to = actor, None
    held.save(update_fields=["owner", "offered_to"])
    return write_step(held, actor, "accepted", "", "cases.accepted", given_to=actor)


@transaction.atomic
def decline_case(*, case: Case, actor: Staff, reason: str) -> CaseStep:
    """Say no to a case one was asked to take, and why; it stays where it is. Raises NotOffered, ReasonMissing."""
    held = _offered(case, actor)
    if not reason.strip():
        raise problems.ReasonMissing()
    held.offered_to = None
    held.save(update_fields=["offered_to"])
    return write_step(held, actor, "declined", reason.strip(), "cases.declined")


def _offered(case: Case, actor: Staff) -> Case:
    held = locked(case)
    check_under_way(held)
    if held.offered_to_id != actor.pk:
        raise problems.NotOffered()
    return held


@transaction.atomic
def declare_near(*, person: Person, staff: Staff, relation: str, actor: Staff) -> NearRelative:
    """Register that a resident is a near relative of somebody of the office: by themselves, or by the head.

    Raises NearDeclared, NotYoursToDeclare.
    """
    if actor.pk != staff.pk and actor.role != "head":
        raise problems.NotYoursToDeclare()
    try:
        with transaction.atomic():
            made = NearRelative.objects.create(
                community=person.community,
                staff=staff,
                person=person,
                relation=relation,
                declared_at=clock.now(),
                declared_by=actor,
            )
    except IntegrityError as error:
        raise problems.NearDeclared() from error
    ledger.record(community=person.community, actor=actor, code="cases.near-declared", subject=made)
    return made


@transaction.atomic
def end_near(*, declared: NearRelative, actor: Staff) -> None:
    """Note that somebody was registered as a near relative by mistake; twice is once. Raises NotYoursToDeclare."""
    if actor.pk != declared.staff_id and actor.role != "head":
        raise problems.NotYoursToDeclare()
    if declared.ended_at is None:
        declared.ended_at = clock.now()
        declared.save(update_fields=["ended_at"])
        ledger.record(community=declared.community, actor=actor, code="cases.near-ended", subject=declared)
