"""The answers a visit brought, found again when it turns out to be of another door, or is taken back."""

import json
import uuid
from datetime import date
from typing import Any

from qiaomen.calls.actions import sweeps
from qiaomen.kernel import clock
from qiaomen.office.models import Staff
from qiaomen.phone.actions.arriving.to_check import HeldBack, hold
from qiaomen.phone.models import Submission
from qiaomen.phone.rules.submission import MOST_PEOPLE
from qiaomen.register.actions import acts
from qiaomen.register.actions.person_facts import note_facts
from qiaomen.register.models import Act, Household, Person, ToldFact
from qiaomen.register.problems import AlreadyUndone, LaterWork, UndoTooLate
from qiaomen.register.selectors import packs
from qiaomen.visits.models import Conflict, Visit

MOVED, STAYS, KEPT = "wrong-door", "stays-noted", "kept-noted"


def note_answer(visit: Visit, place: int, person: Person, code: str, value: Any, on_date: date) -> None:
    """Note one answer of a visit in the register; `place`: which of its answers it is."""
    note_facts(person=person, facts={code: value}, on_date=on_date, actor=visit.staff, key=_key(visit.pk, place))


def _key(visit: uuid.UUID, place: int) -> uuid.UUID:
    return uuid.uuid5(visit, f"answer/{place}")


def withdraw(visit: Visit, *, home: Household | None, actor: Staff) -> list[HeldBack]:
    """Take out of the register what a visit told of people who do not live in `home` (None: of everybody).

    Returns each answer with its words: nobody can say here of whom it is. What later work stands on stays noted and
    is returned as such. Answers that still wait beside the register's own are settled for the register.
    """
    held = []
    made = Act.objects.filter(pk__in=[_key(visit.pk, place) for place in range(MOST_PEOPLE)], undone_at=None)
    for act in made.order_by("made_at", "pk"):
        rows = act.changes.filter(of_type=ToldFact.record_type).values_list("row", flat=True)
        told = ToldFact.objects.filter(pk__in=list(rows)).select_related("person")
        fact = told.order_by("from_date").last()
        if fact is not None and _is_of(fact.person, home):
            continue
        words = _words(fact.code, fact.value, fact.person) if fact is not None else "{}"
        held.append(HeldBack("answer", _undo(act, actor), words))
    for pair in Conflict.objects.filter(second=visit, settled_at=None).exclude(person=None).select_related("person"):
        if not _is_of(pair.person, home):
            pair.choice, pair.settled_at, pair.settled_by = "first", clock.now(), actor
            pair.save(update_fields=["choice", "settled_at", "settled_by"])
            held.append(HeldBack("answer", MOVED, _words(pair.code, pair.told, pair.person)))
    return held


def follow_taken_back(visit: Visit, actor: Staff) -> None:
    """Take out of the register what a visit told that is taken back, at the desk or on a phone; what later work stands
    on stays noted and waits for a person. No sweep was answered at it.
    """
    held = withdraw(visit, home=None, actor=actor)
    stays = [part._replace(why=KEPT) for part in held if part.why == STAYS]
    submission = Submission.objects.filter(pk=visit.pk).first()
    if stays and submission is not None:
        hold({submission: stays}, "back/")
    sweeps.forget_asked(community=visit.community, household=visit.household, visit=visit.pk, actor=actor)


def _is_of(person: Person | None, home: Household | None) -> bool:
    return person is not None and home is not None and person.household_id == home.pk


def _undo(act: Act, actor: Staff) -> str:
    try:
        acts.undo(act=act, actor=actor, reason="")
    except (LaterWork, UndoTooLate, AlreadyUndone):
        return STAYS
    return MOVED


def _words(code: str, value: str, person: Person | None) -> str:
    """Return an answer as JSON for reading; whom it was noted of is a key and no name."""
    fact = packs.facts().get(code)
    said = {
        "code": str(fact.title) if fact else code,
        "value": str(fact.choices.get(value, value)) if fact else value,
        "person_id": str(person.pk) if person else "",
    }
    return json.dumps(said, ensure_ascii=False)
