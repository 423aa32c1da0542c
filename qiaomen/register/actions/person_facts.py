"""What somebody was told of a person: at a door, at the desk, in a ledger. Dated, sealed, taken back like any act."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Staff
from qiaomen.register import problems
from qiaomen.register.actions import acts
from qiaomen.register.models import Act, Person, ToldFact
from qiaomen.register.selectors import packs

CHUNK = 500


def record_facts(act: Act, facts: Iterable[tuple[Person, str, Any]], day: date) -> int:
    """Note facts of many people from a day on, within an act: the earlier value ends that day. Return how many changed.

    A person and a code stand once in `facts`. Raises KeyError for a code no pack declares, ValueError for a value of
    another kind.
    """
    known, changed = packs.facts(), 0
    rows = [(person, code, known[code].write(value)) for person, code, value in facts]
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        open_now = {
            (fact.person_id, fact.code): fact
            for fact in ToldFact.objects.filter(person__in=[person for person, _, _ in chunk], to_date=None)
        }
        new = []
        for person, code, text in chunk:
            before = open_now.get((person.pk, code))
            if before is not None and before.value == text:
                continue
            changed += 1
            if before is not None and before.from_date is not None and before.from_date >= day:
                acts.change(act, before, value=text)
                continue
            if before is not None:
                acts.change(act, before, to_date=day)
            new.append(ToldFact(person=person, code=code, value=text, from_date=day))
        ToldFact.objects.bulk_create(new)
        acts.note_made(act, new)
    return changed


def end_facts(act: Act, gone: Iterable[tuple[Person, str]], day: date) -> None:
    """Note within an act that facts are no longer known from a day on."""
    for person, code in gone:
        for standing in person.told_facts.filter(code=code, to_date=None):
            acts.change(act, standing, to_date=max(day, standing.from_date or day))


@transaction.atomic
def note_facts(
    *, person: Person, facts: Mapping[str, Any], on_date: date, actor: Staff, reason: str = "", kind: str = "told"
) -> Act:
    """Note what was told of one person from a day on; None ends what was known. Raises NotYet."""
    if on_date > clock.today():
        raise problems.NotYet(day=on_date)
    act = acts.begin(community=person.community, actor=actor, kind=kind, on_date=on_date, reason=reason)
    end_facts(act, [(person, code) for code, value in facts.items() if value is None], on_date)
    record_facts(act, [(person, code, value) for code, value in facts.items() if value is not None], on_date)
    acts.touch(act, person)
    ledger.record(
        community=person.community,
        actor=actor,
        code="register.facts-told",
        subject=person,
        fields=sorted(facts),
        reason=act.reason,
        detail={"act": str(act.pk)},
    )
    return act
