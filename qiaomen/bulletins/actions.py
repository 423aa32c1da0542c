"""A bulletin is drafted, published with its figures frozen, withdrawn with a reason."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from qiaomen.bulletins import problems
from qiaomen.bulletins.models import BULLETIN_WIDTHS, Bulletin, CountyReading, FrozenFigure
from qiaomen.bulletins.selectors.freezing import county_readings, frozen_now
from qiaomen.bulletins.selectors.numbers import words_of
from qiaomen.groups.selectors.public_words import private_in
from qiaomen.kernel import clock
from qiaomen.kernel.figures import Period, moments_of
from qiaomen.office import disclosure, ledger
from qiaomen.office.models import Organisation, Staff


@transaction.atomic
def draft_bulletin(*, community: Organisation, day: date, actor: Staff, width: str = "week") -> Bulletin:
    """Begin the bulletin of the week, month or quarter `day` lies in; a second call returns the standing one.

    Raises WeekNotBegun, ValueError for another width.
    """
    if width not in BULLETIN_WIDTHS:
        raise ValueError(width)
    period = Period.around(day, width)
    if period.start > clock.today():
        raise problems.WeekNotBegun()
    same = Bulletin.objects.filter(community=community, width=width, start=period.start).exclude(state="withdrawn")
    standing = same.first()
    if standing is not None:
        return standing
    try:
        with transaction.atomic():
            bulletin = Bulletin.objects.create(community=community, width=width, start=period.start)
    except IntegrityError:  # pressed twice: the other one was first
        return same.get()
    ledger.record(community=community, actor=actor, code="bulletins.drafted", subject=bulletin)
    return bulletin


@transaction.atomic
def tell_county(*, community: Organisation, weeks: Iterable[Period]) -> None:
    """Keep how the county reads finished weeks, before it does: what it reads once is out, and stays as it is read."""
    ledger.lock(community)  # a bulletin that goes out at this moment, or another reader, comes before or after
    for week in weeks:
        made = county_readings(community, week, moments_of(week.start, week.end)[1])
        CountyReading.objects.bulk_create(made)


@transaction.atomic
def publish_bulletin(*, bulletin: Bulletin, actor: Staff) -> Bulletin:
    """Freeze every figure, number and list from one query each, at one moment, and how the public reads it.

    All its words pass the gate first. What is held back is decided over all that ever went out for these days. Raises
    NotADraft, PrivateWords.
    """
    ledger.lock(bulletin.community)
    locked = Bulletin.objects.select_for_update(of=("self",)).select_related("community").get(pk=bulletin.pk)
    if locked.state != "draft":
        raise problems.NotADraft()
    check_public(locked.community, words_of(locked))
    locked.state, locked.as_at, locked.published_by = "published", clock.now(), actor
    locked.save(update_fields=["state", "as_at", "published_by"])
    rows = frozen_now(locked)
    for row in rows:
        row.save()
    values = {row.code: row.value for row in rows if isinstance(row, FrozenFigure)}
    ledger.record(community=locked.community, actor=actor, code="bulletins.published", subject=locked, detail=values)
    return locked


def check_public(community: Organisation, words: str) -> None:
    """Let words go before the public, or refuse them. Raises PrivateWords."""
    if private := private_in(community, words):
        raise problems.PrivateWords(count=len(private), found=private[0].found, kind=private[0].title)


@transaction.atomic
def withdraw_bulletin(*, bulletin: Bulletin, actor: Staff, reason: str) -> None:
    """Take a published bulletin back; it stays on file and the public reads why.

    The reason passes the gate before publication. Raises ReasonNeeded, PrivateWords.
    """
    locked = Bulletin.objects.select_for_update().get(pk=bulletin.pk)
    if not reason.strip() or locked.state != "published":
        raise problems.ReasonNeeded()
    check_public(locked.community, reason)
    locked.state, locked.withdrawn_at, locked.withdrawn_because = "withdrawn", clock.now(), reason.strip()[:200]
    locked.save(update_fields=["state", "withdrawn_at", "withdrawn_because"])
    ledger.record(community=locked.community, actor=actor, code="bulletins.withdrawn", subject=locked)


def note_look(
    *, community: Organisation, code: str, homes: Iterable[UUID], actor: Staff, bulletin: Bulletin | None = None
) -> None:
    """Write that somebody opened the list behind a number, and whose doors stand on it."""
    disclosure.look(
        community=community,
        actor=actor,
        code="bulletins.looked",
        subject=bulletin,
        fields=["door_label"],
        people=homes,
        detail={"figure": code},
    )
