"""What of a handing-in waits for a person: whole items that nobody can date or finish, and parts that are not
understood.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.needs.models import Need
from qiaomen.office import ledger
from qiaomen.office.bulk_insert import insert_new
from qiaomen.office.models import Staff
from qiaomen.phone import problems
from qiaomen.phone.models import HeldPart, Submission
from qiaomen.phone.rules.moments import moment_of
from qiaomen.phone.rules.submission import HeardNeed, Said, VisitSaid
from qiaomen.visits.actions.visits import CLOCK_SLACK


class HeldBack(NamedTuple):
    """A part of a visit that could not become what it says: what it was to be, why not, and its words as JSON."""

    kind: str
    why: str
    text: str


def held_need(need: HeardNeed | Need) -> HeldBack:
    """Return a need that has no household, with its words."""
    words = {"kind": need.kind, "words": need.words, "handling": need.handling}
    return HeldBack("need", "no-household", json.dumps(words, ensure_ascii=False))


def held_hour(day: date, start: time, end: time | None, why: str) -> HeldBack:
    """Return an agreed hour that no plan can keep, with its day."""
    words = {"day": day.isoformat(), "from": f"{start:%H:%M}"} | ({"to": f"{end:%H:%M}"} if end else {})
    return HeldBack("agreed", why, json.dumps(words, ensure_ascii=False))


def why(said: Said, happened_at: datetime, now: datetime) -> str:
    """Return the code of the Problem for which an opened item waits for the head; empty: it does not."""
    if moment_of(happened_at, None, None, now, CLOCK_SLACK) is None:
        return problems.FutureDated.code
    return problems.Unfinished.code if isinstance(said, VisitSaid) and said.unfinished else ""


def hold(held: Mapping[Submission, Sequence[HeldBack]], after: str = "") -> None:
    """Keep the parts of visits that could not become what they say, with their words; twice is once.

    `after`: what happened to the visit since, which tells its parts from those that came in with it.
    """
    insert_new(
        [
            HeldPart(
                id=uuid.uuid5(kept.pk, f"{after}{part.kind}/{place}"),
                submission=kept,
                kind=part.kind,
                why=part.why,
                said=part.text,
            )
            for kept, parts in held.items()
            for place, part in enumerate(parts)
        ]
    )


@transaction.atomic
def settle_part(*, part: HeldPart, actor: Staff) -> None:
    """Somebody of the office read a held part and did what was to be done; a second time changes nothing."""
    locked = HeldPart.objects.select_for_update().select_related("submission__community").get(pk=part.pk)
    if locked.settled_at is None:
        locked.settled_by, locked.settled_at = actor, clock.now()
        locked.save(update_fields=["settled_by", "settled_at"])
        ledger.record(community=locked.submission.community, actor=actor, code="phone.part-settled", subject=locked)
