"""Pages of cases: the lists, one case with its history, and hearing a need at the window."""

import uuid
from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.cases import actions, selectors
from qiaomen.cases.forms import AnswerForm, CloseForm, CorrectStepForm, HearForm, OwnerForm, StepForm
from qiaomen.cases.models import Case, CaseStep
from qiaomen.cases.problems import NotClosed
from qiaomen.cases.selectors import procedures
from qiaomen.cases.selectors.standing_page import choices, endings
from qiaomen.cases.views.case_page import at_step, case_of, do, owner_of, seen_of, show_page
from qiaomen.kernel import clock
from qiaomen.office import disclosure
from qiaomen.office.access import community_of, get_in_community, staff_of
from qiaomen.office.models import Staff
from qiaomen.register.models import Household
from qiaomen.visits.models import Round


@require_GET
def show_list(request: HttpRequest) -> HttpResponse:
    """List cases: under way, due soon, late, closed."""
    community, today = community_of(request), clock.today()
    titles, tab = selectors.tab_titles(), selectors.tab_of(request.GET.get("tab", ""))
    owner = owner_of(request, community)
    counts = selectors.counts_in(community, titles, today, owner)
    tabs = [{"code": code, "title": title, "count": counts[code]} for code, title in titles.items()]
    rows = selectors.listed(community, tab, today, staff_of(request), owner)
    _named(request, "cases:list", [row["case"].need.household_id for row in rows if row["open"]])
    context = {"rows": rows, "tabs": tabs, "tab": tab, "owner": owner}
    return render(request, "cases/list.html", context)


@require_GET
def show_heard_on(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show what a round heard, without the words: the page of the round takes the numbers and the table from here."""
    walk = get_in_community(Round.objects.select_related("team", "community"), request, pk=pk)
    heard = selectors.heard_on(walk, clock.today(), staff_of(request))
    _named(request, "cases:heard-on", [row["need"].household_id for row in heard["rows"] if row["open"]])
    return render(request, "cases/heard_on.html", {"round": walk, **heard})


def _named(request: HttpRequest, page: str, homes: Iterable[uuid.UUID]) -> None:
    """Write whose names a page shows."""
    disclosure.show_names(viewer=staff_of(request), community=community_of(request), page=page, people=homes)


@require_GET
def show_case(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one case with the resident's words; the look is in the ledger."""
    return show_page(request, case_of(request, pk))


@require_http_methods(["GET", "POST"])
def hear(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Hear a need at the window or on the telephone and open its case."""
    household = get_in_community(Household.objects.select_related("dwelling", "community"), request, pk=pk)
    form = HearForm(request.POST or None, initial={"need_id": uuid.uuid4()}, procedures=choices())
    _named(request, "cases:hear", [household.pk])
    if request.method == "POST" and form.is_valid():
        heard = {**form.cleaned_data, "procedure": form.cleaned_data["procedure"] or procedures.GENERAL}
        _need, case = actions.receive_need(
            household=household, heard_at=clock.now(), heard_by=staff_of(request), **heard
        )
        return redirect("cases:detail", pk=case.pk) if case else redirect("needs:list")
    return render(request, "cases/hear.html", {"form": form, "household": household})


@require_POST
def step(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write down one step."""
    case, form, actor = case_of(request, pk), StepForm(request.POST, auto_id="step-%s"), staff_of(request)
    return do(
        request,
        case,
        form,
        "step_form",
        lambda told: actions.take_step(case=case, actor=actor, sentence=told["sentence"], seen=seen_of(request)),
    )


def _numbered(case: Case, number: int) -> CaseStep:
    """Return the step with this number in its case, the first is 1: they are only added. Raises Http404."""
    steps = list(case.steps.select_related("case__community", "staff").order_by("at", "pk"))
    if not 0 < number <= len(steps):
        raise Http404
    return steps[number - 1]


@require_http_methods(["GET", "POST"])
def correct_step(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """Put the words of a step right, with the reason."""
    case = case_of(request, pk)
    found = _numbered(case, number)
    form = CorrectStepForm(request.POST or None, initial={"sentence": found.sentence})
    if request.method == "POST" and form.is_valid():
        return at_step(actions.correct_step(step=found, actor=staff_of(request), **form.cleaned_data))
    actions.note_look(case=case, actor=staff_of(request))
    return render(request, "cases/correct_step.html", {"case": case, "step": found, "form": form})


@require_POST
def take_back_step(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """Take back a step, or the last change of state."""
    case = case_of(request, pk)
    found = _numbered(case, number)
    reason = request.POST.get("reason", "")[:200]
    return at_step(actions.take_back_step(step=found, actor=staff_of(request), reason=reason))


@require_POST
def close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Close with a sentence to the resident."""
    case, actor = case_of(request, pk), staff_of(request)
    known = [(ending.code, ending.title) for ending in procedures.procedure_of(case).endings]
    now = endings(*procedures.standing_of(case))
    early = [ending for ending in known if ending[0] not in {code for code, _title in now}]
    form = CloseForm(request.POST, auto_id="closing-%s", endings=[*now, *early])
    return do(request, case, form, "close_form", lambda told: actions.close_case(case=case, actor=actor, **told))


@require_POST
def answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write the resident's answer."""
    case, form, actor = case_of(request, pk), AnswerForm(request.POST), staff_of(request)
    if case.state != "closed":
        raise NotClosed()

    def record(told: dict[str, str]) -> None:
        solved = told["answer"] == "solved"
        actions.record_answer(case=case, actor=actor, solved=solved, words=told["words"])

    return do(request, case, form, "answer_form", record)


@require_POST
def change_owner(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the case to a colleague: the head gives it, a worker asks, and keeps it until the colleague says yes."""
    case, actor = case_of(request, pk), staff_of(request)
    form = OwnerForm(case.need, request.POST)

    def give(told: dict[str, Staff]) -> None:
        if actor.role == "head" or told["owner"] == actor:
            actions.hand_over(case=case, actor=actor, owner=told["owner"])
        else:
            actions.offer_case(case=case, actor=actor, to=told["owner"])

    return do(request, case, form, "owner_form", give)
