"""Whoever has the database and not the key changes nothing unseen: random edits, and those of somebody who thinks."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from qiaomen.kernel import chain, clock, sealing
from qiaomen.office import ledger
from qiaomen.office.actions import rename_organisation
from qiaomen.office.fields import Ready, stored_text
from qiaomen.office.ledger import check as ledger_check
from qiaomen.office.ledger import heads as ledger_heads
from qiaomen.office.ledger import nightly as ledger_nightly
from qiaomen.office.models import LedgerEntry, LedgerHead, Organisation, Staff
from qiaomen.office.tests.edits import LINES, as_stored, make_town, recompute, renumber, try_edits

pytestmark = pytest.mark.django_db
Commit = Callable[..., Any]
MORNING = datetime(2026, 11, 29, 0, 20, tzinfo=clock.SHANGHAI)


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Commit:
    """A block at whose end what waits for a commit is done, as outside a test."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def homes(commit: Commit) -> list[Organisation]:
    return make_town(commit)


def act(home: Organisation, commit: Commit, times: int = 1) -> None:
    """The office goes on working."""
    for _ in range(times):
        with commit(), transaction.atomic():
            ledger.record(community=home, actor=None, code="office.logged-in")


def broken(home: Organisation) -> tuple[int | None, str]:
    result = ledger.verify(home)
    return result.first_broken_seq, result.reason


def test_random_edits_are_all_found_at_their_line(homes: list[Organisation], guard_off: None) -> None:
    assert try_edits(Random("edits"), homes, 120) == []


@pytest.mark.parametrize("column", [*chain.HASHED, "hash", "key_id", "mark"])
def test_every_column_is_under_the_hash_or_is_the_hash(homes: list[Organisation], guard_off: None, column: str) -> None:
    """A column that is added and forgotten in HASHED, or a hash that leaves one out, is red here."""
    other = {
        "community_id": homes[1].pk,
        "seq": 99,
        "at": MORNING,
        "actor_id": None,
        "actor_name": "别人",
        "code": "office.logged-out",
        "subject_type": "x",
        "subject_id": "x",
        "fields": ["id_no"],
        "reason": Ready("x"),
        "detail": {"n": 99},
        "hash": "0" * 64,
        "key_id": "k9",
        "mark": "0" * 64,
    }
    columns = {field.attname for field in LedgerEntry._meta.concrete_fields}
    assert columns == {"id", *chain.HASHED, "hash", "key_id", "mark"}
    row = LedgerEntry.objects.filter(community=homes[0], seq=5)
    if column == "community_id":
        LedgerEntry.objects.filter(community=homes[1], seq=5).delete()
    row.update(**{column: other[column]})
    assert broken(homes[0])[0] == 5


def test_a_line_hashes_to_the_same_for_ever() -> None:
    """The agreement with outside scripts: fields, time and the link to the line before are in it."""
    line = {
        "community_id": "c",
        "seq": 7,
        "at": MORNING,
        "actor_id": None,
        "actor_name": "柳主任",
        "code": "office.logged-in",
        "subject_type": "office.staff",
        "subject_id": "s",
        "fields": ["id_no"],
        "reason": "核对",
        "detail": {"n": 1},
    }
    text = (
        '{"actor_id":"","actor_name":"柳主任","at":"2026-11-29T00:20:00.000000+08:00","code":"office.logged-in",'
        '"community_id":"c","detail":{"n":1},"fields":["id_no"],"reason":"核对","seq":7,"subject_id":"s",'
        '"subject_type":"office.staff"}'
    )
    assert chain.canonical(line) == text
    assert chain.hash_line("a" * 64, line) == ("00e86e4b0abece32fbb59f8a52be558259a7592a1f5bbc0a8375e373fe810482")
    assert chain.hash_line("b" * 64, line) != chain.hash_line("a" * 64, line)


def test_recomputing_every_hash_does_not_help(homes: list[Organisation], guard_off: None) -> None:
    LedgerEntry.objects.filter(community=homes[0], seq=4).update(reason=Ready("从未看过"))
    recompute(homes[0], 4)
    assert broken(homes[0]) == (4, "forged")


def test_taking_a_line_out_and_closing_the_gap(homes: list[Organisation], guard_off: None) -> None:
    LedgerEntry.objects.filter(community=homes[0], seq=4).delete()
    renumber(homes[0])
    recompute(homes[0])
    assert broken(homes[0]) == (4, "forged")


