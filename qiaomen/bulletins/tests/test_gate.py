"""Whatever words of an office the public reads pass the gate; somebody tries to publish around it."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.bulletins import actions, problems
from qiaomen.bulletins.models import Bulletin
from qiaomen.groups.actions.definitions import drafted
from qiaomen.groups.problems import PrivateTitle
from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Building, Compound, Dwelling, Entrance, Household, Person

MOMENT = datetime(2026, 11, 24, 12, 0, tzinfo=clock.SHANGHAI)


@pytest.fixture
def bulletin(db: None) -> Bulletin:
    community = Organisation.objects.create(kind="community", name="锦瑟社区", code="G-1", telephone="0999-7960000")
    actor = Staff.objects.create_user("g-head", None, name="赵明远", role="head", organisation=community)
    compound = Compound.objects.create(community=community, name="幸福苑")
    building = Building.objects.create(community=community, compound=compound, name="3")
    entrance = Entrance.objects.create(community=community, building=building, name="2")
    door = Dwelling.objects.create(
        community=community, entrance=entrance, floor=1, room="101", door_label="3-2-101", walk_order=1
    )
    home = Household.objects.create(community=community, dwelling=door, head_name="王建国")
    Person.objects.create(community=community, household=home, name="王建国", former_name="王铁柱")
    with clock.at(MOMENT):
        made = actions.draft_bulletin(community=community, day=MOMENT.date(), actor=actor)
        return actions.publish_bulletin(bulletin=made, actor=actor)


@pytest.mark.parametrize(
    "reason",
    [
        "王建国的那一户算错了",
        "王 建 国 的那一户算错了",
        "曾用名王铁柱的一户重复",
        "居民周子涵来电指出有误",
        "幸福苑3号楼2单元101室重复",
        "请打13912345678核对",
        "证件９９０１０１１９９００１０１１２３０重复",
    ],
)
def test_a_reason_with_something_private_is_refused_and_nothing_of_it_is_kept(bulletin: Bulletin, reason: str) -> None:
    actor = Staff.objects.get(login_name="g-head")
    with pytest.raises(problems.PrivateWords):
        actions.withdraw_bulletin(bulletin=bulletin, actor=actor, reason=reason)
    bulletin.refresh_from_db()
    assert (bulletin.state, bulletin.withdrawn_because) == ("published", "")


def test_the_office_s_own_name_and_telephone_pass(bulletin: Bulletin) -> None:
    actor = Staff.objects.get(login_name="g-head")
    reason = "早高峰期间统计有误，请向赵明远核实，电话0999-7960000。"
    actions.withdraw_bulletin(bulletin=bulletin, actor=actor, reason=reason)
    bulletin.refresh_from_db()
    assert bulletin.withdrawn_because == reason


def test_the_page_says_why_and_the_public_sees_nothing(bulletin: Bulletin, client: Client) -> None:
    with clock.at(MOMENT):
        client.force_login(Staff.objects.get(login_name="g-head"), backend="django.contrib.auth.backends.ModelBackend")
        answer = client.post(reverse("bulletins:withdraw", args=[bulletin.pk]), {"reason": "王建国的那一户算错了"})
    assert "私人信息" in answer.content.decode()
    page = Client().get(reverse("portal:community", args=["G-1"])).content.decode()
    assert "王建国" not in page and "撤回" not in page


@pytest.mark.parametrize("title", ["王建国帮扶", "幸福苑3号楼1单元101室", "周子涵女士"])
def test_the_title_of_an_own_group_which_the_public_reads_passes_the_gate(bulletin: Bulletin, title: str) -> None:
    with pytest.raises(PrivateTitle):
        drafted(community=bulletin.community, title=title, tier="key", child=False)
    assert drafted(community=bulletin.community, title="独居老人午饭", tier="key", child=False).title == "独居老人午饭"


def test_a_bulletin_whose_words_hold_something_private_is_not_published(bulletin: Bulletin) -> None:
    """A figure's words are the product's own today; if an office ever writes one, it passes here."""
    actor = Staff.objects.get(login_name="g-head")
    Organisation.objects.filter(pk=bulletin.community_id).update(name="王建国社区")
    with clock.at(MOMENT - timedelta(days=7)):
        draft = actions.draft_bulletin(
            community=Organisation.objects.get(code="G-1"), day=MOMENT.date() - timedelta(days=7), actor=actor
        )
        with pytest.raises(problems.PrivateWords):
            actions.publish_bulletin(bulletin=draft, actor=actor)
    draft.refresh_from_db()
    assert draft.state == "draft" and not draft.figures.exists()
