"""Whom a round may ask: one matter a household, nobody who is gone, nobody who was asked a short while ago."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qiaomen.callbacks import problems
from qiaomen.callbacks.models import Call, CallbackRules, Sample
from qiaomen.callbacks.rules import draw
from qiaomen.callbacks.rules.asking import months_before
from qiaomen.callbacks.selectors import subjects
from qiaomen.kernel import clock, figures
from qiaomen.kernel.figures.asking import Subject
from qiaomen.office.models import Organisation

GONE, RECENT, SAME_HOME = "gone", "recent", "same_home"
"""Why a record is not in a frame."""
LEVELS: list[tuple[str, Any, bool | None]] = [
    ("satisfied", _("满意"), True),
    ("fairly", _("基本满意"), True),
    ("unsatisfied", _("不满意"), False),
    ("unknown", _("不了解"), None),
]
"""Unless a place says otherwise. Source: domain.md §4.3 (Jinxiang 2017: 不了解 not counted)."""


def first_levels() -> list[list[Any]]:
    """Return the levels a place begins with, in the words of today's reader."""
    return [[code, str(title), counts] for code, title, counts in LEVELS]


def rules_of(community: Organisation) -> CallbackRules:
    """Return how a place asks, kept or as it begins."""
    kept = CallbackRules.objects.filter(community=community).first()
    return kept or CallbackRules(community=community, levels=first_levels(), checks=["four_week"])


@dataclass(frozen=True)
class Frame:
    """Who can be asked of a list. `left_out`: reason → how many are not in it."""

    of_type: str
    subjects: Sequence[Subject]
    left_out: Mapping[str, int]


def frame_of(*, community: Organisation, figure: str, start: date, end: date, salt: str = "") -> Frame:
    """Return who can be asked of a figure's list today: one matter a household, chosen by its ticket and by nobody.

    Not who is gone, and not who was asked a short while ago, whatever about: the household and the person both count.
    """
    found = figures.get(figure).list_records(community=community, start=start, end=end, as_at=clock.now())
    if not subjects.can_be_asked(found):
        raise problems.NobodyInFrame()
    of_type = found.model.record_type
    everybody = subjects.read(of_type, [UUID(str(key)) for key in found.values_list("pk", flat=True)])
    recent = asked_lately(rules_of(community))
    reasons: Counter[str] = Counter()
    kept: dict[UUID, Subject] = {}
    for subject in sorted(everybody.values(), key=lambda subject: draw.ticket_mark(salt, str(subject.row))):
        if subject.gone:
            reasons[GONE] += 1
        elif recent.holds(subject):
            reasons[RECENT] += 1
        elif subject.household.pk in kept:
            reasons[SAME_HOME] += 1
        else:
            kept[subject.household.pk] = subject
    rows = sorted(kept.values(), key=lambda subject: str(subject.row))
    return Frame(of_type, rows, dict(reasons))


@dataclass(frozen=True)
class Lately:
    """Whom somebody asked, or is asking, within the months a place leaves between: in any round, about anything."""

    homes: frozenset[UUID]
    people: frozenset[UUID]

    def holds(self, subject: Subject) -> bool:
        """Say whether one subject's household or person was asked: where they live now counts like where they did."""
        if subject.household.pk in self.homes:
            return True
        person = subject.person
        return person is not None and (person.pk in self.people or person.household_id in self.homes)


def asked_lately(rules: CallbackRules, but: Sample | None = None) -> Lately:
    """Return whom calls asked since so many months ago, of every community: people move. `but`: not by this round."""
    since = months_before(clock.now(), rules.months_apart)
    recent = Q(state="waiting") | Q(asked_at__gte=since) | Q(answered_at__gte=since)
    calls = Call.objects.filter(recent).exclude(state="gone")
    if but is not None:
        calls = calls.exclude(sample=but)
    rows = list(calls.values_list("household", "person"))
    return Lately(frozenset(home for home, _person in rows), frozenset(person for _home, person in rows if person))


def drawn_before(community: Organisation, frame: Frame, figure: str, start: date, end: date) -> Sample | None:
    """Return the latest draw of this very list, or of nearly the same matters by whatever figure, from whatever day."""
    matters = {str(subject.matter) for subject in frame.subjects}
    for sample in Sample.objects.filter(community=community).order_by("-made_at", "-pk"):
        if (sample.figure, sample.start, sample.end) == (figure, start, end):
            return sample
        if draw.same_list(matters, {row[3] for row in sample.frame}):
            return sample
    return None
