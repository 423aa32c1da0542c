"""Pages of the import: the lists that came in, the preview, the progress, the receipt."""

import uuid
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.imports import problems
from qiaomen.imports.actions import batches
from qiaomen.imports.forms import RosterForm
from qiaomen.imports.models import ImportBatch
from qiaomen.imports.rules.reading.roster import SPOT
from qiaomen.imports.selectors import import_pages as selectors
from qiaomen.imports.selectors.preview import pages as preview_pages
from qiaomen.imports.selectors.preview.veils import Reader, is_own
from qiaomen.kernel.bodies import takes_bodies
from qiaomen.office import disclosure, jobs
from qiaomen.office.access import community_of, get_in_community, staff_of
from qiaomen.office.form_words import ask_why
from qiaomen.office.models import Staff

PAGE = preview_pages.PAGE
SECTIONS = ("asked", "home", "changed", "held", "alike", "missing", "soft", "problem", "columns")
"""What the page of an import shows, a part at a time."""


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
    disclosure.look(
        community=batch.community, actor=staff, code="imports.looked", subject=batch,
        fields=["name", "id_no", "phone"], people=[], detail={"state": batch.state},
    )  # fmt: skip
    whole = preview_pages.read_whole(batch)
    counts = _counts(batch, whole)
    show = request.GET.get("show", "")
    show = show if show in SECTIONS else next((one for one in SECTIONS if counts.get(one)), "columns")
    text = request.GET.get("page", "1")
    page = max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
    section = _section(batch, staff, show, page)
    batches.note_look(batch=batch, rows=section.get("changed_rows", ()), actor=staff)
    context: dict[str, Any] = {
        "batch": batch,
        "whole": whole,
        "counts": counts,
        "show": show,
        "page": page,
        **section,
        "double_total": counts["double"],
        "act": batch.act,
        "kept": selectors.kept_after_undo(batch, staff),
        "progress": selectors.import_progress(batch),
        "job": jobs.under_way(batch.pk),
        "failure": jobs.last_failure(batch.pk),
        "sheets": selectors.mapping_of(batch, whole.get("samples") if is_own(batch, staff) else None),
        "comes_in": batch.created + batch.changed,
        "compounds": selectors.compounds_of(batch.community),
    }
    return render(request, "imports/import.html", context)


def _counts(batch: ImportBatch, whole: dict[str, Any]) -> dict[str, int]:
    kinds = dict(batch.rows.values_list("kind").annotate(Count("pk")))
    counts = {kind: kinds.get(kind, 0) for kind in ("double", "ask", "changed", "held", "problem")}
    return {**counts, **whole["counts"], "asked": counts["double"] + counts["ask"]}


def _section(batch: ImportBatch, staff: Staff, show: str, page: int) -> dict[str, Any]:
    """Return the rows of the part shown, as this person may read them, and how many pages it has."""
    reader = Reader.of(batch, staff)
    if show in preview_pages.PAGED:
        items, pages = preview_pages.read_page(batch, show, page, reader)
        return {"items": items, "pages": pages}
    if show == "asked":
        doubles = batch.rows.filter(kind="double").count()
        first = -(-doubles // PAGE)
        asks = batch.rows.filter(kind="ask").count()
        rows = preview_pages.asked_rows(batch, page, reader) if page <= first else []
        doubts = selectors.doubtful_rows(batch, staff, page - first) if page > first else []
        return {"asked_rows": rows, "doubtful_rows": doubts, "pages": first + -(-asks // PAGE)}
    if show in ("changed", "held"):
        total = batch.rows.filter(kind=show).count()
        return {"changed_rows": selectors.changed_rows(batch, staff, page, show), "pages": -(-total // PAGE)}
    if show == "problem":
        out = batch.rows.filter(kind="problem").order_by("sheet", "row_no")
        start, total = PAGE * (page - 1), out.count()
        rows = [{"row": row, "shown": row.row_no % SPOT} for row in out[start : start + PAGE]]
        return {"problem_rows": rows, "pages": -(-total // PAGE)}
    return {"pages": 0}


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
    apart, asked = _spots(request.POST.getlist("apart")), _spots(request.POST.getlist("asked"))
    left_out = {(sheet, row) for sheet, row in batch.answers.get("left_out", [])} - set(asked)
    left_out |= set(_spots(request.POST.getlist("leave")))
    kept = [(sheet, row) for sheet, row in batch.answers.get("apart", [])]
    all_apart = bool(batch.answers.get("all_apart")) if "people" not in request.POST else "all_apart" in request.POST
    batches.answer_doubts(
        batch=batch,
        apart={*kept, *apart},
        left_out=left_out,
        all_apart=all_apart,
        rows={spot: said for code, said in _told(request, "said:") for spot in _spots([code])},
        compounds=dict(_told(request, "compound:")),
        sheets=dict(_told(request, "sheet:")) | dict(_told(request, "other:")),
        take=[*_taken_elsewhere(request, batch), *_taken(request)],
    )
    return redirect(f"{reverse('imports:detail', args=[pk])}?show={request.POST.get('show', '')}")


def _taken(request: HttpRequest) -> list[tuple[str, int, str]]:
    """Return the fields set by hand that are ticked on the page, to be taken from the list."""
    return [(*spot, code) for row, code in _told(request, "take:") for spot in _spots([row])]


def _taken_elsewhere(request: HttpRequest, batch: ImportBatch) -> list[tuple[str, int, str]]:
    """Return the fields ticked before in rows that this page did not offer: only what it offers is unticked."""
    offered = set(_spots(request.POST.getlist("offered")))
    return [(sheet, row, code) for sheet, row, code in batch.answers.get("take", []) if (sheet, row) not in offered]


def _told(request: HttpRequest, prefix: str) -> list[tuple[str, str]]:
    """Return (what stands behind the prefix in the name of a field, its value) of the fields that say something."""
    return [
        (name.removeprefix(prefix), said.strip()[:60])
        for name in request.POST
        if name.startswith(prefix)
        for said in request.POST.getlist(name)
        if said.strip()
    ]


def _spots(told: list[str]) -> list[tuple[str, int]]:
    """Read what names rows in a form: the row, a space, the sheet."""
    pairs = [one.split(" ", 1) for one in told]
    return [(pair[1], int(pair[0])) for pair in pairs if len(pair) == 2 and pair[0].isdecimal() and len(pair[0]) < 10]


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
    why = ask_why(
        request,
        title=_("撤销这次导入"),
        words=[_("这份名册带来的整份撤回。"), _("导入之后手工改过的、走访过的保留不动，会一一列出来。")],
        button=_("撤销这次导入"),
        back=reverse("imports:detail", args=[batch.pk]),
    )
    if isinstance(why, HttpResponse):
        return why
    batches.ask_to_undo(batch=batch, actor=staff_of(request), reason=why)
    return redirect("imports:detail", pk=batch.pk)
