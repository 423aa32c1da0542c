"""How often a resident had to come for a matter, how often one of us went, and what is brought home on a round."""

from datetime import date
from uuid import UUID

from django.db import transaction

from qiaomen.cases.models import Case, Trip
from qiaomen.cases.problems import NotUnderWay
from qiaomen.cases.proxy import problems
from qiaomen.cases.proxy.note import heading, locked_case, noted_as, write
from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Staff
from qiaomen.visits.actions import due as visits
from qiaomen.visits.models import VisitRequest


@transaction.atomic
def note_trip(*, case: Case, actor: Staff, way: str, on_date: date | None = None, key: UUID | None = None) -> Trip:
    """Note one trip of the resident (`came`) or of one of us (`went`); sent twice under one key it is one trip.

    Raises TripToCome for a day to come, NearRelativeActs.
    """
    found = locked_case(case, actor, open_only=False)
    there: Trip | None = noted_as(Trip, key, found, way=way)
    if there is not None:
        return there
    today = clock.today()
    if on_date is not None and on_date > today:
        raise problems.TripToCome(day=on_date)
    made: Trip = Trip.objects.create(**heading(found, actor, key), way=way, on_date=on_date or today)
    write(made, actor, "cases.trip-noted")
    return made


def _key(case: Case) -> str:
    return f"case/{case.pk}/deliver"


@transaction.atomic
def bring_home(*, case: Case, actor: Staff, due_on: date) -> None:
    """Ask for a stop at the door by a day; asked again it is the same stop with the newer day.

    Raises DeliveryPast for a day that is over, NotUnderWay for a matter that was taken back.
    """
    found = locked_case(case, actor, open_only=False)
    if found.state == "taken_back":
        raise NotUnderWay()
    if due_on < clock.today():
        raise problems.DeliveryPast(day=due_on)
    visits.request_visit(household=found.need.household, key=_key(found), kind="deliver", due_on=due_on)
    ledger.record(community=found.community, actor=actor, code="cases.delivery-asked", subject=found)


@transaction.atomic
def do_not_bring(*, case: Case, actor: Staff) -> None:
    """Take back that something is brought home."""
    found = locked_case(case, actor, open_only=False)
    visits.withdraw_request(community=found.community, key=_key(found))
    ledger.record(community=found.community, actor=actor, code="cases.delivery-off", subject=found)


def asked(case: Case) -> VisitRequest | None:
    """Return the stop that is asked for and was not made yet."""
    return VisitRequest.objects.filter(community=case.community_id, key=_key(case), open=True).first()
