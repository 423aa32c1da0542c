"""A step is put right or taken back with a reason, and the case stands as before it; what was told stays."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from qiaomen.cases import problems
from qiaomen.cases.actions.matters import ASK_WITHIN_DAYS
from qiaomen.cases.actions.moves import OWED
from qiaomen.cases.actions.steps import check_not_near, locked, resettle, write_step
from qiaomen.cases.models import Case, CaseStep
from qiaomen.cases.rules import timing
from qiaomen.cases.selectors import CHANGES, WRITTEN, pending_offer, procedures
from qiaomen.cases.selectors.sealed import sealed_codes
from qiaomen.kernel import clock
from qiaomen.kernel.lines import outcome_of
from qiaomen.needs import actions as needs
from qiaomen.office.models import Staff
from qiaomen.visits.actions import due as visits


def may_change(step: CaseStep, staff: Staff) -> bool:
    """Say whether somebody may put a step right or take it back: who wrote it, and the head."""
    return step.staff_id == staff.pk or staff.role == "head"


def _standing(step: CaseStep, case: Case, actor: Staff, reason: str) -> CaseStep:
    """Return a step that stands. Raises NotYourStep, ReasonMissing, StepPast for one that was righted already.

    A case that was taken back with its need has no step that can be put right: nothing calls it back to life.
    """
    if not may_change(step, actor):
        raise problems.NotYourStep()
    if not reason.strip():
        raise problems.ReasonMissing()
    if case.state == "taken_back" or step.righted.exclude(righted__kind="taken_back").exists():
        raise problems.StepPast()
    return step


@transaction.atomic
def correct_step(*, step: CaseStep, sentence: str, reason: str, actor: Staff) -> CaseStep:
    """Put the words of a step right; the first ones stay beside them. Raises NotYourStep, ReasonMissing, StepPast."""
    case = locked(step.case)
    _standing(step, case, actor, reason)
    if step.kind not in WRITTEN:
        raise problems.StepPast()
    return write_step(case, actor, "corrected", sentence.strip(), "cases.step-corrected", of=step)


@transaction.atomic
def take_back_step(*, step: CaseStep, reason: str, actor: Staff) -> CaseStep:
    """Take a step back: a written one, an offer nobody answered, or the last change of state; the case stands as
    before.

    Raises NotYourStep, ReasonMissing; StepPast for an earlier change, ToldAlready where the resident knows of it;
    NearRelativeActs, but for an offer to a colleague: that gives the matter away.
    """
    case = locked(step.case)
    _standing(step, case, actor, reason)
    if step.kind != "offered":
        check_not_near(case, actor)
    else:
        _unoffer(case, step)
    if step.kind in CHANGES:
        if step.pk != _last_change(case):
            raise problems.StepPast()
        BACK[step.kind](case, step, actor)
        case.save(update_fields=["state", "answer", "closed_at", "due_on", "outcome"])
    elif step.kind not in (*WRITTEN, "offered"):
        raise problems.StepPast()
    back = write_step(case, actor, "taken_back", reason.strip(), "cases.step-taken-back", of=step)
    if step.kind in CHANGES and case.state in timing.UNDER_WAY:
        resettle(case, back)
    return back


def _last_change(case: Case) -> int | None:
    changes = case.steps.filter(kind__in=CHANGES).exclude(righted__kind="taken_back")
    return changes.order_by("-at", "-pk").values_list("pk", flat=True).first()


def _earlier(case: Case, step: CaseStep, **lookup: Any) -> CaseStep | None:
    """Return the last step before one that stands, of those asked for."""
    before = case.steps.filter(pk__lt=step.pk, **lookup).exclude(righted__kind="taken_back")
    return before.order_by("-at", "-pk").first()


def _unclose(case: Case, step: CaseStep, actor: Staff) -> None:
    known = outcome_of(case.outcome)
    if known is not None and known.makes is not None:
        raise problems.ToldAlready()
    if not needs.drop_answer(need=case.need, since=step.at, actor=actor):
        raise problems.ToldAlready()
    again = _earlier(case, step, kind="not_solved")
    case.state, case.answer = ("reopened", "not_solved") if again else ("open", "unanswered")
    case.closed_at, case.outcome = None, ""
    visits.withdraw_request(community=case.community, key=f"case/{case.pk}/answer")
    visits.request_visit(household=case.need.household, key=f"case/{case.pk}", kind="case", due_on=case.due_on)


def _unanswer(case: Case, step: CaseStep, actor: Staff) -> None:
    closing = _earlier(case, step, kind="closed")
    assert closing is not None
    case.state, case.answer, case.closed_at, case.outcome = "closed", "unanswered", closing.at, closing.outcome
    started = _earlier(case, step, due_on__isnull=False)
    if started is not None and started.due_on is not None:
        case.due_on = started.due_on
    needs.not_answered(need=case.need, actor=actor, at=step.at)
    visits.withdraw_request(community=case.community, key=f"case/{case.pk}")
    ask_by = closing.at.astimezone(clock.SHANGHAI).date() + timedelta(days=ASK_WITHIN_DAYS)
    key = f"case/{case.pk}/answer"
    visits.request_visit(household=case.need.household, key=key, kind="follow-up", due_on=ask_by)


def _unmove(case: Case, step: CaseStep, actor: Staff) -> None:
    """Take back what was owed for a move; how the case stands is deduced anew from the steps that are left.

    Raises StaysSealed where it would open what was written in confidence since.
    """
    if case.state not in timing.UNDER_WAY:
        raise problems.StepPast()
    was_shut = step.kind == "chosen" and actor.role != "head" and step.result in sealed_codes()
    if was_shut and case.steps.filter(pk__gt=step.pk).exists():
        raise problems.StaysSealed()
    if _owed(case, step) and not needs.drop_answer(need=case.need, since=step.at, actor=actor):
        raise problems.ToldAlready()


def _owed(case: Case, step: CaseStep) -> bool:
    """Say whether a sentence was owed because of a move."""
    if step.kind == "recorded":
        return bool(procedures.owed_for(case, procedures.procedure_of(case), step))
    return step.kind in ("extended", "referred", "replied") or (step.kind == "paused" and step.result in OWED)


def _unoffer(case: Case, step: CaseStep) -> None:
    """Ask a colleague no more: while they have said neither yes nor no, whatever was done since. Raises StepPast."""
    if step.pk != pending_offer(case, list(case.steps.filter(kind="offered").order_by("at", "pk"))):
        raise problems.StepPast()
    case.offered_to = None
    case.save(update_fields=["offered_to"])


MOVES = ("recorded", "paused", "resumed", "extended", "referred", "replied", "chosen")
BACK = {
    "closed": _unclose,
    "solved": _unanswer,
    "not_solved": _unanswer,
    **dict.fromkeys(MOVES, _unmove),
}
