"""The pages of this house in the menu."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, register

register(
    Entry(80, "register:totals", _("底数"), "totals", covers=True),
    Entry(90, "register:duplicates", _("重复"), "duplicates"),
)
