"""Pages and answers of the grid: a table that reads without script, and what its script asks the server for."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qiaomen.groups.actions import memberships
from qiaomen.kernel.json_text import read_json
from qiaomen.kernel.problems import Problem
from qiaomen.kernel.sensitivity import counting
from qiaomen.office import disclosure
from qiaomen.office.access import community_of, get_in_community, key_of, may_see_child, staff_of
from qiaomen.office.fields import Blind
from qiaomen.office.models import Staff
from qiaomen.office.problems import TooManyLooks
from qiaomen.register.actions import looks
from qiaomen.register.forms.person_facts import REASONS
from qiaomen.register.models import Act, Household, Person
from qiaomen.sheets.actions import cell_edits, saved_views
from qiaomen.sheets.models import SavedView
from qiaomen.sheets.problems import CellsNotUnderstood, NoReason
from qiaomen.sheets.selectors import cell_history, grid
from qiaomen.sheets.selectors.columns import Column, columns_of, views
from qiaomen.sheets.selectors.script_texts import script_words

PLAIN = 50
SIZES = (50, 100, 200)


def answers_json(view: Callable[..., dict[str, Any]]) -> Callable[..., HttpResponse]:
    """Turn what a view returns, or the Problem it raises, into JSON that no cache keeps."""

    @wraps(view)
    def answer(request: HttpRequest, **words: Any) -> HttpResponse:
        try:
            status, found = 200, view(request, **words)
        except Problem as problem:
            status, found = problem.status, {"problem": problem.as_dict()}
        response = JsonResponse(found, status=status)
        response["Cache-Control"] = "no-store"
        return response

    return answer


def _told(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object a request carries. Raises NotUnderstood."""
    try:
        found = read_json(request.body or b"{}")
    except ValueError as error:
        raise CellsNotUnderstood() from error
    if not isinstance(found, dict):
        raise CellsNotUnderstood()
    return found


def _number(value: Any, other: int) -> int:
    return int(value) if str(value).isascii() and str(value).isdigit() else other


@require_GET
def show_grid(request: HttpRequest) -> HttpResponse:
    """Show the grid: a plain table page by page, which the script turns into one that can be worked in."""
    staff = staff_of(request)
    saved = _saved(request, staff)
    asked = request.GET
    question = (
        saved_views.question_of_view(saved, staff)
        if saved
        else grid.read_question({"view": asked.get("view"), "text": asked.get("q"), "sort": asked.get("sort")}, staff)
    )
    page = _page(request, question, _number(asked.get("page"), 1), PLAIN)
    shown = grid.show_rows(question, staff, page.keys)
    rows = [{"id": row["id"], "cells": [row[column.code] for column in question.columns]} for row in shown]
    context = {
        "question": question,
        "page": page,
        "rows": rows,
        "views": views().values(),
        "saved": saved,
        "saved_views": saved_views.saved_views(staff),
        "boot": _boot(question, staff, saved),
        "turn": urlencode({"saved": saved.pk} if saved else {"view": question.view.code, "q": question.text}),
        "reasons": REASONS,
        "counted": bool(counting(question.fields)),
        "limit": settings.LOOKS_PER_HOUR,
    }
    return render(request, "sheets/grid.html", context)


def _saved(request: HttpRequest, staff: Staff) -> SavedView | None:
    if not (pk := request.GET.get("saved")):
        return None
    found: SavedView = _own(SavedView.objects.filter(owner=staff), pk)
    return found


def _own(rows: Any, pk: Any) -> Any:
    """Return one of a person's own records. Raises Http404."""
    try:
        found = rows.filter(pk=uuid.UUID(str(pk))).first()
    except ValueError as error:
        raise Http404 from error
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, question: grid.Question, number: int, size: int) -> grid.Page:
    """Return one page once the gate has let it out: whole numbers before they are looked for, people before they are
    shown. Raises TooManyLooks, BadFilter.
    """
    community, staff = community_of(request), staff_of(request)
    disclosure.typed_number(viewer=staff, community=community, numbers=question.numbers)
    if question.view.group:
        memberships.keep_current(community)
    page = grid.page_of(community, question, staff, number, size)
    _let_out(request, question, page.keys)
    return page


