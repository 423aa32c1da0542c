"""What imports write into the ledger."""

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qiaomen.imports.models import ImportBatch
from qiaomen.kernel.ledger_kinds import LedgerKind, register
from qiaomen.office.ledger import names
from qiaomen.office.ledger.names import Named
from qiaomen.office.models import Staff

register(
    LedgerKind(
        "imports.rows-looked",
        _("看了一份名册里的变更"),
        ("birth_date", "told_facts"),
        _("只记查看，不记内容"),
        is_look=True,
    ),
    LedgerKind(
        "imports.numbers-compared",
        _("交来的名册里有孩子的号码，和登记的核对过"),
        ("id_no", "phone"),
        _("只记核对，不记号码"),
        is_look=True,
    ),
    LedgerKind("imports.roster-uploaded", _("上传了一份名册")),
    LedgerKind("imports.roster-imported", _("提交了一份名册")),
    LedgerKind(
        "imports.looked", _("打开了一份名册的预览"), ("name", "id_no", "phone"), _("只记查看，不记内容"), is_list=True
    ),
    LedgerKind("imports.roster-given", _("把一份没有导入完的名册转给了同事")),
    LedgerKind("imports.stopped", _("取消了一次导入")),
    LedgerKind("imports.receipt-taken", _("下载了一份导入回执"), ("name", "id_no", "phone"), _("随名册清除")),
)


@names.names(ImportBatch.record_type)
@names.of_residents
def name_batches(keys: Collection[UUID], _viewer: Staff) -> dict[UUID, Named]:
    """Name imports by their file."""
    found = ImportBatch.objects.only("pk", "file_name").filter(pk__in=keys)
    return {batch.pk: Named(batch.file_name, reverse("imports:detail", args=[batch.pk])) for batch in found}
