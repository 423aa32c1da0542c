"""The pages of this house in the menu."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, Verb, register, register_verbs
from qiaomen.sheets.models import Export


def _to_decide(viewer: Any, community: Any, today: date) -> Any:
    """Exports a colleague has asked for: they wait for a second person."""
    return Export.objects.filter(community=community, state="asked").exclude(asked_by=viewer)


register(
    Entry(50, "sheets:grid", _("居民台账"), door="residents"),
    Entry(110, "sheets:exports", _("导出"), door="residents", is_verb=True, covers=True, waiting=_to_decide),
)
register_verbs(
    Verb("sheets:export-new", _("申请导出"), (_("导出名册"), _("导出台账"), _("下载"))),
    Verb("sheets:grid", _("查台账"), (_("花名册"),)),
)
