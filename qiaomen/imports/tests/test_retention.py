"""What a list holds of people is kept no longer than needed."""

from datetime import timedelta

from qiaomen.imports import nightly
from qiaomen.imports.actions import batches, retention
from qiaomen.imports.models import ImportBatch, ImportRow
from qiaomen.imports.tests.test_import import FAMILY, bring_in, workbook
from qiaomen.kernel import clock
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Person


def test_what_a_list_holds_of_people_is_dropped_after_thirty_days(community: Organisation, worker: Staff) -> None:
    batch, broken = bring_in(community, worker, FAMILY), [[1, "", "户主", id_no(7), "", "幸福苑3-1-101"]]
    content = workbook(broken)
    left = batches.upload_roster(community=community, actor=worker, file_name="b.xlsx", content=content)
    assert retention.drop_old_lists() == 0 and left.rows.count() == 1
    with clock.at(clock.now() + timedelta(days=31)):
        nightly.retain()
    assert list(ImportBatch.objects.all()) == [batch] and batch.rows_read == 3 and not ImportRow.objects.exists()
    assert Person.objects.count() == 3
