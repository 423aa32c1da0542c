"""The pages of this house in the menu."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, Verb, register, register_verbs

register(
    Entry(70, "sheets:grid", _("居民台账"), "grid"),
    Entry(110, "sheets:exports", _("导出"), "export"),
)
register_verbs(
    Verb("sheets:export-new", _("申请导出"), (_("导出名册"), _("导出台账"), _("下载"))),
    Verb("sheets:grid", _("查台账"), (_("花名册"),)),
)
