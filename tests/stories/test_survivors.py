"""What a changed line once got past the suite with: midnight in Shanghai, a stranger's copy, twice settled, two
days.
"""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from qiaomen.kernel import clock
from qiaomen.kernel.figures import moments_of
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.phone.actions import devices, inbox, quarantine
from qiaomen.phone.models import Submission
from qiaomen.phone.tests.conftest import Phone, community, door, head, phone, worker  # noqa: F401  the cast
from qiaomen.register.models import Building, Compound, Dwelling, Entrance, Household
from qiaomen.visits.actions.brought import conflicts
from qiaomen.visits.models import Conflict, Visit

LATE_EVENING_UTC = datetime(2026, 3, 4, 16, 30, tzinfo=UTC)
"""Half past midnight of 5 March in Shanghai, still 4 March in Greenwich."""


def test_the_day_begins_at_midnight_in_shanghai() -> None:
    with clock.at(LATE_EVENING_UTC):
        assert clock.today() == date(2026, 3, 5) and clock.now().utcoffset() == timedelta(hours=8)
    first, last = moments_of(date(2026, 3, 5), date(2026, 3, 5))
    assert first == datetime(2026, 3, 4, 16, tzinfo=UTC)
    assert last == datetime(2026, 3, 5, 15, 59, 59, 999999, tzinfo=UTC)
    assert first <= LATE_EVENING_UTC <= last


def stranger_phone() -> Phone:
    """A phone of another community, in service there."""
    place = Organisation.objects.create(kind="community", name="别的社区", code="F2")
    staff = Staff.objects.create_user("f2-worker", None, name="外人", role="worker", organisation=place)
    return Phone(devices.enrol_device(staff=staff, label="别的手机")[1])


def test_a_stranger_with_the_same_key_learns_nothing(phone: Phone, door: Dwelling) -> None:  # noqa: F811
    said = phone.say(door)
    stored = phone.seal(said)
    assert phone.states(stored) == ["stored"]
    before = Submission.objects.values().get(pk=said["op_id"])
    stranger = stranger_phone()
    answer = stranger.send(stranger.seal({**said, "note": "别的话"})).json()["results"][0]
    assert answer["state"] == "rejected" and "received_at" not in answer
    assert stranger.listing(said["op_id"]) == {}
    assert Submission.objects.values().get(pk=said["op_id"]) == before
    assert Visit.objects.count() == 1


def test_a_stranger_cannot_rewrite_what_waits_in_quarantine(phone: Phone, door: Dwelling) -> None:  # noqa: F811
    said = phone.say(door)
    damaged = phone.seal(said, ct="AAAA")
    assert phone.states(damaged) == ["quarantined"]
    before = Submission.objects.values().get(pk=said["op_id"])
    stranger = stranger_phone()
    assert stranger.states({**damaged, "ct": "BBBB"}) == ["rejected"]
    inbox._quarantine(uuid.UUID(said["op_id"]), *_home(stranger), {**damaged, "ct": "CCCC"}, "phone.unreadable")
    good = stranger.seal(stranger.say(_door_of(_home(stranger)[0]), op_id=said["op_id"]))
    assert stranger.states(good) == ["rejected"] and not Visit.objects.exists()
    assert Submission.objects.values().get(pk=said["op_id"]) == before


def _home(stranger: Phone) -> Any:
    """Return the community and the device of a phone, as the inbox is given them."""
    from qiaomen.phone.selectors.submissions import device_of

    device, _lesser = device_of(stranger.headers["Authorization"].removeprefix("Bearer "))
    assert device is not None and device.staff.community is not None
    return device.staff.community, device


def _door_of(place: Organisation) -> Dwelling:
    """Return a door of a community, with a household behind it."""
    compound = Compound.objects.create(community=place, name="外小区")
    building = Building.objects.create(community=place, compound=compound, name="1")
    entrance = Entrance.objects.create(community=place, building=building, name="1")
    made = Dwelling.objects.create(
        community=place, entrance=entrance, floor=1, room="101", door_label="1-1-101", walk_order=1
    )
    Household.objects.create(community=place, dwelling=made, head_name="外人甲")
    return made


def test_a_settled_item_is_settled_once(phone: Phone, door: Dwelling, head: Staff, worker: Staff) -> None:  # noqa: F811
    ahead = phone.say(door, happened_at=(clock.now() + timedelta(days=2)).isoformat())
    assert phone.states(phone.seal(ahead)) == ["quarantined"]
    kept = Submission.objects.get(pk=ahead["op_id"])
    quarantine.take_in(kept=kept, actor=head)
    first = Submission.objects.values().get(pk=kept.pk)
    quarantine.take_in(kept=kept, actor=worker)
    quarantine.set_aside(kept=kept, actor=worker)
    assert Submission.objects.values().get(pk=kept.pk) == first
    assert LedgerEntry.objects.filter(code="phone.taken-in").count() == 1
    assert not LedgerEntry.objects.filter(code="phone.set-aside").exists()


def test_an_item_set_aside_is_not_taken_in_afterwards(phone: Phone, door: Dwelling, head: Staff) -> None:  # noqa: F811
    ahead = phone.say(door, happened_at=(clock.now() + timedelta(days=2)).isoformat())
    phone.send(phone.seal(ahead))
    kept = Submission.objects.get(pk=ahead["op_id"])
    quarantine.set_aside(kept=kept, actor=head)
    quarantine.take_in(kept=kept, actor=head)
    assert Submission.objects.get(pk=kept.pk).state == "set_aside" and not Visit.objects.exists()


def test_only_visits_of_one_day_contradict_each_other(door: Dwelling, worker: Staff, head: Staff) -> None:  # noqa: F811
    """A batch holds two days; what a colleague saw on the first says nothing about the second."""
    noon = datetime(2026, 3, 5, 12, tzinfo=clock.SHANGHAI)

    def visit(staff: Staff, outcome: str, at: datetime) -> Visit:
        place = {"community": door.entrance.building.community, "dwelling": door, "household": door.households.first()}
        return Visit.objects.create(
            id=uuid.uuid4(), staff=staff, outcome=outcome, happened_at=at, received_at=at, origin="phone", **place
        )

    moved = visit(head, "moved", noon)
    late, next_day = visit(worker, "met", noon.replace(hour=23)), visit(worker, "met", noon + timedelta(days=1))
    conflicts.compare([late, next_day])
    assert [(one.first_id, one.second_id) for one in Conflict.objects.all()] == [(moved.pk, late.pk)]
