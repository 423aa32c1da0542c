"""What phones brought that waits for a person, and what the phone offers at a device and to anybody at a door."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.kernel import clock
from qiaomen.kernel.lines import (
    ANSWER_OWED,
    FACT_MISSING,
    FOR_ALL,
    MATTER,
    NICE,
    Act,
    Line,
    Link,
    Ref,
    register_act,
    register_held,
    register_lines,
    register_links,
)
from qiaomen.kernel.texts import say_day
from qiaomen.office import devices
from qiaomen.office.disclosure import READERS
from qiaomen.office.models import Device, Organisation, Staff
from qiaomen.phone.actions import devices as devices_of
from qiaomen.phone.actions.arriving.told_answers import follow_taken_back
from qiaomen.phone.models import HeldPart, Submission
from qiaomen.phone.selectors.submissions import PART_TITLES
from qiaomen.register.models import Household
from qiaomen.visits.actions.brought import observations
from qiaomen.visits.actions.visits import when_taken_back
from qiaomen.visits.models import Conflict, Observation
from qiaomen.visits.selectors.brought.check_words import finding_title


def lines_of(households: Sequence[Household], viewer: Any, today: date) -> list[Line]:
    """Return what of these households was told twice and differs, or was not understood: two queries."""
    if viewer.role not in READERS:
        return []
    twice = Conflict.objects.filter(second__household__in=households, settled_at=None)
    held = HeldPart.objects.filter(submission__visit__household__in=households, settled_at=None)
    return [*_versions(twice), *_parts(held)]


def lines_held(community: Organisation, viewer: Any, today: date, owner: UUID | None) -> list[Line]:
    """Return what phones brought that waits, what was seen on the stairs, and phones not heard of: four queries."""
    if viewer.role not in READERS:
        return []
    seen = Observation.objects.filter(community=community, settled_at=None)
    if owner is not None:
        return [*_findings(seen.filter(staff=owner, handling="mine")), *_carried(community, owner)]
    twice = Conflict.objects.filter(community=community, settled_at=None)
    held = HeldPart.objects.filter(submission__community=community, settled_at=None)
    silent = devices.silent_since_list(community) if viewer.role == "head" else []
    return [*_versions(twice), *_parts(held), *_findings(seen), *map(_silent, silent)]


def _versions(rows: QuerySet[Conflict]) -> list[Line]:
    return [
        Line(
            "phone.versions",
            (Conflict.record_type, row.pk),
            _("两个人记的不一样，等人说哪个对") if row.first_id else _("门上问到的与名册不一样，等人说哪个对"),
            FACT_MISSING,
            since=_day(row.found_at),
            owner=(Organisation.record_type, row.community_id),
            url=reverse("phone:brought"),
            household=row.home,
            people=(row.person_id,) if row.person_id else (),
            part=MATTER,
            act="phone.compare",
        )
        for row in rows.defer("told").annotate(home=F("second__household")).order_by("found_at", "pk")
    ]


def _parts(rows: QuerySet[HeldPart]) -> list[Line]:
    told = rows.annotate(home=F("submission__visit__household"), office=F("submission__community"))
    return [
        Line(
            "phone.held-part",
            (HeldPart.record_type, row.pk),
            _("上门记的“{part}”系统没有看懂，等人处理").format(part=PART_TITLES.get(row.kind, row.kind)),
            ANSWER_OWED,
            owner=(Organisation.record_type, row.office),
            url=reverse("phone:devices"),
            household=row.home,
            act="phone.read",
        )
        for row in told.defer("said").order_by("pk")
    ]


def _findings(rows: QuerySet[Observation]) -> list[Line]:
    found = rows.defer("words").select_related("entrance__building__compound").order_by("happened_at", "pk")
    return [
        Line(
            "phone.finding",
            (Observation.record_type, row.pk),
            _("{where} {n} 单元：{kind}，{day}看到").format(
                where=row.entrance.building,
                n=row.entrance.name,
                kind=finding_title(row.kind),
                day=say_day(_day(row.happened_at)),
            ),
            ANSWER_OWED if row.handling == "urgent" else NICE,
            since=_day(row.happened_at),
            owner=_holder(row),
            url=reverse("phone:brought"),
            urgent=row.handling == "urgent",
            act="phone.finding",
        )
        for row in found
    ]


def _carried(community: Organisation, owner: UUID) -> list[Line]:
    """Say which phones somebody has or is to fetch from who left, and what the server knows to be on its way: one
    query. What a phone wrote without a signal is known to it alone; so every phone in service is held.
    """
    own = Q(staff=owner, left_at=None) | Q(kept_by=owner)
    here = Q(staff__organisation=community) | Q(staff__organisation__parent=community)
    phones = Device.objects.filter(own, here, revoked_at=None).exclude(left_at__lt=F("last_seen_at"), kept_by=owner)
    begun = Submission.objects.filter(device=OuterRef("pk"), state="waiting_photos").values("device")
    waiting = Subquery(begun.annotate(n=Count("pk")).values("n"))
    return [_carry(phone, owner) for phone in phones.annotate(waiting=waiting).order_by("created_at", "pk")]


def _carry(phone: Any, owner: UUID) -> Line:
    seen = say_day(_day(phone.last_seen_at)) if phone.last_seen_at else _("从来没有")
    text = _("手机“{label}”，上次联网 {seen}，可能还有没交上来的走访")
    if phone.waiting:
        text = _("手机“{label}”，上次联网 {seen}，{n} 次走访的照片还在路上")
    return Line(
        "phone.carried",
        (Device.record_type, phone.pk),
        text.format(label=phone.label or _("没有名字"), seen=seen, n=phone.waiting),
        owner=(Staff.record_type, owner),
        url=reverse("phone:devices"),
        act="phone.carry",
    )


def _fetch_instead(line: Line, to: Staff, actor: Staff) -> None:
    devices_of.give(device=Device.objects.get(pk=line.subject[1]), to=to, actor=actor)


def _holder(row: Observation) -> Ref:
    if row.handling == "mine":
        return Staff.record_type, row.staff_id
    return Organisation.record_type, row.community_id


def _silent(device: Device) -> Line:
    assert device.list_taken_at is not None
    day = _day(device.list_taken_at)
    text = _("{who}的手机 {day}领了名单，到现在没有消息").format(who=device.staff.name, day=say_day(day))
    office = (Organisation.record_type, device.staff.organisation_id)
    about, url = (Device.record_type, device.pk), reverse("phone:devices")
    return Line("phone.silent", about, text, ANSWER_OWED, since=day, owner=office, url=url, act="phone.read")


def _day(moment: Any) -> date:
    found: date = moment.astimezone(clock.SHANGHAI).date()
    return found


def _give_finding(line: Line, to: Staff, actor: Staff) -> None:
    observations.give(finding=Observation.objects.get(pk=line.subject[1]), to=to, actor=actor)


def at_device(device: Device, viewer: Any) -> list[Link]:
    """Offer the page of phones to the head, who alone may stop one."""
    return [Link(10, _("看手机"), reverse("phone:devices"))] if viewer.role == "head" else []


def for_all(_record: None, _viewer: Any) -> list[Link]:
    """Offer the check of a 敲门证 to whoever opens the door."""
    return [Link(10, _("这位敲门的是谁？"), reverse("phone:who"))]


def _reads(viewer: Any) -> bool:
    return viewer.role in READERS


def _heads(viewer: Any) -> bool:
    return bool(viewer.role == "head")


register_act(Act("phone.compare", _lazy("看两个版本"), "phone:brought", opens=True, allowed=_reads))
register_act(Act("phone.read", _lazy("去处理"), "phone:devices", opens=True, allowed=_heads))
register_act(
    Act(
        "phone.finding",
        _lazy("办好了"),
        "phone:settle-finding",
        allowed=_reads,
        reassign=_give_finding,
        title=_lazy("楼道里看到的"),
    )
)
register_act(
    Act(
        "phone.carry",
        _lazy("看手机"),
        "phone:devices",
        opens=True,
        allowed=_heads,
        reassign=_fetch_instead,
        title=_lazy("手机和还没交上来的走访"),
        lent=False,
    )
)
register_lines("phone", lines_of)
register_held("phone", lines_held)
register_links("phone", Device.record_type, at_device)
register_links("phone", FOR_ALL, for_all)
when_taken_back(follow_taken_back)
