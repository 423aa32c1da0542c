"""A shared desk: whoever comes after somebody signed out sees nothing of what they were shown, also not by Back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.steps import sign_in

pytestmark = pytest.mark.browser

ONE_HOUSEHOLD = """
import django
django.setup()
from qiaomen.office.models import Staff
from qiaomen.register.models import Building, Compound, Dwelling, Entrance, Household, Person
community = Staff.objects.get(login_name="zhuren-c").community
compound = Compound.objects.create(community=community, name="望舒小区")
building = Building.objects.create(community=community, compound=compound, name="9")
entrance = Entrance.objects.create(community=community, building=building, name="1")
door = Dwelling.objects.create(
    community=community, entrance=entrance, floor=1, room="101", door_label="9-1-101", walk_order=1
)
home = Household.objects.create(
    pk="6f1c2f4e-0000-4000-8000-000000000901", community=community, dwelling=door, head_name="欧阳望舒"
)
Person.objects.create(community=community, household=home, name="欧阳望舒", is_head=True)
"""


def test_back_after_signing_out_shows_the_sign_in_page(desk: Page, server: Server) -> None:
    server.run(ONE_HOUSEHOLD)
    sign_in(desk, "zhuren-c")
    expect(desk.get_by_role("button", name="退出")).to_be_visible()
    desk.goto("/register/households/6f1c2f4e-0000-4000-8000-000000000901/")
    expect(desk.locator(".qm-more > summary", has_text="这一户有变动")).to_be_visible()
    home = desk.url

    desk.get_by_role("button", name="退出").click()
    expect(desk).to_have_url(re.compile("/login/"))
    for _ in range(3):
        desk.go_back()
        expect(desk).to_have_url(re.compile("/login/"))
        expect(desk.get_by_label("密码")).to_be_visible()
        assert "欧阳望舒" not in desk.content()
    desk.goto(home)
    expect(desk).to_have_url(re.compile("/login/"))
