"""The pack follows the rounds: a cancelled one is not there, a shared one gives each phone its own stairs."""

from qiaomen.office.models import Organisation, Staff
from qiaomen.phone.pack import make_pack
from qiaomen.register.models import Dwelling
from qiaomen.visits import rounds
from qiaomen.visits.models import Round


def test_the_pack_follows_the_round_shared_and_cancelled(
    community: Organisation, worker: Staff, door: Dwelling
) -> None:
    made = Round.objects.get()
    whole = make_pack(staff=worker, community=community)
    assert len(whole["doors"]) == 60 and whole["round"]["id"] == str(made.pk)
    mate = Staff.objects.create_user("m-p", None, name="同伴", role="volunteer", organisation=community)
    assert make_pack(staff=mate, community=community)["round"] is None
    made.team.members.add(mate)
    rounds.share_round(round=made, walkers=[mate], actor=worker)
    made.doors.filter(position__gt=1).update(walker=worker)
    (mine,) = make_pack(staff=mate, community=community)["doors"]
    assert mine["position"] == 1 and mine["reason"]
    rounds.cancel_round(round=made, cause="下雪", actor=worker)
    assert make_pack(staff=worker, community=community)["doors"] == []
