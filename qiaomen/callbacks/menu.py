"""The pages of this house in the menu."""

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, Verb, register, register_verbs

register(
    Entry(46, "callbacks:list", _("回访"), "callback", door="cases", covers=True),
    Entry(47, "callbacks:calls", _("要我问的"), "calls", door="cases"),
)
register_verbs(
    Verb("callbacks:key", _("录回访纸条")),
)