def _let_out(request: HttpRequest, question: grid.Question, keys: Sequence[Any]) -> None:
    """Write that these rows are shown, where they tell more than name, door and age group. Raises TooManyLooks."""
    disclosure.show(
        viewer=staff_of(request),
        community=community_of(request),
        code="sheets.grid-looked",
        fields=question.fields,
        people=grid.people_of(question.view.of, keys),
        detail={"view": question.view.code},
    )


def _after(request: HttpRequest, question: grid.Question, act: Act) -> list[dict[str, Any]]:
    """Return the rows an act has changed. It is written already: where the gate refuses, the page is told of none."""
    keys = cell_edits.concerned(act, question.view.of)
    try:
        _let_out(request, question, keys)
    except TooManyLooks:
        return []
    return grid.show_rows(question, staff_of(request), keys)


def _boot(question: grid.Question, staff: Staff, saved: SavedView | None) -> dict[str, Any]:
    """Return what the script starts from: columns, words, addresses, the question, and what may be taken back."""
    known = [c for c in columns_of(question.view.of).values() if may_see_child(staff) or not c.of_child]
    routes = ("grid", "rows", "edit", "reveal", "past", "save-view", "export-new")
    return {
        "columns": [_column(column) for column in known],
        "question": question.as_dict(),
        "saved": {"id": str(saved.pk), "name": saved.name} if saved else None,
        "steps": cell_edits.own_steps(staff),
        "size": PLAIN if counting(question.fields) else grid.PAGE,
        "urls": {
            **{name: reverse(f"sheets:{name}") for name in routes},
            "undo": reverse("sheets:undo", args=[uuid.UUID(int=0)]),
            "redo": reverse("sheets:redo", args=[uuid.UUID(int=0)]),
            "card": reverse("sheets:card", args=[question.view.of, uuid.UUID(int=0)]),
        },
        "words": script_words(),
    }


def _column(column: Column) -> dict[str, Any]:
    pick = column.kind in ("code", "bool")
    choices = [str(title) for title in column.choices.values()] or [_("是"), _("否")]
    return {
        "code": column.code,
        "title": str(column.title),
        "width": column.width,
        "edits": bool(column.edits),
        "sealed": column.sealed,
        "sorts": bool(column.sort),
        "filters": column.filterable and column.kind != "count",
        "number": column.kind in ("age", "count", "int"),
        "choices": choices if pick else [],
        "help": str(column.help),
    }


@require_POST
@answers_json
def rows(request: HttpRequest) -> dict[str, Any]:
    """Answer one page of rows. The question comes in the body: a number somebody looks for stands in no address."""
    told, staff = _told(request), staff_of(request)
    question, size = grid.read_question(told, staff), _number(told.get("size"), grid.PAGE)
    page = _page(request, question, _number(told.get("page"), 1), size if size in SIZES else grid.PAGE)
    return {"data": grid.show_rows(question, staff, page.keys), "last_page": page.pages, "last_row": page.total}


@require_POST
@answers_json
def edit(request: HttpRequest) -> dict[str, Any]:
    """Say what a block of cells would do (`dry`), or write it as one act."""
    told, staff = _told(request), staff_of(request)
    question, wanted = grid.read_question(told, staff), cell_edits.read_cells(told.get("cells"))
    place: dict[str, Any] = {
        "community": community_of(request),
        "view": question.view,
        "staff": staff,
        "wanted": wanted,
    }
    cell_edits.let_compare(**place, dry=bool(told.get("dry")))
    if told.get("dry"):
        return cell_edits.plan_cells(**place).as_dict()
    plan, act = cell_edits.write_cells(**place)
    shown = _after(request, question, act) if act else []
    return {**plan.as_dict(), "act": str(act.pk) if act else None, "rows": shown}


