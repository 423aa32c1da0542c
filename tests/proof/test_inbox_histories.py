"""A3 on the real inbox: seeded histories of twice, late, backwards, half, after deletion and clocks that are off."""

import json
import uuid
from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

from django.db import OperationalError, connection

from qiaomen.cases.models import Case
from qiaomen.kernel import clock
from qiaomen.needs.models import Need
from qiaomen.office import ledger
from qiaomen.office.models import Device, LedgerEntry, Staff
from qiaomen.phone.actions import devices, inbox
from qiaomen.phone.models import Submission
from qiaomen.phone.tests.conftest import Phone
from qiaomen.register.models import Dwelling, Household
from qiaomen.visits.models import Visit
from tests.proof.machine import SEED, size, tell

STEPS = 10


class World:
    """One history: what was said, where its copies are on the way, and what the office did meanwhile."""

    def __init__(self, random: Random, doors: list[Dwelling], worker: Staff, head: Staff) -> None:
        self.random, self.doors, self.worker, self.head = random, doors, worker, head
        self.phones = [Phone(devices.enrol_device(staff=worker, label="历史")[1]) for _ in range(2)]
        self.said: dict[str, dict[str, Any]] = {}
        self.items: dict[str, tuple[int, dict[str, Any]]] = {}
        self.under_way: list[tuple[int, list[Any]]] = []
        self.steps: list[str] = []

    def visit(self) -> None:
        dice, number = self.random, self.random.randrange(2)
        hours = dice.choice((0, 0, 0, -26, 26, -24 * 365 * 56))
        needs = [
            {
                "id": str(uuid.UUID(int=dice.getrandbits(128), version=4)),
                "kind": "repair",
                "words": "水管漏水",
                "handling": dice.choice(("office", "on_the_spot")),
            }
            for _ in range(dice.randrange(3))
        ]
        door = dice.choice(self.doors)
        said = self.phones[number].say(
            door,
            op_id=str(uuid.UUID(int=dice.getrandbits(128), version=4)),
            needs=needs,
            happened_at=(clock.now() + timedelta(hours=hours)).isoformat(),
        )
        said["note"] = said["op_id"]
        self.said[said["op_id"]] = said
        self.items[said["op_id"]] = (number, self.phones[number].seal(said))

    def chosen(self) -> tuple[int, list[Any]]:
        number = self.random.randrange(2)
        mine = [item for owner, item in self.items.values() if owner == number]
        return number, self.random.sample(mine, min(len(mine), self.random.randint(1, 4)))

    def offer(self, number: int, items: list[Any]) -> None:
        answer = self.phones[number].send(*items)
        assert answer.status_code == 200, answer.content

    def send(self) -> None:
        self.offer(*self.chosen())

    def twice(self) -> None:
        number, items = self.chosen()
        self.offer(number, items + items)

    def late(self) -> None:
        self.under_way.append(self.chosen())

    def arrive(self) -> None:
        self.random.shuffle(self.under_way)  # the later one first
        while self.under_way:
            self.offer(*self.under_way.pop())

    def half(self) -> None:
        """The database goes away in the middle of a batch."""
        writes, limit = 0, self.random.randrange(20)

        def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal writes
            writes += sql.startswith(("INSERT", "UPDATE"))
            if writes > limit and not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                raise OperationalError("the disk is full")
            return execute(sql, params, many, context)

        number, items = self.chosen()
        with connection.execute_wrapper(refuse):
            assert self.phones[number].send(*items).status_code in {200, 503}

    def damaged(self) -> None:
        number, items = self.chosen()
        self.offer(number, [item | {"ct": item["ct"][: self.random.randrange(1, 60)]} for item in items])

    def delete(self) -> None:
        """A household moves away while a phone still has it on its list."""
        Household.objects.filter(dwelling=self.random.choice(self.doors)).update(state="moved")

    def revoke(self) -> None:
        device = self.random.choice(list(Device.objects.filter(label="历史")))
        devices.revoke_device(device=device, actor=self.head)

    def take_in(self) -> None:
        for kept in Submission.objects.filter(pk__in=list(self.items), state="quarantined"):
            if self.random.random() < 0.5:
                try:
                    inbox.take_in(kept=kept, actor=self.head)
                except Exception as error:
                    assert getattr(error, "code", "") == "phone.cannot-take-in", error

    def live(self) -> None:
        acts = (
            [self.visit] * 4
            + [self.send] * 3
            + [self.twice, self.late, self.arrive, self.half, self.damaged, self.delete, self.take_in]
        )
        self.visit()
        for _ in range(STEPS):
            act = self.revoke if self.random.random() < 0.03 else self.random.choice(acts)
            self.steps.append(act.__name__)
            if self.items:
                act()
        self.arrive()
        for number in range(2):  # the line is good again: everything is offered until it is listed
            mine = [item for owner, item in self.items.values() if owner == number]
            for start in range(0, len(mine), 20):
                self.offer(number, mine[start : start + 20])

    def check(self) -> Counter[str]:
        """Count what became of every visit; raises AssertionError when one is lost, doubled or altered."""
        counts: Counter[str] = Counter()
        visits = {str(visit.pk): visit for visit in Visit.objects.filter(pk__in=list(self.said))}
        kept = {str(one.pk): one for one in Submission.objects.filter(pk__in=list(self.said))}
        for key, said in self.said.items():
            assert key in kept, f"{key} is lost"
            if key not in visits:
                envelope = kept[key].envelope
                versions = [envelope["item"], *envelope.get("earlier", [])]
                assert kept[key].state == "quarantined" and self.items[key][1] in versions, f"{key} is not kept"
                counts["aside"] += 1
                continue
            assert visits[key].note == said["note"] and kept[key].state == "stored", f"{key} was altered"
            lines = LedgerEntry.objects.filter(code="visits.recorded", subject_id=key).count()
            needs, cases = Need.objects.filter(visit=key), Case.objects.filter(need__visit=key)
            office = sum(need["handling"] == "office" for need in said["needs"])
            assert (lines, needs.count(), cases.count()) == (1, len(said["needs"]), office), f"{key} is doubled or half"
            counts["stored"] += 1
        return counts


def test_histories_on_the_real_inbox_lose_and_double_nothing(door: Dwelling, worker: Staff, head: Staff) -> None:
    doors = list(Dwelling.objects.all()[:8])
    total: Counter[str] = Counter()
    histories = size(40, 500)
    for number in range(histories):
        world = World(Random(f"{SEED} inbox {number}"), doors, worker, head)
        try:
            world.live()
            total += world.check()
        except AssertionError as error:
            error.add_note(f"history {number} of QM_SEED={SEED}: {' '.join(world.steps)}")
            raise
        Household.objects.filter(dwelling__in=doors).update(state="living")
        Device.objects.filter(label="历史").update(label="")
    assert ledger.verify(door.community).ok
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
    tell(
        f"A3 histories on the real inbox, {name}",
        histories=histories,
        visits=sum(total.values()),
        **total,
        lost=0,
        doubled=0,
    )
    assert total["stored"] and total["aside"] and json.dumps(total)
