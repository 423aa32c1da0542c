"""What was written of a call is put right or taken back, with a reason; what it owed, and what it ended, comes back."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from qiaomen.calls.actions.calls import take_in, tries_in_vain, unreached_key, worry_key
from qiaomen.calls.models import Call
from qiaomen.calls.problems import CallNotYours, CallTakenBack, WhyMissing
from qiaomen.calls.rules.calling import SPOKE, asks_for_a_knock, knock_by
from qiaomen.calls.selectors.labels import alerts
from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Staff
from qiaomen.register.models import Household
from qiaomen.visits.actions import due, visits
from qiaomen.visits.models import Visit, VisitRequest


def may_change(call: Call, staff: Staff) -> bool:
    """Say whether somebody may put a call right or take it back: who recorded it, and the head."""
    return call.staff_id == staff.pk or staff.role == "head"


def _changeable(call: Call, actor: Staff, reason: str) -> Call:
    """Return a call locked. Raises CallNotYours, WhyMissing, CallTakenBack."""
    if not may_change(call, actor):
        raise CallNotYours()
    if not reason.strip():
        raise WhyMissing()
    rows = Call.everything.select_for_update(of=("self",)).select_related("community", "household__dwelling", "staff")
    locked = rows.get(pk=call.pk)
    if locked.taken_back_at is not None:
        raise CallTakenBack()
    return locked


@transaction.atomic
def take_back_call(*, call: Call, reason: str, actor: Staff) -> None:
    """Take a call back: it stays and counts nowhere, the visit it counted as is taken back, nobody has to go there
    because of it, and whom it ended the search for is searched again. Raises CallNotYours, WhyMissing, CallTakenBack.
    """
    locked = _changeable(call, actor, reason)
    _forget(locked, "calls.taken-back", reason, actor)
    _ask_as_it_stands(locked.household)


@transaction.atomic
def correct_call(*, call: Call, outcome: str, way: str, note: str, reason: str, actor: Staff) -> Call:
    """Put right what is written of a call: what stood is taken back and what holds is written in its stead, of the same
    moment and by the same person; returns that. What is as it was changes nothing.

    Raises CallNotYours, WhyMissing, CallTakenBack.
    """
    locked = _changeable(call, actor, reason)
    if (locked.outcome, locked.way, locked.note) == (outcome, way, note.strip()):
        return locked
    _forget(locked, "calls.corrected", reason, actor)
    made = Call(
        id=uuid.uuid5(locked.pk, "corrected"),
        community=locked.community,
        household=locked.household,
        staff=locked.staff,
        way=way,
        outcome=outcome,
        why=locked.why,
        alert=locked.alert,
        note=note.strip()[:500],
        happened_at=locked.happened_at,
        received_at=clock.now(),
    )
    kept, _new = take_in(made, "desk", urgent=_is_urgent(made))
    _ask_as_it_stands(locked.household)
    return kept


def follow_visit(visit: Visit, actor: Staff) -> None:
    """Take back the call that counted as a visit when that is taken back: it was one thing."""
    call = Call.objects.select_related("community", "household__dwelling").filter(visit=visit).first()
    if call is not None:
        _forget(call, "calls.taken-back", _("撤销了这通电话算作的走访"), actor)
        _ask_as_it_stands(call.household)


def _forget(call: Call, code: str, reason: str, actor: Staff) -> None:
    call.taken_back_at = clock.now()
    call.save(update_fields=["taken_back_at"])
    ledger.record(community=call.community, actor=actor, code=code, subject=call, reason=reason.strip()[:200])
    if call.visit is not None:
        visits.take_back(visit=call.visit, actor=actor)
    due.withdraw_request(community=call.community, key=worry_key(call))


def _ask_as_it_stands(home: Household) -> None:
    """Ask for a visit to who was not reached as the calls that still count ask for it, or no longer."""
    key = unreached_key(home)
    if not (wanted := _in_vain(home)):
        due.withdraw_request(community=home.community, key=key)
    elif not VisitRequest.objects.filter(community=home.community, key=key).exclude(open=False, kept=False).exists():
        by = knock_by("unreached", clock.today(), urgent=_is_urgent(wanted))
        due.request_visit(household=home, key=key, kind="unreached", due_on=by)
    if home.dwelling_id is not None:
        due.refresh(home.community, [home.dwelling_id])


def _in_vain(home: Household) -> Call | None:
    """Return the last call in vain since somebody picked up because of which somebody has to go there; None: none."""
    asked, tries = None, tries_in_vain(home)
    for call in Call.objects.filter(household=home).select_related("alert").order_by("-happened_at", "-pk")[:50]:
        if call.outcome in SPOKE:
            break
        if asked is None and asks_for_a_knock(call.outcome, tries, urgent=_is_urgent(call)):
            asked = call
        tries -= call.way == "phone"
    return asked


def _is_urgent(call: Call) -> bool:
    return call.alert is not None and bool(alerts()[call.alert.kind].get("urgent"))
