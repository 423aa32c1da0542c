"""A new site makes its communities and grids on a page; what an administrator may not touch stays as it is."""

import pytest

from qiaomen.office import ledger
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.office.problems import NotYoursToGive, SuchCode
from qiaomen.office.shared import communities as acts
from qiaomen.office.tests.cast import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> Organisation:
    return Organisation.objects.create(kind="county", name="拾光县", code="N0")


@pytest.fixture
def admin(county: Organisation) -> Staff:
    return Staff.objects.create_user("n-admin", None, name="管理员", role="admin", organisation=county)


def kinds(place: Organisation) -> list[str]:
    return list(LedgerEntry.objects.filter(community=place).order_by("seq").values_list("code", flat=True))


def test_a_new_site_begins_on_the_page(admin: Staff, county: Organisation) -> None:
    client = client_of(admin)
    assert "还没有社区" in client.get("/communities/").content.decode()
    told = {"name": "锦瑟社区", "code": "N-A", "town": "柳湾镇", "telephone": "0999-0000000", "grids": "12"}
    answer = client.post("/communities/new/", told, follow=True)
    assert "社区建好了" in answer.content.decode()
    made = Organisation.objects.get(code="N-A")
    assert made.parent is not None and (made.parent.name, made.parent.parent) == ("柳湾镇", county)
    grids = [grid.name for grid in made.children.order_by("code")]
    assert len(grids) == 12 and {"第一网格", "第十网格", "第十二网格"} <= set(grids)
    assert kinds(made) == ["office.community-made", *["office.grid-made"] * 12] and ledger.verify(made).ok
    assert kinds(county)[-1] == "office.town-made"
    acts.make_community(actor=admin, code="N-B", name="新桥社区", town="柳湾镇")
    assert Organisation.objects.filter(kind="town").count() == 1, "a town of that name is there already"
    assert "N-B" in client.get("/communities/").content.decode()


def test_faults_stand_on_the_page_and_nothing_is_made(admin: Staff) -> None:
    client = client_of(admin)
    acts.make_community(actor=admin, code="N-A", name="锦瑟社区")
    page = client.post("/communities/new/", {"name": "", "code": "N-A", "grids": "99"}).content.decode()
    for words in ("请写社区的名称", "编号 N-A 已经有地方用了", "最大是 40"):
        assert words in page
    assert (
        "编号用大写字母"
        in client.post("/communities/new/", {"name": "甲", "code": "锦瑟", "grids": 0}).content.decode()
    )
    assert Organisation.objects.filter(kind="community").count() == 1
    with pytest.raises(SuchCode):
        acts.make_community(actor=admin, code="N-A", name="又一个")


def test_names_change_and_a_grid_is_added(admin: Staff) -> None:
    made, client = acts.make_community(actor=admin, code="N-A", name="锦瑟社区", grids=1), client_of(admin)
    address, grid = f"/communities/{made.pk}/", made.children.get()
    client.post(address, {"act": "change", "name": "锦绣社区", "telephone": "0999-1111111"})
    client.post(address, {"act": "add", "grid-name": "第六网格"})
    client.post(address, {"act": str(grid.pk), "name": "沿河网格"})
    page = client.get(address).content.decode()
    assert all(words in page for words in ("锦绣社区", "0999-1111111", "第六网格", "沿河网格", "N-A-2"))
    assert kinds(made)[2:] == ["office.renamed", "office.community-changed", "office.grid-made"]
    assert "office.renamed" in kinds(grid)
    assert ledger.verify(Organisation.objects.get(pk=made.pk)).ok


def test_another_countys_community_is_not_theirs(admin: Staff) -> None:
    away = Organisation.objects.create(kind="county", name="别县", code="M0")
    other = Organisation.objects.create(kind="community", name="别处", code="M-A", parent=away)
    client = client_of(admin)
    assert client.get(f"/communities/{other.pk}/").status_code == 404
    assert client.post(f"/communities/{other.pk}/", {"act": "add", "grid-name": "甲"}).status_code == 404
    with pytest.raises(NotYoursToGive):
        acts.add_grid(actor=admin, community=other, name="甲")
