"""`python -m tests.proof.town make N | look | revoke N`: a community with N phones, and what the database holds in the
end.
"""

import json
import sys
from typing import Any


def make(phones: int) -> dict[str, Any]:
    """Make one community with 60 doors, a team with today's round, and phones that belong to one worker each."""
    from qiaomen.kernel import clock
    from qiaomen.office.models import Organisation, Staff
    from qiaomen.phone.actions import devices
    from qiaomen.phone.actions.pack import make_pack, server_state
    from qiaomen.register.models import Building, Compound, Dwelling, Entrance, Household, Person
    from qiaomen.visits.actions import visits
    from qiaomen.visits.models import Round, RoundDoor

    community = Organisation.objects.create(kind="community", name="锦瑟社区", code="P1")
    head = Staff.objects.create_user("p-head", "qiaomen-demo", name="陆主任", role="head", organisation=community)
    workers = [
        Staff.objects.create_user(f"p-{n}", "qiaomen-demo", name=f"网格员{n}", role="worker", organisation=community)
        for n in range(phones)
    ]
    compound = Compound.objects.create(community=community, name="柳荫小区")
    building = Building.objects.create(community=community, compound=compound, name="3")
    entrance = Entrance.objects.create(community=community, building=building, name="2")
    doors = []
    for number in range(1, 61):
        label = f"3-2-{number}01"
        door = Dwelling.objects.create(
            community=community,
            entrance=entrance,
            floor=number,
            room=f"{number}01",
            door_label=label,
            walk_order=number,
        )
        home = Household.objects.create(community=community, dwelling=door, head_name=f"柳如烟{number}")
        told = []
        for one in range(3):
            name, phone = f"柳{'甲乙丙'[one]}{number}号", f"139{number:04d}{one:04d}"
            id_no = f"9901011950{number:04d}{one:04d}"
            Person.objects.create(community=community, household=home, name=name, id_no=id_no, phone=phone)
            told += [name, id_no, phone, f"{phone[:3]}****{phone[-4:]}"]
        doors.append({"dwelling_id": str(door.pk), "household_id": str(home.pk), "label": label, "people": told})
    team = visits.make_team(community=community, name="一组", members=[head, *workers], actor=head)
    made = Round.objects.create(
        community=community, team=team, day=clock.today(), starts_at=team.starts_at, minutes=team.minutes
    )
    RoundDoor.objects.bulk_create(
        RoundDoor(round=made, dwelling_id=door["dwelling_id"], position=n, arrive_minute=10, reason_code="never-seen")
        for n, door in enumerate(doors, 1)
    )
    enrolled = [devices.enrol_device(staff=worker, label=worker.name) for worker in workers]
    for device, _token in enrolled:  # each has taken its list: what it brings back is measured by it
        devices.note_pack(device=device, community=community, pack=make_pack(device=device, community=community))
    return {"tokens": [token for _device, token in enrolled], "doors": doors, **server_state()}


def look() -> dict[str, Any]:
    """Return every visit with its words and what came of it, and whether the ledger and the pictures hold."""
    from collections import Counter

    from qiaomen.cases.models import Case
    from qiaomen.needs.models import Need
    from qiaomen.office import ledger
    from qiaomen.office.models import LedgerEntry, Organisation
    from qiaomen.office.shared.photo_files import load
    from qiaomen.phone.models import Submission
    from qiaomen.visits.models import Visit, VisitPhoto

    recorded = Counter(LedgerEntry.objects.filter(code="visits.recorded").values_list("subject_id", flat=True))
    needs = Counter(str(key) for key in Need.objects.values_list("visit_id", flat=True))
    cases = Counter(str(key) for key in Case.objects.values_list("need__visit_id", flat=True))
    photos = Counter(str(photo.visit_id) for photo in VisitPhoto.objects.all() if load(photo.pk))
    states = {str(key): state for key, state in Submission.objects.values_list("pk", "state")}
    visits = {
        str(v.pk): {
            "note": v.note,
            "by": v.staff.login_name,
            "needs": needs[str(v.pk)],
            "cases": cases[str(v.pk)],
            "photos": photos[str(v.pk)],
            "recorded": recorded[str(v.pk)],
            "state": states.get(str(v.pk), ""),
        }
        for v in Visit.objects.select_related("staff")
    }
    ok = all(ledger.verify(community).ok for community in Organisation.objects.filter(kind="community"))
    aside = {
        str(s.pk): {"code": s.code, "item": s.envelope.get("item"), "state": s.state}
        for s in Submission.objects.filter(visit=None)
    }
    hashes = list(VisitPhoto.objects.values_list("sha256", flat=True))
    return {"visits": visits, "ledger": ok, "aside": aside, "photo_hashes": hashes}


def revoke(number: int) -> dict[str, Any]:
    """Take every phone of one worker out of service, as the head does on the page of phones."""
    from qiaomen.office.models import Device, Staff
    from qiaomen.phone.actions import devices

    for device in Device.objects.filter(staff__login_name=f"p-{number}"):
        devices.revoke_device(device=device, actor=Staff.objects.get(login_name="p-head"))
    return {}


def main() -> None:
    """Set Django up and print the answer as JSON."""
    import django

    django.setup()
    what, *number = sys.argv[1:]
    print(json.dumps(look() if what == "look" else {"make": make, "revoke": revoke}[what](int(number[0]))))


if __name__ == "__main__":
    main()