def test_a_tail_cut_off_with_a_head_remembered_from_then(
    homes: list[Organisation], guard_off: None, commit: Commit
) -> None:
    """The head of an hour ago is truly signed; the last head seen outside the database knows better."""
    then = LedgerHead.objects.filter(community=homes[0]).values("seq", "hash", "key_id", "mark").get()
    act(homes[0], commit, 3)
    assert ledger.verify(homes[0]).anchored_seq == LINES + 3
    LedgerEntry.objects.filter(community=homes[0], seq__gt=LINES).delete()
    LedgerHead.objects.filter(community=homes[0]).update(**then)
    assert broken(homes[0]) == (LINES + 1, "cut-off")


def test_a_chain_set_back_and_grown_past_again(homes: list[Organisation], guard_off: None, commit: Commit) -> None:
    then = LedgerHead.objects.filter(community=homes[0]).values("seq", "hash", "key_id", "mark").get()
    ledger_heads.sign([LedgerHead.objects.get(community=homes[0])], clock.today())
    act(homes[0], commit, 3)
    LedgerEntry.objects.filter(community=homes[0], seq__gt=LINES).delete()
    LedgerHead.objects.filter(community=homes[0]).update(**then)
    for times in (1, 2, 5):
        act(homes[0], commit, times)
        assert broken(homes[0])[0] == LINES + 1
    assert broken(homes[0])[1] == "rewritten"


@pytest.mark.parametrize("head", ["gone", "empty", "first"])
def test_a_chain_wiped(homes: list[Organisation], guard_off: None, commit: Commit, head: str) -> None:
    empty = Organisation.objects.create(kind="community", name="新社区", code="E9")
    LedgerEntry.objects.filter(community=homes[0]).delete()
    heads = LedgerHead.objects.filter(community=homes[0])
    if head == "gone":
        heads.delete()
    else:  # with no mark, or with the true one of another empty chain
        other = LedgerHead.objects.get(community=empty)
        heads.update(seq=0, hash=chain.GENESIS, mark=other.mark if head == "first" else "", key_id=other.key_id)
    assert broken(homes[0])[0] == 1
    act(homes[0], commit)
    assert broken(homes[0])[0] == 1, "the office went on, and the break stays"
    assert LedgerEntry.objects.get(community=homes[0], seq=1).code == "office.ledger-broken"


def test_every_chain_wiped_with_every_head(homes: list[Organisation], guard_off: None, settings: Any) -> None:
    """Even with nothing outside the database: a community without a head is never a new one."""
    settings.LEDGER_FOLDER = settings.LEDGER_FOLDER / "nothing-yet"
    LedgerEntry.objects.all().delete()
    LedgerHead.objects.all().delete()
    results = {checked.code: checked.result for checked in ledger_check.verify_all()}
    assert {code: (one.ok, one.first_broken_seq) for code, one in results.items()} == {
        "E1": (False, 1),
        "E2": (False, 1),
    }


def test_a_community_taken_out_of_the_database(homes: list[Organisation], guard_off: None) -> None:
    ledger_heads.sign(list(LedgerHead.objects.select_related("community")), MORNING.date())
    LedgerEntry.objects.filter(community=homes[1]).delete()
    LedgerHead.objects.filter(community=homes[1]).delete()
    Staff.objects.filter(organisation=homes[1]).delete()
    Organisation.objects.filter(pk=homes[1].pk).delete()
    found = {checked.code: checked.result.reason for checked in ledger_check.verify_all()}
    assert found == {"E1": "", "E2": "vanished"}


def test_two_communities_change_chains(homes: list[Organisation], guard_off: None) -> None:
    one, two = homes
    LedgerEntry.objects.filter(community=one).update(seq=F("seq") + 1000)
    LedgerEntry.objects.filter(community=two).update(community=one)
    LedgerEntry.objects.filter(community=one, seq__gt=1000).update(community=two, seq=F("seq") - 1000)
    recompute(one)
    recompute(two)
    assert broken(one)[0] == broken(two)[0] == 1


def test_two_communities_change_names(homes: list[Organisation], commit: Commit) -> None:
    one, two = homes
    Organisation.objects.filter(pk=one.pk).update(name=two.name)
    Organisation.objects.filter(pk=two.pk).update(name=one.name)
    assert broken(one) == broken(two) == (LINES + 1, "head-forged")
    act(Organisation.objects.get(pk=one.pk), commit)
    assert broken(one) == (LINES + 1, "broken-before")


def test_an_office_renames_itself(homes: list[Organisation], commit: Commit) -> None:
    with commit():
        rename_organisation(organisation=homes[0], name="新名字", actor=None)
    act(homes[0], commit)
    assert ledger.verify(homes[0]).ok


