"""The phone's API (JSON, bearer token, no cookies), and the desk's page of phones and quarantine."""

import json
import logging
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import authenticate
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qiaomen.calls.actions.calls import show_number
from qiaomen.kernel import clock
from qiaomen.kernel.bodies import SMALL_BYTES, takes_bodies
from qiaomen.kernel.masking import mask_name
from qiaomen.office import disclosure
from qiaomen.office.access import community_of, get_in_community, key_of, staff_of
from qiaomen.office.disclosure import READERS
from qiaomen.office.form_words import ask_sure
from qiaomen.office.models import Device, Organisation, Staff
from qiaomen.office.problems import NotAPicture
from qiaomen.office.shared import badge_photos, photo_files
from qiaomen.phone import problems
from qiaomen.phone.actions import badges, devices, file_handover, grants, inbox, quarantine
from qiaomen.phone.actions.arriving import to_check
from qiaomen.phone.actions.pack import make_pack, server_state
from qiaomen.phone.forms import SealedFileForm
from qiaomen.phone.models import HeldPart, Submission
from qiaomen.phone.rules import moments
from qiaomen.phone.selectors import desk_review, submissions
from qiaomen.register.models import Compound, Household
from qiaomen.visits.actions.brought import conflicts, observations
from qiaomen.visits.models import Conflict, Observation
from qiaomen.visits.selectors.brought import open_conflicts

log = logging.getLogger(__name__)
View = Callable[..., HttpResponse]


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError, RequestDataTooBig) as error:
        raise problems.BadRequest() from error
    if not isinstance(said, dict):
        raise problems.BadRequest()
    return said


def _device_of(token: str) -> tuple[Device | None, bool]:
    """Return the phone a token or a grant belongs to, and whether it only hands in."""
    if token.startswith(grants.PREFIX):  # no token has a full stop in it
        found = grants.device_of_grant(token)
        return found, found is not None
    return submissions.device_of(token)


def for_device(*, revoked_too: bool = False, hand_in: bool = False) -> Callable[[View], View]:
    """Let a view answer only a phone with a good token.

    `revoked_too`: the routes that never refuse; `hand_in`: those that the lesser token of a locked phone reaches, and
    a phone that was idle for too long: what was made on it is still taken in.
    """

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            kind, _space, token = request.headers.get("Authorization", "").partition(" ")
            found, lesser = _device_of(token) if kind == "Bearer" and token else (None, False)
            community = found.staff.community if found else None
            if found is None or community is None:
                raise problems.NotSignedIn()
            in_service = found.revoked_at is None and found.staff.is_active
            if not in_service and not revoked_too:
                raise problems.OutOfService()
            if (lesser or found.left_at) and not hand_in:
                raise problems.NotSignedIn()
            if devices.is_idle(found) and not hand_in:
                raise problems.IdleTooLong()
            devices.note_seen(found)
            request.META["qm.lesser"] = lesser or found.left_at is not None
            try:
                answer = view(request, found, community, in_service, *args, **kwargs)
            except (DatabaseError, OSError, MemoryError) as error:
                log.exception("cannot store: %s", type(error).__name__)
                raise problems.CannotStoreNow() from error
            answer["Cache-Control"] = "no-store"
            answer["Qiaomen-Time"] = clock.now().isoformat()
            return answer

        return inner

    return wrap


@takes_bodies(SMALL_BYTES)
@csrf_exempt
@require_POST
def enrol(request: HttpRequest) -> HttpResponse:
    """Sign a phone in once with name and password and give it its token."""
    said = _body(request)
    name, password = str(said.get("login_name", ""))[:40], str(said.get("password", ""))[:200]
    staff = authenticate(request, login_name=name, username=name, password=password) if name and password else None
    if not isinstance(staff, Staff) or staff.community is None:
        raise problems.WrongLogin()
    device, token = devices.enrol_device(staff=staff, label=str(said.get("label", "")))
    home = staff.community
    return JsonResponse(
        {
            "token": token,
            "grant": grants.issue_grant(device),
            "staff": {"id": str(staff.pk), "name": staff.name, "role": staff.role},
            "community": {"id": str(home.pk), "name": home.name},
            **server_state(),
        },
        headers={"Cache-Control": "no-store", "Qiaomen-Time": clock.now().isoformat()},
    )


