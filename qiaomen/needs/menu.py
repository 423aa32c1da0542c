"""The pages of this house in the menu."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, register

register(
    Entry(40, "needs:list", _("诉求"), door="cases", covers=True),
)
