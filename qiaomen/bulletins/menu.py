"""The pages of this house in the menu."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, Verb, register, register_verbs

register(
    Entry(120, "bulletins:list", _("通报"), door="reports", covers=True),
    Entry(121, "bulletins:figures", _("数字"), door="reports", covers=True),
)
register_verbs(
    Verb("bulletins:list", _("写通报")),
)
