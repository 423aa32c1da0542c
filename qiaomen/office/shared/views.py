"""Pages of the records several houses share: bodies outside, campaigns and what carries them, redacted copies;
and the communities and grids of a site."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.office import actions
from qiaomen.office.access import community_of, get_in_community, key_of, safe_next, staff_of
from qiaomen.office.form_words import ask_sure
from qiaomen.office.models import Body, Campaign, Photo, Posted
from qiaomen.office.shared import bodies, campaigns, communities, photos
from qiaomen.office.shared.forms import BodyForm, CampaignForm, CommunityChangeForm, CommunityForm, GridForm, PostedForm


@require_GET
def show_bodies(request: HttpRequest) -> HttpResponse:
    """List the bodies outside, by kind, with when each was last found to be true."""
    today = clock.today()
    rows = [
        {"body": body, "kind": bodies.KINDS[body.kind], "stale": bodies.is_stale(body, today)}
        for body in bodies.bodies_of(community_of(request))
    ]
    ended = Body.objects.filter(community=community_of(request), ended_at__isnull=False).order_by("name")
    return render(request, "office/bodies.html", {"rows": rows, "ended": ended})


@require_http_methods(["GET", "POST"])
def keep_body(request: HttpRequest, pk: uuid.UUID | None = None) -> HttpResponse:
    """Add a body, or change one; either confirms it today."""
    body = get_in_community(Body.objects.all(), request, pk=pk) if pk else None
    start = {name: getattr(body, name) for name in bodies.COLUMNS} if body else {}
    form = BodyForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            bodies.keep_body(community=community_of(request), actor=staff_of(request), body=body, **form.cleaned_data)
        except Problem as problem:
            form.add_error(None, problem.in_full())
        else:
            return redirect("office:bodies")
    title = _("改 {name}").format(name=body.name) if body else _("添一个单位")
    return render(request, "office/body.html", {"form": form, "title": title, "body": body})


@require_POST
def confirm_body(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note that somebody rang and all of it is true."""
    bodies.confirm_body(body=get_in_community(Body.objects.all(), request, pk=pk), actor=staff_of(request))
    return redirect(safe_next(request, reverse("office:bodies")))


