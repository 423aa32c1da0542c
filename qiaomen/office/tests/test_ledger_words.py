"""Why somebody looked is sealed in the ledger, and the chain binds it all the same."""

from functools import partial
from typing import Any

import pytest
from django.db import connection

from qiaomen.kernel import sealing
from qiaomen.office import ledger, rekey
from qiaomen.office.models import LedgerEntry, Organisation
from qiaomen.office.tests.edits import LINES, as_stored, make_town
from qiaomen.office.tests.test_ledger_edits import broken

pytestmark = pytest.mark.django_db


@pytest.fixture
def homes(django_capture_on_commit_callbacks: Any) -> list[Organisation]:
    return make_town(partial(django_capture_on_commit_callbacks, execute=True))


def test_the_words_of_a_line_are_sealed_and_still_bound_by_the_chain(
    homes: list[Organisation], guard_off: None
) -> None:
    """Yesterday a database without its key told why a household was looked at: reasons stood there to be read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, reason FROM office_ledgerentry ORDER BY community_id, seq")
        stored = cursor.fetchall()
    assert stored and all(text.startswith("v1.") for _seq, text in stored)
    lines = LedgerEntry.objects.filter(community=homes[0]).order_by("seq")
    assert [line.reason for line in lines] == [f"r{number}" for number in range(LINES)]
    assert len({len(text) for _seq, text in stored}) == 1, "its length tells nothing of a short reason"
    low, high = lines.get(seq=4), lines.get(seq=5)
    lines.filter(seq=4).update(reason=as_stored(high))
    lines.filter(seq=5).update(reason=as_stored(low))
    with pytest.raises(sealing.CannotUnseal):
        assert lines.get(seq=4).reason
    assert "打不开" in lines.get(seq=4).why, "and the page of the ledger still stands"
    assert broken(homes[0]) == (4, "changed")


def test_a_new_key_leaves_the_words_of_the_ledger_as_they_are(homes: list[Organisation]) -> None:
    keys = sealing.keys_text()
    try:
        sealing.configure("k2:" + "ab" * 32 + "," + keys)
        rekey.rekey()
        assert not rekey.left_behind() and all(ledger.verify(home).ok for home in homes)
        assert LedgerEntry.objects.filter(community=homes[0]).order_by("seq")[3].reason == "r3"
    finally:
        sealing.configure(keys)
