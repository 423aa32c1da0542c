"""Lists, corrected lists, hand edits, life events, merges and undo in any order, against a model that knows none of it.

The model is a dictionary of people as an office would keep it on paper. After each step the register must say the same:
who stands in it, with which telephone, behind which door, in which state, and how many lived here on two days.
"""

import copy
import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from qiaomen.imports.actions import batches
from qiaomen.imports.problems import AlreadyImported
from qiaomen.imports.tests.test_import import workbook
from qiaomen.kernel import clock
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.actions import acts, duplicates, household_events
from qiaomen.register.models import Act, Person
from qiaomen.register.selectors import totals
from tests.proof.machine import LONG, SEED

HISTORIES = 10_000 if LONG else 40
STEPS = 6
TODAY = clock.today()
LONG_AGO = TODAY - timedelta(days=400)
NAMES = ("单志明", "仇小兰", "曾艾力", "万俟青", "乐正云", "解万里")


@dataclass
class OnPaper:
    """One person as the model knows them; `by_hand`: the telephone was set by hand since a list last set it."""

    name: str
    phone: str
    door: str
    state: str = "living"
    by_hand: bool = False
    left: int = 0
    times: list[list[int | None]] = field(default_factory=lambda: [[None, None]])

    def lived(self, days_ago: int) -> bool:
        """Whether they lived here so many days ago; times are [from, to) in days ago, None open."""
        return any(
            (begun is None or begun >= days_ago) and (ended is None or ended < days_ago) for begun, ended in self.times
        )


