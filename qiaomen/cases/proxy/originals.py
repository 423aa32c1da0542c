"""Papers that lie with us: taken with a receipt, given back with a receipt, and never forgotten in a drawer."""

from django.db import transaction
from django.db.models import Max

from qiaomen.cases import problems
from qiaomen.cases.models import Case, Original
from qiaomen.cases.proxy.note import heading, locked, locked_case, write
from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Person


@transaction.atomic
def take_original(
    *, case: Case, actor: Staff, what: str, drawer: str, pieces: int = 1, person: Person | None = None
) -> Original:
    """Take a paper in. Raises OriginalIncomplete without what it is or where it lies, NotUnderWay."""
    found = locked_case(case)
    if not what.strip() or not drawer.strip():
        raise problems.OriginalIncomplete()
    Organisation.objects.select_for_update().get(pk=found.community_id)  # two counters, one row of numbers
    last = Original.everything.filter(community=found.community_id).aggregate(last=Max("number"))["last"] or 0
    made: Original = Original.objects.create(
        **heading(found, actor),
        person=person or found.need.person,
        number=last + 1,
        what=what.strip(),
        pieces=pieces,
        drawer=drawer.strip(),
    )
    write(made, actor, "cases.original-taken")
    return made


@transaction.atomic
def return_original(*, original: Original, actor: Staff, to: str) -> Original:
    """Give a paper back, whatever became of its case. Raises OriginalIncomplete without to whom, NotedOtherwise."""
    found: Original = locked(original)
    if not to.strip():
        raise problems.OriginalIncomplete()
    if found.returned_at is not None:
        raise problems.NotedOtherwise()
    found.returned_at, found.returned_by, found.returned_to = clock.now(), actor, to.strip()
    found.save(update_fields=["returned_at", "returned_by", "returned_to"])
    write(found, actor, "cases.original-returned")
    return found


@transaction.atomic
def not_returned(*, original: Original, actor: Staff) -> None:
    """Take back that a paper was given back: it lies here still. Raises NotUnderWay where its case is closed since."""
    found: Original = locked(original)
    if found.returned_at is None:
        return
    locked_case(found.case)
    found.returned_at, found.returned_by, found.returned_to = None, None, ""
    found.save(update_fields=["returned_at", "returned_by", "returned_to"])
    write(found, actor, "cases.original-not-returned")


def check_drawer(case: Case) -> None:
    """Let a case end only when nothing of anybody's lies here. Raises OriginalsLeft with the list."""
    left = Original.objects.filter(case=case, returned_at=None).order_by("number")
    if papers := [f"{paper.what}（{paper.drawer}）" for paper in left]:
        raise problems.OriginalsLeft(papers="、".join(papers))
