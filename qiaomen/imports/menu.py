"""The pages of this house in the menu."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, Verb, register, register_verbs

register(
    Entry(100, "imports:list", _("导入名册"), door="residents", is_verb=True, covers=True),
)
register_verbs(
    Verb("imports:list", _("导入"), (_("上传名册"), _("导入名单"))),
)
