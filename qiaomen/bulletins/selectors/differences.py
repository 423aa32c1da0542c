"""Why a recount differs from what was published: record by record, from the ledger's own lines."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qiaomen.bulletins.models import Bulletin
from qiaomen.bulletins.selectors.lists import Row, keyed, rows_of
from qiaomen.bulletins.selectors.numbers import asked_of, frozen_of
from qiaomen.cases.models import Case
from qiaomen.kernel import figures, ledger_kinds
from qiaomen.kernel.figures import Difference, compare
from qiaomen.office.models import LedgerEntry, Organisation
from qiaomen.register.models import Dwelling
from qiaomen.visits.models import Visit


@dataclass(frozen=True)
class Why:
    """One thing that was done to a record after the number was published."""

    at: datetime
    said: Any
    who: str
    reason: str = ""


@dataclass(frozen=True)
class Changed:
    """A record a recount has lost (`gone`) or gained; `row` None: there is no such record any more."""

    gone: bool
    row: Row | None
    whys: list[Why] = field(default_factory=list)


def difference_of(bulletin: Bulletin, code: str) -> tuple[Difference, list[Changed]]:
    """Return how a published number differs from its recount, and why, for each record."""
    row = bulletin.figures.filter(code=code).first()
    if row is None or bulletin.as_at is None:
        return Difference(None), []
    figure, asked = figures.get(code), asked_of(bulletin)
    found = compare(figure, frozen_of(row), **asked)
    keys = (*found.gone, *found.come)
    model = figure.list_records(**asked).model
    rows = (
        {str(shown["record"]): shown for shown in rows_of(keyed(model, bulletin.community, keys), asked)}
        if keys
        else {}
    )
    whys = whys_of(bulletin.community, model, keys, bulletin.as_at)
    return found, [Changed(key in found.gone, rows.get(key), whys[key]) for key in keys]


def whys_of(community: Organisation, model: Any, keys: Sequence[str], since: datetime) -> dict[str, list[Why]]:
    """Return what was done to each record, and to what it was counted by, after a moment; looks are not acts."""
    about: dict[str, str] = {key: key for key in keys}
    about |= {other: key for key, other in _counted_by(model, keys)}
    lines = LedgerEntry.objects.filter(community=community, at__gt=since, subject_id__in=list(about)).order_by("seq")
    found: dict[str, list[Why]] = defaultdict(list)
    for line in lines:
        kind = ledger_kinds.get(line.code)
        if not (kind.is_look or kind.is_list):
            reason = "" if kind.personal_fields else str(line.reason)
            found[about[line.subject_id]].append(Why(line.at, kind.sentence, line.actor_name, reason))
    return found


def _counted_by(model: Any, keys: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Return the other records a number was counted by: a door by its visits, a case by its need."""
    if model is Dwelling:
        pairs = Visit.everything.filter(dwelling__in=list(keys)).values_list("dwelling", "pk")
        return [(str(door), str(visit)) for door, visit in pairs]
    if model is Case:
        return [
            (str(case), str(need)) for case, need in Case.objects.filter(pk__in=list(keys)).values_list("pk", "need")
        ]
    return []
