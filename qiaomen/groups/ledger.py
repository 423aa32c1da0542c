"""What care groups write into the ledger."""

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qiaomen.groups.models import CareGroup
from qiaomen.kernel.ledger_kinds import LedgerKind, register
from qiaomen.office.ledger import names
from qiaomen.office.ledger.names import Named
from qiaomen.office.models import Staff

register(
    LedgerKind("groups.person-chosen", _("把一个人加入或移出一个群体"), ("group_choices",), _("注销后按保存期清除")),
    LedgerKind(
        "groups.looked",
        _("看了一个关爱群体里有谁"),
        ("group_choices",),
        _("只记查看，不记内容"),
        is_look=True,
    ),
    LedgerKind("groups.made", _("建了一个关爱群体")),
    LedgerKind("groups.ended", _("停用了一个关爱群体")),
    LedgerKind("groups.defined", _("更改了一个群体的标准")),
)


@names.names(CareGroup.record_type)
def name_groups(keys: Collection[UUID], _viewer: Staff) -> dict[UUID, Named]:
    """Name care groups."""
    return {group.pk: Named(gettext(group.title)) for group in CareGroup.objects.filter(pk__in=keys)}