@gzip_page  # by a bearer and no cookie, and nothing of the request stands in it: no page of others can guess at it
@for_device()
@require_GET
def pack(request: HttpRequest, device: Device, community: Organisation, in_service: bool) -> HttpResponse:
    """Give today's pack."""
    made = make_pack(device=device, community=community)
    devices.note_pack(device=device, community=community, pack=made)
    return JsonResponse(made)


@takes_bodies(6 * 1024 * 1024)  # 50 items of 100 KB
@for_device(revoked_too=True, hand_in=True)
@require_http_methods(["GET", "POST"])
def inbox_items(request: HttpRequest, device: Device, community: Organisation, in_service: bool) -> HttpResponse:
    """POST takes items in; GET lists what the server has of those named."""
    epoch = str(devices.current_epoch().pk)
    if request.method == "GET":
        keys = [key for text in request.GET.getlist("op_id")[:500] if (key := _uuid(text))]
        listed = submissions.listing(community, keys, told=not _is_lesser(request))
        return JsonResponse({"epoch": epoch, "in_service": in_service, "items": listed})
    said = _body(request)
    items = said.get("items")
    if not isinstance(items, list) or len(items) > inbox.MOST_ITEMS:
        raise problems.BadRequest()
    sent_at = moments.read_moment(said.get("sent_at"))
    kept = inbox.receive(device=device, community=community, in_service=in_service, items=items, sent_at=sent_at)
    results = [_result(item, one, community) for item, one in zip(items, kept, strict=True)]
    return JsonResponse({"epoch": epoch, "in_service": in_service, "results": results})


def _is_lesser(request: HttpRequest) -> bool:
    """Whether it came by what a locked phone may use, which hands in and gets no word of anybody."""
    return bool(request.META.get("qm.lesser"))


def _result(item: Any, kept: Submission, community: Organisation) -> dict[str, Any]:
    if kept.community_id != community.pk:
        return {"op_id": str(kept.pk), "state": "rejected", "code": "phone.unreadable", "message": ""}
    named = isinstance(item, dict) and isinstance(item.get("op_id"), str)
    return {**submissions.result_of(kept), "op_id": item["op_id"] if named else str(kept.pk)}


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@takes_bodies(inbox.MOST_PHOTO_BYTES, keeps_cut=True)
@for_device(revoked_too=True, hand_in=True)
@require_http_methods(["GET", "HEAD", "PUT", "PATCH"])
def photo(
    request: HttpRequest, device: Device, community: Organisation, in_service: bool, pk: uuid.UUID
) -> HttpResponse:
    """HEAD says how much of an announced photo is here; PATCH adds a piece where it ends; PUT takes it in whole.

    The fields are those of draft-ietf-httpbis-resumable-upload.
    """
    if request.method in {"GET", "HEAD"}:
        offset, complete = inbox.photo_offset(community=community, photo_id=pk)
        return _photo_answer(pk, offset, complete)
    try:
        content = request.body
    except RequestDataTooBig as error:
        raise problems.PhotoUnreadable() from error
    if request.method == "PUT":
        kept = inbox.receive_photo(device=device, community=community, photo_id=pk, content=content)
        return _photo_answer(pk, len(content), True, kept.code)
    offset, complete = _place_of_piece(request)
    complete = complete and len(content) == int(request.META.get("CONTENT_LENGTH") or 0)  # not of a body cut short
    kept, offset = inbox.receive_piece(
        device=device, community=community, photo_id=pk, offset=offset, piece=content, complete=complete
    )
    return _photo_answer(pk, offset, kept.received_at is not None, kept.code)


def _place_of_piece(request: HttpRequest) -> tuple[int, bool]:
    offset, complete = request.headers.get("Upload-Offset", ""), request.headers.get("Upload-Complete", "?0")
    if not offset.isdecimal() or len(offset) > 9 or complete not in {"?0", "?1"}:
        raise problems.BadRequest()
    return int(offset), complete == "?1"


