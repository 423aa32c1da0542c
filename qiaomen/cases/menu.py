"""The pages of this house in the menu."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, Verb, register, register_verbs

register(
    Entry(30, "cases:list", _("办事"), "case"),
)
register_verbs(
    Verb("cases:hear", _("记诉求"), (_("记一件事"), _("报事")), of="register.household"),
)
