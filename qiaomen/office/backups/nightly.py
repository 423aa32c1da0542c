"""Each night: a backup that has been restored and counted."""

from datetime import time

from django.utils.translation import gettext_lazy as _

from qiaomen.office import nightly
from qiaomen.office.backups import backup

HOUR = time(2, 0)
"""When nobody works, after the heads of the ledger were signed."""


@nightly.task("office.backup", _("备份并试着恢复"), hour=HOUR)
def back_up() -> str:
    """Make a backup that has been restored and counted; without a restore card there is none, and the head is told."""
    if not backup.cards():
        return str(_("还没有恢复卡，没有备份"))
    made = backup.make()
    return str(_("备份了 {rows} 行、{photos} 张照片").format(rows=made.rows, photos=made.photos))