class Office:
    """What the model does for each step, and what the product is asked to do."""

    def __init__(self, community: Organisation, worker: Staff, dice: random.Random) -> None:
        self.community, self.worker, self.dice = community, worker, dice
        self.people: dict[int, OnPaper] = {}
        self.paper: dict[int, tuple[str, str]] = {}
        self.done: list[tuple[Act, dict[int, OnPaper]]] = []
        self.steps: list[str] = []
        for n in range(3):
            self.paper[n] = (self.number(), self.door(n))

    def number(self) -> str:
        return f"139{self.dice.randrange(10**8):08d}"

    def door(self, n: int) -> str:
        return f"3-2-{501 + n}"

    def remember(self, act: Act, before: dict[int, OnPaper]) -> None:
        self.done.append((act, before))

    def someone(self, *states: str) -> int | None:
        fits = sorted(n for n, one in self.people.items() if n >= 0 and one.state in states)
        return self.dice.choice(fits) if fits else None

    def person(self, n: int) -> Person:
        return Person.objects.exclude(state="merged").get(name=NAMES[n])

    # ---- the steps: each changes the model by its own rule, and asks the product for the same ----

    def bring(self) -> None:
        rows = [
            [n, NAMES[n], "户主", id_no(700 + n), phone, f"幸福苑{door}"] for n, (phone, door) in self.paper.items()
        ]
        before = copy.deepcopy(self.people)
        try:
            batch = batches.upload_roster(
                community=self.community, actor=self.worker, file_name="名册.xlsx", content=workbook(rows)
            )
        except AlreadyImported:
            return
        batches.commit_roster(batch=batch, actor=self.worker)
        assert batch.act is not None
        self.remember(batch.act, before)
        for n, (phone, door) in self.paper.items():
            known = self.people.get(n)
            if known is None:
                self.people[n] = OnPaper(NAMES[n], phone, door)
            elif known.state == "living" and known.phone != phone and not known.by_hand:
                known.phone = phone

    def correct_the_paper(self) -> None:
        n = self.dice.choice(sorted(self.paper))
        self.paper[n] = (self.number(), self.paper[n][1])
        self.bring()

    def add_to_the_paper(self) -> None:
        n = next((n for n in range(len(NAMES)) if n not in self.paper), None)
        if n is not None:
            self.paper[n] = (self.number(), self.door(n))
        self.bring()

    def edit(self) -> None:
        n = self.someone("living", "away", "left")
        if n is None:
            return
        before, phone = copy.deepcopy(self.people), self.number()
        act = household_events.correct_person(person=self.person(n), actor=self.worker, reason="本人说的", phone=phone)
        assert act is not None
        self.remember(act, before)
        self.people[n].phone, self.people[n].by_hand = phone, True

    def leave(self) -> None:
        n = self.someone("living")
        if n is None:
            return
        goes = self.dice.random() < 0.5
        self._event(n, "move_out", 100, "left" if goes else "away", registration_goes=goes)

    def die(self) -> None:
        n = self.someone("living", "away")
        if n is not None:
            self._event(n, "record_death", 50, "died")

    def come_back(self) -> None:
        n = self.someone("away", "left")
        if n is None:
            return
        before, who = copy.deepcopy(self.people), self.person(n)
        act = household_events.come_back(
            household=who.household, people=[who], on_date=TODAY - timedelta(days=20), actor=self.worker
        )
        self.remember(act, before)
        self.people[n].state = "living"
        self.people[n].times.append([20, None])

    def _event(self, n: int, kind: str, days: int, state: str, **more: Any) -> None:
        begun = self.people[n].times[-1][0]
        days = days if begun is None or begun > days else 5
        before, who = copy.deepcopy(self.people), self.person(n)
        whom: dict[str, Any] = {"person": who} if kind == "record_death" else {"people": [who]}
        act = getattr(household_events, kind)(
            household=who.household, on_date=TODAY - timedelta(days=days), actor=self.worker, **whom, **more
        )
        self.remember(act, before)
        one = self.people[n]
        one.state = state
        if one.times[-1][1] is None:
            one.times[-1][1] = days

    def merge(self) -> None:
        """Somebody was entered a second time at their door; the two records become one."""
        n = self.someone("living", "left")
        if n is None or self.people[n].times[-1][0] == 20:
            return
        who, before = self.person(n), copy.deepcopy(self.people)
        other_name = f"{who.name}又{len(self.steps)}"
        entered = household_events.add_person(
            household=who.household,
            kind="moved_in",
            on_date=TODAY - timedelta(days=10),
            actor=self.worker,
            name=other_name,
            relation="户主",
        )
        again = Person.objects.get(name=other_name, state="living")
        self.remember(entered, before)
        merged = duplicates.merge_people(stays=who, goes=again, actor=self.worker)
        one = self.people[n]
        self.remember(merged, {**before, -len(self.steps): OnPaper(again.name, "", one.door, times=[[10, None]])})
        if one.state == "left":
            one.state = "living"
            one.times.append([10, None])

    def undo(self) -> None:
        if self.done:
            act, before = self.done.pop()
            acts.undo(act=Act.objects.get(pk=act.pk), actor=self.worker, reason="记错了", partly=act.kind == "import")
            self.people = before

    # ---- what both say ----

    def check(self) -> None:
        mine = sorted((one.name, one.phone, one.state) for one in self.people.values())
        stands = Person.objects.filter(community=self.community).exclude(state="merged")
        assert sorted(stands.values_list("name", "state")) == [(name, state) for name, _phone, state in mine], (
            self.steps
        )
        assert sorted((one.name, one.phone, one.state) for one in stands) == mine, self.steps
        doors = {one.name: one.door for one in self.people.values() if one.state == "living"}
        told = {p.name: p.residences.get(to_date=None).dwelling.door_label for p in stands.filter(state="living")}
        assert told == doors, self.steps
        for days in (0, 15, 60, 300):
            found = totals.totals_as_at(self.community, TODAY - timedelta(days=days))["people"]
            assert found == sum(one.lived(days) for one in self.people.values()), (days, self.steps)


KINDS = ("bring", "correct_the_paper", "add_to_the_paper", "edit", "leave", "die", "come_back", "merge", "undo", "undo")


@pytest.fixture
def worker(db: None) -> Staff:
    community = Organisation.objects.create(kind="community", name="锦瑟社区", code="IH")
    return Staff.objects.create_user("ih", None, name="网格员", role="worker", organisation=community)


def test_no_history_of_lists_and_lives_differs_from_the_model(worker: Staff) -> None:
    dice, taken = random.Random(SEED), 0
    assert worker.organisation is not None
    for _history in range(HISTORIES):
        with transaction.atomic():
            office = Office(worker.organisation, worker, dice)
            for kind in ("bring", *dice.choices(KINDS, k=STEPS)):
                office.steps.append(kind)
                getattr(office, kind)()
                office.check()
                taken += 1
            transaction.set_rollback(True)
    print(f"{HISTORIES} histories, {taken} steps, 0 differences, seed {SEED}")
