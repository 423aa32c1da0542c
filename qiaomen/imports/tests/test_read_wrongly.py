"""Every roster that was once read wrongly comes in as it means; a pair 1/2 is two uploads, one after the other."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from qiaomen.imports.actions import batches
from qiaomen.imports.models import ImportBatch
from qiaomen.imports.selectors.preview import pages as preview_pages
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Compound, Household, Person

ROSTERS = Path(__file__).parent / "rosters"
Upload = Callable[[str], ImportBatch]


@pytest.fixture
def upload(community: Organisation, worker: Staff) -> Upload:
    def put(name: str) -> ImportBatch:
        content = (ROSTERS / name).read_bytes()
        return batches.upload_roster(community=community, actor=worker, file_name=name, content=content)

    return put


@pytest.fixture
def bring(upload: Upload, worker: Staff) -> Upload:
    def commit(name: str) -> ImportBatch:
        return batches.commit_roster(batch=upload(name), actor=worker)

    return commit


def equation(batch: ImportBatch) -> tuple[int, int, int, int, int]:
    return batch.rows_read, batch.created, batch.changed, batch.same, batch.rejected


def homes() -> dict[str, set[str]]:
    """The people by the door of their household, with its compound."""
    found: dict[str, set[str]] = {}
    for person in Person.objects.select_related("household__dwelling__entrance__building__compound"):
        door = person.household.dwelling
        where = f"{door.entrance.building.compound} {door.label_within}" if door else ""
        found.setdefault(where, set()).add(person.name)
    return found


def soft(batch: ImportBatch) -> dict[str, list[str]]:
    return {row["name"]: [why for _, _, why in row["fields"]] for row in preview_pages.soft_rows(batch)}


def test_merged_cells_hold_until_the_next_value(bring: Upload) -> None:
    bring("01-merged-cells.xlsx")
    doors = ("3-2-101", "3-2-201", "3-2-301", "3-3-101", "3-3-201")
    people = ("赵一", "孙一", "李二", "周二", "吴二")
    assert homes() == {f"幸福苑 {door}": {name} for door, name in zip(doors, people, strict=True)}
    assert Household.objects.count() == 5


def test_household_numbers_that_restart_on_each_sheet(bring: Upload) -> None:
    bring("02-household-no-restarts-per-sheet.xlsx")
    assert homes() == {f"幸福苑 {n}-1-101": {f"赵{n}甲", f"钱{n}乙"} for n in "345"}
    assert Household.objects.count() == 3


def test_a_newborn_without_a_household_number_joins_the_family(bring: Upload) -> None:
    bring("04-newborn-without-household-no-1.xlsx")
    assert equation(bring("04-newborn-without-household-no-2.xlsx")) == (3, 1, 0, 2, 0)
    assert {p.name for p in Household.objects.get().people.all()} == {"赵明远", "钱慧", "赵小雨"}


def test_numbers_filled_in_later_are_the_same_people(bring: Upload) -> None:
    bring("05-ids-filled-in-1.xlsx")
    assert equation(bring("05-ids-filled-in-2.xlsx")) == (1, 0, 1, 0, 0)
    assert Person.objects.get().id_no.startswith("99010119400312")


def test_father_and_son_of_one_name_stay_two(bring: Upload) -> None:
    bring("06-same-name-same-door-no-birth-1.xlsx")
    before = sorted(Person.objects.values_list("relation", "is_head", "pk"))
    assert equation(bring("06-same-name-same-door-no-birth-2.xlsx")) == (3, 1, 0, 2, 0)
    assert sorted(Person.objects.filter(name="王建国").values_list("relation", "is_head", "pk")) == before
    assert Person.objects.get(relation="户主", name="王建国").phone == "13900000001"


def test_a_number_under_another_name_is_asked_about(bring: Upload) -> None:
    bring("08-same-id-other-name-1.xlsx")
    batch = bring("08-same-id-other-name-2.xlsx")
    assert equation(batch) == (1, 0, 0, 0, 1) and not Person.objects.filter(name="李建国").exists()
    assert Household.objects.get().head_name == "赵明远" and set(homes()) == {"幸福苑 3-2-501"}


def test_odd_telephones_come_in_whole_or_not_at_all(bring: Upload) -> None:
    batch = bring("09-masked-and-odd-phones.xlsx")
    phones = [person.phone for person in Person.objects.order_by("household__dwelling__room")]
    assert phones == ["", "", "13800138000", "13800138000", "13800138000", ""] and batch.rejected == 0
    assert set(soft(batch)) == {"冯傼", "冯傽", "冯僀"}


def test_an_own_export_comes_back_unchanged(bring: Upload, community: Organisation, worker: Staff) -> None:
    stands = "姓名,与户主关系,住址,出生日期,电话\n吴甲,户主,幸福苑13号楼2单元101,1965-07-10,13900000042\n"
    made = batches.upload_roster(community=community, actor=worker, file_name="a.csv", content=stands.encode())
    batches.commit_roster(batch=made, actor=worker)
    assert equation(bring("10-own-export-reuploaded.xlsx")) == (1, 0, 0, 1, 0)
    assert Person.objects.get().phone == "13900000042"


def test_days_are_whole_and_possible_or_unknown(bring: Upload) -> None:
    batch = bring("11-dates.csv")
    born = dict(Person.objects.values_list("name", "birth_date"))
    assert batch.created == 11 and [born[name] for name in ("张伬", "张伭", "张伮", "张伯", "张估", "张伶")] == [
        date(1950, 3, 1),
        date(1950, 12, 3),
        date(1950, 3, 15),
        date(2005, 6, 12),
        date(1950, 3, 5),
        date(1950, 3, 1),
    ]
    assert born["张伱"] == date(1950, 5, 9) and born["张伲"] == date(1950, 4, 21)
    assert [born[name] for name in ("张伳", "张伴", "张伵")] == [None] * 3 and set(soft(batch)) == {
        "张伳",
        "张伴",
        "张伵",
    }


def test_two_tables_side_by_side_are_both_read(bring: Upload) -> None:
    batch = bring("13-two-tables-side-by-side.xlsx")
    assert equation(batch) == (4, 4, 0, 0, 0) and Household.objects.count() == 4


def test_totals_and_signatures_are_no_people(bring: Upload) -> None:
    batch = bring("15-totals-become-people.xlsx")
    assert {person.name for person in Person.objects.all()} == {"赵一", "钱二"}
    assert any("不是人" in note and "3、5" in note for note in batch.notes)


def test_the_head_is_told_by_yes_and_no(bring: Upload) -> None:
    bring("16-head-yes-no.xlsx")
    assert Household.objects.get().head_name == "赵一"
    assert dict(Person.objects.values_list("name", "is_head")) == {"赵一": True, "钱二": False}


def test_every_way_to_write_a_home_is_a_home(upload: Upload, worker: Staff) -> None:
    batch = upload("17-addresses.xlsx")
    assert batch.rejected == 4 and preview_pages.read_whole(batch)["nowhere"] == {"花名册": 4}
    batch = batches.answer_doubts(batch=batch, sheets={"花名册": "幸福苑"}, all_apart=True)
    batches.commit_roster(batch=batch, actor=worker)
    found = homes()
    assert found["幸福苑 3-2-501"] == {"韩儠", "韩儥", "韩儦", "韩儧", "韩儨", "韩儩", "韩優", "韩儫", "韩儬"}
    assert {where for where, names in found.items() if len(names) == 1} == {
        "幸福苑 B-501",
        "幸福苑 南楼-东-501",
        "幸福苑 平房12号",
        "李家村 5组23号",
    }


def test_documents_of_every_kind_are_kept_as_they_are(bring: Upload) -> None:
    batch = bring("19-id-variants.csv")
    numbers = [person.id_no for person in Person.objects.order_by("household__dwelling__room")]
    assert batch.rejected == 0 and [number[:6] for number in numbers[:2]] == ["990101"] * 2
    assert numbers[2:] == ["E12345678", "H1234567890", "01234567", "", ""]


def test_somebody_joins_another_household_and_a_head_changes(bring: Upload) -> None:
    bring("21-household-and-head-change-1.xlsx")
    batch = bring("21-household-and-head-change-2.xlsx")
    assert batch.rejected == 0
    moved = Person.objects.select_related("household").get(name="钱慧")
    assert moved.household.head_name == "孙立" and moved.registrations.filter(to_date=None).count() == 1
    assert moved.registrations.get(to_date=None).household == moved.household
    third = Person.objects.get(name="周四")
    assert not Person.objects.exclude(former_name="", nickname="").exists()
    assert third.is_head and third.household.head_name == "周四" and not Person.objects.get(name="李三").is_head


def test_a_title_row_above_a_table_with_tabs(bring: Upload) -> None:
    bring("22-title-row-then-tabs.csv")
    assert homes() == {"幸福苑 3-2-501": {"赵一"}}


def test_a_compound_that_is_not_on_record_is_asked_about_and_never_made(bring: Upload, upload: Upload) -> None:
    bring("22-title-row-then-tabs.csv")
    batch = upload("08-same-id-other-name-2.xlsx")
    assert preview_pages.read_whole(batch)["strange"] == {"平安里": [1, []]} and batch.rejected == 1
    batch = batches.answer_doubts(batch=batch, compounds={"平安里": "+"})
    assert not preview_pages.read_whole(batch)["strange"]
    assert set(Compound.objects.values_list("name", flat=True)) == {"幸福苑"}


def test_the_only_compound_on_record_is_no_default_where_the_sheet_names_others(bring: Upload, upload: Upload) -> None:
    bring("11-dates.csv")
    Compound.objects.update(name="平安里")
    whole = preview_pages.read_whole(upload("17-addresses.xlsx"))
    assert whole["nowhere"] == {"花名册": 4} and set(whole["strange"]) == {"幸福苑", "李家村"}
