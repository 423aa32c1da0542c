"""The grid: who is in it, what is masked, how a block is written, taken back and done again."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.office.tests.cast import client_of
from qiaomen.register import problems
from qiaomen.register.actions import acts, household_events, looks, person_facts
from qiaomen.register.models import Act, Change, Household, Person, ToldFact
from qiaomen.register.selectors import facts
from qiaomen.register.tests.town import bring_in
from qiaomen.sheets.actions import saved_views
from qiaomen.sheets.models import SavedView
from qiaomen.sheets.rules import grid_cells as cells
from qiaomen.sheets.selectors import cell_history, grid
from qiaomen.sheets.selectors.columns import columns_of, views

CHILD_BORN = clock.today() - timedelta(days=9 * 366)
PEOPLE = [
    [1, "单志明", "户主", id_no(11), "13900001234", "幸福苑3号楼2单元501室"],
    [2, "仇小兰", "配偶", id_no(22), "13900005678", ""],
    [3, "单小宝", "孙子", id_no(34, f"{CHILD_BORN:%Y%m%d}"), "", ""],
    [4, "曾·艾力", "户主", id_no(33, "19480201"), "", "幸福苑3-2-502"],
    [5, "解万里", "户主", id_no(44, "19990909"), "13900009999", "学府里1-1-101"],
]


@pytest.fixture
def town(community: Organisation, worker: Staff) -> Organisation:
    bring_in(community, worker, PEOPLE)
    return community


@pytest.fixture
def head(community: Organisation) -> Staff:
    return Staff.objects.create_user("h-r", None, name="主任", role="head", organisation=community)


def post(staff: Staff, route: str, told: dict[str, Any], *args: Any) -> Any:
    return client_of(staff).post(reverse(f"sheets:{route}", args=args), json.dumps(told), "application/json")


def rows(staff: Staff, **told: Any) -> dict[str, Any]:
    answer = post(staff, "rows", told)
    assert answer.status_code == 200, answer.content
    return {row["name"] if "name" in row else row["head_name"]: row for row in answer.json()["data"]}


def cell(row: dict[str, Any], column: str, text: str, **more: Any) -> dict[str, Any]:
    return {"row": row["id"], "column": column, "text": text, "base": row["marks"].get(column, ""), **more}


def write(staff: Staff, *wanted: dict[str, Any], **more: Any) -> Any:
    return post(staff, "edit", {"view": "residents", "cells": list(wanted), **more})


def person(name: str) -> Person:
    return Person.objects.get(name=name)


# ---- what is seen ----


def test_the_page_reads_as_a_table_without_script(town: Organisation, worker: Staff) -> None:
    page = client_of(worker).get(reverse("sheets:grid")).content.decode()
    assert "单志明" in page and "幸福苑 3-2-501" in page and "共 5 行" in page
    found = client_of(worker).get(reverse("sheets:grid"), {"q": "3-2-502"}).content.decode()
    assert "曾·艾力" in found and "单志明" not in found


def test_numbers_are_masked_in_every_answer(town: Organisation, worker: Staff) -> None:
    secrets = [text for p in Person.objects.all() for text in (p.id_no, p.phone) if text]
    client, row = client_of(worker), rows(worker)["单志明"]
    seen = client.get(reverse("sheets:grid")).content.decode()
    for view in views():
        seen += post(worker, "rows", {"view": view, "columns": list(columns_of(views()[view].of))}).content.decode()
    seen += client.get(reverse("sheets:card", args=["person", row["id"]]), headers={"HX-Request": "1"}).content.decode()
    for column in ("id_no", "phone"):
        place = {"view": "residents", "row": row["id"], "column": column}
        seen += client.get(reverse("sheets:past"), place).content.decode()
    new = id_no(77, "19510102")
    seen += write(worker, cell(row, "id_no", new), dry=True).content.decode()
    seen += write(worker, cell(row, "id_no", new), cell(row, "phone", "13512345678")).content.decode()
    assert person("单志明").id_no == new and person("单志明").birth_date.year == 1951
    assert [secret for secret in [*secrets, new, "13512345678"] if secret in seen] == []
    assert "139****1234" in seen


def test_a_child_is_a_surname_and_a_year_for_who_may_not_see_children(
    town: Organisation, worker: Staff, head: Staff
) -> None:  # fmt: skip
    seen = rows(worker)
    child = seen["单**"]
    assert "单小宝" not in json.dumps(seen, ensure_ascii=False)
    assert child["birth_date"] == f"{CHILD_BORN.year}年" and child["locked"] and not child["marks"]
    assert child["id_no"] == grid.HIDDEN and child["age"] == grid.HIDDEN
    for filters in ({"name": "单小宝"}, {"id_no": id_no(34, f"{CHILD_BORN:%Y%m%d}")}, {"birth_date": f"{CHILD_BORN}"}):
        assert not rows(worker, filters=filters)
    assert rows(worker, filters={"birth_date": str(CHILD_BORN.year)}) and not rows(worker, text="单小宝")
    answer = write(worker, {"row": child["id"], "column": "name", "text": "单大宝", "base": ""}).json()
    assert answer["faults"] and not answer["act"]
    place = {"view": "residents", "row": child["id"], "column": "id_no", "reason": "核对身份"}
    assert post(worker, "reveal", place).status_code == 403
    assert "单小宝" in rows(head) and rows(head)["单小宝"]["birth_date"] == cells.say_day(CHILD_BORN)
    card = reverse("sheets:card", args=["person", child["id"]])
    assert "单小宝" not in client_of(worker).get(card, headers={"HX-Request": "1"}).content.decode()


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"name": "小"}, {"仇小兰", "单小宝"}),
        ({"name": "szm"}, {"单志明"}),
        ({"name": "shanzhi"}, {"单志明"}),
        ({"door": "3号楼2单元"}, {"单志明", "仇小兰", "单小宝", "曾·艾力"}),
        ({"door": "学府里"}, {"解万里"}),
        ({"birth_date": "1948"}, {"曾·艾力"}),
        ({"birth_date": "1945-1950"}, {"单志明", "仇小兰", "曾·艾力"}),
        ({"age": "60+"}, {"单志明", "仇小兰", "曾·艾力"}),
        ({"age": "<14"}, {"单小宝"}),
        ({"sex": "男", "relation": "户主"}, {"单志明", "曾·艾力"}),
        ({"work_place": "空"}, {"单志明", "仇小兰", "单小宝", "曾·艾力", "解万里"}),
        ({"phone": "139 0000 9999"}, {"解万里"}),
        ({"phone": "9999"}, set()),
        ({"id_no": id_no(22)}, {"仇小兰"}),
    ],
)
def test_filters(town: Organisation, head: Staff, filters: dict[str, str], names: set[str]) -> None:
    if filters == {"sex": "男", "relation": "户主"}:
        names = {p.name for p in Person.objects.filter(sex="male", relation="户主")}
    assert set(rows(head, filters=filters)) == names


def test_a_filter_nobody_understands_is_said(town: Organisation, head: Staff) -> None:
    answer = post(head, "rows", {"filters": {"age": "老"}})
    assert answer.status_code == 400 and answer.json()["problem"]["code"] == "sheets.grid-bad-filter"
    assert post(head, "rows", {"filters": {"told:disability_card": "是"}}).status_code == 400


def test_sealed_columns_give_no_order(town: Organisation, head: Staff) -> None:
    assert [list(rows(head, sort=sort)) for sort in ("id_no", "-phone", "told:disability_card")] == [
        list(rows(head))
    ] * 3
    assert next(iter(rows(head, sort="-birth_date"))) == "单小宝"


def test_views_by_what_was_told(town: Organisation, worker: Staff, head: Staff) -> None:
    one = person("仇小兰")
    person_facts.note_facts(
        person=one, facts={"disability_card": True, "disability_grade": 2}, on_date=clock.today(), actor=worker
    )
    person_facts.note_facts(
        person=person("解万里"), facts={"disability_card": False}, on_date=clock.today(), actor=worker
    )
    found = rows(worker, view="disabled")
    assert set(found) == {"仇小兰"} and found["仇小兰"]["told:disability_grade"] == grid.HIDDEN
    line = LedgerEntry.objects.filter(code="sheets.grid-looked").get()
    assert line.fields == ["disability_card"] and line.actor == worker
    place = {"view": "disabled", "row": str(one.pk), "column": "told:disability_grade", "reason": "低保核对"}
    assert post(worker, "reveal", {**place, "reason": ""}).status_code == 400
    assert post(worker, "reveal", place).json() == {"text": "2级"}
    assert LedgerEntry.objects.filter(code="register.field-revealed").get().fields == ["disability_grade"]


def test_another_community_answers_404_and_shows_nothing(town: Organisation, worker: Staff) -> None:
    other = Organisation.objects.create(kind="community", name="新桥社区", code="R2")
    stranger = Staff.objects.create_user("w-2", None, name="别人", role="worker", organisation=other)
    row = rows(worker)["单志明"]
    assert not rows(stranger)
    answer = write(stranger, cell(row, "work_place", "车间")).json()
    assert answer["faults"][0]["what"].startswith("这一行已经不在") and person("单志明").work_place == ""
    act = write(worker, cell(row, "work_place", "车间")).json()["act"]
    for route in ("undo", "redo"):
        assert post(stranger, route, {}, act).status_code == 404
    place = {"view": "residents", "row": row["id"], "column": "phone", "reason": "核对身份"}
    assert post(stranger, "reveal", place).status_code == 404
    assert client_of(stranger).get(reverse("sheets:past"), place).status_code == 404
    assert client_of(stranger).get(reverse("sheets:card", args=["person", row["id"]])).status_code == 404


def test_another_grid_of_the_community_works_in_the_same_register(town: Organisation) -> None:
    """Grids are how a community shares its doors out, not a wall: what a colleague did, only they take back."""
    grids = [Organisation.objects.create(kind="grid", name=f"第{n}网格", code=f"R1-{n}", parent=town) for n in "一二"]
    one, two = [
        Staff.objects.create_user(f"w-{g.code}", None, name=g.name, role="worker", organisation=g) for g in grids
    ]
    act = write(one, cell(rows(one)["解万里"], "work_place", "车间")).json()["act"]
    assert rows(two)["解万里"]["work_place"] == "车间"
    assert post(two, "undo", {}, act).status_code == 404
    assert post(one, "undo", {}, act).status_code == 200


@pytest.mark.parametrize("role", ["volunteer", "supervisor", "auditor", "admin"])
def test_other_roles_cannot(town: Organisation, role: str) -> None:
    staff = Staff.objects.create_user(f"x-{role}", None, name=role, role=role, organisation=town)
    client = client_of(staff)
    for route in ("grid", "exports", "export-new", "past"):
        assert client.get(reverse(f"sheets:{route}")).status_code == 403
    for route in ("rows", "edit", "reveal", "save-view", "export-new"):
        assert post(staff, route, {}).status_code == 403


# ---- what is written ----


def test_a_cell_is_written_taken_back_and_written_again(town: Organisation, worker: Staff) -> None:
    before = rows(worker)["仇小兰"]
    answer = write(worker, cell(before, "name", "仇兰"), cell(before, "birth_date", "1951.4.5")).json()
    assert answer["act"] and {row["name"] for row in answer["rows"]} == {"单志明", "仇兰", "单**"}
    assert person("仇兰").birth_date.isoformat() == "1951-04-05" and person("仇兰").name_pinyin == "qiulan"
    act = Act.objects.get(pk=answer["act"])
    assert (act.kind, act.reason) == ("corrected", "台账修改")
    version = person("仇兰").household.version
    assert post(worker, "undo", {}, act.pk).status_code == 200
    assert person("仇小兰").birth_date.isoformat() != "1951-04-05"
    again = post(worker, "redo", {}, act.pk).json()["act"]
    assert person("仇兰").birth_date.isoformat() == "1951-04-05" and again != str(act.pk)
    assert post(worker, "redo", {}, again).json()["problem"]["code"] == "register.not-undone"
    assert post(worker, "undo", {}, again).status_code == 200 and person("仇小兰")
    assert person("仇小兰").household.version > version
    assert LedgerEntry.objects.filter(code="register.act-redone").count() == 1


def test_thirty_steps_go_back_and_forth(town: Organisation, worker: Staff) -> None:
    done = []
    for number in range(30):
        row = rows(worker, columns=["name", "work_place"])["解万里"]
        done.append(
            write(worker, cell(row, "work_place", f"第{number}车间"), columns=["name", "work_place"]).json()["act"]
        )
    page = client_of(worker).get(reverse("sheets:grid")).content.decode()
    assert all(act in page for act in done)
    for act in reversed(done):
        assert post(worker, "undo", {}, act).status_code == 200
    assert person("解万里").work_place == ""
    for act in done:
        assert post(worker, "redo", {}, act).status_code == 200
    assert person("解万里").work_place == "第29车间"


def test_a_block_is_one_act(town: Organisation, worker: Staff) -> None:
    told_columns = ["name", "work_place", "told:public_post", "told:disability_grade"]
    seen = rows(worker, columns=told_columns)
    block = [
        cell(seen[name], column, text)
        for name in ("单志明", "仇小兰", "解万里")
        for column, text in (("work_place", "社区工厂"), ("told:public_post", "是"), ("told:disability_grade", "3级"))
    ]
    plan = write(worker, *block, dry=True, columns=told_columns).json()
    assert len(plan["changes"]) == 9 and not Act.objects.filter(kind="grid").exists()
    assert {one["after"] for one in plan["changes"]} == {"社区工厂", "是", grid.HIDDEN}
    answer = write(worker, *block, columns=told_columns).json()
    act = Act.objects.get(pk=answer["act"])
    assert act.kind == "grid" and ToldFact.objects.filter(to_date=None).count() == 6
    assert facts.known_of(person("解万里")) == {"public_post": True, "disability_grade": 3}
    line = LedgerEntry.objects.get(code="sheets.grid-written")
    assert line.detail == {"cells": 9, "households": 2} and "public_post" in line.fields
    post(worker, "undo", {}, act.pk)
    assert not ToldFact.objects.exists() and person("解万里").work_place == ""
    post(worker, "redo", {}, act.pk)
    assert facts.known_of(person("解万里")) == {"public_post": True, "disability_grade": 3}


def test_an_emptied_cell_ends_what_was_told(town: Organisation, worker: Staff) -> None:
    person_facts.note_facts(
        person=person("解万里"), facts={"public_post": True}, on_date=clock.today() - timedelta(days=9), actor=worker
    )
    shown = ["name", "told:public_post"]
    answer = write(worker, cell(rows(worker, columns=shown)["解万里"], "told:public_post", ""), columns=shown).json()
    assert answer["act"] and facts.known_of(person("解万里")) == {}
    assert facts.known_of(person("解万里"), clock.today() - timedelta(days=1)) == {"public_post": True}


@pytest.mark.parametrize(
    ("column", "text", "word"),
    [
        ("name", "", "姓名不能空着"), ("name", "王" * 61, "最多 60 个字"), ("sex", "不男不女", "只能是：男、女"),
        ("birth_date", "1950年13月1日", "看不懂"), ("birth_date", "2999-01-01", "看不懂"), ("id_no", "990101195001010", "对不上"),
        ("id_no", id_no(22), "另一个人名下"), ("phone", "打不通", "电话看不懂"), ("phone", "138****8000", "电话看不懂"), ("age", "70", "不能在台账里改"),
        ("told:public_post", "大概", "“是”或“否”"), ("told:living_arrangement", "跟猫", "独居"), ("told:nothing", "1", "不能在台账里改"),
        ("told:disability_grade", "很重", "整数"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_said_at_the_cell(
    town: Organisation, worker: Staff, column: str, text: str, word: str
) -> None:  # fmt: skip
    shown = ["name", "sex", "birth_date", "id_no", "phone", "told:public_post", "told:living_arrangement",
             "told:disability_grade", "work_place"]  # fmt: skip
    row, changes = rows(worker, columns=shown)["解万里"], Change.objects.count()
    answer = write(worker, cell(row, column, text), cell(row, "work_place", "车间"), columns=shown).json()
    (fault,) = answer["faults"]
    assert word in fault["what"] and fault["text"] == text and fault["column"] == column
    assert answer["act"] is None and Change.objects.count() == changes


def test_a_number_and_a_birth_date_that_disagree(town: Organisation, worker: Staff) -> None:
    row = rows(worker)["解万里"]
    answer = write(worker, cell(row, "id_no", id_no(78, "19880808")), cell(row, "birth_date", "1988-08-09")).json()
    assert answer["faults"][0]["column"] == "birth_date" and "身份证号决定" in answer["faults"][0]["what"]
    answer = write(worker, cell(row, "id_no", id_no(78, "19880808")), cell(row, "birth_date", "1988年8月8日")).json()
    assert answer["act"] and person("解万里").birth_date.isoformat() == "1988-08-08"


def test_what_somebody_else_changed_is_not_overwritten(town: Organisation, worker: Staff, head: Staff) -> None:
    mine = rows(worker)["解万里"]
    household_events.correct_person(
        person=person("解万里"), actor=head, reason="本人说", work_place="学校", phone="13511112222"
    )
    answer = write(worker, cell(mine, "work_place", "工厂"), cell(mine, "relation", "本人")).json()
    (conflict,) = answer["conflicts"]
    assert (conflict["mine"], conflict["theirs"], conflict["who"]) == ("工厂", "学校", "解万里")
    assert answer["act"] is None and person("解万里").relation == "户主"
    masked = write(worker, cell(mine, "phone", "13533334444")).json()["conflicts"][0]
    assert masked["theirs"] == "135****2222"
    settled = write(worker, {**cell(mine, "work_place", "工厂"), "base": conflict["base"]}).json()
    assert settled["act"] and person("解万里").work_place == "工厂"
    assert write(worker, cell(mine, "relation", "户主")).json()["same"] == 1


def test_undo_after_somebody_elses_work_is_refused_whole(town: Organisation, worker: Staff, head: Staff) -> None:
    act = write(worker, cell(rows(worker)["解万里"], "work_place", "工厂")).json()["act"]
    household_events.correct_person(person=person("解万里"), actor=head, reason="本人说", work_place="学校")
    answer = post(worker, "undo", {}, act)
    assert answer.status_code == 409 and answer.json()["problem"]["code"] == "register.later-work"
    assert person("解万里").work_place == "学校"


def test_redo_over_later_work_is_refused(town: Organisation, worker: Staff, head: Staff) -> None:
    act = Act.objects.get(pk=write(worker, cell(rows(worker)["解万里"], "work_place", "工厂")).json()["act"])
    acts.undo(act=act, actor=worker, reason="")
    household_events.correct_person(person=person("解万里"), actor=head, reason="本人说", work_place="学校")
    with pytest.raises(problems.LaterWork):
        acts.redo(act=act, actor=worker)
    assert person("解万里").work_place == "学校"


def test_a_household_is_edited_too(town: Organisation, worker: Staff) -> None:
    seen = rows(worker, view="households")
    assert seen["单志明"]["people"] == "3" and set(seen) == {"单志明", "曾·艾力", "解万里"}
    answer = write(
        worker,
        cell(seen["单志明"], "origin_town", "柳湾镇"),
        cell(seen["单志明"], "lifted_out", "是"),
        view="households",
    )
    assert answer.json()["rows"][0]["lifted_out"] == "是"
    assert Household.objects.get(head_name="单志明").lifted_out is True
    post(worker, "undo", {"view": "households"}, answer.json()["act"])
    assert Household.objects.get(head_name="单志明").lifted_out is None


def test_the_heads_new_name_is_the_households(town: Organisation, worker: Staff) -> None:
    answer = write(worker, cell(rows(worker)["解万里"], "name", "解万程")).json()
    assert answer["act"] and Household.objects.filter(head_name="解万程").exists()


def test_too_many_and_nonsense_are_refused(town: Organisation, worker: Staff) -> None:
    row = rows(worker)["解万里"]
    assert write(worker, *[cell(row, "name", "x")] * 2001).status_code == 413
    for body in (b"[]", b"{", b'{"cells": 3}', b'{"cells": [{"row": "x"}]}', b'{"view": "no"}', b'{"filters": [1]}'):
        answer = client_of(worker).post(reverse("sheets:edit"), body, "application/json")
        assert answer.status_code == 400 and answer.json()["problem"]["do_next"]


# ---- what a cell has been, and one's own tabs ----


def test_the_past_of_a_cell(town: Organisation, worker: Staff, head: Staff) -> None:
    write(worker, cell(rows(worker)["解万里"], "work_place", "工厂"))
    write(head, cell(rows(head)["解万里"], "work_place", "学校"))
    write(head, cell(rows(head)["解万里"], "phone", "13511112222"))
    known = columns_of("person")
    steps = cell_history.cell_history(person("解万里"), known["work_place"], worker)
    assert [(one["who"], one["before"], one["after"]) for one in steps] == [
        ("主任", "工厂", "学校"), ("网格员", "", "工厂"), ("网格员", "", ""),
    ]  # fmt: skip
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


def test_a_page_asks_the_database_few_things(town: Organisation, worker: Staff) -> None:
    client, url = client_of(worker), reverse("sheets:rows")
    told_columns = {"columns": list(columns_of("person"))}
    client.post(url, json.dumps(told_columns), "application/json")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.post(url, json.dumps(told_columns), "application/json")
    bring_in(town, worker, [[n, f"张{n}", "户主", id_no(100 + n), "", f"学府里2-1-{100 + n}"] for n in range(1, 61)])
    with CaptureQueriesContext(connection) as more:
        assert len(client.post(url, json.dumps(told_columns), "application/json").json()["data"]) == 65
    assert len(more) <= len(few) <= 9


def test_reveal_refuses_what_is_not_sealed(town: Organisation, worker: Staff) -> None:
    with pytest.raises(ValueError):
        looks.reveal_field(person=person("解万里"), field="age", reason="核对身份", actor=worker)
    row = rows(worker)["解万里"]
    assert post(worker, "reveal", {"row": row["id"], "column": "name", "reason": "核对身份"}).status_code == 400
    found = post(worker, "reveal", {"row": row["id"], "column": "phone", "reason": "电话联系"})
    assert found.json()["text"] == "13900009999" and "no-store" in found["Cache-Control"]


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
