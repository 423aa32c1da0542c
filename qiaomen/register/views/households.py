"""Pages of the register: households, buildings, totals, duplicates."""

import uuid
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.kernel.problems import Problem
from qiaomen.office.access import get_in_community, key_of, staff_of
from qiaomen.office.models import Staff
from qiaomen.register.actions import acts, household_events, looks
from qiaomen.register.forms.household_events import FORMS, CorrectForm, LifeForm
from qiaomen.register.forms.person_facts import RevealForm
from qiaomen.register.models import Act, Household, Person
from qiaomen.register.selectors import household_page, minors


@require_GET
def show_household(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one household, sealed fields masked."""
    household = get_in_community(
        Household.objects.select_related("dwelling__entrance__building__compound"), request, pk=pk
    )
    looks.note_opened(household=household, actor=staff_of(request))
    return render(request, "register/household.html", _household_context(household, staff_of(request)))


def _household_context(household: Household, staff: Staff) -> dict[str, Any]:
    return {
        **household_page.household_card(household=household, staff=staff),
        "form": RevealForm(),
        "timeline": household_page.timeline_of(household, staff),
        "life": [(kind, form.title) for kind, form in FORMS.items()],
    }


@require_http_methods(["GET", "POST"])
def live(request: HttpRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
    """Note what happened to a household; with `corrects` the earlier act is taken back in the same breath."""
    household = get_in_community(Household.objects.select_related("dwelling", "community"), request, pk=pk)
    if kind not in FORMS:
        raise Http404
    old = request.GET.get("corrects")
    corrects = get_in_community(Act.objects.filter(kind=kind), request, pk=key_of(old)) if old else None
    if request.method == "GET":
        looks.note_opened(household=household, actor=staff_of(request))
    numbers = looks.let_numbers(
        community=household.community, actor=staff_of(request),
        numbers=[request.POST.get(name, "") for name in ("id_no", "phone")],
    )  # fmt: skip
    with transaction.atomic():
        answer = _live(request, household, FORMS[kind], corrects, numbers)
        if answer.status_code == 200:
            transaction.set_rollback(True)
    return answer


def _live(
    request: HttpRequest, household: Household, kind: type[LifeForm], corrects: Act | None, numbers: bool
) -> HttpResponse:  # fmt: skip
    """Show or take the form. A correction sees the household as it stood before the act that is corrected."""
    actor, started, newcomer = staff_of(request), {}, None
    if corrects is not None:
        started, newcomer = household_page.told_in(corrects), household_page.newcomer_of(corrects)
        if newcomer is not None:
            minors.check_open(newcomer, actor)
        acts.undo(act=corrects, actor=actor, reason=request.POST.get("reason") or _("更正"))
        household.refresh_from_db()
    form = kind(request.POST or None, household=household, staff=actor, initial=started, newcomer=newcomer,
                numbers=numbers)  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            form.act(actor, corrects)
        except Problem as problem:
            form.add_error(None, problem.in_full())
        else:
            return redirect("register:household", pk=household.pk)
    title = _("更正：{what}").format(what=form.title) if corrects else form.title
    return render(request, "register/life.html", {"household": household, "form": form, "title": title})


@require_POST
def undo_act(request: HttpRequest, pk: uuid.UUID, act: uuid.UUID) -> HttpResponse:
    """Take one act of a household back."""
    household = get_in_community(Household.objects.all(), request, pk=pk)
    found = get_in_community(household_page.acts_of(household).exclude(kind="import"), request, pk=act)
    minors.check_act(found, staff_of(request))
    acts.undo(act=found, actor=staff_of(request), reason=request.POST.get("reason", ""))
    return redirect("register:household", pk=household.pk)


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put right what is written of one person."""
    person = get_in_community(Person.objects.select_related("household", "community"), request, pk=pk)
    minors.check_open(person, staff_of(request))
    if request.method == "GET":
        looks.note_opened(household=person.household, actor=staff_of(request), person=person)
    now = {name: getattr(person, name) for name in ("name", "former_name", "nickname", "relation", "work_place")}
    form = CorrectForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        told = {**form.cleaned_data}
        reason = told.pop("reason")
        new = {name: value for name, value in told.items() if value or name not in ("phone", "id_no")}
        try:
            household_events.correct_person(person=person, actor=staff_of(request), reason=reason, **new)
        except Problem as problem:
            form.add_error(None, problem.in_full())
        else:
            return redirect("register:household", pk=person.household_id)
    title = _("更正 {name} 的资料").format(name=person.name)
    return render(request, "register/life.html", {"household": person.household, "form": form, "title": title})


@require_POST
def reveal(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one sealed field once, with the reason in the ledger."""
    person = get_in_community(Person.objects.select_related("household", "community"), request, pk=pk)
    form, actor = RevealForm(request.POST), request.user
    if not form.is_valid() or not isinstance(actor, Staff):
        return redirect("register:household", pk=person.household_id)
    value = looks.reveal_field(
        person=person, field=form.cleaned_data["field"], reason=form.cleaned_data["reason"], actor=actor
    )
    context = {
        **_household_context(person.household, actor),
        "revealed": {"person": person, "field": form.cleaned_data["field"], "value": value},
    }
    response = render(request, "register/household.html", context)
    response["Cache-Control"] = "no-store"
    return response
