"""What imports do by themselves each day."""

from django.utils.translation import gettext_lazy as _

from qiaomen.imports.actions import retention
from qiaomen.office import nightly


@nightly.task("imports.retain", _("删除不再需要的导入内容"))
def retain() -> str:
    """Drop the rows of lists older than thirty days and of lists never committed."""
    return f"删除了 {retention.drop_old_lists()} 行"
