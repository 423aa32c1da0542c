"""A door said in part is compared part by part, however it is written."""

import pytest

from qiaomen.office.models import Organisation, Staff
from qiaomen.register.rules.doors.asked import AskedDoor, asked_doors
from qiaomen.register.selectors.places.asked import doors_asked
from qiaomen.register.tests.town import bring_in

DOORS = ["幸福苑3-2-501", "幸福苑13-2-501", "幸福苑3-12-501", "幸福苑3-2-1501", "学府里3-2-501", "学府里4-2-502"]


@pytest.mark.parametrize(
    "written",
    [
        "3-2-501",
        "3/2/501",
        "３－２－５０１",
        "三栋二单元五零一",
        "3号楼2单元501室",
        "3#楼2单元501",
        "3幢2-501",
        "3栋2单元501户",
    ],
)
def test_one_door_however_it_is_written(written: str) -> None:
    assert asked_doors(written) == [AskedDoor("", "3", "2", "", "501")]


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("幸福苑小区3-2-501", ("幸福苑", "3", "2", "", "501")),
        ("3-2-", ("", "3", "2", "", "")),
        ("3栋5楼", ("", "3", "", "5", "")),
        ("501室", ("", "", "", "", "501")),
        ("3号楼501", ("", "3", "", "", "501")),
        ("B座1001", ("", "B", "", "", "1001")),
        ("王家村五组12号", ("王家村", "5组", "", "", "12")),
        ("王家村12号", ("王家村", "", "", "", "12")),
        ("幸福苑", ("幸福苑", "", "", "", "")),
    ],
)
def test_what_is_said_of_a_door(written: str, first: tuple[str, ...]) -> None:
    assert asked_doors(written)[0] == first


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3-2-501", [0, 4]),
        ("3-2", [0, 3, 4]),
        ("3号楼", [0, 2, 3, 4]),
        ("幸福苑 3-2-501", [0]),
        ("3-2-501 幸福", [0]),
        ("501", [0, 1, 2, 4]),
        ("2单元501", [0, 1, 4]),
        ("学府里", [4, 5]),
        ("3-2-50", []),
        ("", [0, 1, 2, 3, 4, 5]),
    ],
)
def test_a_filter_brings_the_doors_that_are_equal_and_no_other(
    community: Organisation, head: Staff, text: str, found: list[int]
) -> None:
    bring_in(community, head, [[n, f"卜{n}", "户主", "", "", where] for n, where in enumerate(DOORS)])
    labels = [label[:3] + " " + label[3:] for label in DOORS]
    assert {door.door_label for door in doors_asked(community, text)} == {labels[n] for n in found}
