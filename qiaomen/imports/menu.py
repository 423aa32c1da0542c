"""The pages of this house in the menu."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, register

register(
    Entry(100, "imports:list", _("导入名册"), "import", covers=True),
)
