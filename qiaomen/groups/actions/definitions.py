"""The office gives a group another meaning, or makes a group of its own: from tomorrow on, with a reason and a
source.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from qiaomen.criteria.language import CannotRead, read
from qiaomen.groups.models import CareGroup, GroupDefinition
from qiaomen.groups.problems import BadCriterion, ForbiddenTitle, PrivateTitle, SourceNeeded, TitleTaken
from qiaomen.groups.selectors.public_words import private_in
from qiaomen.kernel import clock
from qiaomen.kernel.forbidden import forbidden_in
from qiaomen.office import labels, ledger
from qiaomen.office.models import Label, Organisation, Staff
from qiaomen.register.problems import ReasonNeeded
from qiaomen.register.selectors import packs

KIND = "groups.group"
TIERS = ("high", "key", "general")


def checked(*, group: CareGroup, when: str, numbers: Mapping[str, int]) -> GroupDefinition:
    """Return a definition as it would be, not saved. Raises BadCriterion."""
    try:
        criterion = read(when, packs.facts())
    except CannotRead as error:
        raise BadCriterion(what_is_wrong=str(error)) from error
    standard = packs.parameters(clock.today())
    unknown = set(criterion.parameters) - set(standard)
    if unknown:
        raise BadCriterion(what_is_wrong=_("没有“{names}”这个标准。").format(names="、".join(sorted(unknown))))
    mine = {code: numbers[code] for code in criterion.parameters if code in numbers}
    return GroupDefinition(
        group=group,
        when=criterion.text,
        numbers={code: value for code, value in mine.items() if standard[code].value != value},
    )


@transaction.atomic
def define(
    *, group: CareGroup, when: str, numbers: Mapping[str, int], source: str, reason: str, actor: Staff
) -> GroupDefinition:
    """Give a group another meaning from tomorrow on; what was reported keeps the old.

    Raises BadCriterion, ReasonNeeded, SourceNeeded.
    """
    if not reason.strip():
        raise ReasonNeeded()
    if not source.strip():
        raise SourceNeeded()
    new, tomorrow = checked(group=group, when=when, numbers=numbers), clock.today() + timedelta(days=1)
    GroupDefinition.objects.filter(group=group, from_date__gte=tomorrow).delete()
    old = GroupDefinition.objects.filter(group=group).exclude(from_date__gte=tomorrow).order_by("-made_at").first()
    if old is not None and old.to_date is None:
        old.to_date = tomorrow
        old.save(update_fields=["to_date"])
    new.source, new.reason = source.strip()[:200], reason.strip()[:200]
    new.from_date, new.made_at, new.made_by = tomorrow, clock.now(), actor
    new.save()
    ledger.record(
        community=group.community,
        actor=actor,
        code="groups.defined",
        subject=group,
        reason=new.reason,
        detail={"definition": str(new.pk)},
    )
    return new


@transaction.atomic
def end(*, group: CareGroup, reason: str, actor: Staff) -> None:
    """End a group from tomorrow on: nobody is in it any more; what was reported keeps it. Raises ReasonNeeded.

    Giving it a meaning again (`define`) lets it go on.
    """
    if not reason.strip():
        raise ReasonNeeded()
    tomorrow = clock.today() + timedelta(days=1)
    GroupDefinition.objects.filter(group=group, from_date__gte=tomorrow).delete()
    GroupDefinition.objects.filter(group=group, to_date=None).update(to_date=tomorrow)
    ledger.record(
        community=group.community, actor=actor, code="groups.ended", subject=group, reason=reason.strip()[:200]
    )
    if not group.definitions.exists():  # it was to begin tomorrow and never did
        group.delete()


def drafted(*, community: Organisation, title: str, tier: str, child: bool) -> CareGroup:
    """Return a group of the office's own as it would be, not saved.

    Raises ForbiddenTitle, PrivateTitle, TitleTaken, ValueError.
    """
    title = " ".join(title.split())[:40]
    if not title or tier not in TIERS:
        raise ValueError("a group has a title and a tier")
    if word := forbidden_in(title):
        raise ForbiddenTitle(word=word)
    if private := private_in(community, title):
        raise PrivateTitle(found=private[0].found, kind=private[0].title)
    if CareGroup.objects.filter(community=community, title=title).exists():
        raise TitleTaken(title=title)
    return CareGroup(community=community, code=f"own_{uuid4().hex[:10]}", title=title, tier=tier, child=child)


def ask_for(
    *,
    community: Organisation,
    title: str,
    purpose: str,
    tier: str,
    child: bool,
    when: str,
    numbers: Mapping[str, int],
    source: str,
    reason: str,
    actor: Staff,
) -> Label:
    """Ask for a group of the office's own; it is made when somebody else approves it (`create`).

    Raises ForbiddenTitle, PrivateTitle, UnknownPurpose, TitleTaken, BadCriterion, ReasonNeeded, SourceNeeded.
    """
    checked(group=drafted(community=community, title=title, tier=tier, child=child), when=when, numbers=numbers)
    if not reason.strip():
        raise ReasonNeeded()
    if not source.strip():
        raise SourceNeeded()
    plan = {"tier": tier, "child": child, "when": when, "numbers": dict(numbers), "source": source, "reason": reason}
    return labels.ask(
        community=community, kind=KIND, title=title[:40], purpose=purpose, purposes=purposes(), plan=plan, actor=actor
    )


def purposes() -> dict[str, str]:
    """Return the services a list of people may be for, by code, in words."""
    return {entry["code"]: entry["title"] for entry in packs.entries("purposes.yaml")}


@labels.makes(KIND)
def _make(label: Label, plan: dict[str, Any]) -> UUID:
    group = create(community=label.community, title=label.title, actor=label.asked_by, **plan)
    group.purpose = label.purpose
    group.save(update_fields=["purpose"])
    return group.pk


@transaction.atomic
def create(
    *,
    community: Organisation,
    title: str,
    tier: str,
    child: bool,
    when: str,
    numbers: Mapping[str, int],
    source: str,
    reason: str,
    actor: Staff,
) -> CareGroup:
    """Make a group of the office's own, from tomorrow on.

    Raises ForbiddenTitle, TitleTaken, BadCriterion, ReasonNeeded, SourceNeeded.
    """
    Organisation.objects.select_for_update().get(pk=community.pk)
    group = drafted(community=community, title=title, tier=tier, child=child)
    group.save()
    ledger.record(
        community=community,
        actor=actor,
        code="groups.made",
        subject=group,
        reason=reason.strip()[:200],
        detail={"tier": tier, "child": child},
    )
    define(group=group, when=when, numbers=numbers, source=source, reason=reason, actor=actor)
    return group
