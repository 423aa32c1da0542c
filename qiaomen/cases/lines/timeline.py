"""What was done about a household's matters, step by step, with what the household was told."""

from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.cases.models import CaseStep
from qiaomen.cases.selectors import step_title
from qiaomen.kernel.lines import MOST_MOMENTS, Link, Moment
from qiaomen.needs.selectors import fields_of_words, kind_title
from qiaomen.office.disclosure import READERS
from qiaomen.register.models import Household


def moments_of(household: Household, viewer: Any) -> list[Moment]:
    """Return the latest steps of this household's matters: one query."""
    if viewer.role not in READERS:
        return []
    steps = CaseStep.objects.filter(case__need__household=household).select_related("staff", "case__need__person")
    steps = steps.exclude(kind="opened", at__date=F("case__need__heard_at__date"))  # that day the need says it
    return [
        Moment(
            step.at,
            _("{step}：{kind}").format(step=step_title(step.kind), kind=kind_title(step.case.need.kind)),
            step.sentence,
            step.staff.name,
            links=(Link(10, _("看这件事"), reverse("cases:detail", args=[step.case_id])),),
            fields=fields_of_words(step.case.need, "sentence"),
            household=household.pk,
        )
        for step in steps.defer("case__need__words").order_by("-at", "-pk")[:MOST_MOMENTS]
    ]