@require_POST
@answers_json
def undo(request: HttpRequest, act: uuid.UUID) -> dict[str, Any]:
    """Take one's own step back."""
    staff, question = staff_of(request), grid.read_question(_told(request), staff_of(request))
    found = _step(request, act)
    cell_edits.take_back(act=found, staff=staff)
    return {"rows": _after(request, question, found)}


@require_POST
@answers_json
def redo(request: HttpRequest, act: uuid.UUID) -> dict[str, Any]:
    """Do one's own step again after it was taken back."""
    staff, question = staff_of(request), grid.read_question(_told(request), staff_of(request))
    again = cell_edits.do_again(act=_step(request, act), staff=staff)
    return {"act": str(again.pk), "rows": _after(request, question, again)}


def _step(request: HttpRequest, act: uuid.UUID) -> Act:
    mine = Act.objects.filter(made_by=staff_of(request), kind__in=("corrected", "grid"))
    mine = mine.filter(reason_bi=Blind(community_of(request).pk, cell_edits.REASON))
    return get_in_community(mine.select_related("community"), request, pk=act)


def _cell(request: HttpRequest, told: Any) -> tuple[grid.Row, Column]:
    """Return the row and the column of one cell. Raises Http404, NotUnderstood."""
    staff = staff_of(request)
    question = grid.read_question({"view": told.get("view")}, staff)
    known = columns_of(question.view.of)
    column = known.get(str(told.get("column")))
    if column is None or (column.of_child and not may_see_child(staff)):
        raise CellsNotUnderstood()
    kind: Any = Household if question.view.of == "household" else Person
    queryset = (
        kind.objects.select_related("community")
        if kind is Household
        else kind.objects.select_related("household", "community")
    )
    row: grid.Row = get_in_community(queryset, request, pk=key_of(told.get("row")))
    return row, column


@require_POST
@answers_json
def reveal(request: HttpRequest) -> dict[str, Any]:
    """Show one sealed cell, with the reason in the ledger."""
    told, staff = _told(request), staff_of(request)
    row, column = _cell(request, told)
    if not column.sealed or not isinstance(row, Person):
        raise CellsNotUnderstood()
    reason = str(told.get("reason") or "")
    if reason not in dict(REASONS):
        raise NoReason()
    field = column.fact.code if column.fact else column.code
    return {"text": looks.reveal_field(person=row, field=field, reason=reason, actor=staff)}


@require_GET
@answers_json
def past(request: HttpRequest) -> dict[str, Any]:
    """Answer what one cell has been."""
    row, column = _cell(request, request.GET)
    disclosure.show(
        viewer=staff_of(request),
        community=community_of(request),
        code="sheets.cell-looked",
        subject=row,
        people=grid.people_of("person" if isinstance(row, Person) else "household", [row.pk]),
        fields=[replace(column.field, masked=False)],
    )
    return {"title": str(column.title), "steps": cell_history.cell_history(row, column, staff_of(request))}


@require_GET
def card(request: HttpRequest, of: str, pk: uuid.UUID) -> HttpResponse:
    """Show the household of a row in the drawer; without the script, its page."""
    if of not in ("person", "household"):
        raise Http404
    if of == "person":
        pk = get_in_community(Person.objects.all(), request, pk=pk).household_id
    household = get_in_community(
        Household.objects.select_related("dwelling__entrance__building__compound"), request, pk=pk
    )
    if not request.headers.get("HX-Request"):
        return redirect("register:household", pk=household.pk)
    looks.note_opened(household=household, actor=staff_of(request))
    return render(request, "sheets/grid_card.html", cell_history.card_of(household, staff_of(request)))


@require_POST
@answers_json
def save_view(request: HttpRequest) -> dict[str, Any]:
    """Keep what the grid shows as a tab of one's own."""
    told, staff = _told(request), staff_of(request)
    saved = saved_views.save_view(
        staff=staff, name=str(told.get("name") or ""), question=grid.read_question(told, staff)
    )
    return {"url": f"{reverse('sheets:grid')}?saved={saved.pk}"}


@require_POST
def drop_view(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Remove a tab of one's own."""
    _own(SavedView.objects.filter(owner=staff_of(request)), pk).delete()
    return redirect("sheets:grid")
