"""今天 shows the numbers that the lists behind them have; a volunteer sees doors, not cases."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.cases import actions as cases
from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Household

TUESDAY = datetime(2026, 11, 24, 12, 0, tzinfo=clock.SHANGHAI)


@pytest.fixture
def community(db: None) -> Organisation:
    made = Organisation.objects.create(kind="community", name="锦瑟社区", code="T1")
    for role in ("head", "volunteer"):
        Staff.objects.create_user(f"t-{role}", None, name=role, role=role, organisation=made)
    return made


def page(name: str, address: str) -> str:
    client = Client()
    client.force_login(Staff.objects.get(login_name=name), backend="django.contrib.auth.backends.ModelBackend")
    with clock.at(TUESDAY):
        return client.get(address).content.decode()


def hear(community: Organisation, name: str, at: datetime, handling: str = "office") -> None:
    with clock.at(at):
        cases.receive_need(
            need_id=uuid.uuid4(),
            household=Household.objects.create(community=community, head_name=name),
            kind="repair",
            words="楼道灯不亮",
            handling=handling,
            origin="window",
            heard_at=at,
            heard_by=Staff.objects.get(login_name="t-head"),
        )


def test_the_late_come_first_and_the_words_stay_sealed(community: Organisation) -> None:
    hear(community, "新来的", TUESDAY)
    hear(community, "将到期的", TUESDAY, "urgent")
    hear(community, "逾期的", TUESDAY - timedelta(days=30))
    text = page("t-head", reverse("desk:today"))
    assert text.index("逾期的") < text.index("将到期的") and "新来的" not in text and "楼道灯不亮" not in text
    numbers = [part.split("<")[0] for part in text.split('qm-number">')[1:]]
    assert numbers == ["3", "1", "0"]
    assert "将到期的" in page("t-head", reverse("cases:list") + "?tab=due_soon")


def test_a_volunteer_sees_doors_but_no_cases(community: Organisation) -> None:
    hear(community, "逾期的", TUESDAY - timedelta(days=30))
    text = page("t-volunteer", reverse("desk:today"))
    assert "今天的敲门" in text and "逾期的" not in text and reverse("cases:list") not in text


def test_an_empty_community_is_told_where_to_begin(community: Organisation) -> None:
    assert reverse("imports:list") in page("t-head", reverse("desk:today"))
