"""The pages of this house in the menu."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, Verb, register, register_verbs

register(
    Entry(20, "visits:rounds", _("敲门"), "door", covers=True),
    Entry(50, "visits:buildings", _("楼栋"), "building", covers=True),
)
register_verbs(
    Verb("visits:rounds", _("打印今天"), (_("打印纸单"), _("今天走哪些门"), _("排班"))),
    Verb("visits:due", _("该走的门"), (_("逾期的门"),)),
    Verb("visits:wish", _("记上门意愿"), (_("不要上门"), _("改约时间")), of="register.household"),
    Verb("visits:history", _("看走访记录"), (_("走访记录"),), of="register.household"),
)
