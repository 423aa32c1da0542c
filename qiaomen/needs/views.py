"""The list of what was heard, and what somebody is owed: noted, read, told."""

import uuid
from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import Manager
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.needs import actions, selectors
from qiaomen.needs.forms import CorrectNeedForm, OwedForm, TakeBackForm
from qiaomen.needs.models import Need, Owed
from qiaomen.needs.problems import NotHeardByYou
from qiaomen.needs.rules.vocabulary import KINDS, ORIGINS
from qiaomen.office import disclosure
from qiaomen.office.access import community_of, get_in_community, key_of, safe_next, staff_of
from qiaomen.office.form_words import DeskForm
from qiaomen.office.models import Organisation
from qiaomen.register.models import Compound, Household
from qiaomen.register.selectors import minors
from qiaomen.visits.rules.vocabulary import HANDLINGS

DAYS = (7, 30, 90, 365)


def _wish(request: HttpRequest) -> selectors.Filter:
    asked = request.GET
    compound, days = asked.get("compound", ""), asked.get("days", "")
    return selectors.Filter(
        kind=asked.get("kind", "") if asked.get("kind") in KINDS else "",
        handling=asked.get("handling", "") if asked.get("handling") in HANDLINGS else "",
        name=asked.get("name", "").strip()[:40],
        compound=key_of(compound) if compound else None,
        days=int(days) if days in map(str, DAYS) else 0,
    )


@require_GET
def needs(request: HttpRequest) -> HttpResponse:
    """List the needs of the community; the words stay sealed here, and what tells of health or money is 一件事.

    Narrowed to a kind that tells, the list is a look at every household on it.
    """
    community, wish = community_of(request), _wish(request)
    page = Paginator(selectors.heard_in(community, wish, staff_of(request)), 50).get_page(request.GET.get("page"))
    _note_listed(request, community, wish, [need.household_id for need in page.object_list])
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "rows": [
            {
                "need": need,
                "kind": selectors.plain_title(need.kind),
                "handling": selectors.handling_title(need.handling),
                "origin": selectors.origin_title(need.origin),
                "may_change": actions.may_change(need, staff_of(request)),
            }
            for need in page.object_list
        ],
        "page": page,
        "query": query.urlencode(),
        "wish": wish,
        "kinds": [(code, selectors.kind_title(code)) for code in KINDS],
        "origins": [(code, selectors.origin_title(code)) for code in ORIGINS],
        "handlings": [(code, selectors.handling_title(code)) for code in HANDLINGS],
        "compounds": Compound.objects.filter(community=community).order_by("name"),
        "days": [(days, _("最近 {n} 天").format(n=days)) for days in DAYS],
    }
    return render(request, "needs/list.html", context)


def _note_listed(request: HttpRequest, community: Organisation, wish: selectors.Filter, homes: list[uuid.UUID]) -> None:
    """Write whose names a page shows, and that they were seen where the kind asked for tells more."""
    viewer, told = staff_of(request), selectors.fields_of_kind(wish.kind)
    disclosure.show_names(viewer=viewer, community=community, page="needs:list", people=homes)
    if told and homes:
        disclosure.show(viewer=viewer, community=community, code="needs.kind-shown", people=homes, fields=told)


def _need(request: HttpRequest, pk: uuid.UUID, kept: Manager[Need] = Need.objects) -> Need:
    """Return a need to put right, or of those `kept`. Raises Http404, SealedChild, NotHeardByYou."""
    rows = kept.select_related("household__dwelling", "community", "heard_by", "person")
    need = get_in_community(rows, request, pk=pk)
    selectors.check_open(need, staff_of(request))
    if not actions.may_change(need, staff_of(request)):
        raise NotHeardByYou()
    return need


