"""Rows → facts for the rules; rows → what the pages of rounds show."""

from datetime import date
from typing import Any

from django.db.models import Count, Min, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from qiaomen.kernel.clock import SHANGHAI
from qiaomen.office.models import Organisation
from qiaomen.register.elevation import Mark
from qiaomen.register.models import Dwelling, Household, Person
from qiaomen.visits.models import Round, Visit
from qiaomen.visits.rules.due import DoorFact
from qiaomen.visits.rules.vocabulary import OPENED


def outcome_title(outcome: str) -> str:
    """Return the word for an outcome."""
    return {
        "met": _("见面"), "no_answer": _("没人在"), "refused": _("拒访"), "by_phone": _("电话完成"), "moved": _("已迁出"),
        "died": _("已故"), "wrong_address": _("地址错误"), "shortened": _("见面，提前结束"),
    }[outcome]  # fmt: skip


def reason_in_words(code: str, days: int) -> str:
    """Return why a door is on the list."""
    if code == "elder":
        unseen = _("上次见面 {days} 天前").format(days=days) if days else _("还没有见过面")
        return _("家有 70 岁以上老人，{unseen}").format(unseen=unseen)
    return {
        "second-try": _("{days} 天前没人在，换个时间再试"),
        "never-seen": _("从未见过面"),
        "longest-unseen": _("{days} 天没有见过面"),
    }[code].format(days=days)


def door_facts(*, community: Organisation) -> list[DoorFact]:
    """Return the facts of every door behind which somebody lives; table by table, whatever the database knows of them."""
    last: dict[Any, dict[str, Any]] = {}
    visits = Visit.objects.filter(community=community).order_by("happened_at")
    for key, outcome, moment in visits.values_list("dwelling", "outcome", "happened_at"):
        mine = last.setdefault(key, {})
        mine |= {"last_outcome": outcome, "last_outcome_at": moment}
        if outcome in OPENED:
            mine["last_opened_at"] = moment
    people = Person.objects.filter(community=community, state="living")
    eldest = dict(people.values_list("household").annotate(Min("birth_date")).order_by())
    order = dict(Dwelling.objects.filter(community=community).values_list("pk", "walk_order"))
    living = Household.objects.filter(community=community, state="living", dwelling__isnull=False)
    found: dict[Any, dict[str, Any]] = {}
    for home, key in living.values_list("pk", "dwelling"):
        births = [day for day in (found.get(key, {}).get("eldest"), eldest.get(home)) if day]
        found[key] = {
            "pk": key, "walk_order": order[key], "eldest": min(births, default=None), "last_outcome": None,
            "last_outcome_at": None, "last_opened_at": None, **last.get(key, {}),
        }  # fmt: skip
    doors = list(found.values())
    return [
        DoorFact(
            dwelling=str(door["pk"]),
            walk_order=door["walk_order"],
            last_opened=_day(door["last_opened_at"]),
            last_outcome=door["last_outcome"],
            last_outcome_day=_day(door["last_outcome_at"]),
            eldest_birth=door["eldest"],
        )
        for door in doors
    ]


def _day(moment: Any) -> Any:
    return moment.astimezone(SHANGHAI).date() if moment else None


def rounds_of(community: Organisation) -> list[Round]:
    """Return the latest rounds with how many doors they have and how many are done."""
    found = Round.objects.filter(community=community).select_related("team")
    return list(_counted(found).order_by("-day", "team__name")[:60])


def rounds_on(community: Organisation, day: date) -> list[Round]:
    """Return the rounds of one day, counted likewise."""
    return list(
        _counted(Round.objects.filter(community=community, day=day).select_related("team")).order_by("team__name")
    )


def _counted(rounds: QuerySet[Round]) -> QuerySet[Round]:
    return rounds.annotate(door_total=Count("doors", distinct=True), door_done=Count("visits__dwelling", distinct=True))


def latest_visits(community: Organisation, limit: int = 8) -> list[dict[str, Any]]:
    """Return what the doors brought back last: outcome and place, never what was said."""
    found = Visit.objects.filter(community=community).select_related("staff", "dwelling__entrance__building__compound")
    return [{"visit": v, "outcome": outcome_title(v.outcome)} for v in found.order_by("-happened_at")[:limit]]


def round_list(made: Round) -> list[dict[str, Any]]:
    """Return the doors of a round in walking order with reason, household and outcome so far."""
    visits = {v.dwelling_id: v for v in made.visits.order_by("happened_at")}
    living = Prefetch("dwelling__households", Household.objects.filter(state="living"), to_attr="living_here")
    doors = made.doors.select_related("dwelling__entrance__building__compound").prefetch_related(living)
    return [
        {
            "door": door,
            "household": next(iter(door.dwelling.living_here), None),  # type: ignore[attr-defined]
            "reason": reason_in_words(door.reason_code, door.days),
            "outcome": outcome_title(visits[door.dwelling_id].outcome) if door.dwelling_id in visits else "",
        }
        for door in doors.order_by("position")
    ]


def marks_of(community: Organisation, dwellings: list[Any]) -> dict[Any, Mark]:
    """Return each door's mark from its latest visit; doors never visited have none."""
    marks: dict[Any, Mark] = {}
    for visit in Visit.objects.filter(Q(community=community), dwelling__in=dwellings).order_by("happened_at"):
        if visit.outcome in OPENED:
            marks[visit.dwelling_id] = Mark("✓", _("见过面"), "seen")
        elif visit.outcome == "no_answer":
            marks[visit.dwelling_id] = Mark("▢", _("没人在"), "no-answer")
        elif visit.outcome == "refused":
            marks[visit.dwelling_id] = Mark("⊘", _("拒访"), "refused")
    return marks


def history_of(household: Household) -> list[dict[str, Any]]:
    """Return the visits to a household, newest first."""
    visits = Visit.objects.filter(household=household).select_related("staff").prefetch_related("photos")
    return [{"visit": v, "outcome": outcome_title(v.outcome)} for v in visits.order_by("-happened_at")[:100]]
