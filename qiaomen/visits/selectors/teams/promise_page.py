"""What the page of the promise shows: for some terms, hours and minutes what can be kept, as numbers and sentences."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from qiaomen.kernel.texts import say_day
from qiaomen.office.models import Organisation
from qiaomen.planner.promise import Demand, Hours, Kept, keep, keep_alike, keep_first_things, week_by_week
from qiaomen.visits.models import DueRun
from qiaomen.visits.rules.promised import GREW, NONE, TIERS
from qiaomen.visits.selectors.facts import tiers
from qiaomen.visits.selectors.teams.promise import RESERVE, Terms, World, kind_of

WEEKS_SHOWN = 8
STARTS = ("ideal", "first", "alike")


def tier_titles() -> dict[str, str]:
    """Return the tiers' titles by code, the one that weighs most first."""
    found = sorted(tiers().values(), key=lambda tier: -tier.weight)
    return {tier.code: _(tier.title) for tier in found}


def with_choices(world: World, hours: float | None, minutes: dict[str, float | None]) -> World:
    """Return the world with other weekly hours and other minutes of a visit; None: as they are."""
    own = {**world.minutes.own, **{(kind, "", ""): value for kind, value in minutes.items() if value is not None}}
    changed = replace(world, minutes=replace(world.minutes, own=own))
    if hours is None or not world.weekly_minutes:
        return changed
    factor = hours * 60 / world.weekly_minutes
    return replace(
        changed,
        hours=Hours(tuple(day * factor for day in world.hours.days), tuple(day * factor for day in world.hours.usual)),
    )


def started(world: World, start: str) -> dict[str, dict[str, Any]]:
    """Return terms to begin with: as the tiers would like, the weightiest first, or all longer alike."""
    ideal = world.ideal()
    demands = world.demands(ideal)
    walks: list[int | None] = [demand.walks_every for demand in demands]
    if start == "first":
        walks = keep_first_things(demands, world.free)
    elif start == "alike":
        walks = keep_alike(demands, world.free)
    return {demand.code: _term(demand, days) for demand, days in zip(demands, walks, strict=True)}


def _term(demand: Demand, walks: int | None) -> dict[str, Any]:
    """Return the terms of a tier walked every so many days: its telephone calls between keep their share."""
    if walks is None or demand.door_days is None:
        return {"days": walks, "door_days": None}
    return {"days": -(-demand.days * walks // demand.walks_every), "door_days": walks}


def effect_of(world: World, terms: Terms, today: date) -> dict[str, Any]:
    """Return what some terms would mean: a row and a sentence a tier, the minutes needed and there, week by week."""
    titles, kept = tier_titles(), world.kept(terms)
    usual = {one.demand.code: one for one in keep(world.demands(terms), _without_leave(world.free))}
    monday = today - timedelta(days=today.weekday())
    walk = sum(one.demand.weekly_walk for one in kept) / 60
    free, weekly = sum(world.free.usual) / 60, world.weekly_minutes / 60
    return {
        "rows": [_row(one, usual[one.demand.code], titles, monday) for one in kept],
        "silent": [titles[code] for code in world.codes if code not in usual],
        "holds": all(one.is_kept for one in kept),
        "hours": say_hours(weekly),
        "reserve": say_hours(weekly * RESERVE),
        "musts": say_hours(world.must_minutes / 60),
        "free": say_hours(free),
        "needed": say_hours(walk),
        "missing": say_hours(walk - free) if walk > free else "",
        "calls": say_hours(sum(one.demand.weekly_calls for one in kept) / 60),
        "tiers": [titles[one.demand.code] for one in kept],
        "weeks": _weeks(world, kept, monday),
        "assumed": sorted({kind_of(code) for code in world.codes if world.minutes.is_assumed(kind_of(code))}),
        "chance": round(world.chance * 100),
    }


def _without_leave(hours: Hours) -> Hours:
    return Hours(hours.usual * (len(hours.days) // 7), hours.usual)


def _row(kept: Kept, usual: Kept, titles: dict[str, str], monday: date) -> dict[str, Any]:
    demand = kept.demand
    return {
        "code": demand.code,
        "title": titles[demand.code],
        "doors": demand.doors,
        "days": demand.days,
        "door_days": demand.door_days,
        "best": kept.best,
        "kept": kept.is_kept,
        "hours": say_hours(demand.weekly_walk / 60),
        "sentence": _sentence(kept, usual, monday),
    }


def _sentence(kept: Kept, usual: Kept, monday: date) -> str:
    if kept.is_kept:
        return _("做得到。")
    if usual.is_kept:
        day = monday + timedelta(days=kept.tight)
        return _("平时做得到；{day}起的 {n} 天里人手不够（请假或者停走），最快 {best} 天。").format(
            day=say_day(day), n=kept.demand.walks_every, best=kept.best or "—"
        )
    if kept.best is None:
        return _("做不到：四年也走不完一遍。")
    return _("做不到：前面几档走完，这一档最快 {best} 天上门一次。").format(best=kept.best)


def _weeks(world: World, kept: list[Kept], monday: date) -> list[dict[str, Any]]:
    found = week_by_week([one.demand for one in kept], world.free, WEEKS_SHOWN)
    return [
        {
            "from": monday + timedelta(weeks=n),
            "hours": say_hours(world.hours.week(n) / 60),
            "days": [
                {"n": best, "short": best is None or best > one.demand.walks_every}
                for best, one in zip(days, kept, strict=True)
            ],
        }
        for n, (_minutes, days) in enumerate(found)
    ]


def say_hours(hours: float) -> str:
    """Return hours with one decimal where it says something."""
    return f"{hours:.1f}".removesuffix(".0")


def terms_in_words(terms: Terms) -> str:
    """Return terms as one sentence."""
    said = []
    for code, title in tier_titles().items():
        term = terms.get(code) or {}
        if term.get("days") and term.get("door_days"):
            said.append(
                _("{tier} {days} 天见一次（至少 {door} 天上门一次）").format(
                    tier=title, days=term["days"], door=term["door_days"]
                )
            )
        elif term.get("days"):
            said.append(_("{tier} {days} 天见一次").format(tier=title, days=term["days"]))
    return _("；").join(said)


def question_in_words(question: dict[str, Any]) -> str:
    """Return what of the promise stands open, empty when nothing does."""
    if not question:
        return ""
    titles = tier_titles()
    named = "、".join(titles.get(code, code) for code in question["tiers"])
    if question["why"] == NONE:
        return _("还没有定多久见一次：没有承诺，就没有逾期。请看看人手够见几次，定下来")
    if question["why"] == TIERS:
        return _("{tiers}有了新的户，还没有定多久见一次").format(tiers=named)
    if question["why"] == GREW:
        return _("{tiers}比定下承诺时多了很多户，人手还够。请看看要不要重新定").format(tiers=named)
    return _("现在的人手做不到承诺的：{tiers}。请看看怎么办").format(tiers=named)


def question_of_office(community: Organisation) -> str:
    """Return what the head is asked about the promise: one query."""
    run = DueRun.objects.filter(community=community).only("question").first()
    return question_in_words(run.question) if run else ""
