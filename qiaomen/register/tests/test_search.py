"""Whatever is known finds the person, nobody of another community, and the index is always what a rebuild would
make.
"""

import uuid
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qiaomen.kernel import clock
from qiaomen.kernel.idcheck import check_digit
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.office.fields import Blind
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.actions import acts, duplicates, household_events, search_index
from qiaomen.register.models import Household, Person, SearchEntry
from qiaomen.register.rules.search.facts import Fact
from qiaomen.register.rules.search.readings import Reading
from qiaomen.register.rules.search.tokens import fold
from qiaomen.register.selectors.search import known as search_tokens
from qiaomen.register.selectors.search.by_facts import by_facts
from qiaomen.register.selectors.search.find import search
from qiaomen.register.tests.town import FAMILY, bring_in

TODAY = date(2026, 11, 25)


@pytest.fixture
def town(community: Organisation, worker: Staff) -> Organisation:
    bring_in(community, worker, FAMILY)
    return community


def add(town: Organisation, name: str, home: Household | None = None, **known: Any) -> Person:
    """One more person straight into the register, as a roster would."""
    home = home or Household.objects.filter(community=town).order_by("head_name").first()
    home = home or Household.objects.create(community=town, head_name=name)
    person = Person(community=town, household=home, name=name, **known)
    person.save()
    search_index.renew([person.pk])
    return person


def titles(town: Organisation, text: str, **options: Any) -> list[str]:
    return [hit.title for hit in search(community=town, text=text, today=TODAY, numbers=True, **options)]


@pytest.mark.parametrize(
    "text",
    [
        "单志",
        "dan",
        "danzm",
        "dzm",
        "单 1234",
        "1234 szm",
        "3-2-501 单",
        "幸福苑 3-2-501",
        "幸福苑3号楼2单元501",
        "501",
        "501室",
        "139 0000 1234",
        "单 13900001234",
        "单13900001234",
        "志明1234",
        id_no(11),
        "志明 幸福苑 501",
        "shan志明",
        "单zm",
        "3号楼501",
    ],
)
def test_every_way_to_ask_finds_the_person_here_and_nowhere_else(town: Organisation, text: str) -> None:
    assert titles(town, text)[0] == "单志明"
    other = Organisation.objects.create(kind="community", name="新桥社区", code="R2")
    add(other, "贺年")
    assert titles(other, text) == [] and "贺年" not in titles(town, "贺")


def test_a_mask_as_it_is_shown_finds_whose_telephone_it_hides(town: Organisation) -> None:
    masked = add(town, "单志明", phone="13912341234")
    add(town, "单志强", phone="18612341234")
    found = {hit.id for hit in search(community=town, text="139****1234", today=TODAY, numbers=True)}
    assert str(masked.pk) in found
    assert "单志强" not in titles(town, "139****1234")


def test_a_household_of_people_of_one_name_takes_no_place_of_another(town: Organisation) -> None:
    homes = [Household.objects.create(community=town, head_name=f"甘{n}") for n in range(3)]
    for home in homes:
        for _ in range(4):
            add(town, "王秀英", home)
    reading = Reading(facts=(Fact("house", "王秀英"),), words=())
    found = by_facts(town, reading, 12, TODAY, {}, children=True)
    assert len(found) == len(set(found)) == 12


def test_names_that_sound_alike_come_after_the_exact_ones_and_say_so(town: Organisation) -> None:
    for name in ("章小微", "张晓薇", "张小微明", "张伟"):
        add(town, name)
    hits = search(community=town, text="张小微", today=TODAY)
    assert [(hit.title, hit.sounds_alike) for hit in hits[:1]] == [("张小微明", False)]
    assert {hit.title for hit in hits if hit.sounds_alike} == {"章小微", "张晓薇"}
    assert [(h.title, h.sounds_alike) for h in search(community=town, text="张微", today=TODAY)] == [("张伟", True)]
    assert titles(town, "张伟")[0] == "张伟"


