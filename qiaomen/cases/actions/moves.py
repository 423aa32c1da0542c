"""The clock of a case stands still, goes on, gets longer; steps of its procedure are taken, or recorded of outside."""

from datetime import date

from django.db import transaction

from qiaomen.cases import problems
from qiaomen.cases.actions.steps import act, check_may_act, locked, tell
from qiaomen.cases.models import Case, CaseStep
from qiaomen.cases.rules.procedure import LETTER
from qiaomen.cases.selectors import procedures, standing_page
from qiaomen.kernel import clock
from qiaomen.office.models import Body, Staff

OWED = {"papers", "body"}
"""Pauses the resident has to be told of: what waits for the resident they know."""


@transaction.atomic
def pause_case(*, case: Case, actor: Staff, kind: str, until: date | None, reason: str) -> CaseStep:
    """Let the clock stand still until a day, from which it goes on by itself; what is missing is told.

    Raises PauseWithoutEnd, PauseEndsBefore, PauseUnknown for a kind that stops no clock of the procedure,
    PausedAlready, ReasonMissing.
    """
    held = locked(case)
    check_may_act(held, actor)
    if until is None:
        raise problems.PauseWithoutEnd()
    if until <= clock.today():
        raise problems.PauseEndsBefore()
    if not reason.strip():
        raise problems.ReasonMissing()
    procedure, stands = procedures.standing_of(held)
    if kind not in kinds_of_pause(held):
        raise problems.PauseUnknown(procedure=procedure.title)
    if stands.paused_until is not None:
        raise problems.PausedAlready()
    step = act(held, actor, "paused", "cases.paused", reason, result=kind, until=until)
    if kind in OWED:
        tell(held, actor, reason)
    return step


def kinds_of_pause(case: Case) -> list[str]:
    """Return the pauses that stop a clock of this case's procedure."""
    return standing_page.kinds_of_pause(procedures.procedure_of(case))


@transaction.atomic
def resume_case(*, case: Case, actor: Staff, sentence: str = "") -> CaseStep:
    """Let the clock go on before its pause ends; today counts. Raises NotPaused."""
    held = locked(case)
    check_may_act(held, actor)
    steps = procedures.standing_steps(list(held.steps.order_by("at", "pk")))
    pauses = [step for step in steps if step.kind in ("paused", "resumed")]
    if not pauses or pauses[-1].kind == "resumed" or not (pauses[-1].until and pauses[-1].until > clock.today()):
        raise problems.NotPaused()
    return act(held, actor, "resumed", "cases.resumed", sentence)


@transaction.atomic
def extend_case(*, case: Case, actor: Staff, reason: str) -> CaseStep:
    """Make the clock longer, as often as its source allows; the resident is owed the reason.

    Raises ReasonMissing, NotExtended.
    """
    held = locked(case)
    check_may_act(held, actor)
    if not reason.strip():
        raise problems.ReasonMissing()
    if not procedures.standing_of(held)[1].whole.can_extend:
        raise problems.NotExtended()
    step = act(held, actor, "extended", "cases.extended", reason)
    tell(held, actor, reason)
    return step


@transaction.atomic
def record_part(
    *,
    case: Case,
    actor: Staff,
    part: str,
    happened_on: date | None = None,
    result: str = "",
    number: str = "",
    sentence: str = "",
) -> CaseStep:
    """Record a step of the procedure: taken here, or by an authority outside, who decided.

    Raises PartNotOpen for one that cannot be taken now, DayToCome, RecordLacks with what its record has to say,
    LetterByReferral.
    """
    held = locked(case)
    check_may_act(held, actor)
    day = happened_on or clock.today()
    if day > clock.today():
        raise problems.DayToCome()
    if part == LETTER:
        raise problems.LetterByReferral()
    procedure, stands = procedures.standing_of(held)
    found = next((item for item in stands.next_steps if item.step.code == part), None)
    if found is None or (found.not_before is not None and day < found.not_before):
        raise problems.PartNotOpen()
    said = {
        "result": result if found.step.result(result) else "",
        "number": number.strip(),
        "sentence": sentence.strip(),
    }
    asked = [*found.step.asks, *(["result"] if found.step.results else [])]
    lacking = [name for name in dict.fromkeys(asked) if not said[name]]
    if lacking:
        raise problems.RecordLacks(fields=lacking)
    step = act(held, actor, "recorded", "cases.part-recorded", part=part, happened_on=day, **said)
    for owed in procedures.owed_for(held, procedure, step):
        tell(held, actor, owed.tells.sentence, owed.tells.channel, owed.due.day if owed.due else None)
    return step


@transaction.atomic
def refer_case(*, case: Case, actor: Staff, body: Body, sentence: str, agreed: bool, number: str = "") -> CaseStep:
    """Refer a case to a body outside by letter; the resident is told within two working days.

    Raises ConsentMissing where somebody's matter would leave the office without their word, ReasonMissing, BodyGone,
    ReferredAlready, RecordLacks where the procedure asks for the number of the letter.
    """
    held = locked(case)
    check_may_act(held, actor)
    if not sentence.strip():
        raise problems.ReasonMissing()
    if not agreed:
        raise problems.ConsentMissing()
    if body.ended_at is not None or body.community_id != held.community_id:
        raise problems.BodyGone()
    if procedures.waits_for_body(procedures.standing_steps(list(held.steps.order_by("at", "pk")))):
        raise problems.ReferredAlready()
    letter = procedures.standing_of(held)[1].letter
    if letter is not None and "number" in letter.asks and not number.strip():
        raise problems.RecordLacks(fields=["number"])
    part = LETTER if letter is not None else ""
    step = act(held, actor, "referred", "cases.referred", sentence, body=body, number=number.strip(), part=part)
    tell(held, actor, sentence)
    return step


@transaction.atomic
def record_reply(*, case: Case, actor: Staff, sentence: str) -> CaseStep:
    """Write down what the body outside answered; the resident is told within two working days.

    Raises NotReferred where nobody was asked, SentenceNeeded.
    """
    held = locked(case)
    check_may_act(held, actor)
    if not procedures.waits_for_body(procedures.standing_steps(list(held.steps.order_by("at", "pk")))):
        raise problems.NotReferred()
    if not sentence.strip():
        raise problems.SentenceNeeded()
    step = act(held, actor, "replied", "cases.replied", sentence)
    tell(held, actor, sentence)
    return step
