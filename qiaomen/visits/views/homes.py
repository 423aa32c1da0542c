"""The doors: buildings, and one household – how it wants to be visited, when not, and every visit."""

import re
import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qiaomen.groups.actions import memberships
from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.kernel.sensitivity import Field
from qiaomen.office import disclosure
from qiaomen.office.access import community_of, get_in_community, key_of, may_see_child, staff_of
from qiaomen.office.form_words import ask_sure
from qiaomen.office.models import Organisation
from qiaomen.office.shared import photos
from qiaomen.register.models import Building, Dwelling, Household
from qiaomen.register.selectors.places.elevation import elevation_of
from qiaomen.visits.actions import due, visits, wishes
from qiaomen.visits.forms import AgreeForm, PauseForm, WishForm
from qiaomen.visits.models import Pause, VisitPhoto, VisitRequest, VisitVoice, VisitWish
from qiaomen.visits.rules.vocabulary import AGREED
from qiaomen.visits.selectors import door_states, round_pages, worklist


@require_GET
def show_wish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show how a household wants to be visited, whether it is away, and what was and is due at its door."""
    household = _household(request, pk)
    return render(request, "visits/wish.html", _wish_page(request, household))


def _wish_form(household: Household) -> WishForm:
    """Return the form filled with the wish that stands: sent back as it is, it says the same."""
    standing = VisitWish.objects.filter(household=household, ended_at=None).first()
    now = {name: getattr(standing, name) for name in WishForm.base_fields} if standing else {}
    return WishForm(household.community, initial=now)


def _household(request: HttpRequest, pk: uuid.UUID) -> Household:
    return get_in_community(Household.objects.select_related("dwelling", "community"), request, pk=pk)


def _wish_page(
    request: HttpRequest,
    household: Household,
    form: WishForm | None = None,
    pause_form: PauseForm | None = None,
    agree_form: AgreeForm | None = None,
) -> dict[str, Any]:
    due.keep_current(household.community)
    form = form or _wish_form(household)
    children = may_see_child(request.user)
    paused = Pause.objects.filter(household=household, ended_at=None, until__gt=clock.today()).first()
    past = worklist.past_of(household.dwelling_id, with_children=children) if household.dwelling_id else []
    wish = Field("wish", "plain") if form.initial.get("words") or (paused and paused.reason) else None
    group = Field("reason", "health") if any(item["tells"] for item in past) else None
    _note_wish_look(request, household, [field for field in (wish, group) if field is not None])
    return {
        "household": household,
        "form": form,
        "pause_form": pause_form or PauseForm(),
        "agree_form": agree_form or AgreeForm(initial={"agree_key": uuid.uuid4()}, auto_id="agree_%s"),
        "agreed": round_pages.hours_agreed(household),
        "paused": paused,
        "past": past,
    }


def _note_wish_look(request: HttpRequest, household: Household, fields: list[Field]) -> None:
    """Write that somebody read why a household is away, what it wishes, of which group it is; else whose name it was.

    Raises TooManyLooks.
    """
    viewer, community, people = staff_of(request), household.community, [household.pk]
    if not fields:
        disclosure.show_names(viewer=viewer, community=community, page="visits:wish", people=people)
        return
    code = "visits.wish-looked"
    disclosure.show(viewer=viewer, community=community, code=code, people=people, fields=fields, subject=household)


@require_POST
def note_wish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note how a household wants to be visited."""
    household = _household(request, pk)
    form = WishForm(household.community, request.POST)
    if form.is_valid():
        try:
            wishes.note_wish(household=household, actor=staff_of(request), **form.cleaned_data)
        except Problem as problem:
            form.add_error(None, problem.in_full())
    if form.errors:
        return render(request, "visits/wish.html", _wish_page(request, household, form))
    return redirect("visits:wish", pk=pk)


