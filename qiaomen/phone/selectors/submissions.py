"""Phones of a community, and what waits in quarantine: it has an end, for a phone could fill the disk with junk."""

import json
import uuid
from typing import Any

from django.db.models import Q, Sum, TextField
from django.db.models.functions import Cast, Length
from django.utils.translation import gettext_lazy as _

from qiaomen.cases.models import Case
from qiaomen.needs.models import Need
from qiaomen.office.models import Device, Organisation
from qiaomen.phone import problems
from qiaomen.phone.models import HeldPart, Submission
from qiaomen.phone.problems import words_of
from qiaomen.phone.rules.tokens import hash_token

MOST_ASIDE, MOST_ASIDE_CHARACTERS = 1_000, 10_000_000
"""Items and characters of one phone: more than a month of its visits, sealed to a key that is lost."""


def device_of(token: str) -> tuple[Device | None, bool]:
    """Return the phone a token belongs to, and whether it is only the lesser token that hands in."""
    digest = hash_token(token)
    phones = Device.objects.select_related("staff__organisation__parent")
    found = phones.filter(token_sha256=digest).first()
    if found is not None:
        return found, False
    lesser = phones.filter(hand_in_token_hash=digest).first()
    return lesser, lesser is not None


def devices_in(community: Organisation) -> list[Device]:
    """Return the phones of a community's staff, those in service first."""
    homes = Q(staff__organisation=community) | Q(staff__organisation__parent=community)  # who has left, too
    return list(Device.objects.filter(homes).select_related("staff").order_by("-revoked_at", "-last_seen_at")[:200])


def waiting_in(community: Organisation) -> list[dict[str, Any]]:
    """Return the quarantined items with their reason in words, oldest first."""
    kept = Submission.objects.filter(community=community, state="quarantined").select_related("staff", "device")
    return [{"kept": item, "words": words_of(item.code)} for item in kept.order_by("received_at")[:200]]


PART_TITLES = {
    "need": _("诉求"),
    "answer": _("问到的答案"),
    "detail": _("看五项、讲了什么"),
    "note": _("一句话"),
    "photo": _("照片"),
    "voice": _("录音"),
    "declared": _("照片"),
    "household": _("哪一户"),
    "round": _("哪一轮"),
    "agreed": _("约好的时间"),
    "whom": _("诉求是谁的"),
}
WHY_HELD = {
    "not-understood": _("服务器没有看懂，可能是手机应用太旧或一次记得太多。"),
    "no-household": _("这扇门名册里没有住户，诉求没有处挂。请先登记住户，再补记诉求。"),
    "not-asked": _("名单上没有问这一项，或者这扇门不在名单里。请核对后由有权的人补登。"),
    "not-of-door": _("不是这扇门里的人，没有照着记。"),
    "not-noted": _("答的人已不在名册，或者这一项不再问。"),
    "no-home-to-visit": _("这扇门名册里没有住户，约好的排不进去。请先登记住户，再打电话约。"),
    "wrong-door": _("记在了另一户的人身上，改正门的时候已经从那边退回。请核对是谁的，由有权的人补登。"),
    "stays-noted": _("记在了另一户的人身上，之后又有人改过，没有退回。请核对那一位的资料。"),
    "kept-noted": _("这次走访已经撤销；这一项之后又有人改过，没有退回。请核对那一位的资料。"),
    "too-late": _("交上来时约好的日子已经过了，请打电话再约。"),
    "too-far": _("约的日子在六十天以后，没有排进安排；可能写错了年月，请打电话核对再约。"),
}


def held_in(community: Organisation) -> list[dict[str, Any]]:
    """Return the parts of visits that wait for a person: of which door, what it was to be, why, and its words."""
    found = HeldPart.objects.filter(submission__community=community, settled_at=None)
    found = found.select_related("submission__staff", "submission__visit__dwelling").order_by("submission__received_at")
    return [
        {
            "part": part,
            "label": part.submission.visit.dwelling.door_label if part.submission.visit else "",
            "title": PART_TITLES.get(part.kind, part.kind),
            "why": WHY_HELD.get(part.why, ""),
            "words": _words_in(part.said),
        }
        for part in found[:200]
    ]


def _words_in(text: str) -> str:
    """Return what a part says as a line for reading: its words where it has some, else all of it."""
    try:
        said = json.loads(text)
    except ValueError:
        return text
    if isinstance(said, dict):
        return "；".join(f"{value}" for name, value in said.items() if value and not name.endswith("id"))
    return str(said)


def listing(community: Organisation, keys: list[Any], *, told: bool = True) -> list[dict[str, Any]]:
    """Return what the server has of the items named; an item it does not have is not in the list.

    `told`: with who has the needs; a locked phone gets no word of them.
    """
    kept = list(Submission.objects.filter(community=community, pk__in=keys).prefetch_related("photos"))
    if not told:
        return [result_of(item) for item in kept]
    needs = needs_of([item.visit_id for item in kept if item.visit_id])
    return [{**result_of(item), "needs": needs.get(item.visit_id, []) if item.visit_id else []} for item in kept]


def result_of(item: Submission) -> dict[str, Any]:
    """Return the state of one item as the phone reads it."""
    state = "rejected" if item.state == "set_aside" else item.state
    words = words_of(item.code) if item.state in {"quarantined", "set_aside"} else {}
    return {
        "op_id": str(item.pk),
        "state": state,
        "code": item.code,
        "message": " ".join(words[name] for name in ("title", "what", "safe", "do_next")) if words else "",
        "received_at": item.received_at.isoformat(),
        "photos_missing": [str(p.pk) for p in item.photos.all() if p.received_at is None]
        if item.state == "waiting_photos"
        else [],
    }


def needs_of(visits: list[uuid.UUID]) -> dict[uuid.UUID, list[dict[str, Any]]]:
    """Return per visit what became of its needs: kind, handling, who holds it and until when."""
    found: dict[uuid.UUID, list[dict[str, Any]]] = {}
    needs = list(Need.objects.filter(visit__in=visits).order_by("heard_at", "pk"))
    cases = {case.need_id: case for case in Case.objects.filter(need__in=needs).select_related("owner")}
    for need in needs:
        case = cases.get(need.pk)
        line = {
            "id": str(need.pk),
            "kind": need.kind,
            "handling": need.handling,
            "holder": case.owner.name if case else "",
            "due_on": case.due_on.isoformat() if case else "",
        }
        if need.visit_id:
            found.setdefault(need.visit_id, []).append(line)
    return found


def check_room(device: Device) -> None:
    """Let a phone put more aside. Raises QuarantineFull when nobody has looked at so much of it."""
    aside = Submission.objects.filter(device=device, state__in=("quarantined", "set_aside"), visit=None)
    size = aside.aggregate(size=Sum(Length(Cast("envelope", TextField()))))["size"] or 0
    if aside.count() >= MOST_ASIDE or size >= MOST_ASIDE_CHARACTERS:
        raise problems.QuarantineFull()