def test_of_many_long_names_that_begin_and_sound_alike_the_one_written_comes_first(town: Organisation) -> None:
    for char in map(chr, range(0x20000, 0x20028)):  # characters without a reading: all of them sound the same
        add(town, f"阿卜杜热合曼·{char}·买买提江")
    for written in ("阿卜杜热合曼·𠀦·买买提江", "热合曼𠀦买买提", "𠀦买买提江"):
        assert titles(town, written, limit=3)[0] == "阿卜杜热合曼·𠀦·买买提江"
    assert titles(town, "阿卜杜热合提") == []


def test_other_names_find_a_person_after_a_correction_and_its_undo_forgets_them(
    town: Organisation, worker: Staff
) -> None:
    person = Person.objects.get(name="仇小兰")
    act = household_events.correct_person(
        person=person, actor=worker, reason="本人说", former_name="仇招娣", nickname="兰子"
    )
    assert titles(town, "招娣") == titles(town, "lanzi") == titles(town, "仇招娣") == ["仇小兰"]
    assert act and search_index.is_true(town)
    acts.undo(act=act, actor=worker, reason="记错了")
    assert titles(town, "招娣") == titles(town, "lanzi") == [] and search_index.is_true(town)


def test_people_under_fourteen_are_found_by_surname_and_door_and_shown_masked(town: Organisation) -> None:
    first = "990101" + "20151201" + "123"
    add(town, "单小宝", birth_date=date(2015, 12, 1), id_no=first + check_digit(first), nickname="小豆子")
    for text in ("单小宝", "小宝", "shanxiaobao", "sxb", "小豆子", "山小宝", "单小宝 501", "xb"):
        assert "单**" not in titles(town, text) and "单小宝" not in titles(town, text), text
        assert "单小宝" in titles(town, text, may_see_child=True)
    for text in ("单", "shan", "dan", "s", "501 单", first + check_digit(first)):
        assert "单**" in titles(town, text), text
    grown = search(community=town, text="单小宝", today=date(2029, 12, 1))
    assert [hit.title for hit in grown] == ["单小宝"]


def test_children_do_not_crowd_out_who_may_be_seen(town: Organisation) -> None:
    for number in range(90):
        add(town, f"王小{'兰' * (number % 2)}梅", birth_date=date(2020, 1, 1) if number % 30 else date(1950, 1, 1))
    assert titles(town, "小", limit=4) and len(titles(town, "梅", limit=20)) == 3


def test_no_clear_tail_stands_in_the_database(town: Organisation) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM register_searchentry")
        tokens = [token for (token,) in cursor.fetchall()]
        cursor.execute("SELECT * FROM register_person")
        people = [str(value) for row in cursor.fetchall() for value in row]
    for number in ("13900001234", id_no(11), id_no(22)):
        assert not [token for token in tokens if number[-4:] in token and token[0] != "#"]
        assert not [value for value in people if value == number[-4:] or number in value]


def test_equal_numbers_in_two_communities_are_not_seen_to_be_equal(town: Organisation) -> None:
    other = Organisation.objects.create(kind="community", name="新桥社区", code="R2")
    twin = add(other, "单志明", id_no=id_no(11), phone="13900001234")
    own = Person.objects.get(community=town, name="单志明")
    assert own.id_no_bi and own.id_no_bi != twin.id_no_bi and own.phone_bi != twin.phone_bi
    hashes = [
        set(SearchEntry.objects.filter(person=p, token__startswith="#").values_list("token")) for p in (own, twin)
    ]
    assert hashes[0] and not hashes[0] & hashes[1]
    assert Person.objects.filter(id_no_bi__in=[Blind(town.pk, id_no(11)), Blind(town.pk, "x")]).get() == own
    with pytest.raises(TypeError):
        Person.objects.filter(id_no_bi=id_no(11)).exists()


