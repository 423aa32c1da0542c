"""A round: its list is frozen with a commitment, drawn by a public value, and those nobody reaches are replaced."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from qiaomen.callbacks import problems
from qiaomen.callbacks.models import Call, CallbackRules, Sample
from qiaomen.callbacks.rules import draw
from qiaomen.callbacks.rules.asking import months_before
from qiaomen.callbacks.rules.ranges import size_for
from qiaomen.callbacks.selectors import subjects
from qiaomen.callbacks.selectors.callers import Callers, callers_for, deal
from qiaomen.callbacks.selectors.subjects import Subject
from qiaomen.kernel import clock, figures
from qiaomen.office import ledger
from qiaomen.office.models import Organisation, Staff

WITHIN_DAYS = 14
"""Days in which a drawn household is to be asked; the office's own habit."""
CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 7
GONE, RECENT = "gone", "recent"
LEVELS: list[tuple[str, Any, bool | None]] = [
    ("satisfied", _("满意"), True),
    ("fairly", _("基本满意"), True),
    ("unsatisfied", _("不满意"), False),
    ("unknown", _("不了解"), None),
]
"""Unless a place says otherwise. Source: domain.md §4.3 (Jinxiang 2017: 不了解 not counted)."""


def first_levels() -> list[list[Any]]:
    """Return the levels a place begins with, in the words of today's reader."""
    return [[code, str(title), counts] for code, title, counts in LEVELS]


def rules_of(community: Organisation) -> CallbackRules:
    """Return how a place asks, kept or as it begins."""
    kept = CallbackRules.objects.filter(community=community).first()
    return kept or CallbackRules(community=community, levels=first_levels(), checks=["four_week"])


@dataclass(frozen=True)
class Frame:
    """Who can be asked of a list. `left_out`: reason → how many are not in it."""

    of_type: str
    subjects: Sequence[Subject]
    left_out: Mapping[str, int]


def frame_of(*, community: Organisation, figure: str, start: date, end: date) -> Frame:
    """Return who can be asked of a figure's list today: not who is gone, not who was asked a short while ago."""
    found = figures.get(figure).list_records(community=community, start=start, end=end, as_at=clock.now())
    if not subjects.can_be_asked(found):
        raise problems.NobodyInFrame()
    of_type = found.model.record_type
    everybody = subjects.read(of_type, [UUID(str(key)) for key in found.values_list("pk", flat=True)])
    recent = _asked_lately(community)
    reasons: Counter[str] = Counter()
    kept = []
    for _row, subject in sorted(everybody.items(), key=lambda item: str(item[0])):
        if subject.is_gone:
            reasons[GONE] += 1
        elif subject.household.pk in recent:
            reasons[RECENT] += 1
        else:
            kept.append(subject)
    return Frame(of_type, kept, dict(reasons))


def _asked_lately(community: Organisation) -> set[UUID]:
    """Return the households that were asked, or are being asked, within the months this place leaves between."""
    since = months_before(clock.now(), rules_of(community).months_apart)
    calls = Call.objects.filter(community=community)
    answered = calls.filter(answered_at__gte=since).values_list("household", flat=True)
    return set(answered) | set(calls.filter(state="waiting").values_list("household", flat=True))


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
    frame = frame_of(community=community, figure=figure, start=start, end=end)
    if not frame.subjects:
        raise problems.NobodyInFrame()
    callers = callers_for(community)
    if not all(callers.of(subject) for subject in frame.subjects):
        raise problems.NobodyToAsk()
    first = Sample.objects.filter(community=community, figure=figure, start=start, end=end, redraw_of=None).first()
    if first is not None and not because.strip():
        raise problems.DrawnAlready()
    secret, salt = secrets.token_hex(32), secrets.token_hex(32)
    rows = [
        [str(subject.row), draw.ticket_mark(salt, str(subject.row)), subject.strata.get(by, draw.WHOLE)]
        for subject in frame.subjects
    ]
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
        frame_hash=draw.hash_of_frame([draw.Ticket(row[1], row[2]) for row in rows], quotas),
        left_out=dict(frame.left_out),
        quotas=quotas,
        levels=rules_of(community).levels,
        commitment=draw.commitment_of(secret),
        secret=secret,
        salt=salt,
        made_at=clock.now(),
        made_by=actor,
        redraw_of=first,
        redraw_because=because.strip()[:200] if first is not None else "",
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise problems.DrawnAlready() from error
    detail = {"commitment": made.commitment, "frame": made.frame_hash, "all": len(rows), "figure": figure}
    ledger.record(community=community, actor=actor, code="callbacks.framed", subject=made, detail=detail)
    return made


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
    detail = {"seed": locked.seed, "public": locked.public_value}
    ledger.record(community=locked.community, actor=actor, code="callbacks.drawn", subject=locked, detail=detail)
    return locked


def ask_next(*, sample: Sample, stratum: str, number: int = 1) -> list[Call]:
    """Ask the next lots of a stratum, so many who can be asked; those who are gone are written down on the way.

    Raises NobodyToAsk where nobody may ask any more: everybody took a hand since the list was frozen.
    """
    keys = {row[1]: UUID(row[0]) for row in sample.frame}
    tickets = [draw.Ticket(row[1], row[2]) for row in sample.frame if row[2] == stratum]
    order = draw.order_of(tickets, sample.seed).get(stratum, [])
    taken = sample.calls.filter(stratum=stratum).count()
    known = subjects.read(sample.of_type, [keys[mark] for mark in order[taken:]])
    chosen: list[tuple[int, Subject]] = []
    for place, mark in enumerate(order[taken:], taken + 1):
        if sum(not subject.is_gone for _place, subject in chosen) == number:
            break
        if keys[mark] in known:
            chosen.append((place, known[keys[mark]]))
    return _ask(sample, stratum, chosen)


def _ask(sample: Sample, stratum: str, chosen: Sequence[tuple[int, Subject]]) -> list[Call]:
    callers: Callers = callers_for(sample.community)
    dealt = deal([subject for _place, subject in chosen], callers, sample.seed)
    made = []
    for (place, subject), caller in zip(chosen, dealt, strict=True):
        if caller is None:
            raise problems.NobodyToAsk()
        made.append(
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
                state="gone" if subject.is_gone else "waiting",
                due_on=clock.today() + timedelta(days=WITHIN_DAYS),
                code=new_code(),
            )
        )
    return made


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
