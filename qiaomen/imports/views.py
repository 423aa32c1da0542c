"""Pages of the import: the lists that came in, the preview, the progress, the receipt."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.imports import problems
from qiaomen.imports.actions import batches
from qiaomen.imports.forms import RosterForm
from qiaomen.imports.models import ImportBatch
from qiaomen.imports.selectors import import_pages as selectors
from qiaomen.kernel.bodies import takes_bodies
from qiaomen.office import disclosure, jobs
from qiaomen.office.access import community_of, get_in_community, staff_of

SHOWN = 500
"""Rows with problems on the page; all of them stand in the receipt."""


def _batch(request: HttpRequest, pk: uuid.UUID, *, with_workbook: bool = False) -> ImportBatch:
    """Return a list of the own community for who brought it in, or the head. Raises Http404, NotYourList.

    Its rows name people, children too, and what was told of them: they are for nobody else's eyes.
    """
    rows = ImportBatch.objects.select_related("community")
    batch = get_in_community(rows if with_workbook else rows.defer("workbook"), request, pk=pk)
    staff = staff_of(request)
    if staff.role != "head" and batch.made_by_id != staff.pk:
        raise problems.NotYourList()
    return batch


@takes_bodies(30 * 1024 * 1024)
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """List the rosters that came in, and take a new one."""
    community, form = community_of(request), RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload, actor = form.cleaned_data["roster"], staff_of(request)
        batch = batches.upload_roster(community=community, actor=actor, file_name=upload.name, content=upload.read())
        return redirect("imports:detail", pk=batch.pk)
    newest = ImportBatch.objects.filter(community=community).defer("workbook").order_by("-made_at")[:50]
    return render(request, "imports/imports.html", {"form": form, "batches": newest})


@require_GET
def show_import(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the preview, the progress or the receipt of one roster."""
    batch, staff = _batch(request, pk), staff_of(request)
    changed = selectors.changed_rows(batch, staff)
    batches.note_look(batch=batch, rows=changed, actor=staff)
    disclosure.look(
        community=batch.community, actor=staff, code="imports.looked", subject=batch,
        fields=["name", "id_no", "phone"], people=[], detail={"state": batch.state},
    )  # fmt: skip
    out = batch.rows.filter(kind__in=("problem", "double")).order_by("kind", "sheet", "row_no")
    context: dict[str, Any] = {
        "batch": batch,
        "problem_rows": out[:SHOWN],
        "problems_beyond": max(0, batch.rejected - SHOWN),
        "double_total": batch.rows.filter(kind="double").count(),
        "changed_rows": changed,
        "doubtful_rows": selectors.doubtful_rows(batch),
        "act": batch.act,
        "kept": selectors.kept_after_undo(batch, staff),
        "progress": selectors.import_progress(batch),
        "job": jobs.under_way(batch.pk),
        "failure": jobs.last_failure(batch.pk),
        "sheets": selectors.mapping_of(batch),
        "comes_in": batch.created + batch.changed,
    }
    return render(request, "imports/import.html", context)


@require_POST
def choose_columns(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take the columns as a person says and preview anew."""
    batch = _batch(request, pk, with_workbook=True)
    chosen = {
        sheet["name"]: [request.POST.get(column["field_name"], "") for column in sheet["columns"]]
        for sheet in selectors.mapping_of(batch)
    }
    kinds = {
        sheet["name"]: request.POST.get(sheet["kind_field"], sheet["kind"].code)
        for sheet in selectors.mapping_of(batch)
    }
    batches.choose_columns(batch=batch, chosen=chosen, kinds=kinds)
    return redirect("imports:detail", pk=batch.pk)


@require_POST
def answer_doubts(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a person's word on the rows that look like somebody and preview anew."""
    batch = _batch(request, pk, with_workbook=True)
    apart, brought = _spots(request.POST.getlist("apart")), set(_spots(request.POST.getlist("brought")))
    left_out = [spot for spot in _spots(request.POST.getlist("asked")) if spot not in brought]
    kept = [(sheet, row) for sheet, row in batch.answers.get("apart", [])]
    batches.answer_doubts(
        batch=batch, apart={*kept, *apart}, left_out=left_out, all_apart=request.POST.get("all_apart") == "on"
    )
    return redirect("imports:detail", pk=batch.pk)


def _spots(told: list[str]) -> list[tuple[str, int]]:
    """Read what names rows in a form: the row, a space, the sheet."""
    pairs = [one.split(" ", 1) for one in told]
    return [(pair[1], int(pair[0])) for pair in pairs if len(pair) == 2 and pair[0].isdigit() and len(pair[0]) < 9]


@require_POST
def cancel_import(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask a running commit to stop."""
    batches.cancel_commit(batch=_batch(request, pk))
    return redirect("imports:detail", pk=pk)


@require_GET
def receipt(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send the receipt as a workbook."""
    batch, actor = _batch(request, pk), staff_of(request)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = HttpResponse(batches.take_receipt(batch=batch, actor=actor), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="receipt-{batch.made_at:%Y%m%d}.xlsx"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def commit_import(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask for the commit; a worker outside the request does it, and the page shows how far it is."""
    batch = _batch(request, pk)
    batches.ask_to_commit(batch=batch, actor=staff_of(request))
    return redirect("imports:detail", pk=batch.pk)


@require_POST
def undo_import(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask for a whole roster to be taken back; what was edited by hand afterwards stays and is listed."""
    batch = _batch(request, pk)
    batches.ask_to_undo(batch=batch, actor=staff_of(request), reason=request.POST.get("reason", ""))
    return redirect("imports:detail", pk=batch.pk)
