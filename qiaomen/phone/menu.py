"""The pages of this house in the menu."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, Verb, register, register_verbs

register(
    Entry(150, "phone:devices", _("手机"), "phone"),
    Entry(160, "phone:brought", _("手机带回"), "phone"),
)
register_verbs(
    Verb("phone:devices", _("登记手机"), (_("绑定手机"),)),
)
