"""The past of a cell, tabs of one's own, and taking a block back from elsewhere."""

# ruff: noqa: F811  fixtures come from test_grid

import json

from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.office.tests.cast import client_of
from qiaomen.register.actions import household_events
from qiaomen.sheets.actions import saved_views
from qiaomen.sheets.models import SavedView
from qiaomen.sheets.selectors import cell_history
from qiaomen.sheets.selectors.columns import columns_of
from qiaomen.sheets.tests.test_grid import cell, head, person, post, rows, town, write  # noqa: F401


def test_the_past_of_a_cell(town: Organisation, worker: Staff, head: Staff) -> None:
    write(worker, cell(rows(worker)["解万里"], "work_place", "工厂"))
    write(head, cell(rows(head)["解万里"], "work_place", "学校"))
    write(head, cell(rows(head)["解万里"], "phone", "13511112222"))
    known = columns_of("person")
    steps = cell_history.cell_history(person("解万里"), known["work_place"], worker)
    assert [(one["who"], one["before"], one["after"]) for one in steps] == [
        ("主任", "工厂", "学校"),
        ("网格员", "", "工厂"),
        ("网格员", "", ""),
    ]
    assert [one["after"] for one in cell_history.cell_history(person("解万里"), known["phone"], worker)] == [
        "135****2222",
        "139****9999",
    ]
    shown = ["name", "told:public_post"]
    for text in ("是", "否", ""):
        write(worker, cell(rows(worker, columns=shown)["解万里"], "told:public_post", text), columns=shown)
    steps = cell_history.cell_history(person("解万里"), known["told:public_post"], worker)
    assert [one["after"] for one in steps] == ["", "否", "是"]


def test_a_tab_of_ones_own(town: Organisation, worker: Staff, head: Staff) -> None:
    told_view = {
        "name": "我的老人",
        "columns": ["name", "age"],
        "filters": {"age": "60+", "phone": "13900001234"},
        "sort": "-birth_date",
    }
    url = post(worker, "save-view", told_view).json()["url"]
    saved = SavedView.objects.get()
    assert "13900001234" not in saved.filters and saved_views.question_of_view(saved, worker).filters == {"age": "60+"}
    page = client_of(worker).get(url).content.decode()
    assert "我的老人" in page and "共 3 行" in page
    assert client_of(head).get(url).status_code == 404
    assert client_of(head).post(reverse("sheets:drop-view", args=[saved.pk])).status_code == 404
    post(worker, "save-view", {**told_view, "columns": ["name"]})
    assert SavedView.objects.get().columns == ["name"]
    assert post(worker, "save-view", {"name": " "}).status_code == 400
    client_of(worker).post(reverse("sheets:drop-view", args=[saved.pk]))
    assert not SavedView.objects.exists()


def test_a_child_at_the_head_stays_masked_in_other_rows(town: Organisation, worker: Staff, head: Staff) -> None:
    child = person("单小宝")
    household_events.change_head(household=child.household, new_head=child, on_date=clock.today(), actor=head)
    shown = ["name", "head_name"]
    assert rows(worker, columns=shown)["单志明"]["head_name"] == "单**"
    assert rows(head, columns=shown)["单志明"]["head_name"] == "单小宝"
    assert "单**" in rows(worker, view="households")
    steps = cell_history.cell_history(person("单志明"), columns_of("person")["head_name"], worker)
    assert "单小宝" not in json.dumps(steps, ensure_ascii=False)


def test_a_block_is_taken_back_from_a_households_page_whole(town: Organisation, worker: Staff, head: Staff) -> None:
    seen = rows(worker)
    act = write(worker, *[cell(seen[name], "work_place", "工厂") for name in ("单志明", "解万里")]).json()["act"]
    page = reverse("register:household", args=[person("解万里").household_id])
    assert "撤销这一批（共 2 户）" in client_of(head).get(page).content.decode()
    undo = reverse("register:undo", args=[person("解万里").household_id, act])
    client_of(head).post(undo, {"reason": "记错了"})
    assert {person("单志明").work_place, person("解万里").work_place} == {""}
