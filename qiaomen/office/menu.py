"""The pages of this house in the menu."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, register

register(
    Entry(125, "office:campaigns", _("专项工作"), "campaign", covers=True),
    Entry(135, "office:bodies", _("外面的单位"), "body", covers=True),
    Entry(136, "office:posted", _("公布时放行的"), "posted"),
    Entry(138, "office:accounts", _("账号"), "accounts", covers=True),
    Entry(140, "office:duties", _("岗位"), "duties"),
    Entry(170, "office:ledger", _("操作台账"), "ledger"),
)
