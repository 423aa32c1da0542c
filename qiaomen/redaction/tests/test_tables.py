"""Tables: a private column as a whole, what is broken over cells, and groups so small that everybody knows who."""

import io

import openpyxl
import pytest

from qiaomen.redaction.tests.made import ID, find, release, xlsx


def cells(content: bytes) -> list[list[object]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows()]


def columns(rows: list[list[object]]) -> list[tuple[str, str, int]]:
    return [(f.kind, f.where, f.count) for f in find(xlsx(rows), "a.xlsx").findings]


PEOPLE: list[list[object]] = [
    ["锦瑟社区救助名单"],
    ["序号", "姓名", "身份证号", "联系电话", "家庭住址", "残疾类别", "金额"],
    [1, "王建国", ID, "13912345678", "幸福苑3号楼2单元401室", "肢体", 800],
    [2, "周子涵", "99010119900101123", "无", "幸福苑5-1-202", "视力", 600],
    ["合计", "", "", "", "", "", 1400],
]


def test_private_columns_are_found_by_their_headings_and_covered_cell_by_cell() -> None:
    assert [kind for kind, _where, _count in columns(PEOPLE)] == ["name", "id_no", "phone", "door", "health"]
    new = cells(release(xlsx(PEOPLE), "a.xlsx").content)
    assert new[1] == PEOPLE[1] and new[4][0] == "合计"
    assert new[2] == [1, "居民甲", "99****************", "139****5678", "＊＊＊", "＊＊＊", 800]
    assert new[3] == [2, "居民乙", "＊＊＊", "无", "＊＊＊", "＊＊＊", 600]


def test_the_duty_list_that_law_wants_posted_passes() -> None:
    assert (
        columns(
            [["网格", "网格员姓名", "值班电话"], ["一网格", "赵明远", "0917-7960000"], ["二网格", "赵明远", "12345"]]
        )
        == []
    )


def test_a_column_without_heading_is_known_by_its_numbers() -> None:
    rows: list[list[object]] = [["甲", f"{ID[:17]}{n}"] for n in range(5)]
    assert [kind for kind, _where, _count in columns(rows)] == ["id_no"]


@pytest.mark.parametrize(
    "rows",
    [
        [["号码", ID[:6], ID[6:14], ID[14:]]],
        [[sign] for sign in ID],
        [["备注"], [ID[:6]], [ID[6:14]], [ID[14:]], ["完"]],
    ],
    ids=["over cells of a row", "a sign a cell, downwards", "over three rows"],
)
def test_a_number_broken_over_cells_is_found_and_no_piece_is_left(rows: list[list[object]]) -> None:
    assert [kind for kind, _where, _count in columns(rows)] == ["id_no"]
    left = "".join(str(cell) for row in cells(release(xlsx(rows), "a.xlsx").content) for cell in row if cell)
    assert not any(piece in left for piece in (ID[6:14], ID[14:]))


def test_a_name_broken_over_cells_is_found() -> None:
    assert [kind for kind, _where, _count in columns([["到场", "王", "建国"]])] == ["name"]
    assert [kind for kind, _where, _count in columns([["交给王"], ["建国，请查收"]])] == ["name"]


def test_small_groups_are_published_by_the_ten_five_rule() -> None:
    rows: list[list[object]] = [["网格", "残疾人数"], ["一网格", 4], ["二网格", 23], ["合计", 27]]
    assert columns(rows) == [("small_group", "台账的“残疾人数”列", 3)]
    assert [row[1] for row in cells(release(xlsx(rows), "a.xlsx").content)] == ["残疾人数", "少于 10", 25, 25]


def rounded(rows: list[list[object]]) -> list[list[object]]:
    return cells(release(xlsx(rows), "a.xlsx").content)


def test_a_small_group_is_not_left_to_be_reckoned_from_its_neighbours() -> None:
    rows: list[list[object]] = [["网格", "总人数", "男", "女"], ["一网格", 26, 21, 5], ["二网格", 43, 22, 21]]
    assert rounded(rows)[1:] == [["一网格", 25, 20, "少于 10"], ["二网格", 45, 20, 20]]


def test_the_parts_below_a_heading_of_two_lines_are_counted_with_their_sum() -> None:
    rows: list[list[object]] = [
        ["二〇二六年残疾人数统计表"],
        ["序号", "网格", "合计", "其中", None, "视力", "补助金额"],
        [None, None, None, "男", "女", None, None],
        [1, "一网格", 26, 21, 5, 13, 4321],
        [2, "二网格", 43, 22, 21, 12, 1234],
    ]
    assert rounded(rows)[3:] == [
        [1, "一网格", 25, 20, "少于 10", 15, 4321],
        [2, "二网格", 45, 20, 20, 10, 1234],
    ]


def test_a_count_with_its_unit_is_a_count() -> None:
    rows: list[list[object]] = [["网格", "低保户数", "人数"], ["一网格", "3户", "23人"], ["二网格", "12户", "31 人"]]
    assert rounded(rows)[1:] == [["一网格", "少于 10户", "25人"], ["二网格", "10户", "30 人"]]


def test_counts_of_which_none_is_small_and_sums_of_works_stay() -> None:
    assert columns([["网格", "总人数", "男", "女"], ["一网格", 43, 22, 21]]) == []
    assert columns([["项目", "合计", "其中"], ["路灯", 8, 3], ["井盖", 45, 6]]) == []


def test_a_table_of_works_is_clean() -> None:
    rows: list[list[object]] = [
        ["项目", "数量", "单价", "金额"],
        ["水泥", 150, 23.5, 3525],
        ["路灯", 8, 1200, 9600],
        ["井盖", 45, 300, 13500],
    ]
    assert columns(rows) == []
