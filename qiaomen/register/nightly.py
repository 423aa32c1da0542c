"""What the register does by itself each day."""

from django.utils.translation import gettext_lazy as _

from qiaomen.office import nightly
from qiaomen.office.models import Organisation
from qiaomen.register import groups, rights


@nightly.task("register.retain", _("删除不再需要的导入内容"))
def retain() -> str:
    """Drop the rows of lists older than thirty days and of lists never committed."""
    return f"删除了 {rights.drop_old_lists()} 行"


@nightly.task("register.groups", _("按当天的情况更新关爱群体"), hour=nightly.AFTER_MIDNIGHT)
def keep_groups() -> str:
    """Bring every community's care groups in line with the new day, before anybody looks."""
    communities = Organisation.objects.filter(kind="community").order_by("code")
    for community in communities:
        groups.keep_current(community)
    return f"更新了 {len(communities)} 个社区"
