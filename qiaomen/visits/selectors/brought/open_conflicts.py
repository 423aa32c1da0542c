"""Accounts that contradict each other, side by side, until a person says which holds."""

import json
from typing import Any

from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.office.models import Organisation
from qiaomen.register.selectors import packs
from qiaomen.register.selectors.facts import known_of
from qiaomen.visits.models import Conflict, Visit, VisitDetail
from qiaomen.visits.selectors.brought import check_words
from qiaomen.visits.selectors.labels import outcome_title


def _account(visit: Visit) -> dict[str, Any]:
    detail = VisitDetail.objects.filter(pk=visit.pk).first()
    return {"outcome": visit.outcome, **(json.loads(detail.said) if detail else {})}


def waiting_count(community: Organisation) -> int:
    """Return how many wait for a person."""
    return Conflict.objects.filter(community=community, settled_at=None).count()


def waiting(community: Organisation) -> list[dict[str, Any]]:
    """Return what waits, side by side: each line is a title, both sides, and whether they contradict."""
    found = Conflict.objects.filter(community=community, settled_at=None).select_related(
        "first__staff", "second__staff", "second__dwelling", "person"
    )
    return [{"pair": pair, **_side_by_side(pair)} for pair in found.order_by("found_at")[:100]]


def _side_by_side(pair: Conflict) -> dict[str, Any]:
    if pair.first is None:
        fact = packs.facts()[pair.code]
        stands = known_of(pair.person).get(pair.code) if pair.person else None
        lines = [(fact.title, _value(fact, stands), _value(fact, fact.read(pair.told)), True)]
        return {"left": _("名册里"), "right": _who(pair.second), "lines": lines}
    mine, theirs = _account(pair.first), _account(pair.second)
    lines = [(_("结果"), outcome_title(mine["outcome"]), outcome_title(theirs["outcome"]), "outcome" in pair.fields)]
    for head in dict.fromkeys([*(mine.get("check") or {}), *(theirs.get("check") or {})]):
        both = [check_words.check_in_words(side.get("check") or {}, head) for side in (mine, theirs)]
        lines.append((check_words.head_title(head), both[0], both[1], f"check.{head}" in pair.fields))
    lines.append((_("记下的话"), pair.first.note or "—", pair.second.note or "—", False))
    return {"left": _who(pair.first), "right": _who(pair.second), "lines": lines}


def _who(visit: Visit) -> str:
    return f"{visit.staff.name} {visit.happened_at.astimezone(clock.SHANGHAI):%H:%M}"


def _value(fact: Any, value: Any) -> str:
    if value is None:
        return _("没有记")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(fact.choices.get(value, value))
