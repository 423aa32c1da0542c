"""The search box finds people by a group, for those who may see it; each one found is a look."""

import pytest

from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.register.actions.looks import find_people
from qiaomen.register.models import Person
from qiaomen.register.tests.town import bring_in


@pytest.fixture
def town(community: Organisation, head: Staff) -> Organisation:
    bring_in(
        community, head, [[1, "王八斤", "户主", "", "", "幸福苑3-2-502"], [2, "李文", "户主", "", "", "幸福苑3-2-503"]]
    )
    Person.objects.filter(name="王八斤").update(birth_date="1941-01-02")
    return community


@pytest.mark.parametrize("text", ["独居老人", "独居老人 王", "王八斤 独居", "3栋 独居老人"])
def test_a_group_finds_its_people_and_leaves_a_line(town: Organisation, head: Staff, text: str) -> None:
    assert [hit.title for hit in find_people(community=town, text=text, actor=head)] == ["王八斤"]
    line = LedgerEntry.objects.get(code="register.list-looked")
    assert line.fields == ["group:living_alone_elder"] and line.actor == head


@pytest.mark.parametrize("text", ["独居老人", "独居老人 王"])
def test_a_volunteer_is_told_nothing_of_a_group(town: Organisation, text: str) -> None:
    volunteer = Staff.objects.create_user("v", None, name="志愿者", role="volunteer", organisation=town)
    assert find_people(community=town, text=text, actor=volunteer) == []
    assert not LedgerEntry.objects.filter(code="register.list-looked")
