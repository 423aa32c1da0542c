"""Who may ask: nobody who had a hand in the matter, nor who leads them; else the county, else a neighbour."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from qiaomen.callbacks.rules.draw import lot_of
from qiaomen.callbacks.selectors.subjects import Subject
from qiaomen.office.access import staff_in
from qiaomen.office.models import Organisation, Staff


@dataclass(frozen=True)
class Callers:
    """Everybody who could be asked to call for a community, the nearest first."""

    community: Organisation
    circles: Sequence[Sequence[Staff]]

    def of(self, subject: Subject) -> list[Staff]:
        """Return who may ask about one record: of the nearest circle in which anybody may."""
        for circle in self.circles:
            found = [staff for staff in circle if may_ask(staff, subject, self.community)]
            if found:
                return found
        return []


def callers_for(community: Organisation) -> Callers:
    """Return the circles: the community's own workers, the county's supervisors, neighbours under the same parent."""
    own = list(staff_in(community, "worker"))
    above: list[Staff] = []
    place, parents = community.parent, []
    while place is not None:
        parents.append(place)
        place = place.parent
    above = list(Staff.objects.filter(organisation__in=parents, role="supervisor", is_active=True))
    beside: list[Staff] = []
    if community.parent_id is not None:
        for other in Organisation.objects.filter(kind="community", parent=community.parent_id).exclude(pk=community.pk):
            beside += staff_in(other, "worker")
    circles = (own, above, beside)
    return Callers(community, [sorted(circle, key=lambda staff: str(staff.pk)) for circle in circles])


def may_ask(staff: Staff, subject: Subject, community: Organisation) -> bool:
    """Say whether somebody may ask about a record: had no hand in it, and leads nobody who had."""
    leads = staff.role == "head" and staff.community == community
    return staff.is_active and staff.pk not in subject.hands and not leads and staff.role in ("worker", "supervisor")


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
