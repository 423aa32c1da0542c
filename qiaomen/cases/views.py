"""Pages of cases: the lists, one case with its history, and hearing a need at the window."""

import uuid
from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.cases import actions, selectors
from qiaomen.cases.forms import AnswerForm, CloseForm, CorrectStepForm, HearForm, OwnerForm, StepForm
from qiaomen.cases.models import Case, CaseStep
from qiaomen.cases.problems import NotClosed
from qiaomen.kernel import clock
from qiaomen.needs.selectors import check_open
from qiaomen.office import disclosure
from qiaomen.office.access import community_of, get_in_community, key_of, staff_of
from qiaomen.office.form_words import DeskForm
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Household
from qiaomen.visits.models import Round


def _owner(request: HttpRequest, community: Organisation) -> Staff | None:
    """Return whose cases a list is narrowed to, also of somebody who left; None: everybody's. Raises Http404."""
    key = request.GET.get("owner", "")
    held = Case.objects.filter(community=community).values("owner")
    return get_object_or_404(Staff.objects.filter(pk__in=held), pk=key_of(key)) if key else None


@require_GET
def show_list(request: HttpRequest) -> HttpResponse:
    """List cases: under way, due soon, late, closed."""
    community, today = community_of(request), clock.today()
    titles = {"under_way": _("在办"), "due_soon": _("将到期"), "late": _("逾期"), "closed": _("已办结")}
    tab = request.GET.get("tab", "under_way")
    tab = tab if tab in titles else "under_way"
    owner = _owner(request, community)
    tabs = [
        {"code": code, "title": title, "count": selectors.count_in(community, code, today, owner)}
        for code, title in titles.items()
    ]
    rows = selectors.listed(community, tab, today, owner)
    _named(request, "cases:list", [row["case"].need.household_id for row in rows])
    context = {"rows": rows, "tabs": tabs, "tab": tab, "owner": owner}
    return render(request, "cases/list.html", context)


@require_GET
def show_heard_on(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show what a round heard, without the words: the page of the round takes the numbers and the table from here."""
    walk = get_in_community(Round.objects.select_related("team", "community"), request, pk=pk)
    heard = selectors.heard_on(walk, clock.today())
    _named(request, "cases:heard-on", [row["need"].household_id for row in heard["rows"]])
    return render(request, "cases/heard_on.html", {"round": walk, **heard})


def _named(request: HttpRequest, page: str, homes: Iterable[uuid.UUID]) -> None:
    """Write whose names a page shows."""
    disclosure.show_names(viewer=staff_of(request), community=community_of(request), page=page, people=homes)


def _case(request: HttpRequest, pk: uuid.UUID) -> Case:
    """Return a case. Raises Http404, SealedChild where it is of a child whose record is sealed to this viewer."""
    rows = Case.objects.select_related("need__household__dwelling", "need__person", "owner", "community")
    case = get_in_community(rows, request, pk=pk)
    check_open(case.need, staff_of(request))
    return case


def _page(request: HttpRequest, case: Case, **sent: DeskForm) -> HttpResponse:
    """Show a case, with a form that was sent and is not right yet in the place of an empty one. The look is a line."""
    actions.note_look(case=case, actor=staff_of(request))
    context = {
        **selectors.case_page(case, clock.today(), staff_of(request)),
        "done": int(number) if (number := request.GET.get("done", "")).isdecimal() and len(number) < 12 else None,
        "step_form": StepForm(auto_id="step-%s"),
        "close_form": CloseForm(auto_id="closing-%s"),
        "owner_form": OwnerForm(case.need, initial={"owner": case.owner_id}),
        "answer_form": AnswerForm(),
        **sent,
    }
    return render(request, "cases/detail.html", context)


@require_GET
def show_case(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one case with the resident's words; the look is in the ledger."""
    return _page(request, _case(request, pk))


@require_http_methods(["GET", "POST"])
def hear(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Hear a need at the window or on the telephone and open its case."""
    household = get_in_community(Household.objects.select_related("dwelling", "community"), request, pk=pk)
    form = HearForm(request.POST or None, initial={"need_id": uuid.uuid4()})
    _named(request, "cases:hear", [household.pk])
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        _need, case = actions.receive_need(
            household=household, heard_at=now, heard_by=staff_of(request), **form.cleaned_data
        )
        return redirect("cases:detail", pk=case.pk) if case else redirect("needs:list")
    return render(request, "cases/hear.html", {"form": form, "household": household})


@require_POST
def step(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write down one step."""
    case, form = _case(request, pk), StepForm(request.POST, auto_id="step-%s")
    if not form.is_valid():
        return _page(request, case, step_form=form)
    return _at_step(actions.take_step(case=case, actor=staff_of(request), **form.cleaned_data))


def _at_step(step: CaseStep) -> HttpResponse:
    """Go to a step on the page of its case, which says there that it was written down."""
    return redirect(f"{reverse('cases:detail', args=[step.case_id])}?done={step.pk}#step-{step.pk}")


def _at_last(case: Case) -> HttpResponse:
    return _at_step(case.steps.order_by("-at", "-pk")[0])


def _numbered(case: Case, number: int) -> CaseStep:
    """Return the step with this number in its case, the first is 1: they are only added. Raises Http404."""
    steps = list(case.steps.select_related("case__community", "staff").order_by("at", "pk"))
    if not 0 < number <= len(steps):
        raise Http404
    return steps[number - 1]


@require_http_methods(["GET", "POST"])
def correct_step(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """Put the words of a step right, with the reason."""
    case = _case(request, pk)
    found = _numbered(case, number)
    form = CorrectStepForm(request.POST or None, initial={"sentence": found.sentence})
    if request.method == "POST" and form.is_valid():
        return _at_step(actions.correct_step(step=found, actor=staff_of(request), **form.cleaned_data))
    actions.note_look(case=case, actor=staff_of(request))
    return render(request, "cases/correct_step.html", {"case": case, "step": found, "form": form})


@require_POST
def take_back_step(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """Take back a step, or the last change of state."""
    case = _case(request, pk)
    found = _numbered(case, number)
    reason = request.POST.get("reason", "")[:200]
    return _at_step(actions.take_back_step(step=found, actor=staff_of(request), reason=reason))


@require_POST
def close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Close with a sentence to the resident."""
    case, form = _case(request, pk), CloseForm(request.POST, auto_id="closing-%s")
    if not form.is_valid():
        return _page(request, case, close_form=form)
    actions.close_case(case=case, actor=staff_of(request), **form.cleaned_data)
    return _at_last(case)


@require_POST
def answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write the resident's answer."""
    case, form = _case(request, pk), AnswerForm(request.POST)
    if case.state != "closed":
        raise NotClosed()
    if not form.is_valid():
        return _page(request, case, answer_form=form)
    solved = form.cleaned_data["answer"] == "solved"
    actions.record_answer(case=case, actor=staff_of(request), solved=solved, words=form.cleaned_data["words"])
    return _at_last(case)


@require_POST
def change_owner(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Hand the case to a colleague."""
    case = _case(request, pk)
    form = OwnerForm(case.need, request.POST)
    if not form.is_valid():
        return _page(request, case, owner_form=form)
    actions.hand_over(case=case, actor=staff_of(request), owner=form.cleaned_data["owner"])
    return _at_last(case)
