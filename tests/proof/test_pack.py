"""E5: whatever stands in the register, a pack holds at most 60 doors and 1.5 MB, no identity number, no telephone, no
story.
"""

import json
import re
import uuid
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from qiaomen.cases.actions import receive_need
from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.phone.actions.devices import enrol_device
from qiaomen.phone.actions.pack import make_pack
from qiaomen.register.models import Dwelling, Household, Person
from qiaomen.visits.actions import visits
from simtown.world.people import AREA_CODE, GIVEN, RARE, SURNAMES
from tests.proof.machine import SEED, size, tell

IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TELEPHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


def fill(random: Random, doors: list[Dwelling], worker: Staff) -> set[str]:
    """Give some doors new people, visits and needs; returns every word that must stay at the office."""
    secrets: set[str] = set()
    for door in random.sample(doors, 12):
        home = door.households.filter(state="living").get()
        names = [
            random.choice(SURNAMES) + "".join(random.sample(GIVEN, 2)) + random.choice(("", "", RARE[0]))
            for _ in range(3)
        ]
        Person.objects.filter(household=home).delete()
        Household.objects.filter(pk=home.pk).update(head_name=names[0])
        for name in names:
            born = date(random.randint(1930, 2022), random.randint(1, 12), random.randint(1, 28))
            id_no = f"{AREA_CODE}{born:%Y%m%d}{random.randrange(1000):03d}{random.choice('0123456789X')}"
            phone = f"199{random.randrange(10**8):08d}"
            Person.objects.create(
                community=door.community,
                household=home,
                name=name,
                is_head=name == names[0],
                birth_date=born,
                id_no=id_no,
                phone=phone,
                work_place=f"厂子{random.randrange(10**6)}",
            )
            secrets |= {name, id_no, phone, f"{born:%Y%m%d}", born.isoformat()}
        story = f"欠了{random.randrange(10**9)}块，电话 199{random.randrange(10**8):08d}"
        moment = clock.now() - timedelta(days=random.randint(1, 40))
        visit, _ = visits.record_visit(
            visit_id=uuid.uuid4(),
            dwelling=door,
            household=home,
            staff=worker,
            outcome="met",
            happened_at=moment,
            origin="desk",
            note=story,
        )
        receive_need(
            need_id=uuid.uuid4(),
            household=home,
            kind="repair",
            words=story,
            handling="office",
            origin="visit",
            heard_at=moment,
            heard_by=worker,
            visit=visit,
        )
        secrets.add(story)
    return secrets


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for key, inner in value.items() for text in (key, *strings(inner))]
    if isinstance(value, list):
        return [text for inner in value for text in strings(inner)]
    return [str(value)]


def test_no_pack_says_more_than_its_promise(door: Dwelling, worker: Staff, community: Organisation) -> None:
    doors = list(Dwelling.objects.filter(community=community))
    device = enrol_device(staff=worker, label="")[0]
    packs, largest, secrets = size(10, 300), 0, set[str]()
    for number in range(packs):
        secrets |= fill(Random(f"{SEED} pack {number}"), doors, worker)
        pack = make_pack(device=device, community=community)
        text = json.dumps(pack, ensure_ascii=False)
        largest = max(largest, len(text.encode()))
        assert len(pack["doors"]) <= 60 and len(text.encode()) <= 1_500_000
        assert datetime.fromisoformat(pack["expires_at"]) - datetime.fromisoformat(pack["made_at"]) == timedelta(
            hours=72
        )
        plain = KEY.sub("", text)  # the digits of a random key may look like a birthday or a telephone
        told = [secret for secret in secrets if secret in plain]
        words = [KEY.sub("", word) for word in strings(pack)]
        told += [word for word in words if IDENTITY.search(word) or TELEPHONE.search(word)]
        assert not told, (f"QM_SEED={SEED} pack {number}", told[:5])
    tell("E5 packs", packs=packs, secrets_searched=len(secrets), found=0, largest_bytes=largest)
