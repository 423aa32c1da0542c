"""What a door is called: the same words everywhere, with the compound wherever there is more than one."""

import pytest

from qiaomen.office.models import Organisation, Staff
from qiaomen.register.actions import acts
from qiaomen.register.models import Dwelling
from qiaomen.register.rules.doors.labels import DoorParts, building_label, door_label
from qiaomen.register.tests.town import FAMILY, bring_in

TWO_COMPOUNDS = ["锦瑟里 3-2-501", "幸福苑 3-2-501", "幸福苑 3-2-502"]


@pytest.mark.parametrize(
    ("door", "alone", "among"),
    [
        (("幸福苑", "3", "2", "501"), "3-2-501", "幸福苑 3-2-501"),
        (("幸福苑", "3", "", "501"), "3-501", "幸福苑 3-501"),
        (("幸福苑", "B", "1", "1001"), "B-1-1001", "幸福苑 B-1-1001"),
        (("幸福苑", "东楼", "", "3"), "东楼3号", "幸福苑 东楼3号"),
        (("王家村", "", "", "12"), "12号", "王家村 12号"),
        (("王家村", "5组", "", "12"), "5组12号", "王家村 5组12号"),
        (("和平路8号院", "", "", "东"), "东", "和平路8号院 东"),
    ],
)
def test_a_label_names_the_compound_only_among_others(door, alone, among):
    assert door_label(DoorParts(*door), named=False) == alone
    assert door_label(DoorParts(*door), named=True) == among


def test_a_building_keeps_a_word_of_its_own():
    assert [building_label(name) for name in ("3", "B", "东楼", "5组", "")] == ["3号楼", "B号楼", "东楼", "5组", ""]


def labels() -> list[str]:
    return sorted(Dwelling.objects.values_list("door_label", flat=True))


def test_a_second_compound_is_named_on_every_door_and_its_undo_takes_the_names_away(
    community: Organisation, head: Staff
):
    bring_in(community, head, FAMILY)
    assert labels() == ["3-2-501", "3-2-502"]
    act = bring_in(community, head, [[1, "卜一", "户主", "", "", "锦瑟里3-2-501"]])
    assert labels() == sorted(TWO_COMPOUNDS)
    acts.undo(act=act, actor=head, reason="写错了小区")
    assert labels() == ["3-2-501", "3-2-502"]
    acts.redo(act=act, actor=head)
    assert labels() == sorted(TWO_COMPOUNDS)
