"""A roster taken back leaves the register as it was, and every later hand edit as it is."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qiaomen.imports.actions import batches
from qiaomen.imports.problems import AlreadyImported
from qiaomen.imports.selectors.import_pages import kept_after_undo
from qiaomen.imports.selectors.preview import pages as preview_pages
from qiaomen.imports.tests.test_import import FAMILY, bring_in, equation
from qiaomen.kernel import clock
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.office import jobs, ledger
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.actions import acts, duplicates, search_index
from qiaomen.register.models import Act, Dwelling, Household, Person
from qiaomen.register.problems import AlreadyUndone, HeadNeeded, LaterWork, NotOnePair, UndoTooLate
from qiaomen.register.tests.town import picture
from qiaomen.visits.actions import visits


def edit(person: Person, actor: Staff, **new: Any) -> None:
    acts.change(acts.begin(community=person.community, actor=actor, kind="correct"), person, **new)


def test_a_roster_taken_back_leaves_nothing_of_it(community: Organisation, worker: Staff) -> None:
    before = picture()
    batch = bring_in(community, worker, FAMILY)
    done = acts.undo(act=batch.act, actor=worker, reason="传错了表", partly=True)
    assert picture() == before and not done.kept and done.removed == 3 + 2 + 2
    assert ledger.verify(community).ok


def test_a_second_roster_taken_back_leaves_the_first(community: Organisation, worker: Staff) -> None:
    bring_in(community, worker, FAMILY)
    before = picture()
    again = [
        [*FAMILY[0][:4], "13911112222", "幸福苑小区3号楼2单元503室"],
        [*FAMILY[1][:5], "幸福苑小区3号楼2单元503室"],
        [9, "新来的", "户主", id_no(44), "", "幸福苑3-1-101"],
    ]
    batch = bring_in(community, worker, again)
    assert equation(batch) == (3, 1, 2, 0, 0) and picture() != before
    moved = Person.objects.get(name="单志明")
    assert moved.household.dwelling and moved.household.dwelling.door_label == "3-2-503"
    acts.undo(act=batch.act, actor=worker, reason="传错了表", partly=True)
    assert picture() == before


def test_half_a_household_at_another_door_is_asked_about_and_nobody_is_moved(
    community: Organisation, worker: Staff
) -> None:
    bring_in(community, worker, FAMILY)
    batch = bring_in(community, worker, [[*FAMILY[0][:5], "幸福苑小区3号楼2单元503室"]])
    assert equation(batch) == (1, 0, 0, 1, 0)
    moved = Person.objects.get(name="单志明")
    assert moved.household.dwelling and moved.household.dwelling.door_label == "3-2-501"
    assert "搬走或分户" in preview_pages.soft_rows(batch)[0]["fields"][0][2]


def test_what_was_edited_by_hand_afterwards_stays_and_is_listed(community: Organisation, worker: Staff) -> None:
    batch = bring_in(community, worker, FAMILY)
    edit(Person.objects.get(name="单志明"), worker, phone="13800000000")
    done = acts.undo(act=batch.act, actor=worker, reason="传错了表", partly=True)
    stays = Person.objects.get()
    assert (stays.name, stays.phone) == ("单志明", "13800000000") and stays.household.dwelling
    assert {table for table, _, _ in done.kept} == {"register.person", "register.household", "register.dwelling"}


def test_a_field_edited_after_the_roster_changed_it_stays(community: Organisation, worker: Staff) -> None:
    bring_in(community, worker, FAMILY)
    batch = bring_in(community, worker, [[*FAMILY[0][:4], "13911112222", FAMILY[0][5]], FAMILY[1]])
    person = Person.objects.get(name="单志明")
    edit(person, worker, phone="13800000000")
    done = acts.undo(act=batch.act, actor=worker, reason="传错了表", partly=True)
    person.refresh_from_db()
    assert person.phone == "13800000000" and done.kept == [("register.person", person.pk, ("phone",))]


def test_an_undo_is_refused_when_late_or_twice(community: Organisation, worker: Staff, monkeypatch: Any) -> None:
    act = bring_in(community, worker, FAMILY).act
    later = clock.now() + timedelta(days=30)
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: later)
        with pytest.raises(UndoTooLate):
            acts.undo(act=act, actor=worker, reason="", partly=True)
    acts.undo(act=act, actor=worker, reason="", partly=True)
    with pytest.raises(AlreadyUndone):
        acts.undo(act=act, actor=worker, reason="", partly=True)


STEPS = st.lists(
    st.tuples(st.sampled_from(["import", "edit", "undo", "merge", "part"]), st.integers(0, 3), st.integers(0, 4)),
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@example(steps=[("import", 0, 1), ("edit", 0, 1), ("import", 0, 0), ("merge", 0, 2), ("undo", 2, 2)])
def test_no_sequence_of_import_edit_merge_and_undo_loses_a_hand_edit(
    community: Organisation, worker: Staff, steps: list[tuple[str, int, int]]
) -> None:  # fmt: skip
    from django.db import transaction

    with transaction.atomic():
        by_hand: dict[Any, str] = {}
        for kind, which, value in steps:
            if kind == "import":
                rows = [[*row[:4], f"1370000{value}{which}{n:02d}", row[5]] for n, row in enumerate(FAMILY)]
                try:
                    batch = bring_in(community, worker, rows)
                except AlreadyImported:
                    continue
                read, created, changed, same, rejected = equation(batch)
                assert read == created + changed + same + rejected
                now = {
                    person.pk: person.phone for person in Person.objects.all()
                }  # what a later roster wrote is not by hand
                by_hand = {pk: phone for pk, phone in by_hand.items() if now[pk] == phone}
            elif kind == "edit" and (person := Person.objects.order_by("name")[which : which + 1].first()):
                by_hand[person.pk] = f"1360000000{value}"
                edit(person, worker, phone=by_hand[person.pk])
            elif kind == "undo" and (act := Act.objects.filter(kind="import", undone_at=None).first()):
                newest = Act.objects.filter(kind="import", undone_at=None).order_by("-made_at").first() or act
                touched = set(newest.changes.values_list("row", flat=True)) - acts.newer_than(newest)
                acts.undo(act=newest, actor=worker, reason="", partly=True)
                by_hand = {pk: phone for pk, phone in by_hand.items() if pk not in touched}
            elif kind == "merge":
                standing = list(Person.objects.exclude(state="merged").order_by("name"))
                if len(standing) > 1:
                    stays, goes = standing[which % len(standing)], standing[value % len(standing)]
                    try:
                        duplicates.merge_people(stays=stays, goes=goes, actor=worker)
                    except (NotOnePair, HeadNeeded):
                        continue
            elif kind == "part" and (act := Act.objects.filter(kind="merged", undone_at=None).last()):
                try:
                    acts.undo(act=act, actor=worker, reason="是两个人")
                except LaterWork:
                    continue
            for pk, phone in by_hand.items():
                assert Person.objects.get(pk=pk).phone == phone
            assert search_index.is_true(community)
        transaction.set_rollback(True)


def test_the_page_takes_a_roster_back(community: Organisation, worker: Staff) -> None:
    batch = bring_in(community, worker, FAMILY)
    edit(Person.objects.get(name="单志明"), worker, phone="13800000000")
    client = Client()
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("imports:detail", args=[batch.pk])).content.decode()
    assert "撤销这次导入" in page
    answer = client.post(reverse("imports:undo", args=[batch.pk]), {"reason": "传错了表"}, follow=True)
    assert "正在撤销" in answer.content.decode() and Person.objects.count() == 3
    jobs.run_waiting()
    answer = client.get(reverse("imports:detail", args=[batch.pk]))
    assert "已撤销" in answer.content.decode() and "单志明" in answer.content.decode()
    assert list(Person.objects.values_list("name", flat=True)) == ["单志明"]


def test_a_roster_taken_back_keeps_the_household_that_was_visited(db: None) -> None:
    community = Organisation.objects.create(kind="community", name="锦瑟社区", code="V9")
    staff = Staff.objects.create_user("w-v9", None, name="网格员", role="worker", organisation=community)
    rows = (
        "户主,姓名,与户主关系,地址\n单志明,单志明,户主,幸福苑3-2-501\n,仇小兰,配偶,\n曾艾力,曾艾力,户主,幸福苑3-2-502\n"
    )
    batch = batches.upload_roster(community=community, actor=staff, file_name="a.csv", content=rows.encode())
    batches.commit_roster(batch=batch, actor=staff)
    home = Household.objects.get(head_name="单志明")
    assert home.dwelling
    visits.record_visit(
        visit_id=uuid.uuid4(), dwelling=home.dwelling, household=home, staff=staff, outcome="met", happened_at=clock.now(),
        origin="desk",
    )  # fmt: skip
    acts.undo(act=batch.act, actor=staff, reason="传错了", partly=True)
    assert (
        set(Person.objects.values_list("name", flat=True))
        == {"单志明", "仇小兰"}
        == {one["title"] for one in kept_after_undo(batch, batch.made_by)}
    )
    assert Household.objects.get() == home and Dwelling.objects.get() == home.dwelling
