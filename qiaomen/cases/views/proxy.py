"""Pages of the proxy desk: one page of a case with its forms, and the list of what lies in the drawers."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qiaomen.cases import actions
from qiaomen.cases.models import Case, Mandate, Material, Original, Trip
from qiaomen.cases.papers import relatives
from qiaomen.cases.proxy import mandates, materials, originals, selectors, trips
from qiaomen.cases.proxy.forms import (
    DeliverForm,
    MandateForm,
    MaterialForm,
    OriginalForm,
    ReturnForm,
    SettleForm,
    TripForm,
)
from qiaomen.cases.proxy.note import Noted, take_back
from qiaomen.cases.selectors import near
from qiaomen.cases.views.case_page import case_of, check_case, check_open_of
from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.needs.selectors import kind_title
from qiaomen.office import disclosure
from qiaomen.office.access import community_of, get_in_community, key_of, staff_of
from qiaomen.office.form_words import DeskForm, ask_sure
from qiaomen.office.models import Staff
from qiaomen.register.models import Consent
from qiaomen.register.selectors import minors


def _row(request: HttpRequest, model: type[Any], pk: uuid.UUID) -> Any:
    """Return a row of a case that is open to the reader. Raises Http404, SealedChild, SealedMatter, WrongPerson."""
    rows = model.objects.select_related("case__need__person", "case__community", "community", "noted_by")
    if model in (Mandate, Original):
        rows = rows.select_related("person")
    row = get_in_community(rows, request, pk=pk)
    check_case(request, row.case)
    check_open_of(request, row)
    return row


def _forms(case: Case, viewer: Staff) -> dict[str, DeskForm]:
    return {
        "mandate_form": MandateForm(case, viewer, auto_id="mandate-%s"),
        "original_form": OriginalForm(case, viewer, auto_id="original-%s"),
        "material_form": MaterialForm(auto_id="material-%s"),
        "trip_form": TripForm(auto_id="trip-%s"),
        "deliver_form": DeliverForm(auto_id="deliver-%s"),
    }


def _page(request: HttpRequest, case: Case, **sent: Any) -> HttpResponse:
    """Show the proxy desk of a case; the look at its sealed words is a line. `again`: a form of one row, as sent."""
    actions.note_look(case=case, actor=staff_of(request))
    context = {
        "case": case,
        "need": case.need,
        "kind": kind_title(case.need.kind),
        "proxy": selectors.of_case(case, clock.today(), staff_of(request)),
        "stop": trips.asked(case),
        "is_near": near.is_near(case.need, staff_of(request)),
        "consents": relatives.consents_of(case),
        **_forms(case, staff_of(request)),
        **sent,
    }
    return render(request, "cases/proxy.html", context)


@require_GET
def show(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show mandate, originals, papers and trips of a case."""
    return _page(request, case_of(request, pk))


def _done(case_id: uuid.UUID, part: str) -> HttpResponse:
    return redirect(f"{reverse('cases:proxy', args=[case_id])}#{part}")


def _noted(request: HttpRequest, case: Case, name: str, form: DeskForm, act: Callable[..., Any]) -> HttpResponse:
    """Do what a form asks, or show it again with what is wrong."""
    if form.is_valid():
        try:
            act(case=case, actor=staff_of(request), **form.cleaned_data)
        except Problem as problem:
            form.add_error(None, problem.in_full())
        else:
            return _done(case.pk, name)
    return _page(request, case, **{f"{name}_form": form})


