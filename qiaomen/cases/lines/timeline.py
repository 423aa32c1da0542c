"""What was done about a household's matters, step by step, with what the household was told."""

from typing import Any

from django.db.models import Count, F
from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.cases.models import Case, CaseStep
from qiaomen.cases.selectors import step_title
from qiaomen.cases.selectors.sealed import shut_to
from qiaomen.kernel import clock
from qiaomen.kernel.lines import MOST_MOMENTS, Holding, Link, Moment
from qiaomen.needs.selectors import fields_of_words, kind_title
from qiaomen.office.disclosure import READERS
from qiaomen.office.fields import write_sealed
from qiaomen.register.models import Household, Person


def moments_of(household: Household, viewer: Any) -> list[Moment]:
    """Return the latest steps of this household's matters: one query."""
    if viewer.role not in READERS:
        return []
    steps = CaseStep.objects.filter(case__need__household=household).select_related("staff", "case__need__person")
    steps = steps.exclude(case__in=shut_to(viewer))  # who is in a dispute is for who mediates and the head
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


def held_of(person: Person) -> list[Holding]:
    """Return how much is written down of how this person's matters were dealt with."""
    mine = Case.objects.filter(need__person=person).select_related("need").defer("need__words")
    return [
        Holding(
            _("办理的经过：{kind}").format(kind=kind_title(case.need.kind)),
            _("{n} 条").format(n=case.written),
            _("知道办到哪一步、跟您说过什么"),
            _("社区工作职责"),
            case.opened_at.astimezone(clock.SHANGHAI).date(),
        )
        for case in mine.annotate(written=Count("steps")).order_by("-opened_at")
    ]


def erase(person: Person, actor: Any) -> int:
    """Forget what was written down while this person's matters were dealt with; that a step was taken stays."""
    steps = [step for step in CaseStep.objects.filter(case__need__person=person) if step.sentence]
    for step in steps:
        step.sentence = ""
    write_sealed(steps, ["sentence"])
    return len(steps)
