"""What the page of a case says of its procedure: stage, clock with pauses, what is owed, next steps, how it may end."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qiaomen.cases.models import Case, CaseStep
from qiaomen.cases.rules.procedure import PAUSES, NextStep, Procedure, Standing
from qiaomen.cases.selectors import near, procedures
from qiaomen.kernel import clock
from qiaomen.kernel.lines import all_outcomes
from qiaomen.needs.models import Owed
from qiaomen.office.models import Staff


def who_title(who: str) -> str:
    """Return who takes a step, in words."""
    return {
        "owner": _("主办人"),
        "office": _("社区"),
        "resident": _("居民"),
        "street": _("街道"),
        "county": _("县（区）"),
        "court": _("法院"),
        "body": _("外单位"),
    }[who]


def pause_title(kind: str) -> str:
    """Return why a clock stands still, in words."""
    return {"papers": _("等补材料"), "posting": _("公示"), "resident": _("等居民"), "body": _("等外单位")}[kind]


def relation_title(code: str) -> str:
    """Return a near relation in words, seen from the member of staff."""
    return {
        "spouse": _("配偶"),
        "parent": _("父母"),
        "child": _("子女"),
        "sibling": _("兄弟姐妹"),
        "grandparent": _("祖父母、外祖父母"),
        "grandchild": _("孙子女、外孙子女"),
        "in_law": _("近姻亲"),
    }[code]


def unit_title(unit: str) -> str:
    """Return the unit of a clock in words."""
    return {"working_days": _("工作日"), "days": _("天"), "hours": _("小时")}[unit]


def choices() -> list[tuple[str, str]]:
    """Return the procedures a case can run under, the general one first."""
    found = procedures.in_force().values()
    return [(item.code, _(item.title)) for item in sorted(found, key=lambda p: (p.code != procedures.GENERAL, p.code))]


def endings(procedure: Procedure, stands: Standing) -> list[tuple[str, Any]]:
    """Return how a case may end now; the general procedure takes also what other houses registered."""
    found: list[tuple[str, Any]] = [(ending.code, _(ending.title)) for ending in stands.endings]
    if procedure.code == procedures.GENERAL:
        known = {code for code, _title in found}
        found += [(outcome.code, outcome.title) for outcome in all_outcomes() if outcome.code not in known]
    return found


def kinds_of_pause(procedure: Procedure) -> list[str]:
    """Return the pauses that stop a clock of a procedure; a posting stops it by its own step."""
    stopping = {kind for limit in procedure.limits() for kind in limit.paused_by}
    return [kind for kind in PAUSES if kind in stopping and kind != "posting"]


def standing_page(case: Case, steps: list[CaseStep], today: date, viewer: Staff) -> dict[str, Any]:
    """Return how a case stands, for its page; `steps`: all of it, oldest first."""
    procedure, stands = procedures.standing_of(case, steps)
    kept, relatives = procedures.standing_steps(steps), near.of_need(case.need)
    return {
        "procedure": procedure,
        "procedure_title": _(procedure.title),
        "stage": _(stands.stage),
        "stands": stands,
        "clock": _clock(stands, today),
        "pauses": _pauses(kept, stands, today),
        "next_steps": [_next(item, today) for item in stands.next_steps],
        "owed": list(Owed.objects.filter(need=case.need_id, told_at=None).order_by("due_on", "pk")),
        "amounts": stands.amounts,
        "materials": [{"title": _(item.title), "of": item.of, "source": item.source} for item in procedure.materials],
        "endings": endings(procedure, stands),
        "must_say": [ending for ending in stands.endings if ending.must_say],
        "near": relatives,
        "is_near": any(row.staff_id == viewer.pk for row in relatives),
        "referred_to": _referred(kept),
        "answers_by_step": any(item.step.code == "answer" for item in stands.next_steps),
        "may_choose": procedure.code == procedures.GENERAL or not any(step.part for step in kept),
        "seen": steps[-1].pk if steps else 0,
        "pause_kinds": kinds_of_pause(procedure),
        "paused_by_hand": _paused_by_hand(kept, today),
    }


def _clock(stands: Standing, today: date) -> dict[str, Any]:
    """Return the clock of the whole matter in numbers and words."""
    whole, due = stands.whole, stands.whole.due
    days = whole.limit.unit != "hours"
    return {
        "started_on": whole.started_on,
        "ended_on": whole.ended_on,
        "used": whole.used if whole.amount is not None and days else None,
        "left": max(whole.amount - whole.used, 0) if whole.amount is not None and days else None,
        "unit": unit_title(whole.limit.unit),
        "source": whole.limit.source,
        "blank": due is not None and due.day is None,
        "unconfirmed": due is not None and due.day is not None and not due.is_confirmed,
        "may_move": due is not None and due.may_move,
        "runs": whole.started_on is not None and whole.ended_on is None and stands.paused_until is None,
    }


def _pauses(kept: list[CaseStep], stands: Standing, today: date) -> list[dict[str, Any]]:
    """Return the pauses in words: since when, until when, why."""
    found: list[dict[str, Any]] = []
    for step in kept:
        day = step.at.astimezone(clock.SHANGHAI).date()
        if step.kind == "paused":
            found.append({"title": pause_title(step.result), "start": day, "end": step.until, "why": step.sentence})
        elif step.kind in ("resumed", "closed") and found and (found[-1]["end"] or day) > day:
            found[-1]["end"] = day
    return found


def _paused_by_hand(kept: list[CaseStep], today: date) -> bool:
    last = [step for step in kept if step.kind in ("paused", "resumed", "closed")]
    return bool(last) and last[-1].kind == "paused" and last[-1].until is not None and last[-1].until > today


def _next(item: NextStep, today: date) -> dict[str, Any]:
    due = item.due.day if item.due else None
    return {
        "step": item.step,
        "title": _(item.step.title),
        "who": who_title(item.step.who),
        "due": due,
        "late": due is not None and due < today,
        "blank": item.due is not None and due is None,
        "not_before": item.not_before,
        "again": item.again,
    }


def _referred(kept: Iterable[CaseStep]) -> CaseStep | None:
    """Return the referral that waits for its answer."""
    last = [step for step in kept if step.kind in ("referred", "replied") or step.part == "answer"]
    return last[-1] if last and last[-1].kind == "referred" else None


def part_title(procedure: Procedure, step: CaseStep) -> str:
    """Return what a recorded step was and how it came out; empty for one the procedure does not know."""
    known = procedure.step(step.part)
    if known is None:
        return ""
    result = known.result(step.result)
    return f"{_(known.title)}{_('：')}{_(result.title)}" if result else _(known.title)


def procedure_rows() -> list[dict[str, Any]]:
    """Return the procedures in force: their steps with sources, and which numbers nobody here has confirmed."""
    numbers = procedures.parameters()
    return [
        {
            "procedure": item,
            "title": _(item.title),
            "steps": [{"step": step, "title": _(step.title), "who": who_title(step.who)} for step in item.steps],
            "numbers": [
                {"parameter": numbers[code], "title": _(numbers[code].title), "unit": _(numbers[code].unit)}
                for code in sorted(item.parameters())
                if code in numbers
            ],
        }
        for item in sorted(procedures.in_force().values(), key=lambda p: (p.code != procedures.GENERAL, p.code))
    ]
