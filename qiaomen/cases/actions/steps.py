"""What every act on a case does: it holds the case, writes step and ledger line, and deduces how the case stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import transaction

from qiaomen.cases import problems
from qiaomen.cases.models import Case, CaseStep, ProcedureVersion
from qiaomen.cases.rules import timing
from qiaomen.cases.rules.procedure import Procedure
from qiaomen.cases.selectors import near, procedures
from qiaomen.cases.selectors.sealed import sealed_codes
from qiaomen.kernel import clock
from qiaomen.needs import actions as needs
from qiaomen.office import ledger
from qiaomen.office.models import Staff
from qiaomen.visits.actions import due as visits

DEDUCED = ("procedure", "version", "due_on", "paused_until", "extensions", "waits")


def locked(case: Case) -> Case:
    """Return a case that nobody else changes until this transaction ends."""
    return Case.objects.select_for_update().get(pk=case.pk)


def write_step(case: Case, staff: Staff, kind: str, sentence: str, code: str, **more: Any) -> CaseStep:
    """Write a step and its ledger line; `more`: its other columns."""
    made = CaseStep.objects.create(case=case, at=clock.now(), staff=staff, kind=kind, sentence=sentence, **more)
    ledger.record(community=case.community, actor=staff, code=code, subject=case)
    return made


def check_unchanged(case: Case, seen: int | None, actor: Staff) -> None:
    """Refuse an act on a case that a colleague changed since its page was shown; the case is held from here on.

    `seen`: the last step that page showed, None for whoever saw none. Raises ChangedMeanwhile with what was done.
    """
    held = locked(case)
    if seen is None:
        return
    newer = list(held.steps.select_related("staff").filter(pk__gt=seen).exclude(staff=actor).order_by("at", "pk"))
    if newer:
        raise problems.ChangedMeanwhile(who=newer[-1].staff.name, steps=[step.pk for step in newer])


@contextmanager
def unchanged(case: Case, seen: int | None, actor: Staff) -> Iterator[None]:
    """Hold a case that nobody changed since its page was shown, while something is done. Raises ChangedMeanwhile."""
    with transaction.atomic():
        check_unchanged(case, seen, actor)
        yield


def keep_version(procedure: Procedure) -> None:
    """Keep the text of a procedure that a matter begins to run under; one that is kept is never altered."""
    text = procedures.text_of(procedure)
    if procedure.version and text and procedures.shelf().procedures.get(procedure.code) == procedure:
        ProcedureVersion.objects.get_or_create(
            code=procedure.code, version=procedure.version, defaults={"text": text, "kept_at": clock.now()}
        )


def settle(case: Case) -> date | None:
    """Deduce how a case stands and keep what lists ask for; returns its new last day where that moved."""
    steps, before = list(case.steps.order_by("at", "pk")), case.due_on
    chosen = [step for step in procedures.standing_steps(steps) if step.kind in ("opened", "chosen") and step.result]
    if chosen:
        case.procedure, case.version = chosen[-1].result, int(chosen[-1].number or 1)
    _procedure, stands = procedures.standing_of(case, steps)
    facts = procedures.facts_of(case, steps)
    case.due_on = procedures.due_of(case, facts, stands)
    case.paused_until, case.extensions = stands.paused_until, facts.extensions
    case.waits = stands.waits or procedures.waits_for_body(procedures.standing_steps(steps))
    case.save(update_fields=list(DEDUCED))
    return case.due_on if case.due_on != before else None


def act(case: Case, actor: Staff, kind: str, code: str, sentence: str = "", **more: Any) -> CaseStep:
    """Do one thing to a case under way that is held: its step, its ledger line, how it stands now, and the plan.

    Raises NotUnderWay, NearRelativeActs.
    """
    check_may_act(case, actor)
    step = write_step(case, actor, kind, sentence.strip(), code, **more)
    resettle(case, step)
    return step


def resettle(case: Case, step: CaseStep) -> None:
    """Deduce how a case stands after a step; where its last day moved the step says so, and the plan follows."""
    moved = settle(case)
    if moved is None or case.state not in timing.UNDER_WAY:
        return
    step.due_on = moved
    step.save(update_fields=["due_on"])
    visits.request_visit(household=case.need.household, key=f"case/{case.pk}", kind="case", due_on=moved)


def check_may_act(case: Case, actor: Staff) -> None:
    """Refuse an act on a case that is not under way, one by a relative. Raises NotUnderWay, NearRelativeActs."""
    check_under_way(case)
    check_not_near(case, actor)


def check_under_way(case: Case) -> None:
    """Refuse what only a case under way takes. Raises NotUnderWay."""
    if case.state not in timing.UNDER_WAY:
        raise problems.NotUnderWay()


def check_not_near(case: Case, staff: Staff) -> None:
    """Refuse a near relative of whom a case is about: somebody else acts. Raises NearRelativeActs."""
    if near.is_near(case.need, staff):
        raise problems.NearRelativeActs()


def tell(case: Case, actor: Staff, sentence: str, channel: str = "telephone", due_on: date | None = None) -> None:
    """Owe the resident a sentence for what was done, by a day (None: within two working days)."""
    about = case.need
    needs.owe(
        household=about.household,
        person=about.person,
        need=about,
        sentence=sentence,
        owner=case.owner,
        actor=actor,
        channel=channel,
        due_on=max(due_on, clock.today()) if due_on else None,
    )


@transaction.atomic
def choose_procedure(*, case: Case, actor: Staff, code: str) -> CaseStep:
    """Let a case run under another procedure: one that has not begun yet.

    Raises NoSuchProcedure, ProcedureBegun, StaysSealed.
    """
    held, found = locked(case), procedures.in_force()
    if code not in found:
        raise problems.NoSuchProcedure()
    begun = any(step.part for step in procedures.standing_steps(list(held.steps.order_by("at", "pk"))))
    if begun and held.procedure != procedures.GENERAL:
        raise problems.ProcedureBegun()
    codes = sealed_codes()
    if held.procedure in codes and code not in codes and actor.role != "head":
        raise problems.StaysSealed()
    keep_version(found[code])
    return act(held, actor, "chosen", "cases.procedure-chosen", result=code, number=str(found[code].version))