def test_the_name_of_who_did_it_is_the_name_of_then(homes: list[Organisation]) -> None:
    Staff.objects.filter(login_name="e-1").update(name="替罪羊")
    assert ledger.verify(homes[0]).ok
    assert set(LedgerEntry.objects.filter(community=homes[0]).values_list("actor_name", flat=True)) == {"主任"}


def test_a_forged_line_at_the_end(homes: list[Organisation]) -> None:
    last = LedgerEntry.objects.get(community=homes[0], seq=LINES)
    last.reason = as_stored(last)
    last.pk, last.seq, last.actor_name = None, LINES + 1, "别人"
    last.save(force_insert=True)
    recompute_head_only(homes[0])
    assert broken(homes[0])[0] == LINES + 1


def recompute_head_only(home: Organisation) -> None:
    rows = LedgerEntry.objects.filter(community=home).order_by("seq").values()
    last = rows.last()
    before = rows.get(seq=last["seq"] - 1)
    last_hash = chain.hash_line(before["hash"], {**last, "reason": stored_text(last["reason"])})
    LedgerHead.objects.filter(community=home).update(seq=last["seq"], hash=last_hash)


def test_the_database_refuses_replace_upsert_and_truncate(homes: list[Organisation]) -> None:
    columns = [field.column for field in LedgerEntry._meta.concrete_fields]
    listed, chosen = ", ".join(columns), ", ".join("'x'" if name == "reason" else name for name in columns)
    if connection.vendor == "sqlite":
        words = [
            f"INSERT OR REPLACE INTO office_ledgerentry ({listed}) SELECT {chosen} "
            "FROM office_ledgerentry WHERE seq = 4",
            f"REPLACE INTO office_ledgerentry ({listed}) SELECT {chosen.replace('id,', 'NULL,', 1)} "
            "FROM office_ledgerentry WHERE seq = 4",
        ]
    else:
        words = [
            "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE office_ledgerentry",
            "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE office_organisation CASCADE",
            f"INSERT INTO office_ledgerentry ({listed}) SELECT {chosen} FROM office_ledgerentry WHERE seq = 4 "
            "ON CONFLICT (id) DO UPDATE SET reason = 'x'",
        ]
    for statement in words:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert LedgerEntry.objects.count() == 2 * LINES and all(ledger.verify(home).ok for home in homes)


def test_past_the_triggers_a_replace_is_found_and_the_missing_trigger_too(
    homes: list[Organisation], guard_off: None
) -> None:
    row = LedgerEntry.objects.get(community=homes[1], seq=4)
    LedgerEntry.objects.filter(pk=row.pk).delete()
    row.reason = Ready("x")
    row.save(force_insert=True)
    assert broken(homes[1]) == (4, "changed")
    assert len(ledger_check.guards_missing()) == 3
    with pytest.raises(CommandError, match="触发器"):
        call_command("ledger", "verify")


def test_the_key_is_needed_and_an_old_one_stays_good(homes: list[Organisation], commit: Commit) -> None:
    keys = sealing.keys_text()
    try:
        sealing.configure("k2:" + "ab" * 32 + "," + keys)
        act(homes[0], commit)
        assert ledger.verify(homes[0]).ok
        assert list(
            LedgerEntry.objects.filter(community=homes[0], seq__gte=LINES).values_list("key_id", flat=True)
        ) == ["k1", "k2"]
        sealing.configure("k2:" + "ab" * 32)
        assert broken(homes[0]) == (1, "heads-file") or broken(homes[0]) == (1, "key-unknown")
        sealing.configure("k1:" + "cd" * 32)
        assert broken(homes[1])[0] == 1
    finally:
        sealing.configure(keys)


def test_a_break_that_was_explained_is_passed_and_the_rest_still_binds(
    homes: list[Organisation], guard_off: None, commit: Commit
) -> None:
    home = homes[0]
    LedgerEntry.objects.filter(community=home, seq=4).update(reason=Ready("x"))
    with commit():
        ledger.explain_break(community=home, reason="数据库修复时误改，见县里第 3 号记录")
    act(home, commit, 2)
    assert ledger.verify(home).ok
    LedgerEntry.objects.filter(community=home, seq=6).update(reason=Ready("x"))
    assert broken(home) == (6, "changed")


