"""Who may ask: nobody who ever had a hand in the matter, nor who led them; else the county, else a neighbour."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from qiaomen.callbacks.rules.draw import lot_of
from qiaomen.kernel.figures.asking import Subject
from qiaomen.office.access import staff_in
from qiaomen.office.models import LedgerEntry, Organisation, Staff

ACCOUNT_LINES = ("office.account-opened", "office.account-changed")
CALLING = ("worker", "supervisor")


@dataclass(frozen=True)
class Callers:
    """Everybody who could be asked to call for a community, the nearest first. `led`: its heads, of today and before.

    The heads of a community led everybody who had a hand in its matters, whatever they are today.
    """

    community: Organisation
    circles: Sequence[Sequence[Staff]] = ()
    led: frozenset[UUID] = field(default=frozenset())

    def may_ask(self, staff: Staff, subject: Subject) -> bool:
        """Say whether somebody may ask about a record: never had a hand in it, and never led those who had."""
        return staff.is_active and staff.role in CALLING and staff.pk not in subject.hands and staff.pk not in self.led

    def of(self, subject: Subject) -> list[Staff]:
        """Return who may ask about one record: of the nearest circle in which anybody may."""
        for circle in self.circles:
            found = [staff for staff in circle if self.may_ask(staff, subject)]
            if found:
                return found
        return []


def callers_for(community: Organisation) -> Callers:
    """Return the circles: the community's own workers, the county's supervisors, neighbours under the same parent."""
    own = list(staff_in(community, "worker"))
    place, parents = community.parent, []
    while place is not None:
        parents.append(place)
        place = place.parent
    above = list(Staff.objects.filter(organisation__in=parents, role="supervisor", is_active=True))
    beside: list[Staff] = []
    if community.parent_id is not None:
        for other in Organisation.objects.filter(kind="community", parent=community.parent_id).exclude(pk=community.pk):
            beside += staff_in(other, "worker")
    circles = [sorted(circle, key=lambda staff: str(staff.pk)) for circle in (own, above, beside)]
    return Callers(community, circles, heads_of(community))


def heads_of(community: Organisation) -> frozenset[UUID]:
    """Return who is, or ever was, head of a community: by the accounts, and by the ledger's lines about them."""
    found = {staff.pk for staff in staff_in(community, "head")}
    home = str(community.pk)
    lines = LedgerEntry.objects.filter(code__in=ACCOUNT_LINES, subject_type=Staff.record_type)
    for subject, detail in lines.values_list("subject_id", "detail"):
        states = (detail, detail.get("before") or {})
        if any(state.get("role") == "head" and state.get("organisation") == home for state in states):
            found.add(UUID(subject))
    return frozenset(found)


def deal(subjects: Sequence[Subject], callers: Callers, seed: str) -> list[Staff | None]:
    """Give each record a caller, each as few as can be, ties by lot: nobody chooses whom to ask."""
    busy: Counter[object] = Counter()
    dealt: list[Staff | None] = []
    for subject in subjects:
        able = callers.of(subject)
        chosen = min(able, key=lambda staff: (busy[staff.pk], lot_of(seed, f"{staff.pk}")), default=None)
        if chosen is not None:
            busy[chosen.pk] += 1
        dealt.append(chosen)
    return dealt