def _photo_answer(pk: uuid.UUID, offset: int, complete: bool, code: str = "") -> HttpResponse:
    said = {"photo_id": str(pk), "state": "stored" if complete else "arriving", "offset": offset, "code": code}
    return JsonResponse(said, headers={"Upload-Offset": str(offset), "Upload-Complete": "?1" if complete else "?0"})


@takes_bodies(photo_files.MOST_BYTES)
@for_device()
@require_http_methods(["PUT", "DELETE"])
def badge_photo(request: HttpRequest, device: Device, community: Organisation, in_service: bool) -> HttpResponse:
    """Put one's own photo on one's badge, or take it off: nobody has to have one."""
    if request.method == "DELETE":
        badge_photos.drop(staff=device.staff, actor=device.staff)
        return JsonResponse({"photo": False})
    try:
        content = request.body
    except RequestDataTooBig as error:
        raise NotAPicture() from error
    badge_photos.put(staff=device.staff, content=content, actor=device.staff)
    return JsonResponse({"photo": True})


@for_device()
@require_POST
def number(
    request: HttpRequest, device: Device, community: Organisation, in_service: bool, pk: uuid.UUID
) -> HttpResponse:
    """Give one number of the call list, which is a look. Raises NotNow, NoNumber, TooManyLooks."""
    home = get_object_or_404(Household.objects.select_related("community"), pk=pk, community=community, state="living")
    if device.staff.role not in READERS:
        raise problems.OutsidePack()
    person, found = show_number(household=home, actor=device.staff)
    return JsonResponse({"name": mask_name(person.name), "number": found})


@for_device(hand_in=True)
@require_POST
def leave(request: HttpRequest, device: Device, community: Organisation, in_service: bool) -> HttpResponse:
    """Hand the phone over: it gets nothing any more; what was made on it is still taken in."""
    devices.leave(device=device)
    return JsonResponse({"message": _("已交班，这部手机不再能取名单。")})


@require_GET
def show_devices(request: HttpRequest) -> HttpResponse:
    """Show the phones in service and what waits in quarantine."""
    community = community_of(request)
    waiting, held = submissions.waiting_in(community), submissions.held_in(community)
    for item in waiting:
        item["said"] = quarantine.words_of_waiting(item["kept"])
    if held or any(item["said"] for item in waiting):
        quarantine.note_look(community=community, actor=staff_of(request))
    context = {
        "devices": submissions.devices_in(community),
        "waiting": waiting,
        "held": held,
        "versions": open_conflicts.waiting_count(community),
    }
    return render(request, "phone/devices.html", context)


