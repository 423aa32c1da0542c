"""Cases, and the needs they are of, as residents are asked about them again (kernel/figures/asking.py)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from qiaomen.cases import actions
from qiaomen.cases.models import Case, CaseStep
from qiaomen.cases.selectors import default_owner
from qiaomen.cases.selectors.sealed import cases_of_sealed
from qiaomen.kernel import ledger_kinds
from qiaomen.kernel.figures.asking import DIED, HERE, MOVED, Askable, Subject
from qiaomen.needs.models import Need, NeedCorrection, Owed
from qiaomen.needs.selectors import plain_title
from qiaomen.office.models import LedgerEntry, Staff
from qiaomen.visits.models import RoundDoor

LIVING = "living"
GONE = {"died": DIED}
NEEDED = (
    "household__dwelling__entrance__building__compound",
    "household__community",
    "person",
    "visit",
)
Hands = dict[UUID, set[UUID]]


def of_needs(keys: Iterable[UUID]) -> list[Subject]:
    """Return needs, with all hands in them and in their cases. A fixed number of queries."""
    needs = list(Need.everything.filter(pk__in=list(keys)).select_related(*NEEDED))
    hands, sealed = hands_of(needs), cases_of_sealed(needs)
    return [_subject(need, need.pk, hands[need.pk], need.pk in sealed) for need in needs]


def of_cases(keys: Iterable[UUID]) -> list[Subject]:
    """Return cases by what they are of. A fixed number of queries."""
    cases = {case.need_id: case.pk for case in Case.objects.filter(pk__in=list(keys))}
    needs = list(Need.everything.filter(pk__in=list(cases)).select_related(*NEEDED))
    hands, sealed = hands_of(needs), cases_of_sealed(needs)
    return [_subject(need, cases[need.pk], hands[need.pk], need.pk in sealed) for need in needs]


def _subject(need: Need, row: UUID, hands: set[UUID], sealed: bool) -> Subject:
    """Return what is asked about. Of a `sealed` matter whoever calls is not told that there was a dispute."""
    dwelling = need.household.dwelling
    compound = dwelling.entrance.building.compound.name if dwelling else _("没有门牌")
    title = _("一件事") if sealed else str(plain_title(need.kind))
    return Subject(
        row=row,
        matter=need.pk,
        household=need.household,
        person=need.person,
        hands=frozenset(hands),
        title=title,
        strata={"compound": str(compound), "kind": title},
        gone=_gone(need),
    )


def _gone(need: Need) -> str:
    state = need.household.state if need.person is None else need.person.state
    return HERE if state == LIVING else GONE.get(state, MOVED)


def hands_of(needs: list[Need]) -> Hands:
    """Return everybody who ever had a hand in needs or their cases, by need.

    Who heard it, who was at the door, who owned the case now or ever, who took a step or put one right, who was to tell
    the answer or told it; and whoever the ledger says did something to one of these records. Looking is no hand.
    """
    found: Hands = defaultdict(set)
    about: dict[str, UUID] = {}
    for need in needs:
        found[need.pk].add(need.heard_by_id)
        about[str(need.pk)] = need.pk
    _add_doors(needs, found, about)
    keys = list(found)
    for case, need_key, owner in Case.objects.filter(need__in=keys).values_list("pk", "need", "owner"):
        found[need_key].add(owner)
        about[str(case)] = need_key
    steps = CaseStep.objects.filter(case__need__in=keys)
    _add(found, steps.values_list("case__need", "staff", "given_to"))
    _add(found, NeedCorrection.objects.filter(need__in=keys).values_list("need", "staff"))
    for owed, *row in Owed.everything.filter(need__in=keys).values_list("pk", "need", "owner", "made_by", "told_by"):
        _add(found, [tuple(row)])
        about[str(owed)] = row[0]
    _add_ledger(found, about)
    return found


def _add(found: Hands, rows: Iterable[tuple[Any, ...]]) -> None:
    for need, *staff in rows:
        found[need].update(key for key in staff if key is not None)


def _add_doors(needs: list[Need], found: Hands, about: dict[str, UUID]) -> None:
    """Add who was at the door, and who walked the round in which it was heard."""
    at_round: dict[tuple[UUID, UUID], list[UUID]] = defaultdict(list)
    for need in needs:
        if need.visit is not None:
            found[need.pk].add(need.visit.staff_id)
            about[str(need.visit_id)] = need.pk
            if need.visit.round_id is not None:
                at_round[need.visit.round_id, need.visit.dwelling_id].append(need.pk)
    walkers = RoundDoor.objects.filter(round__in={key for key, _door in at_round}, walker__isnull=False)
    for round_key, door, walker in walkers.values_list("round", "dwelling", "walker"):
        for need_key in at_round.get((round_key, door), ()):
            found[need_key].add(walker)


def _add_ledger(found: Hands, about: dict[str, UUID]) -> None:
    looks = [kind.code for kind in ledger_kinds.all_kinds() if kind.is_look or kind.is_list]
    lines = LedgerEntry.objects.filter(subject_id__in=list(about), actor__isnull=False).exclude(code__in=looks)
    for subject, actor, code, detail in lines.values_list("subject_id", "actor", "code", "detail"):
        found[about[subject]].add(actor)
        if code == "needs.owed-given":
            found[about[subject]].add(UUID(detail["to"]))


def finished(community: Any, after: datetime, until: datetime) -> Iterable[UUID]:
    """Return the cases that stand closed since a moment in a span."""
    closed = Case.objects.filter(community=community, state__in=("closed", "confirmed"))
    return list(closed.filter(closed_at__gt=after, closed_at__lte=until).values_list("pk", flat=True))


def reopen_case(key: UUID, actor: Staff, words: str) -> Case | None:
    """Open a case again, with the words in which the resident said so; one taken back since stays as it is."""
    case = Case.objects.filter(pk=key).first()
    return case if case is not None and actions.reopen_case(case=case, actor=actor, words=words) else None


def reopen_need(key: UUID, actor: Staff, words: str) -> Case | None:
    """Open the case of a need again; what was answered at once gets its first case."""
    need = Need.objects.filter(pk=key).first()
    if need is None:
        return None
    case = Case.objects.filter(need=need).first()
    if case is not None:
        return reopen_case(case.pk, actor, words)
    made = actions.open_case(need=need, owner=default_owner(need), actor=actor)
    actions.take_step(case=made, actor=actor, sentence=words)
    return None


CASES = Askable(Case.record_type, of_cases, finished, reopen_case)
NEEDS = Askable(Need.record_type, of_needs, reopen=reopen_need)
