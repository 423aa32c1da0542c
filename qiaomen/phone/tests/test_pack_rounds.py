"""The pack follows the rounds: a cancelled one is not there, a shared one gives each phone its own stairs."""

from datetime import time
from typing import Any

from qiaomen.kernel import clock
from qiaomen.office.models import Device, Organisation, Staff
from qiaomen.phone.actions.pack import make_pack
from qiaomen.register.models import Dwelling
from qiaomen.visits.actions import rounds
from qiaomen.visits.models import Round, Visit, VisitWish


def pack_of(staff: Staff) -> dict[str, Any]:
    device, _ = Device.objects.get_or_create(
        staff=staff, token_sha256=str(staff.pk), defaults={"created_at": clock.now()}
    )
    assert staff.community is not None
    return make_pack(device=device, community=staff.community)


def test_the_pack_follows_the_round_shared_and_cancelled(
    community: Organisation, worker: Staff, door: Dwelling
) -> None:
    made = Round.objects.get()
    whole = pack_of(worker)
    assert len(whole["doors"]) == 60 and whole["round"]["id"] == str(made.pk)
    mate = Staff.objects.create_user("m-p", None, name="同伴", role="volunteer", organisation=community)
    assert pack_of(mate)["round"] is None
    made.team.members.add(mate)
    rounds.share_round(round=made, walkers=[mate], actor=worker)
    made.doors.filter(position__gt=1).update(walker=worker)
    (mine,) = pack_of(mate)["doors"]
    assert mine["position"] == 1 and mine["reason"]
    rounds.cancel_round(round=made, cause="下雪", actor=worker)
    assert pack_of(worker)["doors"] == []


def test_a_door_with_hours_of_its_own_or_a_promised_answer_is_marked_agreed(worker: Staff, door: Dwelling) -> None:
    made = Round.objects.get()
    second = made.doors.exclude(dwelling=door).order_by("position")[0]
    assert {(one["mark"], one["hours"]) for one in pack_of(worker)["doors"]} == {("due", None)}
    VisitWish.objects.create(
        community=door.community,
        household=door.households.get(),
        said_at=clock.now(),
        said_by=worker,
        quiet_from=time(16),
        quiet_to=time(8),
    )
    second.reason_code = "case"
    second.save(update_fields=["reason_code"])
    cards = {one["dwelling_id"]: one for one in pack_of(worker)["doors"]}
    mine, promised = cards[str(door.pk)], cards[str(second.dwelling_id)]
    assert (mine["mark"], mine["hours"]) == ("agreed", {"from": "", "to": "16:00"})
    assert mine["wishes"] == ["16:00–08:00 不便"]
    assert (promised["mark"], promised["hours"]) == ("agreed", None)
    assert sum(one["mark"] == "agreed" for one in cards.values()) == 2
    Visit.objects.create(
        community=door.community,
        dwelling=door,
        staff=worker,
        outcome="refused",
        origin="phone",
        happened_at=clock.now(),
        received_at=clock.now(),
    )
    declined = next(one for one in pack_of(worker)["doors"] if one["dwelling_id"] == str(door.pk))
    assert declined["mark"] == "declined" and declined["hours"], "declined weighs more, and the hour is still said"


def test_a_card_says_that_nobody_is_expected_at_a_spare_door(worker: Staff, door: Dwelling) -> None:
    made = Round.objects.get()
    made.doors.update(arrive_minute=10, by_hand=False)
    made.doors.filter(dwelling=door).update(arrive_minute=None)
    assert [one["dwelling_id"] for one in pack_of(worker)["doors"] if one["spare"]] == [str(door.pk)]
    made.doors.filter(dwelling=door).update(by_hand=True)
    assert not any(one["spare"] for one in pack_of(worker)["doors"])
