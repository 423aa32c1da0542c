"""How often a resident had to come for a matter, and how often one of us went in their stead."""

from datetime import date

from django.db import transaction

from qiaomen.cases import problems
from qiaomen.cases.models import Case, Trip
from qiaomen.cases.proxy.note import heading, locked_case, write
from qiaomen.kernel import clock
from qiaomen.office.models import Staff


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
