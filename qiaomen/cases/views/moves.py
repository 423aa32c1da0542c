"""What is done about a case's clock and procedure, and what goes to a colleague or a body outside."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from qiaomen.cases import actions
from qiaomen.cases.forms import PauseForm, ProcedureForm, ReasonForm, RecordForm, ReferForm, ReplyForm
from qiaomen.cases.problems import NotReferred, PartNotOpen
from qiaomen.cases.selectors import procedures
from qiaomen.cases.selectors.standing_page import choices, procedure_rows
from qiaomen.cases.views.case_page import case_of, do
from qiaomen.office.access import staff_of
from qiaomen.office.form_words import DeskForm


@require_POST
def choose(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let a case run under another procedure."""
    case, actor = case_of(request, pk), staff_of(request)
    form = ProcedureForm(choices(), request.POST, auto_id="procedure-%s")
    return do(
        request,
        case,
        form,
        "procedure_form",
        lambda told: actions.choose_procedure(case=case, actor=actor, code=told["procedure"]),
    )


@require_POST
def record(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Record a step of the procedure."""
    case, actor, part = case_of(request, pk), staff_of(request), request.POST.get("part", "")
    step = procedures.procedure_of(case).step(part)
    if step is None:
        raise PartNotOpen()
    form = RecordForm(step, request.POST, auto_id=f"part-{part}-%s")
    return do(
        request,
        case,
        form,
        "record_form",
        lambda told: actions.record_part(case=case, actor=actor, part=part, **told),
    )


@require_POST
def pause(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let the clock stand still until a day."""
    case, actor = case_of(request, pk), staff_of(request)
    form = PauseForm(actions.kinds_of_pause(case), request.POST, auto_id="pause-%s")
    return do(request, case, form, "pause_form", lambda told: actions.pause_case(case=case, actor=actor, **told))


@require_POST
def resume(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let the clock go on."""
    case, actor = case_of(request, pk), staff_of(request)
    return do(request, case, DeskForm(request.POST), "", lambda told: actions.resume_case(case=case, actor=actor))


@require_POST
def extend(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make the clock longer, with the reason."""
    case, actor = case_of(request, pk), staff_of(request)
    form = ReasonForm(request.POST, auto_id="extend-%s")
    return do(request, case, form, "extend_form", lambda told: actions.extend_case(case=case, actor=actor, **told))


@require_POST
def refer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Refer a case to a body outside."""
    case, actor = case_of(request, pk), staff_of(request)
    letter = procedures.standing_of(case)[1].letter
    form = ReferForm(case.community, request.POST, letter=letter, auto_id="refer-%s")
    return do(request, case, form, "refer_form", lambda told: actions.refer_case(case=case, actor=actor, **told))


@require_POST
def reply(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write down what the body outside answered."""
    case, actor = case_of(request, pk), staff_of(request)
    if not procedures.waits_for_body(procedures.standing_steps(list(case.steps.order_by("at", "pk")))):
        raise NotReferred()
    form = ReplyForm(request.POST, auto_id="reply-%s")
    return do(request, case, form, "reply_form", lambda told: actions.record_reply(case=case, actor=actor, **told))


@require_POST
def accept(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take over a case one was asked to take."""
    case, actor = case_of(request, pk), staff_of(request)
    return do(request, case, DeskForm(request.POST), "", lambda told: actions.accept_case(case=case, actor=actor))


@require_POST
def decline(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say no to a case one was asked to take, with the reason."""
    case, actor = case_of(request, pk), staff_of(request)
    form = ReasonForm(request.POST, auto_id="decline-%s")
    return do(request, case, form, "decline_form", lambda told: actions.decline_case(case=case, actor=actor, **told))


@require_GET
def show_procedures(request: HttpRequest) -> HttpResponse:
    """Show the procedures in force with their sources, what nobody here confirmed, and what is wrong with a file."""
    context = {"procedures": procedure_rows(), "faults": procedures.faults_said()}
    return render(request, "cases/procedures.html", context)
