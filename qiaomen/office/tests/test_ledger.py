"""The ledger holds every line, and shows the first one that was touched."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from qiaomen.office import ledger
from qiaomen.office.fields import Ready
from qiaomen.office.models import LedgerEntry, LedgerHead, Organisation, Staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def community() -> Organisation:
    return Organisation.objects.create(kind="community", name="锦瑟社区", code="T1")


@pytest.fixture
def staff(community: Organisation) -> Staff:
    return Staff.objects.create_user("zhuren-t", "qiaomen-test", name="主任", role="head", organisation=community)


@pytest.fixture
def ten_lines(community: Organisation, staff: Staff) -> None:
    with transaction.atomic():
        for number in range(10):
            ledger.record(community=community, actor=staff, code="office.logged-in", detail={"n": number})


def test_an_untouched_chain_holds(community: Organisation, ten_lines: None) -> None:
    assert ledger.verify(community) == ledger.VerifyResult(True, 10)


@pytest.mark.parametrize(
    ("change", "first_broken"),
    [
        ({"detail": {"n": 99}}, 4),
        ({"reason": Ready("x")}, 4),
        ({"actor_id": None}, 4),
        ({"subject_id": "someone"}, 4),
        ({"hash": "0" * 64}, 4),
    ],
)
def test_an_edited_line_is_named(
    community: Organisation, ten_lines: None, guard_off: None, change: dict[str, Any], first_broken: int
) -> None:
    LedgerEntry.objects.filter(community=community, seq=4).update(**change)
    result = ledger.verify(community)
    assert (result.ok, result.first_broken_seq) == (False, first_broken)


@pytest.mark.parametrize("gone", [[1], [5], [9, 10], list(range(1, 11))])
def test_a_missing_line_is_named(community: Organisation, ten_lines: None, guard_off: None, gone: list[int]) -> None:
    LedgerEntry.objects.filter(community=community, seq__in=gone).delete()
    result = ledger.verify(community)
    assert (result.ok, result.first_broken_seq) == (False, gone[0])


def test_the_database_itself_refuses_to_change_or_remove_a_line(community: Organisation, ten_lines: None) -> None:
    lines = LedgerEntry.objects.filter(community=community, seq=4)
    with pytest.raises(DatabaseError), transaction.atomic():
        lines.update(reason=Ready("x"))
    with pytest.raises(DatabaseError), transaction.atomic():
        lines.delete()
    assert ledger.verify(community) == ledger.VerifyResult(True, 10)


def test_a_swap_is_named(community: Organisation, ten_lines: None, guard_off: None) -> None:
    LedgerEntry.objects.filter(community=community, seq=3).update(seq=99)
    LedgerEntry.objects.filter(community=community, seq=4).update(seq=3)
    LedgerEntry.objects.filter(community=community, seq=99).update(seq=4)
    assert ledger.verify(community).first_broken_seq == 3


def test_chains_of_two_communities_do_not_touch(
    community: Organisation, ten_lines: None, guard_off: None, staff: Staff
) -> None:
    other = Organisation.objects.create(kind="community", name="新桥社区", code="T2")
    with transaction.atomic():
        ledger.record(community=other, actor=staff, code="office.logged-in")
    LedgerEntry.objects.filter(community=community).delete()
    assert ledger.verify(other).ok and not ledger.verify(community).ok


def test_an_undeclared_kind_is_refused(community: Organisation) -> None:
    with pytest.raises(KeyError), transaction.atomic():
        ledger.record(community=community, actor=None, code="office.never-declared")
    assert not LedgerEntry.objects.exists() and LedgerHead.objects.get(community=community).seq == 0


@pytest.mark.django_db(transaction=True)
def test_a_line_outside_a_transaction_is_refused(community: Organisation) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        ledger.record(community=community, actor=None, code="office.logged-in")


def test_lines_gathered_stand_in_order_and_lock_each_chain_once(community: Organisation, staff: Staff) -> None:
    other = Organisation.objects.create(kind="community", name="别处", code="T2")
    with transaction.atomic(), CaptureQueriesContext(connection) as asked, ledger.together():
        for number in range(20):
            home = (community, other)[number % 2]
            ledger.record(community=home, actor=staff, code="office.logged-in", detail={"n": number})
        assert not LedgerEntry.objects.exists()
    assert len([one for one in asked if "office_ledgerhead" in one["sql"] and "UPDATE" in one["sql"][:7]]) == 2
    assert [one.detail["n"] for one in LedgerEntry.objects.filter(community=other).order_by("seq")] == [
        *range(1, 20, 2)
    ]
    assert ledger.verify(community) == ledger.verify(other) == ledger.VerifyResult(True, 10)


def test_a_block_that_fails_adds_no_line(community: Organisation, ten_lines: None, staff: Staff) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic(), ledger.together():
        ledger.record(community=community, actor=staff, code="office.logged-in")
        1 / 0  # noqa: B018
    with transaction.atomic():
        ledger.record(community=community, actor=staff, code="office.logged-in")
    assert ledger.verify(community) == ledger.VerifyResult(True, 11)
