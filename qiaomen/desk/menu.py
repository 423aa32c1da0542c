"""The eight doors of the menu, and the page behind the first; every other page is declared by its own house."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext

from qiaomen.kernel.menu import Door, Entry, register, register_doors

register_doors(
    Door("today", _("今天"), "today", 0),
    Door("knock", pgettext("menu", "敲门"), "knock", 20),
    Door("cases", _("办事"), "cases", 30),
    Door("residents", _("居民"), "residents", 50),
    Door("aid", _("帮扶"), "aid", 60),
    Door("estate", _("院里事"), "estate", 90),
    Door("reports", _("报表公开"), "reports", 120),
    Door("office", _("管理"), "office", 135),
)
register(
    Entry(10, "desk:today", _("今天"), door="today"),
)
