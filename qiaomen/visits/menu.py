"""The pages of this house in the menu."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, register

register(
    Entry(20, "visits:rounds", _("敲门"), "door", covers=True),
    Entry(50, "visits:buildings", _("楼栋"), "building", covers=True),
)
