"""A call is recorded once however often it is sent; one that worries brings somebody to the door today."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from qiaomen.calls.models import Call, GoBetween
from qiaomen.calls.problems import CallInFuture, GoBetweenUnclear, NoNumber, NotNow
from qiaomen.calls.rules.calling import SEEN, SPOKE, asks_for_a_knock, knock_by
from qiaomen.calls.selectors.call_lists import Asked, Known, call_list
from qiaomen.calls.selectors.labels import WHY_NOT
from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.office import disclosure, ledger
from qiaomen.office.bulk_insert import keep_first
from qiaomen.office.fields import Blind
from qiaomen.office.models import Staff
from qiaomen.register.actions.looks import reveal_field
from qiaomen.register.models import Household, Person
from qiaomen.visits.actions import due, rounds, visits
from qiaomen.visits.models import Round

SLACK = timedelta(minutes=10)
OUTCOME_OF = {"phone": "by_phone", "video": "by_video", "other": "by_other"}


def asked_today(household: Household) -> Asked:
    """Return why a household is to be rung up today; one that is on no list is rung up without a reason of ours."""
    found = call_list(household.community, clock.today()).asked
    return next((one for one in found if one.home == household.pk), Asked(household.pk))


def whom_to_ring(household: Household) -> Person | None:
    """Return of whom the number is: the head of the household, else its eldest with one. None: no number is known."""
    people = (
        household.people.living()
        .exclude(phone_bi=Blind(household.community_id, ""))
        .order_by("-is_head", "birth_date", "pk")
    )
    return people.first()


def show_number(*, household: Household, actor: Staff) -> tuple[Person, str]:
    """Return whom to ring and the number, and write the look. Raises NoNumber, NotNow, TooManyLooks, SealedChild."""
    asked = asked_today(household)
    why = Known(household.community, [household.pk], clock.now()).why_not(asked)
    person = whom_to_ring(household)
    if person is None or why == "no-number":
        raise NoNumber()
    if why:
        raise NotNow(why=WHY_NOT[why])
    return person, reveal_field(person=person, field="phone", reason="call", actor=actor)


@transaction.atomic
def record_call(
    *,
    call_id: uuid.UUID,
    household: Household,
    staff: Staff,
    outcome: str,
    happened_at: datetime,
    origin: str,
    way: str = "phone",
    note: str = "",
) -> tuple[Call, bool]:
    """Record a call under the key its maker gave it; the second sending returns the stored one and False.

    Somebody who was spoken to and is well, or not, counts as seen in that way. After a call that worries, and after
    calls in vain, a visit is asked for. Raises CallInFuture; Call.DoesNotExist when the key is another community's.
    """
    if happened_at > clock.now() + SLACK:
        raise CallInFuture()
    asked = asked_today(household)
    call = Call(
        id=call_id,
        community=household.community,
        household=household,
        staff=staff,
        way=way,
        outcome=outcome,
        why=asked.alert.kind if asked.alert else asked.row.reason if asked.row else "",
        alert=asked.alert,
        note=note.strip()[:500],
        happened_at=happened_at,
        received_at=clock.now(),
    )
    return take_in(call, origin, urgent=asked.urgent)


def take_in(call: Call, origin: str, *, urgent: bool) -> tuple[Call, bool]:
    """Keep a call (an unsaved row) and what follows from it; returns what stands under its key, and whether it is new.

    Raises Call.DoesNotExist when the key is another community's.
    """
    kept, new = keep_first([call])
    if call.pk not in kept:
        raise Call.DoesNotExist
    if call.pk not in new:
        return kept[call.pk], False
    detail = {"outcome": call.outcome}
    ledger.record(community=call.community, actor=call.staff, code="calls.recorded", subject=call, detail=detail)
    if call.outcome in SEEN:
        _count_as_seen(call, origin)
    _ask_for_a_knock(call, urgent=urgent)
    return call, True


def _count_as_seen(call: Call, origin: str) -> None:
    """Write the visit a call counts as; a household without a door has none."""
    home = call.household
    if home.dwelling is None:
        return
    call.visit, _new = visits.record_visit(
        visit_id=uuid.uuid5(call.pk, "visit"),
        dwelling=home.dwelling,
        household=home,
        staff=call.staff,
        outcome=OUTCOME_OF[call.way],
        happened_at=call.happened_at,
        note=call.note,
        origin=origin,
    )
    call.save(update_fields=["visit"])


def _ask_for_a_knock(call: Call, *, urgent: bool) -> None:
    """Ask for a visit where the call asks for one, and put it into a round that is still to be walked today."""
    home = call.household
    tries = tries_in_vain(home)
    reason = asks_for_a_knock(call.outcome, tries, urgent=urgent)
    if not reason:
        if call.outcome in SPOKE:
            due.withdraw_request(community=call.community, key=unreached_key(home))
        return
    by = knock_by(reason, clock.today(), urgent=urgent)
    key = worry_key(call) if reason == "worry" else unreached_key(home)
    due.request_visit(household=home, key=key, kind=reason, due_on=by)
    if by == clock.today():
        _walk_today(call)


def unreached_key(home: Household) -> str:
    """Return the key of the request for a visit to who was rung up in vain."""
    return f"calls/unreached/{home.pk}"


def worry_key(call: Call) -> str:
    """Return the key of the request for a visit after a call that worries."""
    return f"worry/{call.pk}"


def tries_in_vain(home: Household) -> int:
    """Return how often a household was rung up in vain since somebody picked up."""
    rows = Call.objects.filter(household=home, way="phone").order_by("-happened_at")[:50]
    count = 0
    for outcome in rows.values_list("outcome", flat=True):
        if outcome in SPOKE:
            break
        count += 1
    return count


def _walk_today(call: Call) -> None:
    """Deal today's first round that has time left anew, so that this door is in it; where there is none the list of
    calls says that somebody has to go by themselves.
    """
    due.keep_current(call.community)
    walked = Round.objects.filter(community=call.community, day=clock.today(), state="planned")
    for made in walked.select_related("team", "community").order_by("starts_at", "team__name"):
        if made.is_over(clock.now()):
            continue
        try:
            with transaction.atomic():
                rounds.deal_anew(round=made, actor=call.staff)
        except Problem:
            continue
        if made.doors.planned().unwalked().filter(dwelling=call.household.dwelling_id).exists():
            return


@transaction.atomic
def name_go_between(*, household: Household, kind: str, name: str, phone: str, actor: Staff) -> GoBetween | None:
    """Note whom a household named to be asked how they are; no name ends it. Raises GoBetweenUnclear."""
    if name.strip() and kind not in ("neighbour", "volunteer", "relative"):
        raise GoBetweenUnclear()
    GoBetween.objects.filter(household=household, ended_at=None).update(ended_at=clock.now())
    made = None
    if name.strip():
        made = GoBetween.objects.create(
            community=household.community,
            household=household,
            kind=kind,
            name=name.strip()[:40],
            phone=phone.strip()[:20],
            said_at=clock.now(),
            said_by=actor,
        )
    ledger.record(community=household.community, actor=actor, code="calls.go-between-noted", subject=household)
    return made


def note_go_between_look(*, household: Household, actor: Staff) -> None:
    """Write that somebody read whom a household named. Raises TooManyLooks."""
    disclosure.look(
        community=household.community,
        actor=actor,
        code="calls.go-between-looked",
        people=[household.pk],
        subject=household,
        fields=["go_between"],
        once=True,
    )
