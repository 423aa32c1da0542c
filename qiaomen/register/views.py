"""Pages of the register: households, buildings, and the import."""

import threading
import uuid
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.office.access import community_of, get_in_community, staff_of
from qiaomen.office.models import Staff
from qiaomen.register import actions, selectors
from qiaomen.register.forms import RevealForm, RosterForm
from qiaomen.register.models import Building, Household, ImportBatch, Person


@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """List the rosters that came in, and take a new one."""
    community, form = community_of(request), RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload, actor = form.cleaned_data["roster"], staff_of(request)
        batch = actions.upload_roster(community=community, actor=actor, file_name=upload.name, content=upload.read())
        actions.preview_roster(batch=batch)
        return redirect("register:import", pk=batch.pk)
    batches = ImportBatch.objects.filter(community=community).defer("workbook").order_by("-made_at")[:50]
    return render(request, "register/imports.html", {"form": form, "batches": batches})


@require_GET
def show_import(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the preview, the progress or the receipt of one roster."""
    batch = get_in_community(ImportBatch.objects.defer("workbook"), request, pk=pk)
    context: dict[str, Any] = {
        "batch": batch,
        "problem_rows": batch.rows.filter(kind="problem").order_by("sheet", "row_no")[:500],
        "progress": selectors.import_progress(batch),
        "sheets": selectors.mapping_of(batch),
    }
    return render(request, "register/import.html", context)


@require_POST
def choose_columns(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take the columns as a person says and preview anew."""
    batch = get_in_community(ImportBatch.objects.all(), request, pk=pk)
    chosen = {
        sheet["name"]: [request.POST.get(column["field_name"], "") for column in sheet["columns"]]
        for sheet in selectors.mapping_of(batch)
    }
    actions.choose_columns(batch=batch, chosen=chosen)
    return redirect("register:import", pk=batch.pk)


@require_GET
def receipt(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send the receipt as a workbook."""
    batch, actor = get_in_community(ImportBatch.objects.defer("workbook"), request, pk=pk), staff_of(request)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = HttpResponse(actions.take_receipt(batch=batch, actor=actor), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="receipt-{batch.made_at:%Y%m%d}.xlsx"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def commit_import(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Start the commit in the background and show its progress."""
    batch, actor = get_in_community(ImportBatch.objects.all(), request, pk=pk), staff_of(request)
    actions.claim_commit(batch=batch)

    def work() -> None:
        try:
            actions.finish_commit(batch=batch, actor=actor)
        finally:
            connection.close()

    threading.Thread(target=work, name=f"import-{batch.pk}", daemon=False).start()
    return redirect("register:import", pk=batch.pk)


@require_GET
def buildings(request: HttpRequest) -> HttpResponse:
    """List the buildings."""
    return render(request, "register/buildings.html", {"buildings": selectors.buildings_of(community_of(request))})


@require_GET
def show_building(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one building as it stands."""
    building = get_in_community(Building.objects.select_related("compound"), request, pk=pk)
    elevation = selectors.elevation_of(building=building)
    return render(request, "register/elevation.html", {"building": building, "elevation": elevation})


@require_GET
def show_household(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one household, sealed fields masked."""
    household = get_in_community(
        Household.objects.select_related("dwelling__entrance__building__compound"), request, pk=pk
    )
    context = {**selectors.household_card(household=household), "form": RevealForm()}
    return render(request, "register/household.html", context)


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
        **selectors.household_card(household=person.household),
        "form": RevealForm(),
        "revealed": {"person": person, "field": form.cleaned_data["field"], "value": value},
    }
    response = render(request, "register/household.html", context)
    response["Cache-Control"] = "no-store"
    return response
