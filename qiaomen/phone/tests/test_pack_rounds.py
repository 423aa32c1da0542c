"""The pack follows the rounds: a cancelled one is not there, a shared one gives each phone its own stairs."""

from typing import Any

from qiaomen.kernel import clock
from qiaomen.office.models import Device, Organisation, Staff
from qiaomen.phone.pack import make_pack
from qiaomen.register.models import Dwelling
from qiaomen.visits import rounds
from qiaomen.visits.models import Round


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
