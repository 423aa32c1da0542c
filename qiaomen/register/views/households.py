"""Pages of the register: households, buildings, totals, duplicates."""

import uuid
from functools import partial
from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.kernel import clock
from qiaomen.kernel.lines import Told, lines_of, timeline_of
from qiaomen.kernel.problems import Problem
from qiaomen.office import disclosure
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
        Household.objects.select_related("dwelling__entrance__building__compound", "community"), request, pk=pk
    )
    looks.note_opened(household=household, actor=staff_of(request))
    return render(request, "register/household.html", _household_context(household, staff_of(request)))


def _household_context(household: Household, staff: Staff) -> dict[str, Any]:
    """Return what a household's page shows; what tells more than a list of doors is a look. Raises TooManyLooks."""
    said, past = lines_of([household], staff, clock.today()), []
    if staff.role != "volunteer":
        past = timeline_of(household, staff)
    told: list[Told] = [*said, *past]
    disclosure.show_lines(viewer=staff, community=household.community, lines=told, subject=household)
    return {
        **household_page.household_card(household=household, staff=staff, lines=said),
        "form": RevealForm(),
        "timeline": past,
        "life": [(kind, form.title) for kind, form in FORMS.items()],
    }


@require_http_methods(["GET", "POST"])
def live(request: HttpRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
    """Note what happened to a household; with `corrects` the act named there is taken back and done again."""
    household = get_in_community(Household.objects.select_related("dwelling", "community"), request, pk=pk)
    if kind not in FORMS:
        raise Http404
    corrected = request.GET.get("corrects")
    if corrected:
        act = _act_of(request, household, corrected, kind=kind)
        if household.pk not in household_page.entered_at(act, act.changes.all()):
            raise Http404
        return _correct_act(request, household, act)
    form = FORMS[kind](
        request.POST or None,
        household=household,
        staff=staff_of(request),
        numbers=_numbers_let(request, household),
    )
    if request.method == "GET":
        looks.note_opened(household=household, actor=staff_of(request))
    elif _carried_out(form, staff_of(request), None):
        return redirect("register:household", pk=household.pk)
    return _life_page(request, household, form, form.title)


def _act_of(request: HttpRequest, household: Household, key: Any, **lookup: Any) -> Act:
    """Return an act on this household or its people. Raises Http404 for an act on another household."""
    rows = [household.pk, *household.people.values_list("pk", flat=True)]
    found = Act.objects.filter(changes__row__in=rows, **lookup).exclude(kind="import").distinct()
    return get_in_community(found, request, pk=key_of(key))


def _correct_act(request: HttpRequest, household: Household, act: Act) -> HttpResponse:
    """Show the form as the household stood before an act; a POST undoes the act and does it anew, both or neither.

    Nothing is written by a GET. Raises SealedChild, AlreadyUndone, UndoTooLate, LaterWork.
    """
    actor, newcomer = staff_of(request), household_page.newcomer_of(act)
    if newcomer is not None:
        minors.check_open(newcomer, actor)
    make_form = partial(
        FORMS[act.kind],
        household=household,
        staff=actor,
        people=acts.people_before(act, household),
        initial=household_page.answers_in(act),
        newcomer=newcomer,
        numbers=_numbers_let(request, household),
    )
    if request.method == "GET":
        acts.check_undo(act)
        form = make_form()
        looks.note_opened(household=household, actor=actor)
    else:
        with transaction.atomic():
            acts.undo(act=act, actor=actor, reason=request.POST.get("reason") or _("更正"))
            household.refresh_from_db()
            form = make_form(request.POST)
            if _carried_out(form, actor, act):
                return redirect("register:household", pk=household.pk)
            transaction.set_rollback(True)
        household.refresh_from_db()
    return _life_page(request, household, form, _("更正：{what}").format(what=form.title))


def _numbers_let(request: HttpRequest, household: Household) -> bool:
    """Say whether the gate lets the numbers that were typed be compared; nothing was typed into a page that is
    opened.
    """
    if request.method != "POST":
        return True
    typed = [request.POST.get(name, "") for name in ("id_no", "phone")]
    return looks.let_numbers(community=household.community, actor=staff_of(request), numbers=typed)


def _carried_out(form: LifeForm, actor: Staff, corrects: Act | None) -> bool:
    """Do what a form says; False when it is not filled in rightly or is refused, which then stands on the form."""
    if not form.is_valid():
        return False
    try:
        form.act(actor, corrects)
    except Problem as problem:
        form.add_error(None, problem.in_full())
        return False
    return True


def _life_page(request: HttpRequest, household: Household, form: forms.Form, title: Any) -> HttpResponse:
    if request.method == "POST":
        looks.note_given_back(household=household, actor=staff_of(request))
    return render(request, "register/life.html", {"household": household, "form": form, "title": title})


@require_POST
def undo_act(request: HttpRequest, pk: uuid.UUID, act: uuid.UUID) -> HttpResponse:
    """Take one act of a household back."""
    household = get_in_community(Household.objects.all(), request, pk=pk)
    found = _act_of(request, household, act)
    minors.check_act(found, staff_of(request))
    acts.undo(act=found, actor=staff_of(request), reason=request.POST.get("reason", ""))
    if not Household.objects.filter(pk=household.pk).exists():  # the act had brought it in
        return redirect("register:places")
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
        answers = {**form.cleaned_data}
        reason = answers.pop("reason")
        new = {name: value for name, value in answers.items() if value or name not in ("phone", "id_no")}
        try:
            looks.check_numbers(community=person.community, actor=staff_of(request), numbers=[answers["id_no"]])
            household_events.correct_person(person=person, actor=staff_of(request), reason=reason, **new)
        except Problem as problem:
            form.add_error(None, problem.in_full())
        else:
            return redirect("register:household", pk=person.household_id)
    return _life_page(request, person.household, form, _("更正 {name} 的资料").format(name=person.name))


@require_POST
def reveal(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one sealed field once, with the reason in the ledger."""
    person = get_in_community(Person.objects.select_related("household", "community"), request, pk=pk)
    form, actor = RevealForm(request.POST), request.user
    if not isinstance(actor, Staff) or "field" in form.errors:
        return redirect("register:household", pk=person.household_id)
    if not form.is_valid():
        looks.note_opened(household=person.household, actor=actor)
        context = {**_household_context(person.household, actor), "form": form, "refused": person}
        return render(request, "register/household.html", context)
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
