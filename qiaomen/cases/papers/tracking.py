"""Like a parcel: whoever holds the receipt sees by number and code how far the case is, and nothing of a person.

Ten wrong codes within an hour, for one number or from one address, and nothing is answered until the hour is over:
also not the right code, or the answer would tell that it was right. Source: OWASP ASVS 6.3.1 (against guessing).
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from qiaomen.cases import problems
from qiaomen.cases.models import Case, Tracking, TrackingTry
from qiaomen.kernel import clock, sealing
from qiaomen.office import ledger
from qiaomen.office.bulk_insert import insert_new
from qiaomen.office.models import Staff

MOST_WRONG, WITHIN = 10, timedelta(hours=1)
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No sign that is read as another: no 0 and O, no 1, I and L."""
CODE_LENGTH, NUMBER_LENGTH = 6, 8


@transaction.atomic
def track(*, case: Case, actor: Staff) -> Tracking:
    """Return the number and the code of a case, made when its first receipt is printed."""
    Case.objects.select_for_update().get(pk=case.pk)
    found = Tracking.objects.filter(case=case).first()
    while found is None:
        number = f"{secrets.randbelow(9 * 10 ** (NUMBER_LENGTH - 1)) + 10 ** (NUMBER_LENGTH - 1)}"
        code = "".join(secrets.choice(LETTERS) for _sign in range(CODE_LENGTH))
        made = Tracking(
            community=case.community, case=case, number=number, code=code, made_at=clock.now(), made_by=actor
        )
        if insert_new([made]):
            ledger.record(community=case.community, actor=actor, code="cases.tracking-begun", subject=case)
            found = made
    return found


def look_up(*, number: str, code: str, address: str) -> Case | None:
    """Return the case of a number and its code; None where they do not belong together. Raises TooManyCodes."""
    now = clock.now()
    number, code = "".join(number.split()), "".join(code.split()).upper()
    marks = sealing.blind(number[:40], "cases.trackingtry.number"), sealing.blind(address, "cases.trackingtry.address")
    _check_tries(marks, now)
    found = Tracking.objects.select_related("case__community").filter(number=number[:NUMBER_LENGTH]).first()
    right = found.code if found is not None and len(number) == NUMBER_LENGTH else "-"
    if secrets.compare_digest(code.encode(), right.encode()) and found is not None:
        return found.case
    TrackingTry.objects.create(at=now, number_mark=marks[0], address_mark=marks[1])
    return None


def _check_tries(marks: tuple[str, str], now: datetime) -> None:
    TrackingTry.objects.filter(at__lte=now - WITHIN).delete()
    wrong = TrackingTry.objects.filter(at__gt=now - WITHIN)
    by_number, by_address = (
        wrong.filter(**of).count() for of in ({"number_mark": marks[0]}, {"address_mark": marks[1]})
    )
    if max(by_number, by_address) >= MOST_WRONG:
        raise problems.TooManyCodes()


def last_day(case: Case) -> datetime:
    """Return when the state of a case last changed."""
    moved = Q(kind__in=["opened", "closed", "solved", "not_solved", "withdrawn"])
    moment: datetime | None = case.steps.filter(moved).order_by("-at").values_list("at", flat=True).first()
    return moment or case.opened_at
