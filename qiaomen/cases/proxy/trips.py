"""How often a resident had to come for a matter, how often one of us went, and what is brought home on a round."""

from datetime import date

from django.db import transaction

from qiaomen.cases import problems
from qiaomen.cases.models import Case, Trip
from qiaomen.cases.proxy.note import heading, locked_case, write
from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Staff
from qiaomen.visits.actions import due as visits
from qiaomen.visits.models import VisitRequest


@transaction.atomic
def note_trip(*, case: Case, actor: Staff, way: str, on_date: date | None = None) -> Trip:
    """Note one trip of the resident (`came`) or of one of us (`went`). Raises NotYet for a day to come."""
    found = locked_case(case, open_only=False)
    today = clock.today()
    if on_date is not None and on_date > today:
        raise problems.TripToCome(day=on_date)
    made: Trip = Trip.objects.create(**heading(found, actor), way=way, on_date=on_date or today)
    write(made, actor, "cases.trip-noted")
    return made


def _key(case: Case) -> str:
    return f"case/{case.pk}/deliver"


@transaction.atomic
def bring_home(*, case: Case, actor: Staff, due_on: date) -> None:
    """Ask for a stop at the door by a day; asked again it is the same stop with the newer day."""
    found = locked_case(case, open_only=False)
    visits.request_visit(household=found.need.household, key=_key(found), kind="deliver", due_on=due_on)
    ledger.record(community=found.community, actor=actor, code="cases.delivery-asked", subject=found)


@transaction.atomic
def do_not_bring(*, case: Case, actor: Staff) -> None:
    """Take back that something is brought home."""
    found = locked_case(case, open_only=False)
    visits.withdraw_request(community=found.community, key=_key(found))
    ledger.record(community=found.community, actor=actor, code="cases.delivery-off", subject=found)


def asked(case: Case) -> VisitRequest | None:
    """Return the stop that is asked for and was not made yet."""
    return VisitRequest.objects.filter(community=case.community_id, key=_key(case), open=True).first()
