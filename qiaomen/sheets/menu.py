"""The pages of this house in the menu."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, register

register(
    Entry(70, "sheets:grid", _("居民台账"), "grid"),
    Entry(110, "sheets:exports", _("导出"), "export"),
)
