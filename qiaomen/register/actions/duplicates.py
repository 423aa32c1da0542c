"""Doubtful identity is a workplace with a queue: two records side by side, merged or told apart by a person."""

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Staff
from qiaomen.register import problems
from qiaomen.register.actions import acts
from qiaomen.register.actions.household_events import hand_over, settle_households
from qiaomen.register.models import Act, DistinctPair, Person
from qiaomen.register.selectors import minors
from qiaomen.register.selectors.possible_duplicates import FILLED


@transaction.atomic
def merge_people(*, stays: Person, goes: Person, actor: Staff, reason: str = "") -> Act:
    """Make two records one: what the one that stays does not know is taken over; both keep their history.

    Taken back like any act. Raises NotOnePair, HeadNeeded.
    """
    if stays.community_id != goes.community_id or stays.pk == goes.pk or "merged" in (stays.state, goes.state):
        raise problems.NotOnePair()
    minors.check_open(stays, actor)
    minors.check_open(goes, actor)
    act = acts.begin(
        community=stays.community, actor=actor, kind="merged", on_date=clock.today(), reason=reason
    )  # fmt: skip
    hand_over(act, goes.household, [goes], stays if stays.household_id == goes.household_id else None)
    filled = {name: getattr(goes, name) for name in FILLED if getattr(goes, name) and not getattr(stays, name)}
    if not acts.change(act, stays, **filled):
        acts.touch(act, stays)
    acts.change(act, goes, state="merged", is_head=False)
    settle_households(act, *{one.household_id: one.household for one in (stays, goes)}.values())
    ledger.record(
        community=stays.community, actor=actor, code="register.people-merged", subject=stays, reason=act.reason,
        detail={"act": str(act.pk), "goes": str(goes.pk)},
    )  # fmt: skip
    return act


@transaction.atomic
def tell_apart(*, left: Person, right: Person, actor: Staff) -> None:
    """Note that two records are two people. Raises NotOnePair."""
    if left.community_id != right.community_id or left.pk == right.pk:
        raise problems.NotOnePair()
    first, second = sorted((left, right), key=lambda one: str(one.pk))
    _, new = DistinctPair.objects.get_or_create(
        community=left.community, left=first, right=second, defaults={"said_at": clock.now(), "said_by": actor}
    )
    if new:
        ledger.record(
            community=left.community, actor=actor, code="register.people-distinct", subject=first,
            detail={"other": str(second.pk)},
        )  # fmt: skip
