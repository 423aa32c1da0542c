"""No file goes by the word of an account that its asker made."""

# ruff: noqa: F811  fixtures come by their names

import pytest

from qiaomen.office.models import Organisation, Staff
from qiaomen.office.problems import NotASecondPerson
from qiaomen.sheets.actions import exports
from qiaomen.sheets.tests.test_exports import ask, big, town  # noqa: F401


def test_an_account_of_ones_own_lets_no_file_go(big: Organisation, worker: Staff, head: Staff) -> None:
    export = ask(head, big)
    Staff.objects.filter(pk=worker.pk).update(opened_by=head)
    worker.refresh_from_db()
    with pytest.raises(NotASecondPerson):
        exports.decide_export(export=export, staff=worker, approve=True)
    export.refresh_from_db()
    assert export.state == "asked"
    Staff.objects.filter(pk=worker.pk).update(opened_by=None, code_by=head)
    worker.refresh_from_db()
    with pytest.raises(NotASecondPerson):
        exports.decide_export(export=export, staff=worker, approve=True)
    exports.decide_export(export=export, staff=worker, approve=False)
