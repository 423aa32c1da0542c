"""The pages of this house in the menu."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, Verb, register, register_verbs

register(
    Entry(60, "groups:list", _("重点群体"), door="aid", covers=True),
)
register_verbs(
    Verb("groups:new", _("新建群体")),
)
