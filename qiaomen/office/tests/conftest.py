"""The cast, and a way past the database's own guard, for tests that tamper with the ledger."""

import pytest
from django.db import connection

from qiaomen.office.tests.cast import community, head, worker  # noqa: F401  fixtures


@pytest.fixture
def guard_off(db: None) -> None:
    table = " ON office_ledgerentry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER ledger_no_update{table}")
        cursor.execute(f"DROP TRIGGER ledger_no_delete{table}")
        cursor.execute(f"DROP TRIGGER {'ledger_no_truncate' if table else 'ledger_no_replace'}{table}")
