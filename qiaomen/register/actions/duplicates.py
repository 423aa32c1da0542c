"""Doubtful identity is a workplace with a queue: two records side by side, merged or told apart by a person."""

import json
from collections.abc import Collection
from dataclasses import astuple

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.office import jobs, ledger
from qiaomen.office.models import Organisation, Staff
from qiaomen.register import problems
from qiaomen.register.actions import acts
from qiaomen.register.actions.household_events import hand_over, settle_households
from qiaomen.register.models import Act, DistinctPair, DuplicateSearch, Person
from qiaomen.register.selectors import minors
from qiaomen.register.selectors.possible_duplicates import CHOSEN, FILLED, find_duplicates, newest_change


def ask_for_duplicates(*, community: Organisation, actor: Staff) -> None:
    """Have duplicates looked for outside the request."""
    jobs.ask(community=community, code="register.duplicates", subject=community.pk, actor=actor)


def look_for_duplicates(community: Organisation) -> int:
    """Look for records of one person and keep what was found for the page. Return how many pairs there are.

    The mark of how far the register is is taken before the search: what is written meanwhile shows as newer.
    """
    last_change = newest_change()
    pairs = find_duplicates(community)
    DuplicateSearch.objects.update_or_create(
        community=community,
        defaults={
            "made_at": clock.now(),
            "last_change": last_change,
            "pairs": json.dumps([astuple(pair) for pair in pairs]),
        },
    )
    return len(pairs)


def check_pair(left: Person, right: Person, actor: Staff) -> None:
    """Let two records be made one by somebody. Raises NotOnePair, SealedChild."""
    if left.community_id != right.community_id or left.pk == right.pk or "merged" in (left.state, right.state):
        raise problems.NotOnePair()
    minors.check_open(left, actor)
    minors.check_open(right, actor)


@transaction.atomic
def merge_people(*, stays: Person, goes: Person, actor: Staff, reason: str = "", taken: Collection[str] = ()) -> Act:
    """Make two records one: what the one that stays does not know is taken over; both keep their history.

    `taken`: fields both know of which a person chose the value of the one that goes. Taken back like any act.
    Raises NotOnePair, HeadNeeded, ValueError for a field nobody chooses.
    """
    if set(taken) - set(CHOSEN):
        raise ValueError(f"not chosen in a merge: {set(taken) - set(CHOSEN)}")
    check_pair(stays, goes, actor)
    act = acts.begin(community=stays.community, actor=actor, kind="merged", on_date=clock.today(), reason=reason)
    hand_over(act, goes.household, [goes], stays if stays.household_id == goes.household_id else None)
    filled = {name: getattr(goes, name) for name in FILLED if getattr(goes, name) and not getattr(stays, name)}
    filled |= {name: getattr(goes, name) for name in taken}
    if "name" in filled and stays.is_head:
        acts.change(act, stays.household, head_name=filled["name"])
    if not acts.change(act, stays, **filled):
        acts.touch(act, stays)
    acts.change(act, goes, state="merged", is_head=False)
    settle_households(act, *{person.household_id: person.household for person in (stays, goes)}.values())
    ledger.record(
        community=stays.community,
        actor=actor,
        code="register.people-merged",
        subject=stays,
        reason=act.reason,
        fields=sorted(taken),
        detail={"act": str(act.pk), "goes": str(goes.pk)},
    )
    return act


@transaction.atomic
def tell_apart(*, left: Person, right: Person, actor: Staff) -> None:
    """Note that two records are two people. Raises NotOnePair."""
    if left.community_id != right.community_id or left.pk == right.pk:
        raise problems.NotOnePair()
    first, second = sorted((left, right), key=lambda person: str(person.pk))
    _, new = DistinctPair.objects.get_or_create(
        community=left.community, left=first, right=second, defaults={"said_at": clock.now(), "said_by": actor}
    )
    if new:
        ledger.record(
            community=left.community,
            actor=actor,
            code="register.people-distinct",
            subject=first,
            detail={"other": str(second.pk)},
        )
