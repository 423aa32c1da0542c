"""Papers that lie with us: taken with a receipt, given back with a receipt, and never forgotten in a drawer."""

from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from qiaomen.cases.models import Case, Original
from qiaomen.cases.proxy import problems
from qiaomen.cases.proxy.note import heading, locked, locked_case, noted_as, write
from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Person
from qiaomen.register.selectors import minors


@transaction.atomic
def take_original(
    *,
    case: Case,
    actor: Staff,
    what: str,
    drawer: str,
    pieces: int = 1,
    person: Person | None = None,
    key: UUID | None = None,
) -> Original:
    """Take a paper in; sent twice under one key it is taken in once. Raises OriginalIncomplete without what it is or
    where it lies, NotUnderWay, NearRelativeActs.
    """
    found = locked_case(case, actor)
    there: Original | None = noted_as(Original, key, found, what=what.strip(), drawer=drawer.strip())
    if there is not None:
        return there
    if not what.strip() or not drawer.strip():
        raise problems.OriginalIncomplete()
    Organisation.objects.select_for_update().get(pk=found.community_id)  # two counters, one row of numbers
    last = Original.everything.filter(community=found.community_id).aggregate(last=Max("number"))["last"] or 0
    made: Original = Original.objects.create(
        **heading(found, actor, key),
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
    """Give a paper back, whatever became of its case and whoever hands it out.

    Raises OriginalIncomplete without to whom, NotedOtherwise.
    """
    found: Original = locked(original, None)
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
    found: Original = locked(original, actor)
    if found.returned_at is None:
        return
    locked_case(found.case, actor)
    found.returned_at, found.returned_by, found.returned_to = None, None, ""
    found.save(update_fields=["returned_at", "returned_by", "returned_to"])
    write(found, actor, "cases.original-not-returned")


def check_drawer(case: Case, actor: Staff) -> None:
    """Let a case end only when nothing of anybody's lies here. Raises OriginalsLeft with the list.

    Of the paper of a child sealed to the actor it names the number.
    """
    left = Original.objects.filter(case=case, returned_at=None).select_related("person").order_by("number")
    if papers := [f"{_named(paper, actor)}（{paper.drawer}）" for paper in left]:
        raise problems.OriginalsLeft(papers="、".join(papers))


def _named(paper: Original, actor: Staff) -> str:
    is_sealed = paper.person is not None and minors.is_sealed(paper.person, actor)
    return _("第 {n} 号原件").format(n=paper.number) if is_sealed else paper.what
