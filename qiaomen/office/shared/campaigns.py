"""Campaigns: a tag that records of any house carry for some weeks, and a page that lists them. It invents no form.

The purposes are a closed list, a second person agrees, and no record of a person or a household carries one: a
campaign is about work, never about people (loop.md §3; T4 39).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.access import check_second
from qiaomen.office.models import Campaign, CampaignMark, Organisation, Staff
from qiaomen.office.problems import CampaignDecided, CampaignNotOn, OwnCampaign, WrongDays
from qiaomen.office.record_types import record_type_of

PURPOSES: dict[str, Any] = {
    "civilised_city": _("文明城市创建"),
    "sanitary_city": _("卫生城市复审"),
    "clean_month": _("爱国卫生月"),
    "fire_safety": _("消防安全检查"),
    "gas_safety": _("燃气安全检查"),
    "flood": _("防汛"),
    "heating": _("冬季取暖安全"),
    "health_visits": _("健康随访"),
    "old_estates": _("老旧小区改造"),
}
STATES: dict[str, Any] = {
    "asked": _("等人同意"),
    "agreed": _("进行中"),
    "refused": _("没有同意"),
    "ended": _("已结束"),
}
NEVER = ("register.person", "register.household", "office.staff")
"""What is a person carries no tag."""


@dataclass(frozen=True)
class Carried:
    """A record as the page of a campaign lists it: its day, a sentence without a person's details, and its address."""

    day: date
    text: str
    url: str


RowsOf = Callable[[Organisation, Iterable[UUID]], list[Carried]]
_carriers: dict[str, tuple[Any, type[Model], RowsOf]] = {}


def may_carry(model: type[Model], title: Any, rows_of: RowsOf) -> None:
    """Declare that records of a model may carry a campaign, and how a page lists them in a fixed number of queries.

    Raises ValueError for people, and for a model declared twice.
    """
    kind = str(getattr(model, "record_type", ""))
    if not kind or kind in NEVER or kind in _carriers:
        raise ValueError(f"{kind or model.__name__} carries no campaign")
    _carriers[kind] = (title, model, rows_of)


def title_of(campaign: Campaign) -> str:
    """Return the name: the year and the purpose, never free words."""
    return gettext("{year} 年{purpose}").format(year=campaign.from_date.year, purpose=PURPOSES[campaign.purpose])


def campaigns_of(community: Organisation) -> QuerySet[Campaign]:
    """Return a community's campaigns, the newest first."""
    found = Campaign.objects.filter(community=community).select_related("asked_by", "decided_by", "community")
    return found.order_by("-from_date", "purpose")


def on_now(community: Organisation, today: date) -> QuerySet[Campaign]:
    """Return the campaigns a record may join today."""
    return campaigns_of(community).filter(state="agreed", from_date__lte=today, to_date__gte=today)


@transaction.atomic
def ask_campaign(*, community: Organisation, purpose: str, from_date: date, to_date: date, actor: Staff) -> Campaign:
    """Propose a campaign; it counts when a second person agrees. Raises WrongDays, KeyError for a free title."""
    PURPOSES[purpose]
    if to_date < from_date or to_date < clock.today():
        raise WrongDays()
    made, new = Campaign.objects.get_or_create(
        community=community,
        purpose=purpose,
        from_date=from_date,
        state__in=["asked", "agreed"],
        defaults={"to_date": to_date, "asked_by": actor, "asked_at": clock.now(), "state": "asked"},
    )
    if new:
        ledger.record(
            community=community, actor=actor, code="office.campaign-asked", subject=made, detail={"purpose": purpose}
        )
    return made


@transaction.atomic
def decide_campaign(*, campaign: Campaign, state: str, actor: Staff) -> None:
    """Agree to, refuse or end a campaign; its asker may only take it back or end it.

    Who agreed stays beside it when it is ended: the ledger tells who ended it.
    Raises OwnCampaign, CampaignDecided, NotASecondPerson, ValueError for another state.
    """
    if state not in ("agreed", "refused", "ended"):
        raise ValueError(state)
    found = Campaign.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=campaign.pk)
    if found.state != ("agreed" if state == "ended" else "asked"):
        raise CampaignDecided()
    own = found.asked_by_id == actor.pk
    if own and state == "agreed":
        raise OwnCampaign()
    if state == "agreed":
        check_second(actor, found.asked_by)
    found.state = state
    if not own and state != "ended":
        found.decided_by, found.decided_at = actor, clock.now()
    found.save(update_fields=["state", "decided_by", "decided_at"])
    ledger.record(
        community=found.community, actor=actor, code="office.campaign-decided", subject=found, detail={"state": state}
    )


@transaction.atomic
def mark(*, campaign: Campaign, record: Model, actor: Staff) -> None:
    """Let a record carry a campaign that is on today; twice is once. Raises CampaignNotOn, KeyError for people."""
    kind = record_type_of(record)
    _carriers[kind]
    if not on_now(campaign.community, clock.today()).filter(pk=campaign.pk).exists():
        raise CampaignNotOn()
    _made, new = CampaignMark.objects.get_or_create(
        campaign=campaign, of_type=kind, row=record.pk, defaults={"marked_at": clock.now(), "marked_by": actor}
    )
    if new:
        _note(campaign, record, actor, "office.campaign-marked")


@transaction.atomic
def unmark(*, campaign: Campaign, record: Model, actor: Staff) -> None:
    """Take a campaign off a record; twice is once."""
    gone, _by = CampaignMark.objects.filter(campaign=campaign, of_type=record_type_of(record), row=record.pk).delete()
    if gone:
        _note(campaign, record, actor, "office.campaign-unmarked")


def _note(campaign: Campaign, record: Model, actor: Staff, code: str) -> None:
    ledger.record(
        community=campaign.community, actor=actor, code=code, subject=record, detail={"campaign": str(campaign.pk)}
    )


def record_named(community: Organisation, kind: str, key: UUID) -> Model | None:
    """Return the record of the community an address names, or None; of a kind that carries nothing, too."""
    if kind not in _carriers:
        return None
    model: Any = _carriers[kind][1]
    found: Model | None = model.objects.filter(community=community, pk=key).first()
    return found


def choices_at(record: Model, community: Organisation, today: date) -> list[dict[str, Any]]:
    """Return the campaigns a page offers at a record: each with its title, and whether the record carries it."""
    carried = set(
        CampaignMark.objects.filter(of_type=record_type_of(record), row=record.pk).values_list("campaign", flat=True)
    )
    standing = campaigns_of(community).filter(Q(pk__in=carried) | Q(pk__in=on_now(community, today)))
    return [
        {"campaign": campaign, "title": title_of(campaign), "carried": campaign.pk in carried} for campaign in standing
    ]


def carried_by(campaign: Campaign) -> list[dict[str, Any]]:
    """Return what carries a campaign, by kind of record: title, and its rows with the newest first."""
    by_kind: dict[str, list[UUID]] = {}
    for kind, row in campaign.marks.values_list("of_type", "row"):
        by_kind.setdefault(kind, []).append(row)
    found = []
    for kind, (title, _model, rows_of) in _carriers.items():
        if rows := by_kind.get(kind):
            listed = sorted(rows_of(campaign.community, rows), key=lambda carried: carried.day, reverse=True)
            found.append({"title": title, "rows": listed})
    return found
