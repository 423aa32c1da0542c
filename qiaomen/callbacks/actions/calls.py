"""A call: tries at several hours, an answer once, and what is not solved is opened again."""

import json
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qiaomen.callbacks import problems
from qiaomen.callbacks.actions.rounds import WITHIN_DAYS, ask_next, new_code, rules_of
from qiaomen.callbacks.models import Attempt, Call, CallbackRules
from qiaomen.callbacks.rules.asking import FOUR_WEEKS, HALF, OUTCOMES, REOPENS, is_tried_out
from qiaomen.callbacks.selectors import subjects
from qiaomen.callbacks.selectors.callers import callers_for, deal, may_ask
from qiaomen.callbacks.selectors.subjects import Subject
from qiaomen.cases import actions as cases
from qiaomen.cases.models import Case
from qiaomen.cases.selectors import default_owner
from qiaomen.kernel import clock
from qiaomen.needs.models import Need
from qiaomen.office import ledger
from qiaomen.office.models import Staff

TELEPHONE, DOOR, SLIP = "telephone", "door", "slip"
WAYS = (TELEPHONE, DOOR, SLIP)
FRESH = timedelta(days=30)
"""How long after its day a check by the calendar is still made: a server that slept makes up for it."""


def _locked(call: Call) -> Call:
    found = Call.objects.select_for_update(of=("self",))
    return found.select_related("community__parent", "sample", "household", "person").get(pk=call.pk)


def _check_asker(call: Call, actor: Staff) -> Subject | None:
    """Let somebody ask, or refuse: a hand in the matter may have been taken since the draw. Raises NotYourCall."""
    subject = subjects.read(call.of_type, [call.row]).get(call.row)
    if subject is not None and not may_ask(actor, subject, call.community):
        raise problems.NotYourCall()
    return subject


@transaction.atomic
def note_attempt(*, call: Call, actor: Staff, way: str) -> None:
    """Note that nobody answered. Raises NotYourCall, AnsweredAlready, ValueError for an unknown way."""
    if way not in WAYS:
        raise ValueError(way)
    locked = _locked(call)
    _check_asker(locked, actor)
    if locked.state != "waiting":
        raise problems.AnsweredAlready()
    Attempt.objects.get_or_create(call=locked, at=clock.now(), defaults={"staff": actor, "way": way})
    ledger.record(community=locked.community, actor=actor, code="callbacks.tried", subject=locked.sample)


@transaction.atomic
def give_up(*, call: Call, actor: Staff) -> None:
    """Note that nobody can be reached; the next lot of the same stratum stands in, and the page says so.

    Raises NotYourCall, AnsweredAlready, TryAgainFirst: the telephone at several hours, then the door or a slip.
    """
    locked = _locked(call)
    subject = _check_asker(locked, actor)
    if locked.state != "waiting":
        raise problems.AnsweredAlready()
    tries = list(locked.attempts.values_list("way", "at"))
    by_phone = [at for way, at in tries if way == TELEPHONE]
    reachable = has_telephone(locked)
    if (reachable and not is_tried_out(by_phone)) or not any(way in (DOOR, SLIP) for way, _at in tries):
        raise problems.TryAgainFirst()
    locked.state = "gone" if subject is None or subject.is_gone else "no_answer"
    locked.save(update_fields=["state"])
    if locked.sample is not None:
        ask_next(sample=locked.sample, stratum=locked.stratum)
    ledger.record(community=locked.community, actor=actor, code="callbacks.not-reached", subject=locked.sample)


def has_telephone(call: Call) -> bool:
    """Say whether the register has a number to ring."""
    return bool(telephone_of(call))


def telephone_of(call: Call) -> str:
    """Return the number to ring: the person's own, else that of the head of the household; "" where there is none."""
    if call.person is not None and call.person.phone:
        return str(call.person.phone)
    people = call.household.people.living().order_by("-is_head", "pk")
    return next((str(person.phone) for person in people if person.phone), "")


