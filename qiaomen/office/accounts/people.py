"""Whose accounts somebody keeps, and what the list and the page of one account show."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from qiaomen.kernel import clock
from qiaomen.office.access import below
from qiaomen.office.accounts import rules, sessions
from qiaomen.office.models import ROLES, Device, Organisation, Staff

UNUSED_DAYS = 60
"""After so many days an account is one that may be closed. Source: screens.md §10.2."""


def organisations_of(keeper: Staff) -> QuerySet[Organisation]:
    """Return where somebody may put people: the own organisation and what lies below it."""
    home = keeper.community if keeper.role == "head" else keeper.organisation
    found = Organisation.objects.select_related("parent")
    return found.filter(below(home)) if home is not None else found.none()


def accounts_of(keeper: Staff) -> QuerySet[Staff]:
    """Return whose accounts somebody keeps: an administrator those of the own place and below, a head the community's.

    The accounts of an administrator or the county that sit in a community are none of the head's.
    """
    found = Staff.objects.select_related("organisation__parent__parent")
    if keeper.role not in rules.KEEPERS:
        return found.none()
    home = keeper.community if keeper.role == "head" else keeper.organisation
    if home is None:
        return found.none()
    found = found.filter(below(home, "organisation__"))
    return found.filter(role__in=rules.HEAD_GIVES) if keeper.role == "head" else found


@dataclass(frozen=True)
class Row:
    """An account in the list. `used_on`: the day of the last use, by desk or phone; None: never."""

    staff: Staff
    used_on: date | None
    sign_ins: int
    phones: int

    @property
    def is_unused(self) -> bool:
        """Whether it has not been used for so long that it may be closed; a fresh code waits for its first use."""
        staff = self.staff
        waits = staff.code_until is not None and staff.code_until > clock.now()
        return staff.is_active and not waits and is_long_ago(self.used_on)


def is_long_ago(used_on: date | None) -> bool:
    """Say whether a day of last use is `UNUSED_DAYS` past, or there was none."""
    return used_on is None or used_on < clock.today() - timedelta(days=UNUSED_DAYS)


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to; empty fields ask for nothing."""

    words: str = ""
    role: str = ""
    state: str = "active"
    place: UUID | None = None

    def apply(self, found: QuerySet[Staff]) -> QuerySet[Staff]:
        """Narrow."""
        if self.words:
            found = found.filter(Q(name__icontains=self.words) | Q(login_name__icontains=self.words))
        if self.role in ROLES:
            found = found.filter(role=self.role)
        if self.place is not None:
            found = found.filter(Q(organisation=self.place) | Q(organisation__parent=self.place))
        if self.state == "closed":
            return found.filter(is_active=False)
        if self.state == "unused":
            since = datetime.combine(clock.today() - timedelta(days=UNUSED_DAYS), time.min, clock.SHANGHAI)
            used = Q(last_login__gte=since) | Q(pk__in=_phones_seen_since(since)) | Q(code_until__gt=clock.now())
            return found.filter(is_active=True).exclude(used)
        return found.filter(is_active=True) if self.state == "active" else found


def _phones_seen_since(since: Any) -> QuerySet[Any]:
    return Device.objects.filter(last_seen_at__gte=since).values_list("staff", flat=True)


def rows_of(people: list[Staff]) -> list[Row]:
    """Return the rows of a page of accounts, in their order: two queries however many there are."""
    phones: dict[Any, list[Any]] = {}
    for staff_key, seen_at, stopped, left in Device.objects.filter(staff__in=people).values_list(
        "staff_id", "last_seen_at", "revoked_at", "left_at"
    ):
        phones.setdefault(staff_key, []).append((seen_at, stopped is None and left is None))
    signed_in = list(sessions.live().filter(staff__in=people).values_list("staff_id", flat=True))
    return [
        Row(
            staff=person,
            used_on=_day_of([person.last_login, *(seen for seen, _in_use in phones.get(person.pk, []))]),
            sign_ins=signed_in.count(person.pk),
            phones=sum(in_use for _seen, in_use in phones.get(person.pk, [])),
        )
        for person in people
    ]


def _day_of(moments: list[Any]) -> date | None:
    known = [moment for moment in moments if moment is not None]
    return max(known).astimezone(clock.SHANGHAI).date() if known else None


def phones_of(staff: Staff) -> list[Device]:
    """Return somebody's phones, those in use first."""
    return list(Device.objects.filter(staff=staff).order_by("-revoked_at", "-created_at"))


def active_admins() -> QuerySet[Staff]:
    """Return the administrators who can sign in."""
    return Staff.objects.filter(role="admin", is_active=True)


def last_used(staff: Staff) -> date | None:
    """Return the day somebody last used the account."""
    seen = Device.objects.filter(staff=staff).aggregate(last=Max("last_seen_at"))["last"]
    return _day_of([staff.last_login, seen])
