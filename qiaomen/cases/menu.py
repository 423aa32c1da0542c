"""The pages of this house in the menu."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, register

register(
    Entry(30, "cases:list", _("办事"), "case"),
)
