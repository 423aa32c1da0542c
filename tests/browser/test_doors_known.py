"""T4 13 on the desk: how many doors are known, with the true denominator; a refusal is respected."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from qiaomen.kernel import clock
from tests.browser.conftest import Server
from tests.browser.steps import sign_in

pytestmark = pytest.mark.browser

TOWN = """
import django, uuid
django.setup()
from datetime import timedelta
from qiaomen.kernel import clock
from qiaomen.office.models import Staff
from qiaomen.register.models import Building, Compound, Dwelling, Entrance, Household, Person, Residence
from qiaomen.visits.models import Visit

staff = Staff.objects.get(login_name="zhuren-c")
home = staff.organisation
compound = Compound.objects.create(community=home, name="幸福苑")
doors = []
for b in range(11):
    building = Building.objects.create(community=home, compound=compound, name=str(b + 1), order=b)
    stairs = [Entrance.objects.create(community=home, building=building, name=str(n), order=n) for n in (1, 2, 3, 4)]
    for n in range(399 if b < 10 else 398):
        room = f"{n // 16 + 1}{n % 4 + 1:02d}"
        stair = stairs[n // 4 % 4]
        doors.append(Dwelling(community=home, entrance=stair, floor=n // 16 + 1, room=room,
                              door_label=f"{b + 1}-{stair.name}-{room}", walk_order=len(doors)))
doors = Dwelling.objects.bulk_create(doors)
homes = Household.objects.bulk_create(
    Household(community=home, dwelling=door, head_name=f"单{n}") for n, door in enumerate(doors[:4318]))
people = Person.objects.bulk_create(
    Person(community=home, household=one, name=one.head_name, is_head=True, relation="户主") for one in homes)
Residence.objects.bulk_create(Residence(person=p, dwelling=h.dwelling) for p, h in zip(people, homes, strict=True))
told = ["met"] * 4120 + ["refused"] * 48
Visit.objects.bulk_create(
    Visit(id=uuid.uuid4(), community=home, dwelling=one.dwelling, household=one, staff=staff, outcome=outcome,
          happened_at=clock.now() - timedelta(days=3 + n % 20), received_at=clock.now(), origin="desk")
    for n, (one, outcome) in enumerate(zip(homes, told)))
"""
"""4,388 doors: 4,120 known, 48 refused, 150 never opened, 70 empty."""

KEY = """
import django
django.setup()
from qiaomen.register.models import Household
print(Household.objects.get(head_name="单4201").pk)
"""

REFUSED = """
import django, uuid
django.setup()
from qiaomen.kernel import clock
from qiaomen.office.models import Staff
from qiaomen.register.models import Household
from qiaomen.visits.actions import visits

staff, home = Staff.objects.get(login_name="zhuren-c"), Household.objects.get(head_name="单4200")
visits.record_visit(visit_id=uuid.uuid4(), dwelling=home.dwelling, household=home, staff=staff, outcome="refused",
                    happened_at=clock.now(), origin="desk")
"""


def board(desk: Page) -> str:
    desk.goto("/visits/buildings/")
    return desk.locator(".qm-equation").inner_text().strip()


def test_t4_13_the_board_of_doors_adds_up_and_a_refusal_is_respected(desk: Page, server: Server) -> None:
    server.run(TOWN)
    sign_in(desk, "zhuren-c")
    assert board(desk) == "4388 扇门 = 见过面 4120 + 从未见面 150 + 无住户 70 + 谢绝上门 48"
    assert 4120 + 150 + 70 + 48 == 4388
    server.run(REFUSED)
    assert board(desk) == "4388 扇门 = 见过面 4120 + 从未见面 149 + 无住户 70 + 谢绝上门 49"
    key = server.ask(KEY)
    desk.goto("/visits/due/")
    desk.goto(f"/visits/households/{key}/wish/")
    expect(desk.get_by_text("最晚").first).to_be_visible()
    desk.get_by_label("不要上门").check()
    until = clock.today() + timedelta(days=90)
    desk.locator("input[name=until]").first.fill(until.isoformat())
    desk.get_by_role("button", name="记下来").click()
    expect(desk.get_by_text("最晚")).to_have_count(0)
