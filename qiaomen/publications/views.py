"""Pages of publications: the list, what is to go out with its findings, and the file that went out."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.kernel.bodies import takes_bodies
from qiaomen.kernel.problems import Problem
from qiaomen.office import disclosure
from qiaomen.office.access import community_of, get_in_community, staff_of
from qiaomen.office.shared.photos import COLUMNS, ROWS
from qiaomen.publications import actions, selectors
from qiaomen.publications.forms import PublicationForm
from qiaomen.publications.models import Publication, PublicationPart, PublishedFile
from qiaomen.redaction import pictures
from qiaomen.redaction.findings import KEEP
from qiaomen.redaction.parts import Part

MOST_BYTES = 24 * 1024 * 1024


def _publication(request: HttpRequest, pk: uuid.UUID) -> Publication:
    rows = Publication.objects.select_related("community", "made_by", "published_by")
    return get_in_community(rows, request, pk=pk)


@require_GET
def show_list(request: HttpRequest) -> HttpResponse:
    """List what is to go out and what went out."""
    found = Publication.objects.filter(community=community_of(request)).select_related("made_by")
    return render(request, "publications/list.html", {"publications": found.order_by("-made_at")[:100]})


@takes_bodies(MOST_BYTES)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take a text or a file and check it."""
    form = PublicationForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.begin(
                community=community_of(request),
                actor=staff_of(request),
                title=form.cleaned_data["title"],
                end_day=form.cleaned_data["end_day"],
                parts=list(_parts(form.cleaned_data)),
            )
        except Problem as problem:
            form.add_error(None, problem.in_full())
        else:
            return redirect("publications:detail", pk=made.pk)
    return render(request, "publications/new.html", {"form": form})


def _parts(told: dict[str, Any]) -> Iterator[Part]:
    if told["text"].strip():
        yield Part(str(actions.TEXT_NAME), told["text"])
    if told["file"]:
        yield Part(told["file"].name, told["file"].read())


@require_GET
def show(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a draft with its findings, or what went out."""
    return _page(request, _publication(request, pk))


def _page(request: HttpRequest, publication: Publication, problem: Problem | None = None) -> HttpResponse:
    context: dict[str, Any] = {"publication": publication, "problem": problem}
    if publication.state != "draft":
        files = PublishedFile.objects.filter(part__publication=publication).defer("content").order_by("part__position")
        return render(request, "publications/published.html", {**context, "files": files})
    disclosure.look(
        community=publication.community,
        actor=staff_of(request),
        code="publications.looked",
        subject=publication,
        fields=["name", "id_no", "phone"],
        people=[],
    )
    checked = selectors.check(publication)
    context |= {"parts": selectors.shown(publication, checked), "all": len(checked.findings)}
    context |= {"waiting": checked.waiting, "cells": [(c, r) for r in range(ROWS) for c in range(COLUMNS)]}
    if not checked.waiting and problem is None:
        context |= _preview(checked)
    answer = render(request, "publications/findings.html", context, status=problem.status if problem else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def _preview(checked: selectors.Checked) -> dict[str, Any]:
    """Return the words that would go out, or why nothing would."""
    try:
        files = selectors.made_anew(checked)
    except Problem as problem:
        return {"problem": problem}
    return {"preview": [{"name": file.name, "words": selectors.words_of(file)} for file in files]}


@require_POST
def decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note what was decided; with `rest`, decide what is still open as suggested."""
    publication, actor = _publication(request, pk), staff_of(request)
    try:
        actions.decide(
            publication=publication, actor=actor, chosen=dict(_chosen(request)), covered=dict(_covered(request))
        )
        if request.POST.get("rest") == "1":
            actions.take_suggestions(publication=publication, actor=actor)
    except Problem as problem:
        return _page(request, publication, problem)
    return redirect("publications:detail", pk=pk)


def _chosen(request: HttpRequest) -> Iterator[tuple[tuple[uuid.UUID, str], actions.Chosen]]:
    """Yield what the form says: `way.PART-FINDING`, and `consent.PART-FINDING` where it is to stay. Raises Http404."""
    for field, way in request.POST.items():
        if not field.startswith("way."):
            continue
        part, _dash, finding = field.removeprefix("way.").partition("-")
        consent = str(request.POST.get(f"consent.{part}-{finding}", "")) if way == KEEP else ""
        yield (_key(part), finding), actions.Chosen(str(way), _key(consent) if consent else None)


def _covered(request: HttpRequest) -> Iterator[tuple[uuid.UUID, list[str]]]:
    """Yield the cells to be covered of each picture on the page."""
    for part in request.POST.getlist("picture"):
        yield _key(str(part)), [str(cell) for cell in request.POST.getlist(f"cell.{part}")]


def _key(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Http404 from error


@require_POST
def publish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make the files anew and put them out."""
    publication = _publication(request, pk)
    try:
        actions.publish(publication=publication, actor=staff_of(request))
    except Problem as problem:
        return _page(request, publication, problem)
    return redirect("publications:detail", pk=pk)


@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a publication off the public page."""
    publication = _publication(request, pk)
    reason = request.POST.get("reason", "")
    try:
        actions.withdraw(publication=publication, actor=staff_of(request), reason=reason)
    except Problem as problem:
        return _page(request, publication, problem)
    return redirect("publications:detail", pk=pk)


@require_POST
def drop(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Drop a draft."""
    actions.drop(publication=_publication(request, pk), actor=staff_of(request))
    return redirect("publications:list")


@require_GET
def picture(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a picture that is being decided on, upright and without what is written beside it."""
    row = get_in_community(PublicationPart.objects.select_related("publication"), request, pk=pk)
    if row.publication.state != "draft" or row.is_text:
        raise Http404
    part = selectors.part_of(row)
    try:
        drawn = pictures.drawn(part.name, bytes(part.content) if not isinstance(part.content, str) else b"")
    except Problem as problem:
        raise Http404 from problem
    answer = HttpResponse(drawn, content_type="image/jpeg")
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
def download(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send a file that went out to somebody of the office, to print it."""
    return selectors.sent(get_in_community(PublishedFile.objects.all(), request, pk=pk))
