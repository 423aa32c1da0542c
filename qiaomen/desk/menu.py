"""The pages of this house in the menu."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, register

register(
    Entry(10, "desk:today", _("今天"), "today"),
)
