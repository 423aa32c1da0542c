"""What sheets do by themselves each day."""

from django.utils.translation import gettext_lazy as _

from qiaomen.office import nightly
from qiaomen.sheets.actions import exports


@nightly.task("sheets.purge", _("清除过期的导出文件和三十天前的导出条件"))
def purge_exports() -> str:
    """Drop locked files whose link is over, and what was asked for more than thirty days ago."""
    return _("清除了 {n} 份").format(n=exports.purge())
