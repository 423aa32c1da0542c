"""The pages of this house in the menu."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, register

register(
    Entry(60, "groups:list", _("重点群体"), "groups", covers=True),
)
