"""The pages of this house in the menu."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, Verb, register, register_verbs

register(
    Entry(22, "calls:list", _("电话问候"), "phone"),
    Entry(24, "calls:sweeps", _("摸排"), "groups"),
)
register_verbs(
    Verb("calls:list", _("打电话问候"), (_("电话名单"), _("发预警"))),
    Verb("calls:household", _("打电话"), (_("打个电话问问"),), of="register.household"),
)