@require_POST
def revoke(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a phone out of service."""
    known = {device.pk for device in submissions.devices_in(community_of(request))}
    device = get_object_or_404(Device, pk=pk, pk__in=known)
    words = [
        _("这部手机马上不能再取名单，也不能再登录。"),
        _("手机里还没交的走访不会丢：交来时停在“待核收件箱”，由您核对。"),
        _("不能恢复；要再用，重新登记一次。"),
    ]
    ask = ask_sure(request, title=_("停用这部手机？"), words=words, button=_("停用"), back=reverse("phone:devices"))
    if ask is not None:
        return ask
    devices.revoke_device(device=device, actor=staff_of(request))
    return redirect("phone:devices")


@require_POST
def take_in(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a quarantined item in."""
    quarantine.take_in(kept=get_in_community(Submission.objects.all(), request, pk=pk), actor=staff_of(request))
    return redirect("phone:devices")


@require_POST
def settle_part(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Somebody dealt with a part of a visit that was not understood."""
    community = community_of(request)
    part = get_object_or_404(HeldPart, pk=pk, submission__community=community)
    words = [_("这一处会从清单里去掉，不能再找回来；该补的请先补好。")]
    ask = ask_sure(request, title=_("补好了？"), words=words, button=_("补好了"), back=reverse("phone:devices"))
    if ask is not None:
        return ask
    to_check.settle_part(part=part, actor=staff_of(request))
    return redirect("phone:devices")


@require_POST
def set_aside(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Set a quarantined item aside."""
    kept = get_in_community(Submission.objects.all(), request, pk=pk)
    words = [_("这一件不再收成走访，不能恢复；原文封存留底，交来的人查得到。")]
    ask = ask_sure(
        request, title=_("作废这一件？"), words=words, button=_("作废（留底）"), back=reverse("phone:devices")
    )
    if ask is not None:
        return ask
    quarantine.set_aside(kept=kept, actor=staff_of(request))
    return redirect("phone:devices")


@require_GET
def show_who(request: HttpRequest) -> HttpResponse:
    """Tell whoever opens the door who stands there: the public side of the 敲门证."""
    number, code = request.GET.get("n", "")[:8], request.GET.get("c", "")[:6]
    address, asked = request.META.get("REMOTE_ADDR", ""), bool(number or code)
    braked = asked and badges.is_braked(address, number)
    shown = badges.verify(number, code) if number and code and not braked else None
    if asked and shown is None and not braked:
        badges.note_wrong(address, number)
    context = {"shown": shown, "asked": asked, "braked": braked, "number": number}
    answer = render(request, "phone/who.html", context, status=429 if braked else 200)
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
def show_brought(request: HttpRequest) -> HttpResponse:
    """Show what phones brought back beyond single visits, and write that it was read."""
    community, compound = community_of(request), request.GET.get("compound", "")
    wish = desk_review.Wish(
        compound=key_of(compound) if compound else None, words=request.GET.get("words", "").strip()[:40]
    )
    viewer = staff_of(request)
    versions = desk_review.versions_of(community, viewer)
    corrections = desk_review.corrections_of(community, wish, viewer)
    quarantine.note_look(community=community, actor=viewer)
    named = {one for row in corrections for one in row["named"]} | {item["pair"].person_id for item in versions}
    disclosure.show_names(viewer=viewer, community=community, page="phone:brought", people=named)
    context = {
        "versions": versions,
        "shared": desk_review.shared_doors(community, wish),
        "findings": desk_review.findings_of(community, wish),
        "corrections": corrections,
        "wish": wish,
        "compounds": Compound.objects.filter(community=community).order_by("name"),
    }
    return render(request, "phone/brought.html", context)


@takes_bodies(66 * 1024 * 1024)  # carried.MOST_BYTES, and the form round it
@require_http_methods(["GET", "POST"])
def take_file(request: HttpRequest) -> HttpResponse:
    """Take in the file of a phone that has no signal."""
    sent, found = request.method == "POST", None
    form = SealedFileForm(request.POST, request.FILES) if sent else SealedFileForm()
    if sent and form.is_valid():
        content = form.cleaned_data["file"].read(file_handover.MOST_BYTES + 1)
        found = file_handover.take_file(community=community_of(request), content=content, actor=staff_of(request))
    return render(request, "phone/carried.html", {"found": found, "form": form})


@require_POST
def settle(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say which of two versions holds."""
    pair, choice = get_in_community(Conflict.objects.all(), request, pk=pk), request.POST.get("choice", "")
    words = [_("选定以后不能再改；两边的记录都照样留着，只是以您选的为准。")]
    ask = ask_sure(request, title=_("就按这个定？"), words=words, button=_("定下来"), back=reverse("phone:brought"))
    if ask is not None:
        return ask
    if choice in {"first", "second", "both"}:
        conflicts.settle(pair=pair, choice=choice, actor=staff_of(request))
    return redirect("phone:brought")


@require_POST
def settle_finding(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Close a finding on the stairs."""
    finding = get_in_community(Observation.objects.all(), request, pk=pk)
    words = [_("办结以后不再列为要办的，不能撤回；又坏了就在手机上再记一次。")]
    ask = ask_sure(
        request, title=_("这处楼道情况办结了？"), words=words, button=_("办结"), back=reverse("phone:brought")
    )
    if ask is not None:
        return ask
    observations.settle_finding(finding=finding, actor=staff_of(request))
    return redirect("phone:brought")
