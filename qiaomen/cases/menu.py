"""The pages of this house in the menu."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from qiaomen.cases.models import Case
from qiaomen.cases.rules.timing import UNDER_WAY
from qiaomen.kernel.menu import Entry, Verb, register, register_verbs


def _due(viewer: Any, community: Any, today: date) -> Any:
    """Matters whose last day is here or gone: one's own; the head's are the office's."""
    due = Case.objects.filter(community=community, state__in=UNDER_WAY, due_on__lte=today)
    return due if viewer.role == "head" else due.filter(owner=viewer)


register(
    Entry(30, "cases:list", _("办事"), door="cases", covers=True, waiting=_due),
    Entry(36, "cases:shelf", _("原件"), door="cases"),
)
register_verbs(
    Verb("cases:hear", _("记诉求"), (_("记一件事"), _("报事")), of="register.household", offered=True),
)
