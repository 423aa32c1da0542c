"""A round: its list is frozen with a commitment, drawn by a public value, and those nobody reaches are replaced."""

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from qiaomen.callbacks import problems
from qiaomen.callbacks.models import Call, CallbackRules, Sample
from qiaomen.callbacks.rules import draw
from qiaomen.callbacks.rules.ranges import size_for
from qiaomen.callbacks.selectors import subjects
from qiaomen.callbacks.selectors.callers import Callers, callers_for, deal
from qiaomen.callbacks.selectors.frames import (
    GONE,
    RECENT,
    SAME_HOME,
    Lately,
    asked_lately,
    drawn_before,
    first_levels,
    frame_of,
    rules_of,
)
from qiaomen.callbacks.selectors.results import about_of, ends_of, places_of
from qiaomen.kernel import clock, figures
from qiaomen.kernel.figures.asking import Subject
from qiaomen.office import ledger
from qiaomen.office.models import Organisation, Staff

__all__ = ["GONE", "RECENT", "SAME_HOME", "first_levels", "frame_of", "rules_of"]
DELETED, NOBODY = "deleted", "nobody"
"""Why a lot is passed over, beside RECENT, DIED and MOVED: there is no such record any more, or nobody may ask."""
WITHIN_DAYS = 14
"""Days in which a drawn household is to be asked; the office's own habit."""
CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 7


