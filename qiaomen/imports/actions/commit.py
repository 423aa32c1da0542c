"""A plan is carried out, within the transaction of its act: places, people, changes, facts, other houses' records."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from qiaomen.imports.actions import commit
from qiaomen.imports.actions.visit_records import write_visits
from qiaomen.imports.selectors.plan import ImportPlan, addresses_of
from qiaomen.kernel import clock
from qiaomen.office.jobs.progress import Progress
from qiaomen.office.models import Staff
from qiaomen.register.actions import acts, person_facts, write_rows
from qiaomen.register.models import Act, DistinctPair, Household, Person

CHUNK = 500


def carry_out(act: Act, plan: ImportPlan, actor: Staff, progress: Progress) -> list[dict[str, Any]]:
    """Do what a plan says and return the ledger lines of it. Raises Stopped."""
    doors = write_rows.make_doors(act.community, list(addresses_of(plan)), act)
    rows = plan.new_rows()
    households, created = write_rows.make_households(act.community, rows, doors)
    acts.note_made(act, created)
    made = write_rows.make_people(act, rows, households, doors, progress.step)
    _keep_apart(plan, made, actor)
    people = _people([one.one.pk for one in plan.change] + [one.one.pk for one in plan.told])
    changed = [(people[one.one.pk], one.changes) for one in plan.change]
    touched = write_rows.change_people(act, changed, doors, progress.step)
    touched |= _tell(act, plan, people, progress)
    touched |= write_rows.settle_states(act, {home.pk: home for home in households.values()} | touched)
    write_rows.raise_versions(touched)
    entries = [_line("register.household-created", household.pk, act) for household in created]
    entries += [_line("register.household-changed", pk, act) for pk in touched]
    return entries + _record(act, plan, actor, progress)


def _people(keys: Sequence[UUID]) -> dict[UUID, Person]:
    found: dict[UUID, Person] = {}
    for start in range(0, len(keys), CHUNK):
        some = Person.objects.filter(pk__in=keys[start : start + CHUNK]).select_related("household")
        found |= {person.pk: person for person in some}
    return found


def _keep_apart(plan: ImportPlan, made: list[Person], actor: Staff) -> None:
    """Whoever a person found to be somebody else is not asked about again."""
    others = _people([one.pk for _, one in plan.apart])
    spots = {(id(table), place): person for (table, place), person in zip(plan.create, made, strict=True)}
    said = [(spots.get((id(table), place)), others[one.pk]) for (table, place), one in plan.apart]
    pairs = [(person, other) for person, other in said if person is not None]
    commit.keep_apart(pairs, said_at=clock.now(), said_by=actor)


def _tell(act: Act, plan: ImportPlan, people: dict[UUID, Person], progress: Progress) -> dict[UUID, Household]:
    """Note the facts the lists tell, from today on; return the households touched."""
    touched: dict[UUID, Household] = {}
    day = act.made_at.astimezone(clock.SHANGHAI).date()
    for start in range(0, len(plan.told), CHUNK):
        chunk = plan.told[start : start + CHUNK]
        facts = [(people[one.one.pk], code, value) for one in chunk for code, value in one.facts.items()]
        person_facts.record_facts(act, facts, day)
        acts.touch_many(act, [people[one.one.pk] for one in chunk])
        for one in chunk:
            home = touched.setdefault(one.one.household, people[one.one.pk].household)
            if one.household:
                acts.change(act, home, **one.household)
        progress.step(len(chunk))
    return touched


def _record(act: Act, plan: ImportPlan, actor: Staff, progress: Progress) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    for start in range(0, len(plan.visits), CHUNK):
        chunk = plan.visits[start : start + CHUNK]
        entries += write_visits(act, actor, chunk)
        progress.step(len(chunk))
    return entries


def _line(code: str, pk: Any, act: Act) -> dict[str, Any]:
    return {
        "code": code,
        "subject_type": "register.household",
        "subject_id": str(pk),
        "detail": {"act": str(act.pk)},
    }


def keep_apart(pairs: Iterable[tuple[Person, Person]], **said: Any) -> None:
    """Note that a person has found these to be two people: the queue of duplicates does not ask again."""
    made = []
    for pair in pairs:
        left, right = sorted(pair, key=lambda one: str(one.pk))
        made.append(DistinctPair(community=left.community, left=left, right=right, **said))
    DistinctPair.objects.bulk_create(made, ignore_conflicts=True)