@require_POST
def end_body(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a body off the list, or put it back."""
    body = get_in_community(Body.objects.all(), request, pk=pk)
    bodies.end_body(body=body, actor=staff_of(request), ended=request.POST.get("back") != "1")
    return redirect("office:bodies")


@require_http_methods(["GET", "POST"])
def show_posted(request: HttpRequest) -> HttpResponse:
    """List what the gate before publication lets stand, and take one more."""
    community, form = community_of(request), PostedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            bodies.post(community=community, actor=staff_of(request), **form.cleaned_data)
        except Problem as problem:
            form.add_error(None, problem.in_full())
        else:
            return redirect("office:posted")
    rows = [{"posted": row, "kind": bodies.POSTED_KINDS[row.kind]} for row in bodies.posted_of(community)]
    return render(request, "office/posted.html", {"rows": rows, "form": form})


@require_POST
def end_posted(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take something off the list."""
    bodies.end_posted(posted=get_in_community(Posted.objects.all(), request, pk=pk), actor=staff_of(request))
    return redirect("office:posted")


@require_http_methods(["GET", "POST"])
def show_campaigns(request: HttpRequest) -> HttpResponse:
    """List the campaigns, and take a new one from the closed list."""
    community, actor, form = community_of(request), staff_of(request), CampaignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = campaigns.ask_campaign(community=community, actor=actor, **form.cleaned_data)
        except Problem as problem:
            form.add_error(None, problem.in_full())
        else:
            return redirect("office:campaign", pk=made.pk)
    rows = [_shown(campaign) for campaign in campaigns.campaigns_of(community)[:60]]
    return render(request, "office/campaigns.html", {"rows": rows, "form": form})


def _shown(campaign: Campaign) -> dict[str, Any]:
    return {
        "campaign": campaign,
        "title": campaigns.title_of(campaign),
        "state": campaigns.STATES[campaign.state],
        "over": campaign.to_date < clock.today(),
    }


@require_GET
def show_campaign(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show what carries a campaign: the report is this list, and nobody fills in a form for it."""
    campaign = get_in_community(Campaign.objects.select_related("asked_by", "decided_by", "community"), request, pk=pk)
    carried = campaigns.carried_by(campaign)
    total = sum(len(part["rows"]) for part in carried)
    return render(request, "office/campaign.html", {**_shown(campaign), "carried": carried, "total": total})


@require_POST
def decide_campaign(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Agree to, refuse or end a campaign."""
    state = request.POST.get("state", "")
    if state not in ("agreed", "refused", "ended"):
        raise Http404
    campaign = get_in_community(Campaign.objects.all(), request, pk=pk)
    if state != "agreed":
        words = [_("结束、退回以后不能恢复；已经归入的记录都留着，要再做就重新提一项。")]
        back = reverse("office:campaign", args=[pk])
        ask = ask_sure(request, title=_("这项专项工作不再做了？"), words=words, button=_("不再做了"), back=back)
        if ask is not None:
            return ask
    campaigns.decide_campaign(campaign=campaign, state=state, actor=staff_of(request))
    return redirect(safe_next(request, reverse("office:campaign", args=[pk])))


@require_POST
def mark(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let a record carry a campaign, or take it off; the page it stands on names the record."""
    campaign = get_in_community(Campaign.objects.select_related("community"), request, pk=pk)
    record = campaigns.record_named(campaign.community, request.POST.get("kind", ""), key_of(request.POST.get("row")))
    if record is None:
        raise Http404
    act = campaigns.unmark if request.POST.get("off") == "1" else campaigns.mark
    act(campaign=campaign, record=record, actor=staff_of(request))
    return redirect(safe_next(request, reverse("office:campaign", args=[pk])))


@require_GET
def show_photo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a picture with the grid to cover what nobody outside may see; the picture itself is asked for apart."""
    photo = get_in_community(Photo.objects.select_related("redacted_by"), request, pk=pk)
    cells = [(column, row) for row in range(photos.ROWS) for column in range(photos.COLUMNS)]
    return render(request, "office/photo.html", {"photo": photo, "cells": cells})


def _picture(content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type="image/jpeg")
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
def photo_original(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send the sealed original; the look is in the ledger."""
    photo, actor = get_in_community(Photo.objects.select_related("community"), request, pk=pk), staff_of(request)
    try:
        return _picture(photos.open_original(photo=photo, actor=actor))
    except FileNotFoundError as error:
        raise Http404 from error


@require_GET
def photo_copy(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send the redacted copy."""
    try:
        return _picture(photos.open_copy(get_in_community(Photo.objects.all(), request, pk=pk)))
    except FileNotFoundError as error:
        raise Http404 from error


@require_POST
def redact(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make the redacted copy, or take it away."""
    photo, actor = get_in_community(Photo.objects.select_related("community"), request, pk=pk), staff_of(request)
    if request.POST.get("drop") == "1":
        photos.drop_copy(photo=photo, actor=actor)
        return redirect("office:photo", pk=pk)
    chosen = [_cell(text) for text in request.POST.getlist("cell")]
    try:
        photos.redact(photo=photo, cells=chosen, nothing_to_cover=request.POST.get("nothing") == "1", actor=actor)
    except FileNotFoundError as error:
        raise Http404 from error
    return redirect("office:photo", pk=pk)


def _cell(text: str) -> tuple[int, int]:
    """Read `column-row`. Raises Http404 for anything that is no cell of the grid."""
    column, _dash, row = text.partition("-")
    if not (column.isascii() and row.isascii() and column.isdigit() and row.isdigit()):
        raise Http404
    cell = (int(column), int(row))
    if cell[0] >= photos.COLUMNS or cell[1] >= photos.ROWS:
        raise Http404
    return cell


COMMUNITY_DONE = {
    "made": lambda: _("社区建好了。接下来给它的主任开账号，主任就能导入名册。"),
    "changed": lambda: _("已改好，也记入了操作台账。"),
    "grid": lambda: _("网格加好了，也记入了操作台账。"),
}


@require_GET
def show_communities(request: HttpRequest) -> HttpResponse:
    """List the communities with their grids."""
    return render(request, "office/communities.html", {"rows": communities.kept_by(staff_of(request))})


@require_http_methods(["GET", "POST"])
def new_community(request: HttpRequest) -> HttpResponse:
    """Make a community and show it."""
    keeper = staff_of(request)
    form = CommunityForm(request.POST or None, keeper=keeper)
    if request.method == "POST" and form.is_valid():
        made = communities.make_community(actor=keeper, **form.cleaned_data)
        return redirect(f"{reverse('office:community', args=[made.pk])}?done=made")
    return render(request, "office/community_new.html", {"form": form, "towns": communities.towns_of(keeper)})


@require_http_methods(["GET", "POST"])
def show_community(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one community; change it, add a grid, or name one anew (`act`: change, add or the key of a grid)."""
    keeper = staff_of(request)
    community = communities.kept_by(keeper).filter(pk=pk).first()
    if community is None:
        raise Http404
    act = request.POST.get("act", "")
    now = {"name": community.name, "telephone": community.telephone}
    change = CommunityChangeForm(request.POST if act == "change" else None, initial=now)
    add = GridForm(request.POST if act == "add" else None, prefix="grid")
    if act == "change" and change.is_valid():
        communities.change_community(actor=keeper, community=community, **change.cleaned_data)
        return redirect(f"{reverse('office:community', args=[pk])}?done=changed")
    if act == "add" and add.is_valid():
        communities.add_grid(actor=keeper, community=community, **add.cleaned_data)
        return redirect(f"{reverse('office:community', args=[pk])}?done=grid")
    if act not in ("", "change", "add"):
        return _name_grid(request, pk, act)
    said = COMMUNITY_DONE.get(request.GET.get("done", ""))
    context = {"place": community, "change": change, "add": add, "said": said() if said else ""}
    return render(request, "office/community.html", context)


def _name_grid(request: HttpRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    """Give a grid another name; an empty one changes nothing."""
    grid = communities.kept_by(staff_of(request)).get(pk=pk).children.filter(pk=key_of(key), kind="grid").first()
    if grid is None:
        raise Http404
    name = request.POST.get("name", "").strip()[:60]
    if name and name != grid.name:
        actions.rename_organisation(organisation=grid, name=name, actor=staff_of(request))
    return redirect(f"{reverse('office:community', args=[pk])}?done=changed")
