"""What waits to be decided or published."""

from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.kernel.lines import NICE, Line, register_held
from qiaomen.office.disclosure import READERS
from qiaomen.office.models import Organisation
from qiaomen.publications.models import Publication


def lines_held(community: Organisation, viewer: Any, today: date, owner: UUID | None) -> list[Line]:
    """Return the drafts of a community: the office's own, whoever brought them. One query."""
    if owner is not None or viewer.role not in READERS:
        return []
    drafts = Publication.objects.filter(community=community, state="draft").order_by("made_at")
    return [
        Line(
            "publications.waiting",
            (Publication.record_type, draft.pk),
            _("“{title}”查过了，等人决定怎么公布").format(title=draft.title),
            NICE,
            None,
            since=draft.made_at.astimezone(clock.SHANGHAI).date(),
            owner=(Organisation.record_type, community.pk),
            url=reverse("publications:detail", args=[draft.pk]),
        )
        for draft in drafts
    ]


register_held("publications", lines_held)
