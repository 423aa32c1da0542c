"""A case is opened, worked on, closed with a sentence, and the resident has the last word."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from qiaomen.cases import problems
from qiaomen.cases.actions.steps import check_may_act, check_not_near, keep_version, resettle, tell
from qiaomen.cases.actions.steps import locked as _locked
from qiaomen.cases.actions.steps import write_step as _step
from qiaomen.cases.models import Case, CaseStep
from qiaomen.cases.proxy.originals import check_drawer
from qiaomen.cases.rules import timing
from qiaomen.cases.rules.procedure import Ending, Procedure, Standing
from qiaomen.cases.selectors import default_owner, possible_owners, procedures
from qiaomen.cases.selectors.near import near_by_household
from qiaomen.kernel import clock
from qiaomen.kernel.lines import outcome_of
from qiaomen.needs import actions as needs
from qiaomen.needs.actions import hear_need, hear_needs
from qiaomen.needs.models import Need
from qiaomen.office import disclosure, ledger
from qiaomen.office.bulk_insert import insert_new
from qiaomen.office.models import Staff
from qiaomen.register.models import Household
from qiaomen.visits.actions import due as visits

DONE = "done"
ASKED = ("answer", "deliver")
"""What a case asks of the plan beside the stop for itself: the end of the key of each request."""
ASK_WITHIN_DAYS = 10
"""The resident is asked whether it is solved; a default, to be set by the office."""


@transaction.atomic
def open_case(*, need: Need, owner: Staff, actor: Staff, procedure: str = procedures.GENERAL) -> Case:
    """Open the case of a need; a need that has one returns it. The clock starts today."""
    return open_cases([(need, owner)], actor=actor, procedure=procedure)[need.pk]


@transaction.atomic
def open_cases(
    needs: Sequence[tuple[Need, Staff]],
    *,
    actor: Staff | None = None,
    promised: Mapping[UUID, date] | None = None,
    procedure: str = procedures.GENERAL,
) -> dict[UUID, Case]:
    """Open the cases of needs, each with its owner; returns the case of each need, which may be there already.

    `actor` None: whoever heard the need opens its case. `promised`: the day somebody was promised an answer by, per
    need; the others have the clock of the procedure. Raises NoSuchProcedure.
    """
    now, (runs, is_kept) = clock.now(), procedures.to_run(procedure)
    if runs is None:
        raise problems.NoSuchProcedure()
    if not is_kept:
        keep_version(runs)
    days = {need: max(day, clock.today()) for need, day in (promised or {}).items()}
    cases = [
        Case(
            need=need,
            community=need.community,
            owner=owner,
            opened_at=now,
            procedure=runs.code,
            version=runs.version,
            promised_on=days.get(need.pk),
            due_on=procedures.first_due(runs, need, now, days.get(need.pk)),
        )
        for need, owner in needs
    ]
    new = insert_new(cases)
    made = [case for case in cases if case.pk in new]
    with ledger.together():
        steps = [(case, actor or case.need.heard_by) for case in made]
        CaseStep.objects.bulk_create(
            CaseStep(
                case=case,
                at=now,
                staff=by,
                kind="opened",
                sentence="",
                due_on=case.due_on,
                given_to=case.owner,
                result=case.procedure,
                number=str(case.version),
            )
            for case, by in steps
        )
        for case, by in steps:
            ledger.record(community=case.community, actor=by, code="cases.opened", subject=case)
    visits.request_visits(
        [
            visits.ask(household=case.need.household, key=f"case/{case.pk}", kind="case", due_on=case.due_on)
            for case in made
        ]
    )
    found = {case.need_id: case for case in made}
    if len(found) < len(needs):
        found |= {case.need_id: case for case in Case.objects.filter(need__in=[need for need, _owner in needs])}
    return found


@transaction.atomic
def receive_need(
    *, owner: Staff | None = None, procedure: str = procedures.GENERAL, **heard: Any
) -> tuple[Need, Case | None]:
    """Hear a need (arguments of `needs.actions.hear_need`) and open its case unless it was answered on the spot."""
    need, _new = hear_need(**heard)
    if need.handling == "on_the_spot":
        return need, None
    return need, open_case(need=need, owner=owner or default_owner(need), actor=need.heard_by, procedure=procedure)


@transaction.atomic
def receive_needs(needs: Sequence[Need], *, promised: Mapping[UUID, date] | None = None) -> dict[UUID, Need]:
    """Hear the needs of one community (`needs.actions.hear_needs`) and open their cases; returns what is stored.

    `promised`: the days answers were promised by, where somebody said one.
    """
    kept, _new = hear_needs(needs)
    waiting = [kept[need.pk] for need in needs if need.pk in kept and kept[need.pk].handling != "on_the_spot"]
    if waiting:
        owners = possible_owners(waiting[0].community)
        near = near_by_household({need.household_id for need in waiting})
        open_cases([(need, default_owner(need, owners, near)) for need in waiting], promised=promised)
    return kept


@transaction.atomic
def move_needs(needs_moved: Sequence[Need], household: Household) -> None:
    """Put needs to the household they were really of, with what their cases ask of the plan."""
    needs.move_needs(needs_moved, household)
    cases = Case.objects.filter(need__in=needs_moved).values_list("pk", flat=True)
    keys = [key for case in cases for key in (f"case/{case}", *(f"case/{case}/{of}" for of in ASKED))]
    visits.move_requests(community=household.community, keys=keys, household=household)


@transaction.atomic
def take_step(*, case: Case, actor: Staff, sentence: str, seen: int | None = None) -> CaseStep:
    """Write down one step; the same words sent twice from one page are one step. `seen`: the last step of that page.

    Raises SentenceNeeded, NotUnderWay, NearRelativeActs.
    """
    if not sentence.strip():
        raise problems.SentenceNeeded()
    check_may_act(_locked(case), actor)
    if seen is not None:
        newer = case.steps.filter(pk__gt=seen, kind="step", staff=actor).exclude(righted__kind="taken_back")
        if (sent := newer.order_by("pk").last()) is not None and sent.sentence == sentence.strip():
            return sent
    return _step(case, actor, "step", sentence.strip(), "cases.step-taken")


@transaction.atomic
def close_case(*, case: Case, actor: Staff, sentence: str, outcome: str = DONE) -> None:
    """Close a case with a sentence to the resident; what its outcome makes in a house above is made with it.

    `outcome`: an ending of its procedure; of the general one also any outcome a house registered. Raises
    SentenceNeeded, OutcomeUnknown, EndsTooEarly for an ending whose steps are missing, NotUnderWay, OriginalsLeft.
    """
    if not sentence.strip():
        raise problems.SentenceNeeded()
    locked = _locked(case)
    check_may_act(locked, actor)
    check_drawer(locked, actor)
    procedure, stands = procedures.standing_of(locked)
    ending = _ending(procedure, stands, outcome)
    known = outcome_of(ending.ends if ending else outcome)
    if known is None:
        raise problems.OutcomeUnknown()
    locked.state, locked.closed_at, locked.answer, locked.outcome = "closed", clock.now(), "unanswered", known.code
    locked.offered_to = locked.paused_until = None
    locked.save(update_fields=["state", "closed_at", "answer", "outcome", "offered_to", "paused_until"])
    code = ending.code if ending else ""
    _step(locked, actor, "closed", sentence.strip(), "cases.closed", outcome=known.code, result=code)
    due = stands.told_by.get(code)
    tell(locked, actor, sentence, ending.channel if ending else "telephone", due.day if due else None)
    if known.makes is not None:
        known.makes(locked, actor)
    visits.withdraw_request(community=locked.community, key=f"case/{locked.pk}")
    ask_by = clock.today() + timedelta(days=ASK_WITHIN_DAYS)
    visits.request_visit(
        household=locked.need.household, key=f"case/{locked.pk}/answer", kind="follow-up", due_on=ask_by
    )


def _ending(procedure: Procedure, stands: Standing, code: str) -> Ending | None:
    """Return the ending with this code, None for an outcome of a house above. Raises EndsTooEarly, OutcomeUnknown."""
    ending = procedure.ending(code)
    if ending is None and procedure.code != procedures.GENERAL:
        raise problems.OutcomeUnknown()
    if ending is not None and ending not in stands.endings:
        todo = [found.step.title for found in stands.next_steps if found.holds_up]
        raise problems.EndsTooEarly(steps="、".join(todo))
    return ending


@transaction.atomic
def reopen_case(*, case: Case, actor: Staff, words: str) -> bool:
    """Reopen a case about which the resident was asked again and said that it is not solved, or half.

    A case that was confirmed before is reopened too; one under way, or taken back with its need, stays as it is.
    Whoever asked writes it, a near relative too: what the resident said is never lost. Returns whether it was reopened.
    """
    locked = _locked(case)
    if locked.state in timing.UNDER_WAY or locked.state == "taken_back":
        return False
    if locked.state == "confirmed":
        locked.state = "closed"
        locked.save(update_fields=["state"])
    _answer(locked, actor, solved=False, words=words)
    return True


@transaction.atomic
def record_answer(*, case: Case, actor: Staff, solved: bool, words: str = "") -> None:
    """Write the resident's answer; "not solved" reopens the case with its history and a new clock.

    Raises NotClosed, NearRelativeActs.
    """
    locked = _locked(case)
    if locked.state != "closed":
        raise problems.NotClosed()
    check_not_near(locked, actor)
    _answer(locked, actor, solved=solved, words=words)


def _answer(locked: Case, actor: Staff, *, solved: bool, words: str) -> None:
    clock_starts = None
    if solved:
        locked.state, locked.answer = "confirmed", "solved"
    else:
        locked.state, locked.answer, locked.closed_at, locked.outcome = "reopened", "not_solved", None, ""
        clock_starts = locked.due_on = timing.due_on(clock.today(), locked.need.handling)
    locked.save(update_fields=["state", "answer", "closed_at", "due_on", "outcome"])
    step = _step(locked, actor, locked.answer, words.strip(), "cases.answered", due_on=clock_starts)
    needs.answered(need=locked.need, actor=actor, at=step.at)
    visits.withdraw_request(community=locked.community, key=f"case/{locked.pk}/answer")
    if clock_starts:
        resettle(locked, step)
        home, key = locked.need.household, f"case/{locked.pk}"
        visits.request_visit(household=home, key=key, kind="case", due_on=locked.due_on)


@transaction.atomic
def withdraw_case(need: Need, actor: Staff, reason: str) -> None:
    """Take back the case of a need nobody asked for. Raises OriginalsLeft; ToldAlready when somebody was answered."""
    case = Case.objects.select_for_update(of=("self",)).filter(need=need).first()
    if case is None or case.state == "taken_back":
        return
    if case.state not in timing.UNDER_WAY:
        raise problems.ToldAlready()
    check_drawer(case, actor)
    case.state = "taken_back"
    case.save(update_fields=["state"])
    _step(case, actor, "withdrawn", reason.strip(), "cases.withdrawn")
    for key in (f"case/{case.pk}", *(f"case/{case.pk}/{of}" for of in ASKED)):
        visits.withdraw_request(community=case.community, key=key)


def note_look(*, case: Case, actor: Staff) -> None:
    """Write that somebody read the sealed words of a case: one household's affair. Raises TooManyLooks."""
    about = [case.need.household_id]
    disclosure.look(
        community=case.community, actor=actor, code="cases.looked", people=about, subject=case, fields=["words"]
    )