@transaction.atomic
def answer(*, call: Call, actor: Staff, solved: str, level: str, words: str = "", way: str = TELEPHONE) -> None:
    """Note an answer, once; half and not open the matter again. Raises NotYourCall, AnsweredAlready, ValueError."""
    locked = _locked(call)
    if solved not in OUTCOMES or level not in {code for code, _title, _counts in levels_of(locked)} or way not in WAYS:
        raise ValueError((solved, level, way))
    _check_asker(locked, actor)
    if locked.state in ("answered", "gone"):
        raise problems.AnsweredAlready()
    locked.state, locked.answered_at, locked.answered_by, locked.way = "answered", clock.now(), actor, way
    locked.answer = json.dumps({"solved": solved, "level": level, "words": words.strip()[:500]}, ensure_ascii=False)
    locked.save(update_fields=["state", "answered_at", "answered_by", "way", "answer"])
    ledger.record(community=locked.community, actor=actor, code="callbacks.answered", subject=locked.sample)
    if solved in REOPENS:
        _open_again(locked, actor, solved, words.strip())


def levels_of(call: Call) -> list[list[object]]:
    """Return the levels of satisfaction a call is asked with: those its round was drawn with."""
    return list(call.sample.levels if call.sample is not None else rules_of(call.community).levels)


def _open_again(call: Call, actor: Staff, solved: str, words: str) -> None:
    """Open the matter again with a line that says by whom and why; what was answered at once gets its first case.

    What was taken back after it was drawn stays so: the answer is kept, and there is nothing to open.
    """
    said = _("回访时居民说只解决了一半。") if solved == HALF else _("回访时居民说没有解决。")
    if call.of_type == Case.record_type:
        case = Case.objects.filter(pk=call.row).first()
    else:
        need = Need.objects.filter(pk=call.row).first()
        if need is None:
            return
        case = Case.objects.filter(need=need).first()
        if case is None:
            made = cases.open_case(need=need, owner=default_owner(need), actor=actor)
            cases.take_step(case=made, actor=actor, sentence=f"{said}{words}")
    if case is not None and cases.reopen_case(case=case, actor=actor, words=f"{said}{words}"):
        ledger.record(community=call.community, actor=actor, code="callbacks.reopened", subject=case)


@transaction.atomic
def pass_on(*, call: Call, to: Staff, actor: Staff) -> None:
    """Give a waiting call to a colleague who may ask. Raises NotYourCall."""
    locked = _locked(call)
    _check_asker(locked, to)
    locked.caller = to
    locked.save(update_fields=["caller"])
    ledger.record(community=locked.community, actor=actor, code="callbacks.passed-on", subject=locked.sample)


def ask_by_calendar() -> int:
    """Make the four-week question and the checks after months for cases that were closed; return how many.

    A check that nobody may make waits for the next night: somebody may be there by then.
    """
    made = 0
    for rules in _all_rules():
        for purpose in rules.checks:
            after = FOUR_WEEKS if purpose == "four_week" else timedelta(days=30 * int(purpose.rpartition("_")[2]))
            made += _checks(rules, purpose, after)
    return made


def _all_rules() -> list[CallbackRules]:
    communities = Case.objects.order_by().values_list("community", flat=True).distinct()
    kept = {rules.community_id: rules for rules in CallbackRules.objects.select_related("community__parent")}
    return [kept.get(key) or rules_of(Case.objects.filter(community=key)[0].community) for key in communities]


@transaction.atomic
def _checks(rules: CallbackRules, purpose: str, after: timedelta) -> int:
    now = clock.now()
    closed = Case.objects.filter(community=rules.community_id, state__in=("closed", "confirmed"))
    due = closed.filter(closed_at__lte=now - after, closed_at__gt=now - after - FRESH)
    asked = set(
        Call.objects.filter(purpose=purpose, sample=None, row__in=due.values("pk")).values_list("row", flat=True)
    )
    todo = [s for s in subjects.of_cases(due.values_list("pk", flat=True)) if s.row not in asked and not s.is_gone]
    dealt = deal(todo, callers_for(rules.community), purpose)
    made = [
        Call(
            community=rules.community,
            purpose=purpose,
            of_type=Case.record_type,
            row=subject.row,
            household=subject.household,
            person=subject.person,
            caller=caller,
            due_on=clock.today() + timedelta(days=WITHIN_DAYS),
            code=new_code(),
        )
        for subject, caller in zip(todo, dealt, strict=True)
        if caller is not None
    ]
    return len(Call.objects.bulk_create(made, ignore_conflicts=True))


def by_code(community: UUID, code: str) -> Call:
    """Return the call a slip belongs to. Raises NoSuchSlip."""
    plain = "".join(code.upper().split())
    found = Call.objects.filter(community=community, code=plain).first() if plain else None
    if found is None:
        raise problems.NoSuchSlip(code=code[:20])
    return found