def test_the_index_stays_true_through_a_household_s_life(town: Organisation, worker: Staff) -> None:
    home, today = Household.objects.get(head_name="单志明"), clock.today()
    bring_in(town, worker, [[9, "新来的", "户主", id_no(44), "", "幸福苑3-1-101"]])
    door = Household.objects.get(head_name="新来的").dwelling
    assert door
    done = [
        household_events.add_person(
            household=home, kind="born", on_date=today, actor=worker, name="单小宝", relation="子女"
        ),
        household_events.move_within(
            household=home, people=list(home.people.all()), dwelling=door, on_date=today, actor=worker
        ),
        household_events.change_head(
            household=home, new_head=Person.objects.get(name="仇小兰"), on_date=today, actor=worker
        ),
    ]
    assert search_index.is_true(town) and titles(town, "3-1-101 仇") == ["仇小兰"] and not titles(town, "3-2-501 仇")
    act = bring_in(town, worker, [[10, "后来的", "户主", id_no(55), "", "幸福苑3-2-601"]])
    assert titles(town, "3-2-601") == ["后来的"] and search_index.is_true(town)
    acts.undo(act=act, actor=worker, reason="传错了表", partly=True)
    for act in reversed(done):
        acts.undo(act=act, actor=worker, reason="记错了")
        assert search_index.is_true(town), act.kind
    assert titles(town, "3-2-501 仇") == ["仇小兰"] and not titles(town, "小宝", may_see_child=True)


def test_a_merged_record_is_not_found_and_found_again_after_the_undo(town: Organisation, worker: Staff) -> None:
    bring_in(town, worker, [["", "单志鸣", "户主", "", "13900001234", "幸福苑小区3号楼1单元101室"]])
    stays, goes = Person.objects.get(name="单志明"), Person.objects.get(name="单志鸣")
    act = duplicates.merge_people(stays=stays, goes=goes, actor=worker)
    assert titles(town, "志鸣") == titles(town, "1234") == ["单志明"] and search_index.is_true(town)
    acts.undo(act=act, actor=worker, reason="是兄弟两个")
    assert titles(town, "志鸣") == ["单志鸣", "单志明"] and search_index.is_true(town)


def test_reindex_puts_right_what_is_wrong(town: Organisation) -> None:
    person = Person.objects.get(name="单志明")
    SearchEntry.objects.filter(person=person, token__startswith="=").delete()
    assert not titles(town, "志") and not search_index.is_true(town)
    out = StringIO()
    call_command("reindex", stdout=out)
    call_command("reindex", "--community", "R1", stdout=out)
    assert "3 人，更正 1 人" in out.getvalue() and "3 人，更正 0 人" in out.getvalue() and search_index.is_true(town)


def test_a_question_asks_the_database_as_often_in_a_large_community(town: Organisation) -> None:
    def asked(text: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            titles(town, text)
        return len(queries)

    texts = ("王", "王梅", "wang", "wm", "1234", "3-2-501", "王 1234", "13900001234", "张微")
    few = {text: asked(text) for text in texts}
    for number in range(150):
        home = Household.objects.create(community=town, head_name="王梅")
        add(town, f"王梅{'明兰英'[number % 3]}", home, phone=f"1390000{number:04d}")
    many = {text: asked(text) for text in texts}
    assert max(few.values()) <= 8 and max(many.values()) <= 8, (few, many)


NAME = st.text(st.sampled_from("王单仇解张伟明小兰吕乐买提·艾山骉𬶍Ab1"), min_size=1, max_size=7)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(NAME, min_size=1, max_size=8), start=st.integers(0, 5), length=st.integers(1, 5))
def test_whatever_like_finds_is_found(community: Organisation, names: list[str], start: int, length: int) -> None:
    with transaction.atomic():
        for name in names:
            add(community, name, Household.objects.create(community=community, head_name=name))
        for part in {name[start : start + length] for name in names}:
            if not fold(part) or part != part.strip("·"):
                continue
            liked = set(Person.objects.filter(community=community, name__contains=part).values_list("pk", flat=True))
            ours = {hit.id for hit in search(community=community, text=part, limit=100)}
            assert {str(pk) for pk in liked} <= ours, (part, names)
        transaction.set_rollback(True)


def test_a_stranger_s_key_finds_nothing() -> None:
    assert search_tokens.blind_tail(uuid.UUID(int=1), "1234") != search_tokens.blind_tail(uuid.UUID(int=2), "1234")
