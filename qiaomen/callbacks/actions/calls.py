"""A call: tries at several hours, an answer once, and what is not solved is opened again."""

import json
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qiaomen.callbacks import problems
from qiaomen.callbacks.actions.rounds import DELETED, WITHIN_DAYS, new_code, replace, rules_of
from qiaomen.callbacks.models import Attempt, Call, CallbackRules, Sample
from qiaomen.callbacks.rules.asking import (
    AT_ONCE,
    FOUR_WEEKS,
    HALF,
    NO_ANSWER,
    OUTCOMES,
    REFUSED,
    REOPENS,
    is_tried_out,
)
from qiaomen.callbacks.selectors import subjects
from qiaomen.callbacks.selectors.callers import callers_for, deal
from qiaomen.kernel import clock
from qiaomen.kernel.figures.asking import Askable, Subject, all_askable, askable
from qiaomen.office import ledger
from qiaomen.office.models import Organisation, Staff

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
    if subject is not None and not callers_for(call.community).may_ask(actor, subject):
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
def give_up(*, call: Call, actor: Staff, because: str = "") -> None:
    """Note that somebody is not asked; the next lot of the same stratum stands in, and the page says so with why.

    `because`: died, moved or refused, as the caller heard it; then nobody is rung or knocked at again, and neither is
    anybody whom the register says to be gone. "" for somebody who could not be reached: the telephone at several hours,
    then the door or a slip. Raises NotYourCall, AnsweredAlready, TryAgainFirst, ValueError for an unknown reason.
    """
    if because and because not in AT_ONCE:
        raise ValueError(because)
    locked = _locked(call)
    subject = _check_asker(locked, actor)
    if locked.state != "waiting":
        raise problems.AnsweredAlready()
    known = DELETED if subject is None else subject.gone
    if not (known or because or _is_tried(locked)):
        raise problems.TryAgainFirst()
    _end(locked, known or because, actor)


def _is_tried(call: Call) -> bool:
    tries = list(call.attempts.values_list("way", "at"))
    by_phone = [at for way, at in tries if way == TELEPHONE]
    return (is_tried_out(by_phone) or not has_telephone(call)) and any(way in (DOOR, SLIP) for way, _at in tries)


def _end(call: Call, because: str, actor: Staff | None) -> None:
    call.state = "no_answer" if because in ("", REFUSED) else "gone"
    call.because = because
    call.save(update_fields=["state", "because"])
    replace(call=call, because=because or NO_ANSWER)
    end = Sample.objects.values_list("end_hash", flat=True).get(pk=call.sample_id) if call.sample_id else ""
    ledger.record(
        community=call.community,
        actor=actor,
        code="callbacks.not-reached",
        subject=call.sample,
        detail={"because": because or NO_ANSWER, "end": end},
    )


def release_gone() -> int:
    """Take out of every round, and of the checks, whoever the register says died or moved away; return how many."""
    ended = 0
    for of_type in Call.objects.filter(state="waiting").order_by().values_list("of_type", flat=True).distinct():
        waiting = Call.objects.filter(state="waiting", of_type=of_type)
        known = subjects.read(of_type, waiting.values_list("row", flat=True))
        for call in waiting:
            because = known[call.row].gone if call.row in known else DELETED
            if because:
                ended += _release(call, because)
    return ended


@transaction.atomic
def _release(call: Call, because: str) -> int:
    locked = _locked(call)
    if locked.state != "waiting":
        return 0
    _end(locked, because, None)
    return 1


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
    """Have the house of the record open it again, with a line that says by whom and why.

    What was taken back after it was drawn stays so: the answer is kept, and there is nothing to open.
    """
    said = _("回访时居民说只解决了一半。") if solved == HALF else _("回访时居民说没有解决。")
    kind = askable(call.of_type)
    opened = kind.reopen(call.row, actor, f"{said}{words}") if kind is not None and kind.reopen is not None else None
    if opened is not None:
        ledger.record(community=call.community, actor=actor, code="callbacks.reopened", subject=opened)


@transaction.atomic
def pass_on(*, call: Call, to: Staff, actor: Staff) -> None:
    """Give a waiting call to a colleague who may ask. Raises NotYourCall."""
    locked = _locked(call)
    _check_asker(locked, to)
    locked.caller = to
    locked.save(update_fields=["caller"])
    ledger.record(community=locked.community, actor=actor, code="callbacks.passed-on", subject=locked.sample)


def ask_by_calendar() -> int:
    """Make the four-week question and the checks after months for what was finished; return how many.

    Of every kind of record whose house said how it is asked about. A check that nobody may make
    waits for the next night: somebody may be there by then. So does one at a door where another answer is waited for.
    """
    made = 0
    for community in Organisation.objects.filter(kind="community").select_related("parent"):
        rules = rules_of(community)
        for purpose in rules.checks:
            for kind in all_askable():
                if kind.finished is not None:
                    made += _checks(rules, purpose, kind)
    return made


def _after(purpose: str) -> timedelta:
    return FOUR_WEEKS if purpose == "four_week" else timedelta(days=30 * int(purpose.rpartition("_")[2]))


@transaction.atomic
def _checks(rules: CallbackRules, purpose: str, kind: Askable) -> int:
    assert kind.finished is not None
    until = clock.now() - _after(purpose)
    due = list(kind.finished(rules.community, until - FRESH, until))
    if not due:
        return 0
    asked = set(Call.objects.filter(purpose=purpose, sample=None, row__in=due).values_list("row", flat=True))
    todo = _one_a_home(subject for subject in kind.read(due) if subject.row not in asked and not subject.gone)
    dealt = deal(todo, callers_for(rules.community), purpose)
    made = [
        Call(
            community=rules.community,
            purpose=purpose,
            of_type=kind.record_type,
            row=subject.row,
            household=subject.household,
            person=subject.person,
            caller=caller,
            asked_at=clock.now(),
            due_on=clock.today() + timedelta(days=WITHIN_DAYS),
            code=new_code(),
        )
        for subject, caller in zip(todo, dealt, strict=True)
        if caller is not None
    ]
    return len(Call.objects.bulk_create(made, ignore_conflicts=True))


def _one_a_home(found: Iterable[Subject]) -> list[Subject]:
    """Return the first subject of each household at which no other answer is waited for, and is not late."""
    homes: dict[UUID, Subject] = {}
    for subject in sorted(found, key=lambda subject: str(subject.row)):
        homes.setdefault(subject.household.pk, subject)
    waiting = Call.objects.filter(state="waiting", due_on__gte=clock.today(), household__in=list(homes))
    taken = set(waiting.values_list("household", flat=True))
    return [subject for home, subject in homes.items() if home not in taken]


def by_code(community: UUID, code: str) -> Call:
    """Return the call a slip belongs to. Raises NoSuchSlip."""
    plain = "".join(code.upper().split())
    found = Call.objects.filter(community=community, code=plain).first() if plain else None
    if found is None:
        raise problems.NoSuchSlip(code=code[:20])
    return found