@require_POST
def agree(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Agree with a household on a day and hours, or take back (`cancel`) what was agreed."""
    household, form = _household(request, pk), AgreeForm(request.POST, auto_id="agree_%s")
    if "cancel" in request.POST:
        rows = VisitRequest.objects.filter(household=household, kind__in=AGREED, open=True)
        request_kept = get_in_community(rows, request, pk=key_of(request.POST["cancel"]))
        wishes.take_back_hours(request=request_kept, actor=staff_of(request))
        return redirect("visits:wish", pk=pk)
    if form.is_valid():
        try:
            wishes.agree_hours(
                household=household,
                key=form.cleaned_data["agree_key"],
                day=form.cleaned_data["day"],
                hours=(form.cleaned_data["start"], form.cleaned_data["end"]),
                must=not form.cleaned_data["may"],
                actor=staff_of(request),
            )
            return redirect("visits:wish", pk=pk)
        except Problem as problem:
            form.add_error(None, problem.in_full())
    return render(request, "visits/wish.html", _wish_page(request, household, agree_form=form))


@require_GET
def show_slip(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the slip that tells a household what was agreed, to be printed and left: no name, no reason."""
    household = _household(request, pk)
    context = {"household": household, "agreed": round_pages.hours_agreed(household), "by": staff_of(request)}
    return render(request, "visits/slip.html", context)


@require_POST
def pause(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Leave a household alone until a day; `resume` ends it now."""
    household, form = _household(request, pk), PauseForm(request.POST)
    if "resume" in request.POST:
        wishes.pause(household=household, until=None, reason="", actor=staff_of(request))
        return redirect("visits:wish", pk=pk)
    if form.is_valid():
        try:
            wishes.pause(household=household, actor=staff_of(request), **form.cleaned_data)
            return redirect("visits:wish", pk=pk)
        except Problem as problem:
            form.add_error(None, problem.in_full())
    return render(request, "visits/wish.html", _wish_page(request, household, pause_form=form))


@require_GET
def show_history(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show every visit to a household with what was said; the look is in the ledger."""
    household, actor = get_in_community(Household.objects.select_related("dwelling"), request, pk=pk), staff_of(request)
    visits.note_look(household=household, actor=actor)
    return render(request, "visits/history.html", {"household": household, "visits": round_pages.history_of(household)})


@require_GET
def show_photo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send one picture; of a visit that was taken back none."""
    found = VisitPhoto.objects.filter(visit__taken_back_at=None).select_related("community")
    photo, actor = get_in_community(found, request, pk=pk), staff_of(request)
    try:
        picture = photos.open_original(photo=photo, actor=actor)
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(picture, content_type="image/jpeg", headers={"Cache-Control": "no-store"})


@require_GET
def play_voice(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Play what somebody said at a door: a look. A part of it where the player asks for one, as Safari does."""
    found = VisitVoice.objects.filter(visit__taken_back_at=None).select_related("community", "visit__household")
    voice, actor = get_in_community(found, request, pk=pk), staff_of(request)
    try:
        sound = visits.open_voice(voice=voice, actor=actor)
    except FileNotFoundError as error:
        raise Http404 from error
    part, headers = _part_of(sound, request.headers.get("Range", "")), {"Cache-Control": "no-store"}
    headers["Accept-Ranges"] = "bytes"
    if part is None:
        return HttpResponse(sound, content_type=voice.media, headers=headers)
    headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(sound)}"
    return HttpResponse(sound[part.start : part.stop], status=206, content_type=voice.media, headers=headers)


@require_POST
def drop_voice(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Delete what somebody said at a door, because they want it gone or it should not have been recorded."""
    voice = get_in_community(VisitVoice.objects.select_related("community", "visit"), request, pk=pk)
    home = voice.visit.household_id
    back = reverse("visits:history", args=[home]) if home else reverse("visits:rounds")
    words = [_("录音删除以后不能再找回来；走访记录和写下的话都在。"), _("谁删的记在操作台账里。")]
    ask = ask_sure(request, title=_("删除这段录音？"), words=words, button=_("删除录音"), back=back)
    if ask is not None:
        return ask
    visits.drop_voice(voice=voice, actor=staff_of(request))
    return redirect(back)


def _part_of(content: bytes, asked: str) -> range | None:
    """Return the bytes one `Range` header names, None where it names none that are there (RFC 9110 §14.2)."""
    found = re.fullmatch(r"bytes=([0-9]{1,9})-([0-9]{0,9})", asked.strip())
    if found is None:
        return None
    start, last = int(found[1]), min(int(found[2] or len(content)), len(content) - 1)
    return range(start, last + 1) if start <= last else None


def _filter(request: HttpRequest, community: Organisation) -> door_states.Filter:
    """Return what somebody chose; a group that is not theirs to choose is as if there were none of that name."""
    days, group = request.GET.get("unseen", ""), request.GET.get("group", "")
    theirs = {code for code, _title in door_states.choices_of(community, staff_of(request))["groups"]}
    return door_states.Filter(
        group if group in theirs else "",
        request.GET.get("mark", ""),
        int(days) if days.isascii() and days.isdigit() else 0,
    )


@require_GET
def show_buildings(request: HttpRequest) -> HttpResponse:
    """Show every compound with its buildings as small elevations, and the board over all doors."""
    community, staff = community_of(request), staff_of(request)
    memberships.keep_current(community)
    chosen = _filter(request, community)
    context = {
        "community": community,
        **door_states.plan_of(community, chosen, staff),
        "choices": door_states.choices_of(community, staff),
        "chosen": chosen,
        "legend": door_states.MARKS,
    }
    return render(request, "visits/buildings.html", context)


@require_GET
def show_building(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one building: each door with its mark, the care groups behind it, the days since somebody was seen."""
    building = get_in_community(Building.objects.select_related("compound", "community"), request, pk=pk)
    community, staff = building.community, staff_of(request)
    memberships.keep_current(community)
    chosen = _filter(request, community)
    doors = list(Dwelling.objects.standing().filter(entrance__building=building).values_list("pk", flat=True))
    visits.note_group_shown(building=building, group=chosen.group, doors=doors, actor=staff)
    states = door_states.door_states(community, doors)
    notes = door_states.notes_of(states, door_states.groups_by_door(community, staff, chosen.group), chosen)
    context = {
        "building": building,
        "elevation": elevation_of(building=building, notes=notes),
        "board": door_states.board_of(states),
        "choices": door_states.choices_of(community, staff),
        "chosen": chosen,
    }
    return render(request, "visits/building.html", context)