def _correct_page(request: HttpRequest, need: Need, **sent: DeskForm) -> HttpResponse:
    actions.note_need_look(need=need, actor=staff_of(request))
    forms = {
        "form": CorrectNeedForm(initial={"kind": need.kind, "words": need.words}),
        "back_form": TakeBackForm(auto_id="back-%s"),
        **sent,
    }
    return render(request, "needs/correct.html", {"need": need, **forms})


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put right what was written of a need, with the reason."""
    need, form = _need(request, pk), CorrectNeedForm(request.POST or None)
    if request.method == "GET":
        return _correct_page(request, need)
    if not form.is_valid():
        return _correct_page(request, need, form=form)
    actions.correct_need(need=need, actor=staff_of(request), **form.cleaned_data)
    return redirect("register:household", pk=need.household_id)


@require_POST
def take_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a need back that nobody asked for; pressed twice it is once."""
    need, form = _need(request, pk, Need.everything), TakeBackForm(request.POST, auto_id="back-%s")
    if need.taken_back_at is not None:
        return redirect("register:household", pk=need.household_id)
    if not form.is_valid():
        return _correct_page(request, need, back_form=form)
    try:
        actions.take_back_need(need=need, actor=staff_of(request), reason=form.cleaned_data["reason"])
    except Problem as problem:
        form.add_error(None, problem.in_full())
        return _correct_page(request, need, back_form=form)
    return redirect("register:household", pk=need.household_id)


@require_POST
def drop(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take back a sentence that was noted by mistake; pressed twice it is once."""
    owed, form = _owed(request, pk, Owed.everything), TakeBackForm(request.POST)
    actions.check_drop(owed, staff_of(request))
    if owed.taken_back_at is None:
        if not form.is_valid():
            return _owed_page(request, owed, form)
        actions.drop_owed(owed=owed, actor=staff_of(request), reason=form.cleaned_data["reason"])
    return redirect("register:household", pk=owed.household_id)


@require_http_methods(["GET", "POST"])
def owe(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note a sentence a household is owed: a call-back promised at the window or on the telephone."""
    household, actor = (
        get_in_community(Household.objects.select_related("community"), request, pk=pk),
        staff_of(request),
    )
    start = {"owner": actor.pk, "due_on": clock.today() + timedelta(days=1), "channel": "telephone"}
    form = OwedForm(household.community, request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        made = actions.owe(household=household, actor=actor, **form.cleaned_data)
        return redirect("needs:owed", pk=made.pk)
    return render(request, "needs/owe.html", {"form": form, "household": household})


def _owed(request: HttpRequest, pk: uuid.UUID, kept: Manager[Owed] = Owed.objects) -> Owed:
    """Return a sentence that is owed, or of those `kept`. Raises Http404, SealedChild where it is of a child, and what
    the house says that keeps its need from this viewer.
    """
    rows = kept.select_related("household", "community", "owner", "told_by", "made_by", "need__person", "person")
    owed = get_in_community(rows, request, pk=pk)
    if owed.person is not None:
        minors.check_open(owed.person, staff_of(request))
    if owed.owner_id != staff_of(request).pk:  # who is to tell it knows what to tell
        selectors.check_open(owed.need, staff_of(request))
    return owed


@require_GET
def show_owed(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one sentence that is owed; the look is in the ledger."""
    return _owed_page(request, _owed(request, pk), TakeBackForm())


def _owed_page(request: HttpRequest, owed: Owed, form: TakeBackForm) -> HttpResponse:
    actions.note_owed_look(owed=owed, actor=staff_of(request))
    late = owed.told_at is None and owed.due_on < clock.today()
    context = {
        "owed": owed,
        "channel": selectors.channel_title(owed.channel),
        "late": late,
        "form": form,
        "may_drop": owed.need_id is None and actions.may_drop(owed, staff_of(request)),
    }
    return render(request, "needs/owed.html", context)


@require_POST
def correct_origin(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put right how a need was heard, with a reason."""
    need, actor, origin = (
        get_in_community(Need.objects.all(), request, pk=pk),
        staff_of(request),
        request.POST.get("origin"),
    )
    selectors.check_open(need, actor)
    reason = request.POST.get("reason", "")
    if reason.strip() and origin not in ORIGINS:
        raise Http404
    actions.correct_origin(need=need, origin=str(origin), reason=reason, actor=actor)
    return redirect(safe_next(request, reverse("needs:list")))


@require_POST
def tell(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note that it was told."""
    actions.tell(owed=_owed(request, pk), actor=staff_of(request))
    return redirect(safe_next(request, reverse("needs:owed", args=[pk])))


@require_POST
def untell(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take “told” back."""
    owed = actions.take_back_told(owed=_owed(request, pk, Owed.everything), actor=staff_of(request))
    return redirect(safe_next(request, reverse("needs:owed", args=[owed.pk])))
