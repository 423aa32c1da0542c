"""The pages of this house in the menu."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, Verb, register, register_verbs

register(
    Entry(122, "publications:list", _("对外公布"), "publication", covers=True),
)
register_verbs(
    Verb("publications:new", _("公布一份"), (_("发通知"), _("公示"))),
)
