"""Like a parcel: whoever holds the receipt sees by number and code how far the case is, and nothing of a person.

Ten wrong codes within an hour, for one number or from one address, and nothing is answered until the hour is over:
also not the right code, or the answer would tell that it was right. Source: OWASP ASVS 6.3.1 (against guessing).
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from qiaomen.cases.models import Case, Tracking, TrackingTry
from qiaomen.cases.proxy import problems
from qiaomen.cases.rules.timing import UNDER_WAY
from qiaomen.kernel import clock, sealing
from qiaomen.kernel.texts import say_day
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
    tried = sealing.blind(number[:NUMBER_LENGTH], "cases.trackingtry.number")
    marks = tried, sealing.blind(address, "cases.trackingtry.address")
    _check_tries(marks, now)
    found = Tracking.objects.select_related("case__community").filter(number=number[:NUMBER_LENGTH]).first()
    if found is not None and len(number) == NUMBER_LENGTH and _is_code(code, found):
        return found.case
    TrackingTry.objects.create(at=now, number_mark=marks[0], address_mark=marks[1])
    return None


def _is_code(code: str, found: Tracking) -> bool:
    return len(found.code) == CODE_LENGTH and secrets.compare_digest(code.encode(), found.code.encode())


def _check_tries(marks: tuple[str, str], now: datetime) -> None:
    TrackingTry.objects.filter(at__lte=now - WITHIN).delete()
    wrong = TrackingTry.objects.filter(at__gt=now - WITHIN)
    by_number, by_address = (
        wrong.filter(**of).count() for of in ({"number_mark": marks[0]}, {"address_mark": marks[1]})
    )
    if max(by_number, by_address) >= MOST_WRONG:
        raise problems.TooManyCodes()


def last_day(case: Case) -> datetime:
    """Return when the state of a case last changed; a change that was taken back does not count."""
    moved = Q(kind__in=["opened", "closed", "solved", "not_solved", "withdrawn"])
    standing = case.steps.filter(moved).exclude(righted__kind="taken_back")
    moment: datetime | None = standing.order_by("-at").values_list("at", flat=True).first()
    return moment or case.opened_at


def said_of(case: Case) -> str:
    """Return how far a case is in words for whoever holds its receipt: also that it is paused, or waits outside."""
    if case.state in UNDER_WAY and case.paused_until and case.paused_until > clock.today():
        return _("先停一停，{day}接着办").format(day=say_day(case.paused_until))
    if case.state in UNDER_WAY and case.waits:
        return _("已经转出去，在等别的单位答复")
    return {
        "open": _("正在办"),
        "reopened": _("重新在办"),
        "closed": _("办结了，等您说一声解决没有"),
        "confirmed": _("办结了，您说已经解决"),
        "taken_back": _("已经撤销"),
    }[case.state]