@require_POST
def mandate(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note a mandate."""
    case = case_of(request, pk)
    form = MandateForm(case, staff_of(request), request.POST, auto_id="mandate-%s")
    return _noted(request, case, "mandate", form, mandates.give_mandate)


@require_POST
def mandate_withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note that a mandate was taken back, or that this was a mistake."""
    row = _row(request, Mandate, pk)
    mandates.withdraw_mandate(mandate=row, actor=staff_of(request), back=request.POST.get("back") == "1")
    return _done(row.case_id, "mandate")


@require_POST
def original(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a paper in."""
    case = case_of(request, pk)
    form = OriginalForm(case, staff_of(request), request.POST, auto_id="original-%s")
    return _noted(request, case, "original", form, originals.take_original)


@require_POST
def original_return(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a paper back."""
    row = _row(request, Original, pk)
    form = ReturnForm(request.POST, auto_id="return-%s")
    if not form.is_valid():
        return _page(request, case_of(request, row.case_id), again=[form])
    originals.return_original(original=row, actor=staff_of(request), to=form.cleaned_data["to"])
    return _done(row.case_id, "original")


@require_POST
def original_here(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say that a paper was not given back after all."""
    row = _row(request, Original, pk)
    originals.not_returned(original=row, actor=staff_of(request))
    return _done(row.case_id, "original")


@require_POST
def material(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note a paper that is needed."""
    case = case_of(request, pk)
    return _noted(request, case, "material", MaterialForm(request.POST, auto_id="material-%s"), materials.need_material)


@require_POST
def material_settle(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note that a paper was brought or can be done without."""
    row = _row(request, Material, pk)
    form = SettleForm(request.POST, auto_id="settle-%s")
    if form.is_valid():
        try:
            materials.settle_material(material=row, actor=staff_of(request), **form.cleaned_data)
        except Problem as problem:
            form.add_error(None, problem.in_full())
        else:
            return _done(row.case_id, "material")
    return _page(request, case_of(request, row.case_id), again=[form])


@require_POST
def trip(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note a trip."""
    case = case_of(request, pk)
    return _noted(request, case, "trip", TripForm(request.POST, auto_id="trip-%s"), trips.note_trip)


@require_POST
def deliver(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask that something is brought home on a round."""
    case = case_of(request, pk)
    return _noted(request, case, "deliver", DeliverForm(request.POST, auto_id="deliver-%s"), trips.bring_home)


@require_POST
def deliver_off(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take back that something is brought home."""
    case = case_of(request, pk)
    trips.do_not_bring(case=case, actor=staff_of(request))
    return _done(case.pk, "deliver")


@require_POST
def tell_relative(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the text a relative may be told by a consent, after asking once: what was told cannot be untold."""
    consent = get_in_community(Consent.objects.select_related("person"), request, pk=pk)
    minors.check_open(consent.person, staff_of(request))
    asked = ask_sure(
        request,
        title=_("告诉家人"),
        words=[
            _("要告诉{whom}：{name}的事办到哪一步。说了就收不回来，会记进台账。").format(
                whom=consent.to_whom, name=consent.person.name
            )
        ],
        button=_("告诉"),
        back=reverse("register:consents", args=[consent.person_id]),
    )
    if asked is not None:
        return asked
    case = case_of(request, key_of(request.POST.get("case")))
    text = relatives.tell_relative(case=case, consent=consent, actor=staff_of(request))
    context = {"case": case, "need": case.need, "text": text, "whom": consent.to_whom}
    return render(request, "cases/told.html", context)


def _take_back(request: HttpRequest, model: type[Noted], pk: uuid.UUID, part: str) -> HttpResponse:
    row = _row(request, model, pk)
    take_back(row=row, actor=staff_of(request))
    return _done(row.case_id, part)


@require_POST
def mandate_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take back a mandate noted by mistake."""
    return _take_back(request, Mandate, pk, "mandate")


@require_POST
def original_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take back a paper noted by mistake."""
    return _take_back(request, Original, pk, "original")


@require_POST
def material_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take back a paper asked for by mistake."""
    return _take_back(request, Material, pk, "material")


@require_POST
def trip_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take back a trip noted by mistake."""
    return _take_back(request, Trip, pk, "trip")


@require_GET
def shelf(request: HttpRequest) -> HttpResponse:
    """List whose papers lie in which drawer; what they are is a look at each of them."""
    community = community_of(request)
    rows, counts = selectors.in_drawers(community, staff_of(request))
    people = {row.person_id or row.case.need.household_id for row in rows}
    disclosure.look(
        community=community,
        actor=staff_of(request),
        code="cases.shelf-looked",
        people=people,
        subject=community,
        fields=["what"],
        once=True,
    )
    return render(request, "cases/shelf.html", {"rows": rows, **counts})
