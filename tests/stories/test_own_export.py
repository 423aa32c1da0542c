"""The system's own file comes back: nothing changes, nobody is made of the watermark, and no mask becomes a number."""

import io
from typing import Any

import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from qiaomen.groups.actions import memberships
from qiaomen.imports.actions import batches
from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.actions import person_facts
from qiaomen.register.models import Household, Person, ToldFact
from qiaomen.register.tests.town import FAMILY, bring_in
from qiaomen.sheets.actions import exports
from qiaomen.sheets.selectors.columns import columns_of, views

MORE = [
    [4, "单小宝", "子", "", "", "幸福苑小区3号楼2单元501室"],
    [5, "王伟", "户主", "", "13700000001", "幸福苑3-2-503"],
    [6, "王伟", "户主", "", "13700000002", "幸福苑3-2-504"],
    [7, "解万里", "户主", "", "", "幸福苑3-2-505"],
]


@pytest.fixture
def town(db: None) -> dict[str, Any]:
    community = Organisation.objects.create(kind="community", name="锦瑟社区", code="OE")
    staff = {
        role: Staff.objects.create_user(f"oe-{role}", None, name=role, role=role, organisation=community)
        for role in ("worker", "head")
    }
    bring_in(community, staff["worker"], [*FAMILY[:2], MORE[0], FAMILY[2], *MORE[1:]])
    return {"community": community, **staff}


def own_file(town: dict[str, Any], **wish: Any) -> bytes:
    """Ask for a file, have it let go, open it with its password."""
    worker = town["worker"]
    asked = exports.read_asked({"view": "residents", **wish}, worker)
    export = exports.ask_export(
        community=town["community"], staff=worker, asked=asked, purpose="核对", clear_reason="逐个打电话"
    )
    taken = exports.take_export(export=export, staff=worker)
    locked, out = exports.hand_over(export=taken.export, staff=worker, link=taken.link), io.BytesIO()
    book = OOXMLFile(io.BytesIO(locked))
    book.load_key(password=taken.password, verify_password=True)
    book.decrypt(out, verify_integrity=True)
    return out.getvalue()


WISHES: dict[str, dict[str, Any]] = {
    "as it opens": {},
    "door and relation": {"columns": ["name", "relation", "door", "household_no", "head_name"]},
    "numbers whole": {"columns": ["name", "id_no", "phone", "door", "relation"], "clear": ["id_no", "phone"]},
    "numbers masked": {"columns": ["name", "id_no", "phone", "door"]},
    "name and age": {"columns": ["name", "age", "sex", "birth_date", "door"]},
    "everything": {"columns": [code for code in columns_of("person") if not code.startswith("told:")]},
}


@pytest.mark.parametrize("wish", WISHES)
def test_an_own_file_comes_back_unchanged(town: dict[str, Any], wish: str) -> None:
    content = own_file(town, **WISHES[wish])
    batch = batches.upload_roster(
        community=town["community"], actor=town["worker"], file_name="导出.xlsx", content=content
    )
    told = [(row.kind, row.row_no, row.reasons, row.differences) for row in batch.rows.all()]
    assert (batch.created, batch.changed) == (0, 0), told
    assert batch.rows_read == Person.objects.count() and "oe-worker" not in str(told)
    before = people()
    batches.commit_roster(batch=batch, actor=town["worker"])
    assert before == people()
    assert Household.objects.count() == 5


def people() -> list[Any]:
    return [(one.name, one.phone, one.id_no, one.household_id, one.relation) for one in Person.objects.order_by("pk")]


def facts() -> list[Any]:
    told = [(one.person_id, one.code, one.value, one.from_date, one.to_date) for one in ToldFact.objects.all()]
    return sorted(told, key=str)


def test_a_file_of_any_view_changes_nothing_and_makes_nobody(town: dict[str, Any]) -> None:
    """A mask is no value. A preview says of what is sealed that it changes; the commit writes nothing twice."""
    told = {"disability_card": True, "disability_kind": "limb", "disability_grade": 3, "receives_dibao": True}
    who = Person.objects.get(name="单志明")
    person_facts.note_facts(person=who, facts=told, on_date=clock.today(), actor=town["head"])
    memberships.keep_current(town["community"])
    before, tried = facts(), 0
    for code in views():
        try:
            content = own_file(town, view=code)
        except Problem:
            continue
        tried += 1
        try:
            batch = batches.upload_roster(
                community=town["community"], actor=town["worker"], file_name=f"{code}.xlsx", content=content
            )
        except Problem:
            continue
        rows = [(row.kind, row.row_no, row.reasons, row.differences) for row in batch.rows.all()]
        assert batch.created == 0, (code, rows)
        batches.commit_roster(batch=batch, actor=town["worker"])
        assert facts() == before, (code, rows)
    assert tried > 3
