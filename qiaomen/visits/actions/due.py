"""Due visits kept in line with what is true, and the promises that houses above ask for."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from qiaomen.groups.actions import memberships
from qiaomen.groups.models import CareGroup, GroupRun
from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.bulk_insert import insert_new
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Household
from qiaomen.visits import problems
from qiaomen.visits.actions.weeks.promise import reconsider
from qiaomen.visits.models import Cadence, DueRun, DueVisit, Pause, Visit, VisitRequest, VisitWish
from qiaomen.visits.rules.due import DoorFact, Due, deduce, is_to_come, why_gone
from qiaomen.visits.rules.promised import count_doors, with_promises
from qiaomen.visits.rules.vocabulary import SPOKEN, WAY_OF
from qiaomen.visits.selectors.facts import door_facts
from qiaomen.visits.selectors.teams.promise import promised_tiers

CHUNK = 500
MANY = 1000
"""Where more doors than this were touched, all are read."""
AHEAD_DAYS = 7
"""Windows that open within a week stand there already, so that a round of the coming days can be planned over them."""
OVERLAP = timedelta(minutes=1)
"""What was received so shortly before the last look is looked at again: it may have been committed after it."""
COLUMNS = ("way", "weight", "since", "promised_on", "opens_on", "due_on")
"""What of a due visit may change while it stays the same visit."""


def keep_current(community: Organisation) -> None:
    """Deduce anew when a day has passed or the register changed, else only the doors something was recorded about."""
    memberships.keep_current(community)
    run = DueRun.objects.filter(community=community).first()
    if run is None or run.at is None or run.day != clock.today() or run.stamp != _stamp(community):
        refresh(community)
    elif doors := _touched(community, run.at - OVERLAP):
        refresh(community, doors if len(doors) < MANY else None)


def _stamp(community: Organisation) -> str:
    """Return when and over what the care groups were last computed: after every act, and every midnight."""
    run = GroupRun.objects.filter(community=community).first()
    return f"{run.at}/{run.stamp}" if run else ""


def _touched(community: Organisation, since: datetime) -> set[UUID]:
    """Return the doors about which a visit, a promise, a wish or a pause was recorded since a moment."""
    rows = (
        Visit.objects.filter(community=community, received_at__gte=since).values_list("dwelling"),
        VisitRequest.objects.filter(community=community, changed_at__gte=since).values_list("household__dwelling"),
        VisitWish.objects.filter(Q(said_at__gte=since) | Q(ended_at__gte=since), community=community).values_list(
            "household__dwelling"
        ),
        Pause.objects.filter(Q(made_at__gte=since) | Q(ended_at__gte=since), community=community).values_list(
            "household__dwelling"
        ),
    )
    return {door for found in rows for (door,) in found if door is not None}


@transaction.atomic
def refresh(community: Organisation, doors: Collection[UUID] | None = None) -> None:
    """Bring due visits in line with the facts, of all doors or of some: new ones open, answered ones are done, others
    are cancelled with the cause. Done twice over the same facts it changes nothing.
    """
    DueRun.objects.get_or_create(community=community)
    run = DueRun.objects.select_for_update().get(community=community)
    now, day = clock.now(), clock.today()
    facts = {fact.dwelling: fact for fact in door_facts(community, day, doors)}
    _settle_agreed(community, facts.values())
    known = promised_tiers(community, day)
    wanted = {
        due.id: due
        for fact in facts.values()
        for due in with_promises(deduce(fact, day, known, AHEAD_DAYS), fact, day, known)
    }
    rows = DueVisit.objects.filter(community=community)
    standing = {
        due.pk: due for due in (rows if doors is None else rows.filter(dwelling__in=doors)).filter(state="open")
    }
    fresh = [key for key in wanted if key not in standing]
    returned = [due for at in range(0, len(fresh), CHUNK) for due in rows.filter(pk__in=fresh[at : at + CHUNK])]
    back = {due.pk for due in returned}
    DueVisit.objects.bulk_create([_row(community, wanted[key]) for key in fresh if key not in back], CHUNK)
    for due in returned:
        _take(due, wanted[due.pk])
        _move(due, "open", "true-again")
    differ = {key: _take(due, wanted[key]) for key, due in standing.items() if key in wanted}
    changed = [standing[key] for key, names in differ.items() if set(names) - {"promised_on"}]
    _promise_anew(standing[key] for key, names in differ.items() if names == ["promised_on"])
    gone = [due for key, due in standing.items() if key not in wanted]
    _close(gone, facts, day)
    DueVisit.objects.bulk_update(
        [*changed, *returned, *gone], [*COLUMNS, "state", "history", "closed_at", "visit"], CHUNK
    )
    if doors is None:
        run.day, run.stamp, run.doors = day, _stamp(community), count_doors(facts.values(), known)
    run.at = now
    run.save()
    if doors is None:
        reconsider(community)


def _settle_agreed(community: Organisation, facts: Iterable[DoorFact]) -> None:
    """Close the hours agreed at doors that somebody kept and what a visit ends by itself, and open those again whose
    visit was taken back.
    """
    agreed = {
        promise.key: is_to_come(promise, fact) if promise.answered is None else not promise.answered
        for fact in facts
        for promise in fact.promises
        if promise.agreed_on or promise.answered is not None
    }
    rows = VisitRequest.objects.filter(community=community)
    if kept := [key for key, to_come in agreed.items() if not to_come]:
        rows.filter(key__in=kept, open=True).update(open=False, kept=True)
    if owed := [key for key, to_come in agreed.items() if to_come]:
        rows.filter(key__in=owed, kept=True).update(open=True, kept=False)


def _row(community: Organisation, due: Due) -> DueVisit:
    made = DueVisit(
        pk=due.id,
        community=community,
        dwelling_id=UUID(due.dwelling),
        clock=due.clock,
        reason=due.reason,
        made_at=clock.now(),
        **{name: getattr(due, name) for name in COLUMNS},
    )
    _move(made, "open", "due")
    return made


def _promise_anew(rows: Iterable[DueVisit]) -> None:
    """Write the day of the promise alone, all rows of one day at once: a new promise changes every row of a tier."""
    by_day: dict[date | None, list[UUID]] = {}
    for row in rows:
        by_day.setdefault(row.promised_on, []).append(row.pk)
    for day, keys in by_day.items():
        for at in range(0, len(keys), CHUNK):
            DueVisit.objects.filter(pk__in=keys[at : at + CHUNK]).update(promised_on=day)


def _take(row: DueVisit, due: Due) -> list[str]:
    """Let a row say what was deduced now; return what of it is something else."""
    differ = [name for name in COLUMNS if getattr(row, name) != getattr(due, name)]
    for name in differ:
        setattr(row, name, getattr(due, name))
    return differ


def _move(row: DueVisit, state: str, cause: str) -> None:
    now = clock.now()
    row.state, row.closed_at = state, None if state == "open" else now
    row.history = [*row.history, {"at": now.isoformat(timespec="seconds"), "state": state, "cause": cause}]


def _close(rows: Iterable[DueVisit], facts: dict[str, DoorFact], day: date) -> None:
    """A talk answers a due visit; whatever else is no longer due is cancelled with the cause."""
    rows = list(rows)
    doors, since = {row.dwelling_id for row in rows}, min((row.opens_on for row in rows), default=day)
    visits = Visit.objects.filter(dwelling__in=doors, happened_at__date__gte=since - timedelta(days=AHEAD_DAYS))
    latest = {visit.dwelling_id: visit for visit in visits.order_by("happened_at")} if rows else {}
    for row in rows:
        visit = latest.get(row.dwelling_id)
        if visit is not None and _answers(visit, row):
            row.visit = visit
            _move(row, "done", visit.outcome)
        else:
            _move(row, "cancelled", why_gone(row.clock, row.reason, facts.get(str(row.dwelling_id)), day))


def _answers(visit: Visit, row: DueVisit) -> bool:
    """Nothing is answered by the visit it follows from. A second try is answered by any knock, a promise by a talk
    after
    it was asked, the rest by a talk that is within the window or came after it was known to open.
    """
    on = visit.happened_at.astimezone(clock.SHANGHAI).date()
    if row.since is not None and on <= row.since:
        return False
    if row.clock == "retry":
        return True
    in_window = row.clock != "promise" and on >= row.opens_on
    seen = visit.outcome in SPOKEN or (row.clock == "cadence" and visit.outcome in WAY_OF)
    return seen and (in_window or visit.happened_at >= row.made_at)


def agreed_key(visit: UUID) -> str:
    """Return the key of the request for the hour that was agreed at a visit."""
    return f"agreed/{visit}"


def ask(
    *,
    household: Household,
    key: str,
    kind: str,
    due_on: date,
    hours: tuple[time, time | None] | None = None,
    agreed_at: datetime | None = None,
) -> VisitRequest:
    """Return a request for `request_visits`, not written yet. `hours`: agreed for that very day; None: any hour.

    `agreed_at`: when they were agreed at the door; None: now.
    """
    starts_at, ends_at = hours or (None, None)
    return VisitRequest(
        community=household.community,
        household=household,
        key=key,
        kind=kind,
        due_on=due_on,
        starts_at=starts_at,
        ends_at=ends_at,
        agreed_at=(agreed_at or clock.now()) if hours else None,
    )


def request_visit(
    *,
    household: Household,
    key: str,
    kind: str,
    due_on: date,
    hours: tuple[time, time | None] | None = None,
    agreed_at: datetime | None = None,
) -> VisitRequest:
    """Ask for a visit by a day, from a house above, or on that day at hours agreed at the door; asked again it is the
    same request with the newer day.
    """
    asked = ask(household=household, key=key, kind=kind, due_on=due_on, hours=hours, agreed_at=agreed_at)
    return request_visits([asked])[0]


@transaction.atomic
def request_visits(asked: Sequence[VisitRequest]) -> list[VisitRequest]:
    """Ask for visits (rows of `ask`); returns them, or those that stand there under the same key with the newer day."""
    now = clock.now()
    for due in asked:
        due.open, due.changed_at = True, now
    new = insert_new(asked)
    return [due if due.pk in new else _ask_again(due) for due in asked]


def _ask_again(asked: VisitRequest) -> VisitRequest:
    stands = VisitRequest.objects.get(community=asked.community, key=asked.key)
    names = ("kind", "due_on", "starts_at", "ends_at", "agreed_at", "open", "kept", "household_id")
    changed = [name for name in names if getattr(stands, name) != getattr(asked, name)]
    for name in changed:
        setattr(stands, name, getattr(asked, name))
    if changed:
        stands.changed_at = asked.changed_at
        stands.save(update_fields=[*(name.removesuffix("_id") for name in changed), "changed_at"])
    return stands


@transaction.atomic
def withdraw_request(*, community: Organisation, key: str) -> None:
    """What was asked is no longer needed; a key nobody asked under is nothing."""
    rows = VisitRequest.objects.filter(Q(open=True) | Q(kept=True), community=community, key=key)
    rows.update(open=False, kept=False, changed_at=clock.now())


@transaction.atomic
def move_requests(*, community: Organisation, keys: Collection[str], household: Household) -> None:
    """What was asked for one household is asked for another: it was written down at the wrong door."""
    rows = VisitRequest.objects.filter(community=community, key__in=keys).exclude(household=household)
    rows.update(household=household, changed_at=clock.now())


@transaction.atomic
def set_cadence(*, group: CareGroup, every_days: int | None, actor: Staff) -> None:
    """Set how often this office sees a care group; None: as the tier says. Raises CadenceOutOfRange."""
    if every_days is None:
        Cadence.objects.filter(group=group).delete()
    elif not 1 <= every_days <= 365:
        raise problems.CadenceOutOfRange()
    else:
        Cadence.objects.update_or_create(group=group, defaults={"community": group.community, "every_days": every_days})
    ledger.record(
        community=group.community,
        actor=actor,
        code="visits.cadence-set",
        subject=group,
        detail={"every_days": every_days},
    )
    DueRun.objects.filter(community=group.community).update(day=None)
