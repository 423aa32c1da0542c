"""The page of one case, and how an act on it is answered: with its step, with the form again, or with what changed."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from qiaomen.cases import actions, selectors
from qiaomen.cases.forms import (
    AnswerForm,
    CloseForm,
    OwnerForm,
    PauseForm,
    ProcedureForm,
    ReasonForm,
    RecordForm,
    ReferForm,
    ReplyForm,
    StepForm,
)
from qiaomen.cases.models import Case, CaseStep, Mandate, Material, Original, Trip
from qiaomen.cases.problems import ChangedMeanwhile, SealedMatter
from qiaomen.cases.proxy import selectors as proxy
from qiaomen.cases.proxy.problems import WrongPerson
from qiaomen.cases.selectors.standing_page import choices
from qiaomen.kernel import clock
from qiaomen.needs.selectors import check_open
from qiaomen.office.access import get_in_community, key_of, staff_of
from qiaomen.office.form_words import DeskForm
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.selectors import minors


def case_of(request: HttpRequest, pk: uuid.UUID) -> Case:
    """Return a case. Raises Http404, SealedChild where it is of a child whose record is sealed to this viewer,
    SealedMatter where who is in it is for its owner and the head, WrongPerson.
    """
    rows = Case.objects.select_related(
        "need__household__dwelling", "need__person", "need__heard_by", "owner", "offered_to"
    )
    rows = rows.select_related("community", "need__community")
    case = get_in_community(rows, request, pk=pk)
    check_case(request, case)
    return case


def owner_of(request: HttpRequest, community: Organisation) -> Staff | None:
    """Return whose cases a list is narrowed to, also of somebody who left; None: everybody's. Raises Http404."""
    key = request.GET.get("owner", "")
    held = Case.objects.filter(community=community).values("owner")
    return get_object_or_404(Staff.objects.filter(pk__in=held), pk=key_of(key)) if key else None


def check_case(request: HttpRequest, case: Case) -> None:
    """Refuse whom a case is sealed to, and what was filled in under another person's name and door. Raises SealedChild,
    SealedMatter, WrongPerson.
    """
    viewer, about = staff_of(request), request.POST.get("about")
    check_open(case.need, viewer)
    if not selectors.may_open(case, viewer):
        raise SealedMatter()
    if about and about != proxy.about_key(case):
        raise WrongPerson()


def check_open_of(request: HttpRequest, row: Mandate | Original | Material | Trip) -> None:
    """Refuse what is of a child whose record is sealed to the reader, at any matter. Raises SealedChild."""
    person = getattr(row, "person", None)
    if person is not None:
        minors.check_open(person, staff_of(request))


def show_page(request: HttpRequest, case: Case, status: int = 200, **sent: Any) -> HttpResponse:
    """Show a case, with a form that was sent and is not right yet in the place of an empty one. The look is a line."""
    actor = staff_of(request)
    actions.note_look(case=case, actor=actor)
    page = selectors.case_page(case, clock.today(), actor)
    number = request.GET.get("done", "")
    context = {
        **page,
        "mine": actor.pk == case.offered_to_id,
        "done": int(number) if number.isdecimal() and len(number) < 12 else None,
        **_forms(case, page),
        "proxy": proxy.of_case(case, clock.today(), actor),
        **sent,
    }
    again = sent.get("record_form")
    for item in context["next_steps"]:
        code = item["step"].code
        is_sent = again is not None and request.POST.get("part") == code
        item["form"] = again if is_sent else RecordForm(item["step"], auto_id=f"part-{code}-%s")
    return render(request, "cases/detail.html", context, status=status)


def _forms(case: Case, page: dict[str, Any]) -> dict[str, DeskForm]:
    """Return the empty forms of the page."""
    return {
        "step_form": StepForm(auto_id="step-%s"),
        "close_form": CloseForm(auto_id="closing-%s", endings=page["endings"]),
        "owner_form": OwnerForm(case.need, initial={"owner": case.owner_id}),
        "answer_form": AnswerForm(),
        "pause_form": PauseForm(page["pause_kinds"], auto_id="pause-%s"),
        "extend_form": ReasonForm(auto_id="extend-%s"),
        "decline_form": ReasonForm(auto_id="decline-%s"),
        "refer_form": ReferForm(case.community, letter=page["stands"].letter, auto_id="refer-%s"),
        "reply_form": ReplyForm(auto_id="reply-%s"),
        "procedure_form": ProcedureForm(choices(), auto_id="procedure-%s", initial={"procedure": case.procedure}),
    }


def seen_of(request: HttpRequest) -> int | None:
    """Return the last step the page showed from which something was sent; None where it says none."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 18 else None


def do(
    request: HttpRequest, case: Case, form: DeskForm, name: str, act: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    """Do one thing to a case as its form says, unless a colleague changed it since the page was shown: then the page
    says what was done, with the form still filled.
    """
    if not form.is_valid():
        return show_page(request, case, 200, **{name: form})
    try:
        with actions.unchanged(case, seen_of(request), staff_of(request)):
            act(form.cleaned_data)
    except ChangedMeanwhile as changed:
        return show_page(request, case_of(request, case.pk), 409, changed=changed, **{name: form})
    return at_last(case)


def at_step(step: CaseStep) -> HttpResponse:
    """Go to a step on the page of its case, which says there that it was written down."""
    return redirect(f"{reverse('cases:detail', args=[step.case_id])}?done={step.pk}#step-{step.pk}")


def at_last(case: Case) -> HttpResponse:
    """Go to the last step of a case."""
    return at_step(case.steps.order_by("-at", "-pk")[0])