@pytest.mark.parametrize("harm", ["edit", "drop", "forge"])
def test_the_file_of_heads_only_grows(homes: list[Organisation], harm: str) -> None:
    for day in (27, 28, 29):
        with clock.at(MORNING.replace(day=day)):
            ledger_nightly.sign_heads()
    path = ledger_heads.folder() / "heads.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    assert len(lines) == 6
    changed = {
        "edit": lambda: [*lines[:2], lines[2].replace('"seq": "20"', '"seq": "19"'), *lines[3:]],
        "drop": lambda: lines[:2] + lines[3:],
        "forge": lambda: [*lines, lines[0]],
    }[harm]()
    path.write_text("".join(changed))
    found = [checked.result for checked in ledger_check.verify_all() if not checked.result.ok]
    assert [(one.first_broken_seq, one.reason) for one in found] == [(7 if harm == "forge" else 3, "heads-file")]
    with pytest.raises(ledger_heads.HeadsFileBroken):
        ledger_nightly.sign_heads()


def test_a_head_half_written_by_a_power_cut_is_dropped(homes: list[Organisation]) -> None:
    ledger_nightly.sign_heads()
    path = ledger_heads.folder() / "heads.jsonl"
    with path.open("a") as file:
        file.write('{"community": "')
    ledger_nightly.sign_heads()
    assert len(ledger_heads.anchors()) == 4
    (ledger_heads.folder() / "last" / str(homes[0].pk)).write_bytes(b"")
    assert ledger.verify(homes[0]).ok


def test_many_sign_at_once_and_read_meanwhile_and_the_file_holds(homes: list[Organisation]) -> None:
    heads = list(LedgerHead.objects.select_related("community"))
    with ThreadPoolExecutor(4) as pool:
        signing = [pool.submit(ledger_heads.sign, heads, clock.today()) for _ in range(12)]
        reading = [pool.submit(ledger_heads.anchors) for _ in range(12)]
        counts = [len(one.result()) for one in (*signing, *reading)]
    assert counts[:12] == [len(heads)] * 12 and len(ledger_heads.anchors()) == 12 * len(heads)


def test_a_last_head_written_without_the_key_is_named(homes: list[Organisation]) -> None:
    path = ledger_heads.folder() / "last" / str(homes[0].pk)
    path.write_bytes(path.read_bytes().replace(b'"seq": 20', b'"seq": 19'))
    assert broken(homes[0]) == (1, "heads-file") and ledger.verify(homes[1]).ok


def test_each_night_heads_are_signed_and_sent_and_a_break_is_told(
    homes: list[Organisation], guard_off: None, settings: Any, tmp_path: Any
) -> None:
    settings.LEDGER_HEADS_DIR, settings.LEDGER_HEADS_COMMAND = str(tmp_path), f"cp -t {tmp_path}/sent"
    (tmp_path / "sent").mkdir()
    LedgerEntry.objects.filter(community=homes[1], seq=3).update(reason=Ready("x"))
    with clock.at(MORNING), pytest.raises(ledger_nightly.LedgerDoesNotHold, match="E2"):
        ledger_nightly.sign_heads()
    head = LedgerHead.objects.get(community=homes[0])
    for kept in (tmp_path / "heads-2026-11-29.txt", tmp_path / "sent" / "heads-2026-11-29.txt"):
        assert kept.read_text() == f"E1 20 {head.hash} 社区1\n"
    assert [one.code for one in ledger_heads.anchors()] == ["E1"]


def test_nights_walk_from_the_last_signed_head_and_sundays_all(
    homes: list[Organisation], guard_off: None, commit: Commit
) -> None:
    with clock.at(MORNING):
        ledger_heads.sign(list(LedgerHead.objects.select_related("community")), clock.today())
    act(homes[0], commit)
    LedgerEntry.objects.filter(community=homes[0], seq=3).update(reason=Ready("x"))
    assert ledger.verify(homes[0], from_last=True).ok and broken(homes[0]) == (3, "changed")
    LedgerEntry.objects.filter(community=homes[0], seq=LINES).update(hash="0" * 64)
    assert not ledger.verify(homes[0], from_last=True).ok


def test_sqlite_without_recursive_triggers_is_why_there_is_an_insert_trigger() -> None:
    """The trap: REPLACE removes the old row and no delete trigger is asked."""
    database = sqlite3.connect(":memory:")
    database.executescript(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); INSERT INTO t VALUES (1, 'a');"
        "CREATE TRIGGER no_delete BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'no'); END;"
        "REPLACE INTO t VALUES (1, 'b');"
    )
    assert database.execute("SELECT x FROM t").fetchall() == [("b",)]
