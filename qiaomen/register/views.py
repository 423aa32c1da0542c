"""Pages of the register: households, buildings, totals, duplicates."""

import uuid
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.kernel.problems import Problem
from qiaomen.office.access import community_of, get_in_community, key_of, staff_of
from qiaomen.office.models import Staff
from qiaomen.register import actions, card, children, duplicates, groups, history, life
from qiaomen.register.forms import RevealForm
from qiaomen.register.life_forms import FORMS, CorrectForm, LifeForm
from qiaomen.register.models import Act, Household, Person


@require_GET
def show_household(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one household, sealed fields masked."""
    household = get_in_community(
        Household.objects.select_related("dwelling__entrance__building__compound"), request, pk=pk
    )
    groups.keep_current(household.community)
    return render(request, "register/household.html", _household_context(household, staff_of(request)))


def _household_context(household: Household, staff: Staff) -> dict[str, Any]:
    return {
        **card.household_card(household=household, staff=staff),
        "form": RevealForm(),
        "timeline": card.timeline_of(household, staff),
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
    with transaction.atomic():
        answer = _live(request, household, FORMS[kind], corrects)
        if answer.status_code == 200:
            transaction.set_rollback(True)
    return answer


def _live(request: HttpRequest, household: Household, kind: type[LifeForm], corrects: Act | None) -> HttpResponse:
    """Show or take the form. A correction sees the household as it stood before the act that is corrected."""
    actor, started, newcomer = staff_of(request), {}, None
    if corrects is not None:
        started, newcomer = card.told_in(corrects), card.newcomer_of(corrects)
        if newcomer is not None:
            children.check_open(newcomer, actor)
        history.undo(act=corrects, actor=actor, reason=request.POST.get("reason") or _("更正"))
        household.refresh_from_db()
    form = kind(request.POST or None, household=household, staff=actor, initial=started, newcomer=newcomer)
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
    found = get_in_community(Act.objects.exclude(kind="import"), request, pk=act)
    history.undo(act=found, actor=staff_of(request), reason=request.POST.get("reason", ""))
    return redirect("register:household", pk=household.pk)


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put right what is written of one person."""
    person = get_in_community(Person.objects.select_related("household", "community"), request, pk=pk)
    children.check_open(person, staff_of(request))
    now = {name: getattr(person, name) for name in ("name", "former_name", "nickname", "relation", "work_place")}
    form = CorrectForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        told = {**form.cleaned_data}
        reason = told.pop("reason")
        new = {name: value for name, value in told.items() if value or name not in ("phone", "id_no")}
        try:
            life.correct_person(person=person, actor=staff_of(request), reason=reason, **new)
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
    value = actions.reveal_field(
        person=person, field=form.cleaned_data["field"], reason=form.cleaned_data["reason"], actor=actor
    )
    context = {
        **_household_context(person.household, actor),
        "revealed": {"person": person, "field": form.cleaned_data["field"], "value": value},
    }
    response = render(request, "register/household.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_GET
def show_duplicates(request: HttpRequest) -> HttpResponse:
    """List the records that may be one person, two by two."""
    return render(
        request, "register/duplicates.html", {"queue": duplicates.queue_of(community_of(request), staff_of(request))}
    )


@require_POST
def merge(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make another record part of this one."""
    people = Person.objects.select_related("household", "community")
    stays = get_in_community(people, request, pk=pk)
    goes = get_in_community(people, request, pk=key_of(request.POST.get("goes", "")))
    duplicates.merge_people(stays=stays, goes=goes, actor=staff_of(request))
    return redirect("register:household", pk=stays.household_id)


@require_POST
def tell_apart(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note that two records are two people."""
    left = get_in_community(Person.objects.select_related("community"), request, pk=pk)
    right = get_in_community(Person.objects.all(), request, pk=key_of(request.POST.get("other", "")))
    duplicates.tell_apart(left=left, right=right, actor=staff_of(request))
    return redirect("register:duplicates")
