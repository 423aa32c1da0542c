"""Doubtful identity is a workplace with a queue: two records side by side, merged or told apart by a person."""

import json
from collections.abc import Collection, Iterable
from dataclasses import astuple
from datetime import date

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.kernel.lines import carry_over
from qiaomen.office import jobs, ledger
from qiaomen.office.models import Organisation, Staff
from qiaomen.register import problems
from qiaomen.register.actions import acts
from qiaomen.register.actions.household_events import hand_over, settle_households
from qiaomen.register.models import Act, Consent, DistinctPair, DuplicateSearch, Person
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
    follows = RANK[goes.state] > RANK[stays.state]
    if not (follows and goes.is_head):
        hand_over(act, goes.household, [goes], stays if stays.household_id == goes.household_id else None)
    filled = {name: getattr(goes, name) for name in FILLED if getattr(goes, name) and not getattr(stays, name)}
    filled |= {name: getattr(goes, name) for name in taken}
    if "name" in filled and stays.is_head:
        acts.change(act, stays.household, head_name=filled["name"])
    if not acts.change(act, stays, **filled):
        acts.touch(act, stays)
    households = {person.household_id: person.household for person in (stays, goes)}
    _keep_times(act, stays, goes)
    _carry_consents(act, stays, goes)
    carry_over(act, stays, goes)
    if follows:
        place = {"state": goes.state, "household": goes.household, "relation": goes.relation, "is_head": goes.is_head}
        acts.change(act, stays, **place)
    if follows and goes.is_head:
        acts.change(act, goes.household, head_name=stays.name)
    acts.change(act, goes, state="merged", is_head=False)
    settle_households(act, *households.values())
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


RANK = {"left": 0, "away": 1, "living": 2, "died": 2}
"""Whose standing holds after a merge: of somebody who left and came back as a second record, where they are now."""


def _keep_times(act: Act, stays: Person, goes: Person) -> None:
    """Give the record that stays the times only the other one tells, so that no past total changes."""
    for times, what in (("residences", "dwelling"), ("registrations", "household"), ("family_times", "family")):
        known = [(one.from_date or date.min, one.to_date or date.max) for one in getattr(stays, times).all()]
        for one in getattr(goes, times).order_by("from_date", "pk"):
            whole = (one.from_date or date.min, one.to_date or date.max)
            for start, end in uncovered(whole, known):
                kept = {"from_date": None if start == date.min else start, "to_date": None if end == date.max else end}
                copy = type(one).objects.create(person=stays, **{what: getattr(one, what)}, **kept)
                acts.note_made(act, [copy])
                known.append((start, end))


def _carry_consents(act: Act, stays: Person, goes: Person) -> None:
    """Give the record that stays what the other one agreed to, and agreed to for a child."""
    given = Consent.objects.filter(person=goes).exclude(guardian=stays)
    acts.change_many(act, [(consent, {"person": stays}) for consent in given])
    guarded = Consent.objects.filter(guardian=goes).exclude(person=stays)
    acts.change_many(act, [(consent, {"guardian": stays}) for consent in guarded])


def uncovered(whole: tuple[date, date], known: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """Return the parts of a time, from a day until before another, that none of the known times covers."""
    left = [whole]
    for start, end in sorted(known):
        parts = [[(a, min(b, start)), (max(a, end), b)] if start < b and a < end else [(a, b)] for a, b in left]
        left = [(a, b) for pieces in parts for a, b in pieces if a < b]
    return left


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
