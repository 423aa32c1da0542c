"""Pages of the export: ask, decide, take, and the list of what was taken."""

import json
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.kernel import clock
from qiaomen.kernel.json_text import read_json
from qiaomen.office.access import community_of, get_in_community, staff_of
from qiaomen.office.form_words import ask_sure
from qiaomen.office.models import Staff
from qiaomen.sheets.actions import exports, saved_views
from qiaomen.sheets.forms import ExportForm
from qiaomen.sheets.models import Export
from qiaomen.sheets.problems import CellsNotUnderstood
from qiaomen.sheets.selectors.columns import views

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def show_exports(request: HttpRequest) -> HttpResponse:
    """List what waits for this person's word, and this person's own exports."""
    staff, community = staff_of(request), community_of(request)
    mine = [
        {**_about(export), "may_take": may, "dropped": exports.dropped_from(export, staff) if may else []}
        for export in exports.exports_of(staff)
        for may in (exports.may_take(export, staff),)
    ]
    waiting = [
        {**_about(export), "dropped": exports.dropped_from(export, staff)}
        for export in exports.waiting_for(community, staff)
    ]
    context = {"mine": mine, "waiting": waiting, "hours": exports.HOURS, "now": clock.now()}
    return render(request, "sheets/exports.html", context)


def _about(export: Export) -> dict[str, Any]:
    if not export.asked_for:
        known = views().get(export.view)
        return {
            "export": export,
            "view": known.title if known else export.view,
            "columns": [],
            "filters": [],
            "old": True,
        }
    asked = exports.asked_in(export)
    return {
        "export": export,
        "view": asked.question.view.title,
        "columns": [
            {"title": column.title, "clear": column.code in asked.clear, "sealed": column.sealed}
            for column in asked.question.columns
        ],
        "filters": saved_views.filters_in_words(asked.question),
        "watermark": exports.watermark(export, export.taken_at or clock.now()),
    }


@require_http_methods(["GET", "POST"])
def new_export(request: HttpRequest) -> HttpResponse:
    """Show what would leave and ask for its purpose; with `ask`, ask for it."""
    staff, community = staff_of(request), community_of(request)
    asked = exports.read_asked(_wish(request), staff)
    exports.let_count(community=community, asked=asked, staff=staff)
    rows = exports.count_rows(community, asked, staff)
    sealed = exports.sealed_columns(asked.question, staff)
    form = ExportForm(request.POST if "ask" in request.POST else None, sealed=sealed)
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        asked = exports.Asked(asked.question, tuple(told["clear"]))
        exports.ask_export(
            community=community, staff=staff, asked=asked, purpose=told["purpose"], clear_reason=told["clear_reason"]
        )
        return redirect("sheets:exports")
    context = {
        "form": form,
        "rows": rows,
        "view": asked.question.view,
        "columns": asked.question.columns,
        "filters": saved_views.filters_in_words(asked.question),
        "wish": json.dumps(asked.question.as_dict()),
        "needs_another": exports.needs_another(community, staff, rows),
        "free": exports.FREE_ROWS,
        "hours": exports.HOURS,
        "sealed": [column.code for column in sealed],
    }
    return render(request, "sheets/export_new.html", context)


def _wish(request: HttpRequest) -> dict[str, Any]:
    """Return the question: as JSON in the form, or a view and words in the address. Raises NotUnderstood."""
    if request.method == "GET":
        return {"view": request.GET.get("view"), "text": request.GET.get("q")}
    try:
        found = read_json(request.POST.get("wish") or "{}")
    except ValueError as error:
        raise CellsNotUnderstood() from error
    if not isinstance(found, dict):
        raise CellsNotUnderstood()
    return found


def _one(request: HttpRequest, pk: uuid.UUID) -> Export:
    return get_in_community(Export.objects.select_related("community", "asked_by").defer("marks"), request, pk=pk)


@require_POST
def decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let a file of somebody else's go, or not."""
    staff: Staff = staff_of(request)
    approve = request.POST.get("answer") == "approve"
    if approve:
        words = [
            _("同意之后，申请的人可以下载带密码和水印的文件；文件下载以后收不回来。"),
            _("不放心就退回，写一句原因。"),
        ]
        ask = ask_sure(
            request, title=_("同意这次导出？"), words=words, button=_("同意"), back=reverse("sheets:exports")
        )
        if ask is not None:
            return ask
    exports.decide_export(
        export=_one(request, pk), staff=staff, approve=approve, refusal=request.POST.get("refusal", "")
    )
    return redirect("sheets:exports")


@require_POST
def take(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make the file and show its password, once, with the link to it."""
    taken = exports.take_export(export=_one(request, pk), staff=staff_of(request))
    context = {"taken": taken, "seconds": exports.LINK_SECONDS}
    answer = render(request, "sheets/export_taken.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
def send_file(request: HttpRequest, pk: uuid.UUID, link: str) -> HttpResponse:
    """Send the locked file to the person who asked for it, within a minute."""
    export = _one(request, pk)
    answer = HttpResponse(exports.hand_over(export=export, staff=staff_of(request), link=link), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{export}.xlsx"'
    answer["Cache-Control"] = "no-store"
    return answer