@transaction.atomic
def frame_round(
    *,
    community: Organisation,
    actor: Staff,
    figure: str,
    start: date,
    end: date,
    width_share: int,
    by: str = "",
    because: str = "",
) -> Sample:
    """Freeze the list of a figure and commit to a secret. The size follows from how wide the range may be.

    `width_share`: the widest range, in hundredths of all. `by`: the stratum, "" for none. `because`: why the list is
    drawn again. Raises NobodyInFrame, NobodyToAsk, DrawnAlready.
    """
    ledger.lock(community)  # two rounds framed at once are framed one after the other
    secret, salt = secrets.token_hex(32), secrets.token_hex(32)
    frame = frame_of(community=community, figure=figure, start=start, end=end, salt=salt)
    if not frame.subjects:
        raise problems.NobodyInFrame()
    callers = callers_for(community)
    if not all(callers.of(subject) for subject in frame.subjects):
        raise problems.NobodyToAsk()
    first = drawn_before(community, frame, figure, start, end)
    if first is not None and not because.strip():
        raise _drawn(first)
    rows = _rows(frame.subjects, salt, by)
    sizes = dict(Counter(row[2] for row in rows))
    quotas = draw.shares(sizes, size_for(len(rows), len(rows) * width_share // 100))
    made = Sample(
        community=community,
        figure=figure,
        of_type=frame.of_type,
        start=start,
        end=end,
        as_at=clock.now(),
        by=by,
        frame=rows,
        left_out=dict(frame.left_out),
        quotas=quotas,
        levels=rules_of(community).levels,
        secret=secret,
        salt=salt,
        made_at=clock.now(),
        made_by=actor,
        redraw_of=first,
        redraw_because=because.strip()[:200] if first is not None else "",
    )
    tickets = [draw.Ticket(row[1], row[2]) for row in rows]
    made.frame_hash = draw.hash_of_frame(tickets, quotas, about_of(made))
    made.commitment = draw.commitment_of(secret, made.frame_hash)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise _drawn(made) from error
    detail = {"commitment": made.commitment, "frame": made.frame_hash, "all": len(rows), "figure": figure}
    ledger.record(community=community, actor=actor, code="callbacks.framed", subject=made, detail=detail)
    return made


def _rows(found: Sequence[Subject], salt: str, by: str) -> list[list[str]]:
    """Return a frame as it is kept: record, ticket, part, matter."""
    return [
        [
            str(subject.row),
            draw.ticket_mark(salt, str(subject.row)),
            subject.strata.get(by, draw.WHOLE),
            str(subject.matter),
        ]
        for subject in found
    ]


def _drawn(first: Sample) -> problems.DrawnAlready:
    title = figures.get(first.figure).title
    return problems.DrawnAlready(figure=title, start=first.start.isoformat(), end=first.end.isoformat())


@transaction.atomic
def draw_round(*, sample: Sample, actor: Staff, public: str) -> Sample:
    """Draw by the public value and deal the calls. Raises PublicValueNeeded, NotFramed, NobodyToAsk.

    Whoever is gone since the list was frozen is drawn all the same, is said to be gone, and the next lot stands in.
    """
    if not public.strip():
        raise problems.PublicValueNeeded()
    locked = Sample.objects.select_for_update(of=("self",)).select_related("community__parent").get(pk=sample.pk)
    if locked.state != "framed":
        raise problems.NotFramed()
    locked.public_value = public.strip()[:80]
    locked.seed = draw.seed_of(locked.secret, locked.public_value)
    locked.state, locked.drawn_at, locked.drawn_by = "drawn", clock.now(), actor
    locked.save(update_fields=["public_value", "seed", "state", "drawn_at", "drawn_by"])
    for stratum, number in locked.quotas.items():
        ask_next(sample=locked, stratum=stratum, number=number)
    if not locked.calls.exists():
        raise problems.NobodyToAsk()
    detail = {"seed": locked.seed, "public": locked.public_value, "end": locked.end_hash}
    ledger.record(community=locked.community, actor=actor, code="callbacks.drawn", subject=locked, detail=detail)
    return locked


def replace(*, call: Call, because: str) -> None:
    """Write down that somebody drawn is not asked any more, and ask the next lot of the same stratum."""
    if call.sample_id is None:
        return
    sample = Sample.objects.select_for_update(of=("self",)).select_related("community__parent").get(pk=call.sample_id)
    mark = next(row[1] for row in sample.frame if row[0] == str(call.row))
    sample.replaced.append({"mark": mark, "stratum": call.stratum, "place": call.place, "because": because})
    ask_next(sample=sample, stratum=call.stratum)


def ask_next(*, sample: Sample, stratum: str, number: int = 1) -> list[Call]:
    """Ask the next lots of a stratum, so many who can be asked; whoever cannot is written down on the way with why.

    Whoever died, moved or was asked by another round since the list was frozen, and a record about which everybody took
    a hand since, is passed over: the place in the order of the lots and the reason are printed.
    """
    keys = {row[1]: UUID(row[0]) for row in sample.frame}
    tickets = [draw.Ticket(row[1], row[2]) for row in sample.frame if row[2] == stratum]
    order = draw.order_of(tickets, sample.seed).get(stratum, [])
    taken = len(places_of(sample, stratum))
    known = subjects.read(sample.of_type, [keys[mark] for mark in order[taken:]])
    recent, callers = asked_lately(rules_of(sample.community), but=sample), callers_for(sample.community)
    chosen: list[tuple[int, Subject]] = []
    for place, mark in enumerate(order[taken:], taken + 1):
        if len(chosen) == number:
            break
        subject = known.get(keys[mark])
        if subject is not None and not (because := _passed_over(subject, recent, callers)):
            chosen.append((place, subject))
        else:
            because = DELETED if subject is None else because
            sample.replaced.append({"mark": mark, "stratum": stratum, "place": place, "because": because})
    made = _ask(sample, stratum, chosen, callers)
    sample.end_hash = draw.hash_of_end(sample.seed, *ends_of(sample))
    sample.save(update_fields=["replaced", "end_hash"])
    return made


def _passed_over(subject: Subject, recent: Lately, callers: Callers) -> str:
    """Return why somebody drawn is not asked; "" when they are."""
    if subject.gone:
        return subject.gone
    if recent.holds(subject):
        return RECENT
    return "" if callers.of(subject) else NOBODY


def _ask(sample: Sample, stratum: str, chosen: Sequence[tuple[int, Subject]], callers: Callers) -> list[Call]:
    dealt = deal([subject for _place, subject in chosen], callers, sample.seed)
    return [
        Call.objects.create(
            community=sample.community,
            sample=sample,
            purpose="round",
            of_type=sample.of_type,
            row=subject.row,
            stratum=stratum,
            place=place,
            household=subject.household,
            person=subject.person,
            caller=caller,
            asked_at=clock.now(),
            due_on=clock.today() + timedelta(days=WITHIN_DAYS),
            code=new_code(),
        )
        for (place, subject), caller in zip(chosen, dealt, strict=True)
        if caller is not None
    ]


def new_code() -> str:
    """Return a code for a slip: no sign of it is mistaken for another."""
    return "".join(secrets.choice(CODE_SIGNS) for _sign in range(CODE_LENGTH))


@transaction.atomic
def keep_rules(
    *, community: Organisation, actor: Staff, levels: Sequence[Sequence[Any]], months_apart: int, checks: Sequence[str]
) -> None:
    """Set how a place asks; rounds that are drawn keep the words they began with."""
    CallbackRules.objects.update_or_create(
        community=community,
        defaults={"levels": list(levels), "months_apart": months_apart, "checks": list(checks)},
    )
    ledger.record(community=community, actor=actor, code="callbacks.rules-kept")
