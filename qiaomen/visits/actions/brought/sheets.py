"""A walked paper sheet becomes visits: a line a door, all or none, by whoever walked it or the office."""

import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.office.disclosure import READERS
from qiaomen.office.models import Staff
from qiaomen.register.models import Dwelling
from qiaomen.visits.actions import wishes
from qiaomen.visits.actions.visits import record_visit
from qiaomen.visits.models import Round, Visit
from qiaomen.visits.problems import AgreedUnclear, HoursNotYours, SheetNotYours, UnknownDoorCode
from qiaomen.visits.rules.brought.door_code import find_doors, tidy
from qiaomen.visits.rules.vocabulary import OUTCOMES
from qiaomen.visits.selectors.round_pages import end_of_plan
from qiaomen.visits.selectors.teams.leave import walkers_on


class SheetLine(NamedTuple):
    """A line of a walked sheet as it was typed; `day`, `start`, `end`: hours agreed at the door, "" where none were."""

    code: str
    outcome: str
    note: str
    day: str = ""
    start: str = ""
    end: str = ""

    def hours(self) -> tuple[date, tuple[time, time | None]] | None:
        """Return the day and the hours that were agreed; None: none. Raises AgreedUnclear."""
        if not (self.day or self.start or self.end):
            return None
        try:
            ends = time.fromisoformat(self.end) if self.end else None
            return date.fromisoformat(self.day), (time.fromisoformat(self.start), ends)
        except ValueError as error:
            raise AgreedUnclear() from error


@transaction.atomic
def key_in_sheet(*, made: Round, actor: Staff, lines: Iterable[SheetLine]) -> int:
    """Record a walked paper sheet, a line a door; keyed in twice it is recorded once.

    A door that was taken back is keyed in anew. Return how many are new. Raises SheetNotYours, HoursNotYours,
    UnknownDoorCode and AgreedUnclear, and then nothing is recorded.
    """
    check_sheet(made, actor)
    lines = [line._replace(code=tidy(line.code)) for line in lines if line.outcome in OUTCOMES]
    if actor.role not in READERS and any(line.day or line.start or line.end for line in lines):
        raise HoursNotYours()
    minutes, after = dict(made.doors.values_list("dwelling", "arrive_minute")), end_of_plan(made)
    dwellings = {dwelling.pk: dwelling for dwelling in Dwelling.objects.filter(community=made.community)}
    found = find_doors([line.code for line in lines], dwellings, minutes)
    if unknown := [line.code for line in lines if line.code not in found]:
        raise UnknownDoorCode(codes="、".join(unknown))
    begins, done = datetime.combine(made.day, made.starts_at, clock.SHANGHAI), 0
    back = Visit.everything.filter(round=made, origin="paper").exclude(taken_back_at=None)
    again = Counter(back.values_list("dwelling", flat=True))
    for line in lines:
        dwelling = dwellings[found[line.code]]
        minute = minutes.get(dwelling.pk)
        moment = begins + timedelta(minutes=after if minute is None else minute)
        visit, new = record_visit(
            visit_id=uuid.uuid5(made.pk, f"paper/{dwelling.pk}{_nth(again[dwelling.pk])}"),
            dwelling=dwelling,
            household=dwelling.households.filter(state="living").first(),
            round=made,
            staff=actor,
            outcome=line.outcome,
            note=line.note.strip()[:500],
            happened_at=min(moment, clock.now()),
            origin="paper",
        )
        done += new
        if new and visit.household is not None and (agreed := line.hours()):
            _agree_at(visit, *agreed)
    return done


def check_sheet(made: Round, actor: Staff) -> None:
    """See that somebody may write down what a round walked: a volunteer that of their own team. Raises
    SheetNotYours.
    """
    if actor.role in READERS or actor in walkers_on(made.team, made.day):
        return
    if not made.team.members.filter(pk=actor.pk).exists():
        raise SheetNotYours()


def _nth(taken_back: int) -> str:
    """Return what tells a door keyed in anew, after it was taken back so often, from the first time."""
    return f"/{taken_back}" if taken_back else ""


def _agree_at(visit: Visit, day: date, hours: tuple[time, time | None]) -> None:
    """Keep the hours that were agreed at a visit, as of when it was. Raises AgreedUnclear."""
    assert visit.household is not None
    moment = visit.happened_at
    wishes.agree_hours(
        household=visit.household, key=visit.pk, day=day, hours=hours, actor=visit.staff, agreed_at=moment
    )
