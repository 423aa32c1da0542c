"""A sealed value opens in its row alone; a new key takes over, killed half-way or not; no length tells a code."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction

from qiaomen.kernel import clock, sealing
from qiaomen.kernel.sealing import CannotUnseal
from qiaomen.office import rekey
from qiaomen.office.fields import Blind, KeyedCode, Sealed, SealedField
from qiaomen.office.management.commands import inspect_copy
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.actions import acts
from qiaomen.register.models import Act, Change, Household, Person, ToldFact
from qiaomen.visits.models import Pause

NEW = "k9:" + "ab" * 32


@pytest.fixture
def keys() -> Any:
    """Take the keys of the process back afterwards."""
    old = ",".join(f"{key_id}:{value.hex()}" for key_id, value in sealing._keys.items())
    yield old
    sealing.configure(old)


def people(community: Organisation, count: int) -> list[Person]:
    home = Household.objects.create(community=community, head_name="户主")
    made = [
        Person(
            community=community, household=home, name=f"人{n}", id_no=f"9901011950010{n:05d}", phone=f"1390000{n:04d}"
        )
        for n in range(count)
    ]
    Person.objects.bulk_create(made)
    ToldFact.objects.bulk_create(
        [
            ToldFact(
                person=person, code="disability_card", value="true" if n % 2 else "false", from_date=date(2026, 1, 1)
            )
            for n, person in enumerate(made)
        ]
    )
    return made


def raw(table: str, column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {column} <> ''")
        return [row[0] for row in cursor.fetchall()]


def swap(model: Any, first: Any, second: Any, column: str) -> None:
    """Exchange what two rows hold, as somebody with the database would."""
    table, key = model._meta.db_table, model._meta.pk
    with connection.cursor() as cursor:
        held = []
        for row in (first, second):
            cursor.execute(
                f"SELECT {column} FROM {table} WHERE {key.column} = %s", [key.get_db_prep_save(row.pk, connection)]
            )
            held.append(cursor.fetchone()[0])
        for row, text in zip((first, second), reversed(held), strict=True):
            cursor.execute(
                f"UPDATE {table} SET {column} = %s WHERE {key.column} = %s",
                [text, key.get_db_prep_save(row.pk, connection)],
            )


def test_two_rows_that_change_places_do_not_open(community: Organisation, worker: Staff) -> None:
    """Yesterday the number of one person stood in the row of another, and opened."""
    first, second = people(community, 2)
    swap(Person, first, second, "id_no")
    with pytest.raises(CannotUnseal):
        _ = Person.objects.get(pk=first.pk).id_no
    assert Person.objects.get(pk=first.pk).phone == first.phone
    facts = list(ToldFact.objects.order_by("pk"))
    swap(ToldFact, *facts, "value")
    with pytest.raises(CannotUnseal):
        _ = ToldFact.objects.get(pk=facts[0].pk).value


def test_history_is_bound_to_its_act_and_row(community: Organisation, worker: Staff) -> None:
    first, second = people(community, 2)
    with transaction.atomic():
        act = acts.begin(community=community, kind="corrected", actor=worker, reason="写错了")
        acts.change_many(act, [(first, {"phone": "13911110000"}), (second, {"phone": "13922220000"})])
    assert Act.objects.get(reason_bi=Blind(community.pk, "写错了")).reason == "写错了"
    mine = list(Change.objects.filter(act=act).order_by("pk"))
    assert "13911110000" in mine[0].after
    swap(Change, *mine, "after")
    with pytest.raises(CannotUnseal):
        _ = Change.objects.get(pk=mine[0].pk).after
    assert "1390000" in Change.objects.get(pk=mine[0].pk).before


def test_a_backup_in_which_values_changed_places_is_no_good_backup(community: Organisation) -> None:
    first, second = people(community, 2)
    assert inspect_copy._unopened() == 0
    swap(Person, first, second, "phone")
    assert inspect_copy._unopened() == 2


def test_a_sealed_value_leaves_only_through_its_row(community: Organisation) -> None:
    (person,) = people(community, 1)
    pk, value = Person.objects.values_list("pk", "phone").get()
    assert isinstance(value, Sealed) and value.open(pk) == person.phone
    with pytest.raises(TypeError):
        str(value)
    with pytest.raises(TypeError), transaction.atomic():
        Person.objects.filter(pk=pk).update(phone="13900009999")
    with pytest.raises(TypeError):
        Person.objects.filter(phone=person.phone).exists()
    Person.objects.filter(pk=pk).update(phone="")
    assert Person.objects.get(pk=pk).phone == ""
    with pytest.raises(TypeError):
        ToldFact.objects.filter(code__startswith="dis").exists()
    assert ToldFact.objects.filter(code="disability_card").values_list("code", flat=True).get() == "disability_card"


def test_yes_and_no_and_every_code_are_of_one_length(community: Organisation) -> None:
    (person, _other) = people(community, 2)
    ToldFact.objects.create(person=person, code="is_orphan", value="false")
    ToldFact.objects.create(person=person, code="receives_tekun", value="true")
    assert len({len(text) for text in raw("register_toldfact", "value")}) == 1
    assert len({len(text) for text in raw("register_toldfact", "code")}) == 1
    assert len(set(raw("register_toldfact", "code"))) == 3, "equal codes look equal, and only that is seen"


def test_every_sealed_column_has_a_label_of_its_own() -> None:
    labels = [
        field.label
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, (SealedField, KeyedCode))
    ]
    assert len(labels) == len(set(labels)) and all(re.fullmatch(r"[a-z]+\.[a-z]+\.[a-z_]+", label) for label in labels)


@pytest.mark.parametrize("suite", ["aes", "sm4"])
def test_a_new_key_takes_over_and_the_old_one_can_go(
    community: Organisation, head: Staff, keys: str, suite: str
) -> None:
    made = people(community, 40)
    Pause.objects.create(
        community=community,
        household=made[0].household,
        until=clock.today() + timedelta(days=9),
        reason="去外地女儿家",
        made_at=clock.now(),
        made_by=head,
    )
    sealing.configure(f"{NEW},{keys}", suite)
    assert rekey.left_behind()["register_person.phone"] == 40
    done = rekey.rekey()
    assert done.columns["register_person.id_no"] == done.columns["register_toldfact.value"] == 40
    assert rekey.rekey().total == 0, "a second run has nothing to do"
    assert {text.split(".")[1:3][1] for text in raw("register_person", "id_no")} == {"k9"}
    rekey.rekey_marks()
    sealing.configure(NEW, suite)
    assert rekey.left_behind() == {}
    assert Person.objects.get(phone_bi=Blind(community.pk, made[7].phone)).name == "人7"
    assert ToldFact.objects.filter(code="disability_card").count() == 40
    assert Pause.objects.get().reason == "去外地女儿家"


def test_killed_half_way_it_goes_on(community: Organisation, keys: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = people(community, 60)
    monkeypatch.setattr(rekey, "STEP", 7)
    sealing.configure(f"{NEW},{keys}")
    write, calls = rekey.write_sealed, 0

    def die(*args: Any) -> None:
        nonlocal calls
        calls += 1
        if calls % 4 == 0:
            raise KeyboardInterrupt
        write(*args)

    monkeypatch.setattr(rekey, "write_sealed", die)
    kills = 0
    for _ in range(40):
        try:
            rekey.rekey()
            break
        except KeyboardInterrupt:
            kills += 1
            assert {person.phone for person in Person.objects.all()} == {person.phone for person in made}
    assert kills >= 5 and "register_person.phone" not in rekey.left_behind()
    assert {fact.value for fact in ToldFact.objects.all()} == {"true", "false"}


def test_the_command_says_how_many(community: Organisation, keys: str, capsys: Any) -> None:
    people(community, 3)
    sealing.configure(f"{NEW},{keys}")
    call_command("rekey")
    said = capsys.readouterr().out
    assert "register_person.phone: 3" in said
